"""What dropping units does: closed forms, planted units, and nothing found where nothing is."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.stats import binom, false_discovery_control, fisher_exact, linregress

from core.errors import InvalidInputError
from core.uncertainty.pass_effects import drop_differences, drop_effects, vote_differences

PASSES, UNITS, OTHERS = 400, 30, 7


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(2)


@pytest.fixture
def dropped(rng) -> list[np.ndarray]:
    """Two layers, dropped at two rates."""
    return [rng.random((PASSES, UNITS)) < 0.5, rng.random((PASSES, OTHERS)) < 0.1]


def columns(found: Any) -> np.ndarray:
    """All columns of a result, as rows of an array."""
    arrays = [getattr(found, name) for name in found.__slots__ if name != "num_untold"]
    return np.array(arrays, dtype=float)


def test_shares_p_and_q_are_those_of_each_unit(dropped, rng):
    chosen = rng.random(PASSES) < 0.05
    found = drop_differences(dropped, chosen)

    assert found.layer.tolist() == [0] * UNITS + [1] * OTHERS
    assert found.unit.tolist() == [*range(UNITS), *range(OTHERS)]
    table = np.concatenate(dropped, axis=1)
    np.testing.assert_allclose(found.share_of_chosen, table[chosen].mean(axis=0))
    np.testing.assert_allclose(found.share_of_rest, table[~chosen].mean(axis=0))
    np.testing.assert_allclose(found.difference, found.share_of_chosen - found.share_of_rest)
    for unit in (0, 11, 33):
        kept, gone = (table[:, unit] == each for each in (False, True))
        counts = [[(gone & of).sum(), (kept & of).sum()] for of in (chosen, ~chosen)]
        assert found.p[unit] == pytest.approx(fisher_exact(counts).pvalue)
    np.testing.assert_allclose(found.q, false_discovery_control(found.p))
    assert ((found.low < found.difference) & (found.difference < found.high)).all()
    assert (found.low >= -1.0).all() and (found.high <= 1.0).all()


def test_interval_of_a_difference_is_newcombes():
    """His table of examples: 56 of 70 and 48 of 80, 9 of 10 and 3 of 10, 10 of 10 and 0 of 20."""
    for (k, n, j, m), low, high in (
        ((56, 70, 48, 80), 0.0524, 0.3339),
        ((9, 10, 3, 10), 0.1705, 0.8090),
        ((10, 10, 0, 20), 0.6791, 1.0),
    ):
        chosen = np.arange(n + m) < n
        gone = np.r_[np.arange(n) < k, np.arange(m) < j]
        found = drop_differences([gone[:, None]], chosen)
        assert (found.low[0], found.high[0]) == pytest.approx((low, high), abs=6e-5)


@pytest.mark.parametrize("num_chosen", [1, 4, 60])
def test_interval_of_a_difference_holds_the_truth_that_often(num_chosen, rng):
    chosen = np.arange(PASSES) < num_chosen
    table = np.where(chosen[:, None], rng.random((PASSES, 3_000)) < 0.7, False)
    table |= ~chosen[:, None] & (rng.random((PASSES, 3_000)) < 0.4)
    found = drop_differences([table], chosen)
    held = ((found.low <= 0.3) & (found.high >= 0.3)).mean()
    assert held > 0.93


def test_effects_are_differences_of_means(dropped, rng):
    values = rng.beta(8, 0.5, PASSES)
    found = drop_effects(dropped, values)

    table = np.concatenate(dropped, axis=1)
    for unit in (0, 11, 33):
        gone = table[:, unit]
        assert found.mean_dropped[unit] == pytest.approx(values[gone].mean())
        assert found.mean_kept[unit] == pytest.approx(values[~gone].mean())
    np.testing.assert_allclose(found.effect, found.mean_dropped - found.mean_kept, atol=1e-12)
    assert ((found.low < found.effect) & (found.effect < found.high)).all()
    assert found.num_untold == 0
    np.testing.assert_allclose(found.q, false_discovery_control(found.p))


def test_planted_unit_is_found_and_is_the_first(dropped, rng):
    values = rng.beta(8, 0.5, PASSES) - 0.15 * dropped[0][:, 4]
    effects = drop_effects(dropped, values)
    assert effects.q.argmin() == 4 and effects.q[4] < 0.001
    assert effects.high[4] < 0.0 and effects.low[4] < -0.15 < effects.high[4]

    chosen = values < np.quantile(values, 0.2)
    differences = drop_differences(dropped, chosen)
    assert differences.q.argmin() == 4 and differences.q[4] < 0.001
    assert differences.low[4] > 0.0


def test_nothing_is_found_where_nothing_is(rng):
    """Share of p up to 0.05, and of committees of which Benjamini and Hochberg find anything."""
    committees, small, finds = 200, np.zeros(2), np.zeros(2)
    for _ in range(committees):
        table = [rng.random((150, UNITS)) < 0.5, rng.random((150, OTHERS)) < 0.1]
        values = rng.beta(8, 0.3, 150)
        differences, effects = drop_differences(table, values < 0.97), drop_effects(table, values)
        small += [(differences.p <= 0.05).sum(), (effects.p <= 0.05).sum()]
        finds += [(differences.q <= 0.05).any(), (effects.q <= 0.05).any()]
    tests = committees * (UNITS + OTHERS)
    assert (small / tests <= 0.05 + 3.5 * np.sqrt(0.05 * 0.95 / tests)).all()
    assert (small / tests > 0.02).all()  # not by never finding anything
    assert (finds <= binom.ppf(0.9999, committees, 0.05)).all()


def test_units_that_all_passes_dropped_or_none_have_no_effect_to_tell(rng):
    table = rng.random((PASSES, 5)) < 0.5
    table[:, 1], table[:, 3] = True, False
    found = drop_effects([table], rng.random(PASSES))
    assert found.unit.tolist() == [0, 2, 4] and found.num_untold == 2
    assert np.isfinite(columns(found)).all()

    differences = drop_differences([table], np.arange(PASSES) < 9)
    assert (differences.difference[[1, 3]] == 0.0).all() and (differences.p[[1, 3]] == 1.0).all()
    assert np.isfinite(columns(differences)).all()


def test_passes_that_all_say_the_same_have_no_effect(dropped):
    found = drop_effects(dropped, np.full(PASSES, 0.1))
    assert np.isfinite(columns(found)).all()
    assert np.abs(found.effect).max() < 1e-12 and (found.p == 1.0).all() and (found.q == 1.0).all()


@pytest.mark.parametrize("num_passes", [1, 2, 3])
def test_few_passes_give_numbers(num_passes, rng):
    table = np.arange(num_passes)[:, None] == np.arange(4)
    effects = drop_effects([table], rng.random(num_passes))
    assert np.isfinite(columns(effects)).all()
    assert len(effects.p) + effects.num_untold == 4 and (effects.p >= 1 / num_passes - 1e-9).all()
    if num_passes > 1:
        found = drop_differences([table, table * 0.5], np.arange(num_passes) < 1)
        assert np.isfinite(columns(found)).all()


def test_units_dropped_in_part_go_by_their_shares(rng):
    parts = rng.random((PASSES, 6))
    values = 0.8 - 0.3 * parts[:, 2] + rng.normal(0, 0.1, PASSES)
    found = drop_effects([parts], values)
    for unit in range(6):
        line = linregress(parts[:, unit], values)
        assert found.effect[unit] == pytest.approx(0.1 * line.slope)
        reach = 0.1 * 1.966 * line.stderr
        assert found.high[unit] - found.effect[unit] == pytest.approx(reach, rel=1e-3)
        assert found.p[unit] == pytest.approx(line.pvalue, rel=0.3, abs=0.01)
    assert found.q.argmin() == 2 and found.low[2] < -0.03 < found.high[2]

    chosen = values < np.quantile(values, 0.1)
    differences = drop_differences([parts], chosen)
    np.testing.assert_allclose(differences.share_of_chosen, parts[chosen].mean(axis=0))
    np.testing.assert_allclose(differences.share_of_rest, parts[~chosen].mean(axis=0))
    assert differences.q.argmin() == 2 and differences.low[2] > 0.0


def test_layers_dropped_whole_and_in_part_stand_in_one_result(dropped, rng):
    parts, values = rng.random((PASSES, 5)), rng.random(PASSES)
    for find, told in ((drop_effects, values), (drop_differences, values < 0.2)):
        found = find([dropped[1], parts], told)
        alone = find([parts], told)
        assert found.layer.tolist() == [0] * OTHERS + [1] * 5
        np.testing.assert_allclose(found.of_layer(1).p, alone.p)
        assert found.of_layer(1).unit.tolist() == list(range(5))
        np.testing.assert_allclose(found.q, false_discovery_control(found.p))


def test_votes_differ_by_their_means(rng):
    samples = rng.dirichlet((4, 2, 1), PASSES)
    chosen = samples[:, 0] < 0.3
    found = vote_differences(samples, chosen)
    np.testing.assert_allclose(found.mean_of_chosen, samples[chosen].mean(axis=0))
    np.testing.assert_allclose(found.mean_of_rest, samples[~chosen].mean(axis=0))
    assert found.difference.sum() == pytest.approx(0.0)
    assert found.difference[0] < 0.0 and found.high[0] < 0.0


def test_votes_of_a_few_passes_that_agree_are_not_taken_for_certain(rng):
    samples = np.where(rng.random((PASSES, 1)) < 0.5, [[0.9, 0.1]], [[0.2, 0.8]])
    for size in (1, 4):
        order = np.argsort(-samples[:, 0])
        chosen = np.zeros(PASSES, bool)
        chosen[order[:size]] = True
        found = vote_differences(samples, chosen)
        assert np.isfinite(columns(found)).all()
        assert found.high[0] - found.low[0] > 2 * 1.9 * 0.3 / np.sqrt(size)
        assert (found.low >= -1.0).all() and (found.high <= 1.0).all()


@pytest.mark.parametrize("chosen", [np.zeros(5, bool), np.ones(5, bool), np.arange(5)])
def test_everybody_or_nobody_leaves_nothing_to_compare(chosen):
    for ask in (
        lambda: drop_differences([np.eye(5, dtype=bool)], chosen),
        lambda: vote_differences(np.full((5, 2), 0.5), chosen),
    ):
        with pytest.raises(InvalidInputError, match="nothing to compare"):
            ask()


def test_what_does_not_fit_is_refused():
    table, chosen = np.eye(5, dtype=bool), np.arange(5) < 2
    for bad in ([], [table, table[:4]], [table[0]]):
        with pytest.raises(InvalidInputError, match="T = 5"):
            drop_differences(bad, chosen)
        with pytest.raises(InvalidInputError, match="T = 5"):
            drop_effects(bad, np.zeros(5))
    with pytest.raises(InvalidInputError, match="finite"):
        drop_effects([table], np.array([0.1, np.nan, 0.3, 0.4, 0.5]))
    with pytest.raises(InvalidInputError, match="T = 5"):
        vote_differences(np.zeros((4, 3)), chosen)
