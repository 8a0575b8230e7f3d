"""One temperature: found where it is known, harmless at 0, and never changing an answer."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import softmax

from core.errors import InvalidInputError
from core.uncertainty import apply_temperature, fit_temperature


def drawn(temperature, num_images=20_000):
    """Softmaxes, and labels drawn from them after scaling: the best temperature is known."""
    rng = np.random.default_rng(0)
    logits = rng.normal(scale=2.0, size=(num_images, 5))
    truth = softmax(logits / temperature, axis=1)
    labels = (truth.cumsum(axis=1) < rng.random((num_images, 1))).sum(axis=1)
    return softmax(logits, axis=1), np.minimum(labels, 4)


def mean_nll(probs, labels):
    return -np.log(probs[np.arange(len(labels)), labels]).mean()


@pytest.mark.parametrize("temperature", [0.5, 1.0, 3.0])
def test_known_temperature_is_found(temperature):
    assert fit_temperature(*drawn(temperature)) == pytest.approx(temperature, rel=0.05)


def test_no_other_temperature_is_better():
    probs, labels = drawn(1.7, 500)
    best = fit_temperature(probs, labels)
    found = mean_nll(apply_temperature(probs, best), labels)
    for factor in (0.9, 0.99, 1.01, 1.1):
        assert found < mean_nll(apply_temperature(probs, best * factor), labels)


def test_by_hand_for_two_classes():
    """Confidence 0.9 and right in 3 of 4: the odds of 9 have to become 3."""
    probs, labels = np.tile([0.9, 0.1], (4, 1)), np.array([0, 0, 0, 1])
    best = fit_temperature(probs, labels)
    assert best == pytest.approx(math.log(9) / math.log(3), rel=1e-4)
    np.testing.assert_allclose(apply_temperature(probs, best)[0], [0.75, 0.25], atol=1e-5)


def test_of_a_softmax_it_is_the_softmax_of_scaled_logits():
    logits = np.random.default_rng(1).normal(size=(3, 2, 4))
    np.testing.assert_allclose(
        apply_temperature(softmax(logits, axis=-1), 2.5), softmax(logits / 2.5, axis=-1)
    )


def test_temperature_of_one_changes_nothing():
    probs = np.array([[0.7, 0.2, 0.1], [1.0, 0.0, 0.0]])
    np.testing.assert_allclose(apply_temperature(probs, 1.0), probs, atol=1e-30)


def test_ends_of_the_range_where_there_is_no_best_temperature():
    probs = np.tile([0.6, 0.4], (5, 1))
    low = fit_temperature(probs, np.zeros(5, dtype=int))
    high = fit_temperature(probs, np.ones(5, dtype=int))
    assert (low, high) == pytest.approx((0.01, 100.0)) and 0.01 <= low < high <= 100.0


def test_certain_and_wrong_has_a_finite_remedy():
    probs, labels = np.eye(2)[[0] * 10], np.array([0] * 9 + [1])
    best = fit_temperature(probs, labels)
    np.testing.assert_allclose(apply_temperature(probs, best)[0], [0.9, 0.1], atol=1e-3)


@given(
    st.lists(st.floats(0.0, 1.0), min_size=2, max_size=10).filter(lambda row: sum(row) > 0.01),
    st.floats(0.01, 100.0),
)
def test_any_temperature_gives_a_distribution_in_the_same_order(row, temperature):
    probs = np.array([row]) / sum(row)
    scaled = apply_temperature(probs, temperature)
    assert np.isfinite(scaled).all() and scaled.sum() == pytest.approx(1.0)
    order = np.argsort(probs[0])
    assert (np.diff(scaled[0, order]) >= -1e-12).all()
    hotter = apply_temperature(probs, temperature * 2.0)
    assert hotter.max() <= scaled.max() + 1e-9


@pytest.mark.parametrize("temperature", [0.0, -1.0, math.nan, math.inf])
def test_temperature_that_cannot_be_is_refused(temperature):
    with pytest.raises(InvalidInputError, match="temperature"):
        apply_temperature(np.eye(2), temperature)


def test_nothing_to_fit_on_is_refused():
    with pytest.raises(InvalidInputError):
        fit_temperature(np.zeros((0, 2)), np.zeros(0, dtype=int))
    with pytest.raises(InvalidInputError):
        fit_temperature(np.eye(2), np.array([0, 2]))
