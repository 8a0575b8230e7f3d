from __future__ import annotations

import math

import numpy as np
import pytest

from core.uncertainty import energy_score

N, C = 6, 4


@pytest.fixture
def logits() -> np.ndarray:
    return np.random.default_rng(0).normal(scale=3.0, size=(N, C))


def test_energy_is_minus_the_logarithm_of_the_sum_of_exponentials(logits: np.ndarray) -> None:
    expected = [-math.log(sum(math.exp(value) for value in row)) for row in logits]

    np.testing.assert_allclose(energy_score(logits), expected, rtol=1e-12)


def test_energy_of_equal_logits_is_minus_them_and_minus_ln_c() -> None:
    np.testing.assert_allclose(energy_score(np.full((2, C), 5.0)), -5.0 - math.log(C))


def test_energy_falls_by_a_constant_that_is_added_and_forgets_the_order(logits: np.ndarray) -> None:
    np.testing.assert_allclose(energy_score(logits + 2.5), energy_score(logits) - 2.5)
    np.testing.assert_allclose(energy_score(logits[:, ::-1]), energy_score(logits))


def test_energy_of_large_logits_neither_overflows_nor_ties() -> None:
    logits = np.zeros((3, C), np.float32)
    logits[:, 1] = [900.0, 1000.0, -1000.0]

    values = energy_score(logits)

    np.testing.assert_allclose(values[:2], [-900.0, -1000.0])
    assert values[2] == pytest.approx(-math.log(3))
