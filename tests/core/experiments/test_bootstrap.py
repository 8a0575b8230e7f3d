from __future__ import annotations

import numpy as np
import pytest

from core.experiments.bootstrap import (
    estimates,
    interval_of,
    ranking_shares,
    resample,
)
from core.uncertainty.resampling import Interval


def test_resamples_keep_the_size_of_each_group() -> None:
    groups = np.array([0, 0, 0, 1, 1, 2])

    counts = resample(groups, 3, num=50)

    assert counts.shape == (50, 6)
    for group, size in [(0, 3), (1, 2), (2, 1)]:
        assert (counts[:, groups == group].sum(axis=1) == size).all()
    assert np.array_equal(counts, resample(groups, 3, num=50))
    assert not np.array_equal(counts, resample(groups, 4, num=50))


def test_interval_of_a_mean_is_about_as_wide_as_theory_says() -> None:
    values = np.random.default_rng(0).normal(5.0, 2.0, 400)
    counts = resample(np.zeros(400, np.int64), 0)

    interval = interval_of(float(values.mean()), counts @ values / 400)

    assert interval.low < values.mean() < interval.high
    assert interval.high - interval.low == pytest.approx(2 * 1.96 * 2.0 / 20, rel=0.12)


def test_rate_of_none_or_all_has_the_exact_binomial_interval() -> None:
    resampled = np.stack([np.zeros(30), np.ones(30), np.full(30, 0.5)], axis=1)

    got = estimates(np.array([0.0, 1.0, 0.5]), resampled, np.array([100.0, 100.0, 100.0]))

    reach = 1 - 0.025 ** (1 / 100)  # P(none of 100) = 0.025
    assert got[0] == Interval(0.0, 0.0, pytest.approx(reach))  # type: ignore[arg-type]
    assert got[1] == Interval(1.0, pytest.approx(1 - reach), 1.0)  # type: ignore[arg-type]
    assert got[2] == Interval(0.5, 0.5, 0.5)


def test_difference_of_nothing_stays_nothing() -> None:
    assert estimates(np.zeros(1), np.zeros((30, 1)))[0] == Interval(0.0, 0.0, 0.0)


@pytest.mark.parametrize(
    ("low", "high", "excludes"), [(-2, -1, True), (1, 2, True), (-1, 1, False), (0, 1, False)]
)
def test_interval_knows_whether_zero_is_in_it(low: float, high: float, excludes: bool) -> None:
    assert Interval((low + high) / 2, low, high).excludes_zero is excludes


def test_ranking_in_closed_form() -> None:
    once = np.ones((1, 1))
    right = np.array([[True, False, True, False]])

    def share(*certainty: float) -> float:
        return float(ranking_shares(np.array([certainty]), right, once)[0])

    assert share(0.9, 0.1, 0.8, 0.2) == 1.0
    assert share(0.1, 0.9, 0.2, 0.8) == 0.0
    assert share(0.5, 0.5, 0.5, 0.5) == 0.5
    assert share(0.9, 0.5, 0.2, 0.1) == 0.75  # three of four pairs
    assert share(0.9, 0.5, 0.5, 0.1) == 0.875  # one of them a tie


def test_ranking_counts_an_image_as_often_as_it_is_drawn() -> None:
    rng = np.random.default_rng(2)
    certainty, right = rng.integers(0, 5, (6, 3)) / 4, rng.random((6, 3)) < 0.5
    counts = np.array([[2.0, 0.0, 1.0, 1.0, 0.0, 2.0]])
    drawn = [0, 0, 2, 3, 5, 5]

    share = ranking_shares(certainty, right, counts)[0]

    assert share == pytest.approx(
        ranking_shares(certainty[drawn], right[drawn], np.ones((1, 6)))[0]
    )


def test_ranking_without_pairs_is_no_number() -> None:
    shares = ranking_shares(np.ones((2, 2)), np.ones((2, 2), np.bool_), np.ones((3, 2)))

    assert np.isnan(shares).all()
