"""The permutation test: exact moments, SciPy's permutations, and how seldom it errs."""

from __future__ import annotations

from itertools import combinations, permutations

import numpy as np
import pytest
from scipy.stats import permutation_test

from core.uncertainty.permutation import Spread, log_choices, permutation_p, products


def p_of(columns: np.ndarray, values: np.ndarray) -> np.ndarray:
    (sums,) = products((values - values.mean())[None], columns)
    ways = log_choices(len(values), columns.sum(axis=0)) if columns.dtype == bool else 1e9
    return permutation_p(sums, Spread.of(columns), Spread.of(values[:, None]), len(values), ways)


def test_moments_are_those_over_all_pairings() -> None:
    """Third moment too: it is what the test stands on for skewed values."""
    x, y = np.array([0.0, 0.1, 0.9, 0.2, 0.0, 0.3]), np.array([1.0, 0.98, 0.2, 0.9, 1.0, 0.7])
    all_sums = [(x - x.mean()) @ np.array(each) for each in permutations(y)]
    one, other = Spread.of(x[:, None]), Spread.of(y[:, None])
    assert np.var(all_sums) == pytest.approx(float(one.squares[0] * other.squares[0]) / 5)
    third = float(one.cubes[0] * other.cubes[0]) * 6 / (5 * 4)
    assert np.mean((all_sums - np.mean(all_sums)) ** 3) == pytest.approx(third)


def test_spread_of_truth_values_is_that_of_ones_and_noughts() -> None:
    table = np.random.default_rng(0).random((50, 7)) < 0.3
    ours, theirs = Spread.of(table), Spread.of(table.astype(float))
    for name in ("mean", "squares", "cubes"):
        np.testing.assert_allclose(getattr(ours, name), getattr(theirs, name), atol=1e-12)


@pytest.mark.parametrize("shift", [0.0, 0.04, 0.1])
def test_agrees_with_scipys_permutations_of_skewed_values(shift: float) -> None:
    rng = np.random.default_rng(4)
    values, dropped = rng.beta(8, 0.3, 120), np.arange(120) < 14
    values = np.where(dropped, values - shift, values)
    theirs = permutation_test(
        (values[dropped], values[~dropped]),
        lambda a, b, axis: a.mean(axis=axis) - b.mean(axis=axis),
        n_resamples=20_000,
        vectorized=True,
        rng=rng,
    )
    assert p_of(dropped[:, None], values)[0] == pytest.approx(theirs.pvalue, rel=0.15, abs=0.002)


def test_products_are_the_matrix_product_whatever_the_number_of_rows() -> None:
    rng = np.random.default_rng(0)
    for rows in (1, 49, 50, 51, 130):
        weights, table = rng.random((2, rows)), rng.random((rows, 6)) < 0.5
        np.testing.assert_allclose(products(weights, table), weights @ table)


SKEWED = {
    "sure": lambda rng, n: rng.beta(8, 0.3, n),
    "exactly 1": lambda rng, n: np.where(rng.random(n) < 0.05, rng.random(n), 1.0),
    "bell": lambda rng, n: rng.normal(size=n),
}


@pytest.mark.parametrize("kind", SKEWED)
@pytest.mark.parametrize(("passes", "rate"), [(1_000, 0.1), (200, 0.1), (60, 0.5), (20, 0.1)])
def test_p_is_below_a_level_that_often_at_most(kind: str, passes: int, rate: float) -> None:
    """Where Welch's test errs twice as often, and more: few passes dropped, skewed values."""
    rng = np.random.default_rng(8)
    p = np.concatenate(
        [
            p_of(rng.random((passes, 100)) < rate, SKEWED[kind](rng, passes).astype(float))
            for _ in range(100)
        ]
    )
    # Ten thousand p in hundred groups that share their values: three standard errors and a half.
    for level in (0.05, 0.01):
        assert (p <= level).mean() <= level + 3.5 * np.sqrt(level * (1 - level) / len(p)) * 1.5
    assert (p <= 0.001).mean() <= 0.0025


def test_values_or_columns_of_one_number_are_no_evidence() -> None:
    rng = np.random.default_rng(0)
    table = rng.random((40, 3)) < 0.5
    assert p_of(table, np.full(40, 0.1)).tolist() == [1.0, 1.0, 1.0]
    columns = np.stack([np.full(40, 0.1), rng.random(40)], axis=1)
    p = p_of(columns, rng.random(40))
    assert p[0] == 1.0 and 0.0 < p[1] < 1.0


def test_p_is_never_below_the_chance_of_one_choice() -> None:
    values = np.r_[np.zeros(2), np.ones(18)]
    dropped = np.arange(20) < 2
    smallest = 1 / sum(1 for _ in combinations(range(20), 2))
    assert smallest <= p_of(dropped[:, None], values)[0] < 0.01
