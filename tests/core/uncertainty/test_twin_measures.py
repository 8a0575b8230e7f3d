from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.special import softmax

from core.uncertainty import TWIN_MEASURES, log_odds, logit_margin, softmax_entropy

N, C = 40, 10


@pytest.fixture
def logits() -> np.ndarray:
    return np.random.default_rng(3).normal(scale=4.0, size=(N, C))


def test_even_logits_have_no_margin_odds_of_1_to_c_minus_1_and_entropy_ln_c() -> None:
    even = np.full((2, C), 7.0)

    assert logit_margin(even).tolist() == [0.0, 0.0]
    np.testing.assert_allclose(log_odds(even), -math.log(C - 1))
    np.testing.assert_allclose(softmax_entropy(even), math.log(C))


def test_of_two_classes_margin_and_log_odds_are_the_same() -> None:
    two = np.array([[3.0, -1.5], [0.0, 0.25]])

    np.testing.assert_allclose(logit_margin(two), [4.5, 0.25])
    np.testing.assert_allclose(log_odds(two), [4.5, 0.25])


def test_log_odds_are_those_of_the_largest_softmax(logits: np.ndarray) -> None:
    p = softmax(logits, axis=1).max(axis=1)

    np.testing.assert_allclose(log_odds(logits), np.log(p / (1.0 - p)), rtol=1e-6)


def test_entropy_is_that_of_the_softmax(logits: np.ndarray) -> None:
    p = softmax(logits, axis=1)

    np.testing.assert_allclose(softmax_entropy(logits), -(p * np.log(p)).sum(axis=1), rtol=1e-9)


@pytest.mark.parametrize("name", list(TWIN_MEASURES))
def test_measure_does_not_change_with_a_constant_or_the_order_of_classes(
    logits: np.ndarray, name: str
) -> None:
    value = TWIN_MEASURES[name].value

    np.testing.assert_allclose(value(logits + 50.0), value(logits), rtol=1e-6)
    np.testing.assert_allclose(value(logits[:, ::-1]), value(logits), rtol=1e-9)


@pytest.mark.parametrize("name", list(TWIN_MEASURES))
def test_measure_tells_images_apart_whose_softmax_is_exactly_1(name: str) -> None:
    margins = np.linspace(20.0, 80.0, 60)
    logits = np.zeros((60, C), np.float32)
    logits[:, 4] = margins
    assert (softmax(logits, axis=1)[:, 4] == 1.0).all()

    values = TWIN_MEASURES[name].value(logits).astype(np.float32)

    steps = np.diff(values)
    assert (steps < 0).all() if TWIN_MEASURES[name].higher_is_less_certain else (steps > 0).all()


def test_entropy_of_a_nearly_certain_answer_keeps_its_digits() -> None:
    # One other class at probability e, to first order: H = e (1 - ln e), the rest is far less.
    logits = np.array([[40.0, 0.0, -700.0]])
    e = math.exp(-40.0)

    assert softmax_entropy(logits)[0] == pytest.approx(e * (1.0 - math.log(e)), rel=1e-12)


def test_measures_have_one_value_an_image(logits: np.ndarray) -> None:
    for name, measure in TWIN_MEASURES.items():
        assert measure.name == name and measure.label
        assert measure.value(logits.astype(np.float32)).shape == (N,)
