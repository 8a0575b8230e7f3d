"""Intervals of rates: closed forms, SciPy's own, and exact coverage."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, binomtest

from core.errors import InvalidInputError
from core.uncertainty import upper_bound, wilson_interval


def test_none_of_many_leaves_three_in_n():
    np.testing.assert_allclose(
        upper_bound(0, [1, 299, 1_000], 0.05), 1 - 0.05 ** (1 / np.array([1, 299, 1_000]))
    )
    assert upper_bound(0, 299, 0.05) <= 0.01 < upper_bound(0, 298, 0.05)


def test_all_of_many_and_none_at_all_bound_nothing():
    assert upper_bound([5, 0], [5, 0], 0.05).tolist() == [1.0, 1.0]
    low, high = wilson_interval([0, 5, 0], [0, 5, 5])
    assert (low[0], high[0]) == pytest.approx((0.0, 1.0))
    assert high[1] == pytest.approx(1.0) and low[2] == pytest.approx(0.0)


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_agrees_with_scipy(counts):
    k, n = counts
    test = binomtest(k, n)
    wilson = test.proportion_ci(0.95, "wilson")
    low, high = wilson_interval(k, n)
    assert (float(low), float(high)) == pytest.approx((wilson.low, wilson.high), abs=1e-12)
    exact = binomtest(k, n, alternative="less").proportion_ci(0.95, "exact")
    assert float(upper_bound(k, n, 0.05)) == pytest.approx(exact.high)


@pytest.mark.parametrize("rate", [0.001, 0.01, 0.3])
def test_upper_bound_fails_in_delta_of_samples_at_most(rate):
    counts = np.arange(401)
    missed = upper_bound(counts, 400, 0.05) < rate
    assert binom.pmf(counts, 400, rate)[missed].sum() <= 0.05


@pytest.mark.parametrize(
    "call",
    [
        lambda: upper_bound(2, 1, 0.05),
        lambda: upper_bound(-1, 1, 0.05),
        lambda: upper_bound(np.nan, 1, 0.05),
        lambda: upper_bound(0, 1, 0.0),
        lambda: upper_bound(0, 1, 1.0),
        lambda: wilson_interval(2, 1),
        lambda: wilson_interval(0, 1, 1.0),
    ],
)
def test_counts_that_cannot_be_are_refused(call):
    with pytest.raises(InvalidInputError):
        call()


def test_wilson_interval_reaches_its_ends_exactly():
    low, high = wilson_interval([0, 8218], [8218, 8218])
    assert low[0] == 0.0 and high[1] == 1.0
