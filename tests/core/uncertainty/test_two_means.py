"""The interval of a difference of means: Welch's, and what it holds."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import ttest_ind

from core.uncertainty.two_means import Group, difference_of_means


def test_is_welchs_where_no_group_is_calmer_than_all() -> None:
    rng = np.random.default_rng(0)
    one, other = rng.normal(0.0, 1.0, (12, 4)), rng.normal(0.5, 3.0, (30, 4))
    theirs = ttest_ind(one, other, equal_var=False).confidence_interval(0.95)
    difference, low, high = difference_of_means(Group.of(one), Group.of(other), 0.0)
    np.testing.assert_allclose(difference, one.mean(axis=0) - other.mean(axis=0))
    np.testing.assert_allclose((low, high), (theirs.low, theirs.high))


def test_sums_make_the_same_group_as_values() -> None:
    values = np.random.default_rng(1).random((9, 5))
    ours = Group.from_sums(np.full(5, 9), values.sum(axis=0), (values**2).sum(axis=0))
    theirs = Group.of(values)
    np.testing.assert_allclose(ours.mean, theirs.mean)
    np.testing.assert_allclose(ours.variance, theirs.variance)


@pytest.mark.parametrize("size", [1, 3, 20])
def test_holds_the_truth_of_a_few_skewed_passes(size: int) -> None:
    """Welch's own holds it in 70% of such committees at size 20: most groups look calm."""
    rng = np.random.default_rng(5)
    inside = 0
    for _ in range(2_000):
        values = np.where(rng.random((200, 1)) < 0.03, rng.random((200, 1)), 1.0)
        one, other = Group.of(values[:size]), Group.of(values[size:])
        _, low, high = difference_of_means(one, other, values.var(axis=0, ddof=1))
        inside += bool(low[0] <= 0.0 <= high[0])
    assert inside / 2_000 > 0.95 - 3 * np.sqrt(0.05 * 0.95 / 2_000)


def test_no_spread_is_an_interval_without_width() -> None:
    ones = Group.of(np.ones((4, 1)))
    difference, low, high = difference_of_means(ones, ones, 0.0)
    assert (difference[0], low[0], high[0]) == (0.0, 0.0, 0.0)
