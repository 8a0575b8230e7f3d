"""Calibration by hand, at its limits, and on populations that are off by a known gap."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from core.errors import InvalidInputError
from core.uncertainty import (
    brier_score,
    calibration_error_interval,
    expected_calibration_error,
    reliability,
)


def answers(num_answers, gap, seed):
    """Confidences from 0.6 to 0.95, right with a probability of `gap` less."""
    rng = np.random.default_rng(seed)
    confidence = rng.uniform(0.6, 0.95, size=num_answers)
    return confidence, rng.random(num_answers) < confidence - gap


def test_brier_score_by_hand():
    assert brier_score(np.eye(3), np.arange(3)) == 0.0
    assert brier_score(np.eye(3), np.array([1, 2, 0])) == 2.0
    assert brier_score(np.array([[0.7, 0.2, 0.1]]), np.array([0])) == pytest.approx(
        0.09 + 0.04 + 0.01
    )
    assert brier_score(np.full((5, 10), 0.1), np.arange(5)) == pytest.approx(0.9)


def test_brier_score_leaves_its_argument_alone():
    probs = np.array([[0.5, 0.5]])
    brier_score(probs, np.array([1]))
    assert probs.tolist() == [[0.5, 0.5]]


def test_reliability_by_hand():
    bins = reliability([0.9, 0.5, 0.7, 0.6], np.array([True, False, True, True]), num_bins=2)
    np.testing.assert_allclose(bins.confidence, [0.55, 0.8])
    np.testing.assert_allclose(bins.accuracy, [0.5, 1.0])
    assert bins.count.tolist() == [2, 2]
    # Wilson after 1 of 2 and 2 of 2, z = 1.96.
    np.testing.assert_allclose(bins.low, [0.0945, 0.3424], atol=1e-4)
    np.testing.assert_allclose(bins.high, [0.9055, 1.0], atol=1e-4)


def test_error_by_hand():
    confidence, right = [0.9, 0.5, 0.7, 0.6], np.array([True, False, True, True])
    assert expected_calibration_error(confidence, right, 2) == pytest.approx((0.05 + 0.2) / 2)
    squared = ((0.05**2 - 0.25) + 0.2**2) / 2
    assert squared < 0.0
    assert expected_calibration_error(confidence, right, 2, debiased=True) == 0.0
    wrong = np.zeros(4, dtype=bool)
    debiased = expected_calibration_error(confidence, wrong, 2, debiased=True)
    assert debiased == pytest.approx(math.sqrt((0.55**2 + 0.8**2) / 2))


@pytest.mark.parametrize(("confidence", "is_right"), [(1.0, True), (0.0, False)])
def test_certain_and_right_is_calibrated(confidence, is_right):
    for debiased in (False, True):
        assert (
            expected_calibration_error(
                np.full(7, confidence), np.full(7, is_right), debiased=debiased
            )
            == 0.0
        )


def test_a_known_gap_is_found():
    confidence, right = answers(200_000, 0.05, seed=0)
    for debiased in (False, True):
        found = expected_calibration_error(confidence, right, debiased=debiased)
        assert found == pytest.approx(0.05, abs=0.004)


def test_noise_looks_like_an_error_and_less_so_debiased():
    """Calibrated answers: on average over 200 samples the squared errors show the bias."""
    plain = debiased = 0.0
    for seed in range(200):
        confidence, right = answers(1_000, 0.0, seed)
        plain += expected_calibration_error(confidence, right) ** 2 / 200
        debiased += expected_calibration_error(confidence, right, debiased=True) ** 2 / 200
    assert debiased < plain / 2


def test_interval_covers_a_known_gap():
    """In 60 samples; an exact binomial test must not find that it covers in under 90%."""
    covered = 0
    for seed in range(60):
        confidence, right = answers(1_000, 0.08, seed)
        found = calibration_error_interval(confidence, right, 5, num_resamples=200)
        covered += found.low <= 0.08 <= found.high
    assert binomtest(covered, 60, 0.9, alternative="less").pvalue >= 0.001


def test_interval_of_a_calibrated_classifier_reaches_down_to_nothing():
    confidence, right = answers(1_000, 0.0, 3)
    found = calibration_error_interval(confidence, right, num_resamples=200)
    assert found.value > 0.01 and found.low < found.value / 2


@given(
    st.lists(st.tuples(st.sampled_from([0.1, 0.5, 0.9, 1.0]), st.booleans()), min_size=1),
    st.integers(1, 20),
)
def test_bins_hold_everything_once_rise_and_keep_ties_together(rows, num_bins):
    confidence, right = (np.array(column) for column in zip(*rows, strict=True))
    bins = reliability(confidence, right, num_bins)
    assert bins.count.sum() == len(rows) and (bins.count > 0).all()
    assert len(bins.count) <= min(num_bins, len(set(confidence)))
    assert (np.diff(bins.confidence) > 0).all()
    assert (bins.low <= bins.accuracy + 1e-9).all() and (bins.accuracy <= bins.high + 1e-9).all()
    assert (bins.count * bins.accuracy).sum() == pytest.approx(right.sum())
    error = expected_calibration_error(confidence, right, num_bins)
    assert abs(confidence.mean() - right.mean()) - 1e-9 <= error <= 1.0


def test_bins_without_ties_have_equal_mass():
    confidence, right = answers(1_000, 0.0, 0)
    count = reliability(confidence, right).count
    assert len(count) == 15 and set(count.tolist()) <= {66, 67}


@pytest.mark.parametrize(
    "call",
    [
        lambda: reliability([], np.array([], dtype=bool)),
        lambda: reliability([0.5], np.array([True, False])),
        lambda: reliability([0.5], np.array([1])),
        lambda: reliability([1.5], np.array([True])),
        lambda: reliability([np.nan], np.array([True])),
        lambda: reliability([0.5], np.array([True]), 0),
        lambda: expected_calibration_error([], np.array([], dtype=bool)),
        lambda: calibration_error_interval([], np.array([], dtype=bool)),
        lambda: brier_score(np.zeros((0, 3)), np.zeros(0, dtype=int)),
        lambda: brier_score(np.eye(3), np.array([0, 1, 3])),
        lambda: brier_score(np.eye(3), np.array([0, 1, -1])),
        lambda: brier_score(np.eye(3), np.array([0.0, 1.0, 2.0])),
        lambda: brier_score(np.eye(3), np.array([0, 1])),
        lambda: brier_score(np.full((3, 3), np.nan), np.arange(3)),
        lambda: brier_score(2 * np.eye(3), np.arange(3)),
    ],
)
def test_inputs_that_cannot_be_are_refused(call):
    with pytest.raises(InvalidInputError):
        call()
