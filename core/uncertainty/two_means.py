"""The difference of two means whose values scatter differently, for many at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.stats import t as student

from ..inference.samples import Floats

LEVEL = 0.95


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """Some values by their number, mean and variance.

    Attributes:
        size: how many, at least 1; of a shape that fits the others.
        mean: shape (K,).
        variance: shape (K,), divided by size - 1; 0 of a single value.
    """

    size: npt.NDArray[Any]
    mean: Floats
    variance: Floats

    @classmethod
    def of(cls, values: Floats) -> Group:
        """Return the group of values of shape (n, K)."""
        size = len(values)
        return cls(np.asarray(size), values.mean(axis=0), values.var(axis=0, ddof=min(1, size - 1)))

    @classmethod
    def from_sums(cls, size: npt.NDArray[Any], total: Floats, squares: Floats) -> Group:
        """Return the group of at least two values with this sum and sum of squares, (K,) each."""
        mean = total / size
        return cls(size, mean, np.maximum(squares - size * mean**2, 0.0) / (size - 1))


def welch(one: Group, other: Group) -> tuple[Floats, Floats, Floats, Floats]:
    """Return the difference of two means, its 95% interval's low and high, and p, (K,) each.

    Where neither group has any spread the interval has no width, and p is 0, or 1 without a
    difference. A single value has no spread that could be known: see to it that there are more.

    References:
        Welch 1947, *The generalization of "Student's" problem*.
    """
    parts = [group.variance / group.size for group in (one, other)]
    squared = parts[0] + parts[1]
    shares = sum(
        part**2 / np.maximum(group.size - 1, 1)
        for part, group in zip(parts, (one, other), strict=True)
    )
    freedom = np.maximum(squared**2 / np.maximum(shares, np.finfo(np.float64).tiny), 1.0)
    difference = one.mean - other.mean
    error = np.sqrt(squared)
    p = two_sided(difference, error, freedom)
    reach = student_reach(freedom) * error
    return difference, difference - reach, difference + reach, p


def student_reach(freedom: npt.ArrayLike) -> Floats:
    """Return how many standard errors a 95% interval reaches to each side."""
    return np.asarray(student.ppf((1.0 + LEVEL) / 2.0, freedom))


def two_sided(value: Floats, error: Floats, freedom: npt.ArrayLike) -> Floats:
    """Return p of Student's test that values are 0, given their standard errors, (K,) each."""
    certain = np.where(value == 0.0, 0.0, np.inf)  # without any error
    ratio = np.divide(np.abs(value), error, out=certain, where=error > 0.0)
    return np.asarray(2.0 * student.sf(ratio, freedom))
