"""The interval of a difference of two means, where one is that of a few of the passes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import stdtrit

from ..inference.samples import Floats

LEVEL = 0.95


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """Some passes' values, by number, mean and variance.

    Attributes:
        size: how many, at least 1, one number or shape (K,).
        mean: shape (K,).
        variance: shape (K,), divided by size - 1; 0 of a single value.
    """

    size: npt.NDArray[Any]
    mean: Floats
    variance: Floats

    @classmethod
    def of(cls, values: npt.NDArray[Any]) -> Group:
        """Return that of values of shape (n, K)."""
        size = len(values)
        wide = np.asarray(values, dtype=np.float64)
        return cls(np.asarray(size), wide.mean(axis=0), wide.var(axis=0, ddof=min(1, size - 1)))

    @classmethod
    def from_sums(cls, size: npt.NDArray[Any], total: Floats, squares: Floats) -> Group:
        """Return that of values with this sum and sum of squares, (K,) each."""
        mean = total / size
        left = np.maximum(squares - size * mean**2, 0.0)
        return cls(size, mean, left / np.maximum(size - 1, 1))


def difference_of_means(
    one: Group, other: Group, variance: npt.ArrayLike
) -> tuple[Floats, Floats, Floats]:
    """Return the difference and the low and high of its 95% interval, shape (K,) each.

    The interval is Welch's, but no group's variance is taken to be below that of all passes
    together. A few passes seldom hold the rare ones that make the spread; alone, a group without
    them would be sure of its mean, and a group of one could not be.

    Args:
        one: the group that the other's mean is taken from.
        other: of passes that are not in the first.
        variance: of both together, one number or shape (K,).

    References:
        Welch 1947, *The generalization of "Student's" problem*.
    """
    wholes = np.asarray(variance, dtype=np.float64)
    size = one.size + other.size
    squared = np.zeros_like(one.mean)
    fourth = np.zeros_like(one.mean)
    for group in (one, other):
        freedom = np.where(group.variance < wholes, size, group.size) - 1
        part = np.maximum(group.variance, wholes) / group.size
        squared = squared + part
        fourth = fourth + part**2 / np.maximum(freedom, 1)
    freedom = np.divide(squared**2, fourth, out=np.ones_like(fourth), where=fourth > 0.0)
    reach = student_reach(freedom) * np.sqrt(squared)
    difference = one.mean - other.mean
    return difference, difference - reach, difference + reach


def student_reach(freedom: npt.ArrayLike) -> Floats:
    """Return how many standard errors a 95% interval reaches to each side."""
    return np.asarray(stdtrit(freedom, (1.0 + LEVEL) / 2.0))
