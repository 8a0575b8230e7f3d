"""Measures in closed form at their limits, and their standard errors against repetition."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from core.inference import McSummary
from core.uncertainty import (
    MEASURES,
    confidence,
    expected_entropy,
    mutual_information,
    predicted_class,
    predictive_entropy,
    runner_up,
    variance,
    variation_ratio,
)


def one_hot(classes: list[int], num_classes: int = 10) -> McSummary:
    """One image, whose passes are each certain of one class."""
    return McSummary.from_samples(np.eye(num_classes, dtype=np.float32)[classes][:, None])


def test_measures_when_all_passes_agree_and_are_certain():
    summary = one_hot([3] * 8)
    assert predicted_class(summary) == [3]
    assert confidence(summary) == [1.0]
    for name, measure in MEASURES.items():
        if name != "confidence":
            assert measure.value(summary) == [0.0], name
        assert measure.standard_error(summary) == [0.0], name


def test_measures_when_certain_passes_split_evenly_between_two_classes():
    summary = one_hot([3, 7] * 4)
    assert confidence(summary) == [0.5]
    np.testing.assert_allclose(predictive_entropy(summary), math.log(2))
    assert expected_entropy(summary) == [0.0]
    np.testing.assert_allclose(mutual_information(summary), math.log(2))
    assert variance(summary) == [0.25]
    assert variation_ratio(summary) == [0.5]
    assert predicted_class(summary) == [3] and runner_up(summary) == [7]


def test_measures_when_every_pass_is_uniform():
    summary = McSummary.from_samples(np.full((6, 1, 10), 0.1, dtype=np.float32))
    np.testing.assert_allclose(confidence(summary), 0.1)
    np.testing.assert_allclose(predictive_entropy(summary), math.log(10))
    np.testing.assert_allclose(expected_entropy(summary), math.log(10))
    np.testing.assert_allclose(mutual_information(summary), 0.0, atol=1e-7)
    np.testing.assert_allclose(variance(summary), 0.0, atol=1e-12)
    assert variation_ratio(summary) == [0.0]


def test_measures_reach_their_upper_bounds_when_votes_spread_over_all_classes():
    summary = one_hot(list(range(5)), num_classes=5)
    for name in ("predictive_entropy", "mutual_information", "variation_ratio"):
        measure = MEASURES[name]
        np.testing.assert_allclose(measure.value(summary), measure.upper(5))


def test_variation_ratio_counts_passes_against_the_most_voted_class():
    np.testing.assert_allclose(variation_ratio(one_hot([1, 1, 1, 4, 5])), 0.4)


def test_variance_is_of_the_predicted_class():
    probs = np.array([[0.9, 0.1, 0.0], [0.5, 0.1, 0.4]])[:, None]
    np.testing.assert_allclose(variance(McSummary.from_samples(probs)), 0.04)


@pytest.mark.parametrize("name", MEASURES)
def test_measure_has_one_value_for_each_image(name):
    rng = np.random.default_rng(1)
    summary = McSummary.from_samples(rng.dirichlet(np.ones(10), size=(5, 3)))
    assert MEASURES[name].value(summary).shape == (3,)
    assert MEASURES[name].standard_error(summary).shape == (3,)
    np.testing.assert_allclose(
        MEASURES[name].value(summary)[1], MEASURES[name].value(summary[1])[0]
    )


@given(
    arrays(
        np.float64,
        st.tuples(st.integers(1, 6), st.integers(1, 3), st.integers(2, 5)),
        elements=st.floats(1e-6, 1.0),
    ),
    st.randoms(use_true_random=False),
)
def test_measures_stay_in_bounds_and_ignore_the_order_of_passes(weights, random):
    probs = weights / weights.sum(axis=2, keepdims=True)
    order = list(range(len(probs)))
    random.shuffle(order)
    summary, shuffled = McSummary.from_samples(probs), McSummary.from_samples(probs[order])
    for measure in MEASURES.values():
        value = measure.value(summary)
        assert (value >= -1e-12).all()
        assert (value <= measure.upper(probs.shape[2]) + 1e-9).all()
        np.testing.assert_allclose(value, measure.value(shuffled), atol=1e-9)
    np.testing.assert_allclose(
        predictive_entropy(summary),
        expected_entropy(summary) + mutual_information(summary),
        atol=1e-9,
    )


@pytest.mark.parametrize("name", MEASURES)
def test_standard_error_matches_the_spread_over_repetitions(name):
    """400 committees of 500 passes: the mean claimed error is the spread seen, within a tenth.

    The error of a standard deviation from 400 draws is 3.5%; a tenth is three of them.
    """
    rng = np.random.default_rng(2)
    probs = rng.dirichlet([3.0, 2.0, 0.5, 0.5], size=(500, 400))
    summary = McSummary.from_samples(probs)
    seen = MEASURES[name].value(summary).std(ddof=1)
    claimed = MEASURES[name].standard_error(summary).mean()
    assert claimed == pytest.approx(seen, rel=0.1)


def test_only_confidence_grows_with_certainty():
    assert [m.name for m in MEASURES.values() if not m.higher_is_less_certain] == ["confidence"]
