"""Intervals from resampled images, for one statistic or for the difference of two."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ..errors import InvalidInputError
from ..inference.samples import Floats

NUM_RESAMPLES = 1_000
LEVEL = 0.95

Statistic = Callable[..., npt.ArrayLike]
Column = npt.NDArray[Any]


@dataclass(frozen=True, slots=True)
class Interval:
    """An estimate with its interval.

    Attributes:
        value: on all images.
        low: end of the interval; high likewise.
    """

    value: float
    low: float
    high: float

    @property
    def excludes_zero(self) -> bool:
        """Whether all of it is on one side of zero: of a difference, that it is clear."""
        return self.low > 0.0 or self.high < 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Band:
    """Several estimates with their intervals, each on its own, not all at once.

    Attributes:
        value: shape (K,), on all images.
        low: shape (K,); high likewise.
    """

    value: Floats
    low: Floats
    high: Floats


def bootstrap_interval(
    statistic: Statistic,
    *columns: Column,
    strata: Column | None = None,
    num_resamples: int = NUM_RESAMPLES,
    seed: int = 0,
    level: float = LEVEL,
) -> Interval:
    """Return a statistic with its percentile interval over resampled images.

    A rate that is 0 or 1 on all images is so on every resample and its interval has no width:
    use `binomial` for rates.

    Args:
        statistic: from the columns to a number.
        columns: each of shape (N, ...), one row an image; an image is drawn with all of them.
        strata: shape (N,): images are drawn within their stratum, which keeps its size, as do
            known images and strangers.
        num_resamples: how many.
        seed: of the draws.
        level: of the interval.

    Raises:
        InvalidInputError: no image, columns of several lengths, or a statistic that is no number
            on a resample.
    """
    found = bootstrap_band(
        statistic,
        *columns,
        strata=strata,
        num_resamples=num_resamples,
        seed=seed,
        level=level,
    )
    return Interval(*(float(one[0]) for one in (found.value, found.low, found.high)))


def paired_difference(
    statistic: Statistic,
    first: Sequence[Column],
    second: Sequence[Column],
    *,
    strata: Column | None = None,
    num_resamples: int = NUM_RESAMPLES,
    seed: int = 0,
    level: float = LEVEL,
) -> Interval:
    """Return statistic(first) - statistic(second), the same images drawn for both.

    Args:
        statistic: from the columns to a number.
        first: the columns of the one, the committee's uncertainty and what it gets wrong.
        second: of the other, its twin's, of the same images.
        strata: as `bootstrap_interval`; likewise the rest, and what is raised.
        num_resamples: how many.
        seed: of the draws.
        level: of the interval.
    """
    split = len(first)
    return bootstrap_interval(
        lambda *columns: (
            np.asarray(statistic(*columns[:split])) - np.asarray(statistic(*columns[split:]))
        ),
        *first,
        *second,
        strata=strata,
        num_resamples=num_resamples,
        seed=seed,
        level=level,
    )


def bootstrap_band(
    statistic: Statistic,
    *columns: Column,
    strata: Column | None = None,
    num_resamples: int = NUM_RESAMPLES,
    seed: int = 0,
    level: float = LEVEL,
) -> Band:
    """As `bootstrap_interval`, for a statistic of shape (K,) such as a curve."""
    columns = tuple(np.asarray(column) for column in columns)
    lengths = {len(column) for column in (*columns, *([] if strata is None else [strata]))}
    if len(lengths) != 1 or 0 in lengths:
        raise InvalidInputError(
            "columns", expected="columns of one length, at least 1", received=sorted(lengths)
        )
    if num_resamples < 2 or not 0.0 < level < 1.0:
        raise InvalidInputError(
            "num_resamples",
            expected="at least 2 resamples, and a level between 0 and 1",
            received=(num_resamples, level),
        )
    groups = _groups(strata, lengths.pop())
    rng = np.random.default_rng(seed)
    resampled = []
    for _ in range(num_resamples):
        drawn = np.concatenate([group[rng.integers(0, len(group), len(group))] for group in groups])
        resampled.append(np.atleast_1d(statistic(*(column[drawn] for column in columns))))
    table = np.asarray(resampled, dtype=np.float64)
    if not np.isfinite(table).all():
        raise InvalidInputError(
            "statistic", expected="a number on every resample", received="NaN or infinite on some"
        )
    low, high = np.quantile(table, [(1.0 - level) / 2.0, (1.0 + level) / 2.0], axis=0)
    return Band(np.atleast_1d(np.asarray(statistic(*columns), dtype=np.float64)), low, high)


def _groups(strata: Column | None, num_images: int) -> list[npt.NDArray[np.intp]]:
    if strata is None:
        return [np.arange(num_images)]
    array = np.asarray(strata)
    return [np.flatnonzero(array == stratum) for stratum in np.unique(array)]
