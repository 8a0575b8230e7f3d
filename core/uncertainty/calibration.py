"""Calibration: whether answers given with a confidence of 90% are right nine times in ten.

`confidence` has shape (N,), in [0, 1]; `right` has shape (N,), true where the answer is right.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ..errors import InvalidInputError
from ..inference.samples import Counts, Floats
from .binomial import wilson_interval
from .resampling import LEVEL, NUM_RESAMPLES, Interval, bootstrap_interval

NUM_BINS = 15


@dataclass(frozen=True, slots=True, eq=False)
class Reliability:
    """A reliability diagram: answers in K bins of rising confidence.

    Attributes:
        confidence: shape (K,), mean in each bin.
        accuracy: shape (K,), share right in each bin.
        low: shape (K,), end of the accuracy's 95% Wilson interval; high likewise.
        count: shape (K,), answers in each bin, none of them 0.
    """

    confidence: Floats
    accuracy: Floats
    low: Floats
    high: Floats
    count: Counts


def brier_score(probs: Floats, labels: npt.NDArray[Any]) -> float:
    """Mean over images of the squared error, summed over the classes.

    Args:
        probs: shape (N, C), rows that are distributions.
        labels: shape (N,), true classes.

    Returns:
        In [0, 2]. Lower is better.

    Raises:
        InvalidInputError: no image, or shapes that do not go together.

    References:
        Brier 1950, in the original definition over all classes; for two classes it is twice
        the one of the second class alone.
    """
    check_probabilities(probs, labels)
    errors = np.array(probs, dtype=np.float64)
    errors[np.arange(len(labels)), labels] -= 1.0
    return float((errors * errors).sum(axis=1).mean())


def reliability(
    confidence: npt.ArrayLike, right: npt.ArrayLike, num_bins: int = NUM_BINS
) -> Reliability:
    """Return the reliability diagram over bins of equal mass.

    Bins hold the same number of answers, give or take one: with a fixed width nearly all
    answers of a good classifier would be in one bin. Answers of the same confidence stay in one
    bin, the first that they reach, so that there may be fewer bins than asked for.

    Args:
        confidence: shape (N,).
        right: shape (N,).
        num_bins: at most this many.

    Raises:
        InvalidInputError: no answer, shapes that differ, confidences outside [0, 1], or no bin.
    """
    values, is_right = _checked(confidence, right)
    place = _equal_mass_bins(values, num_bins)
    count = np.bincount(place)
    num_right = np.bincount(place, is_right)
    low, high = wilson_interval(num_right, count)
    return Reliability(np.bincount(place, values) / count, num_right / count, low, high, count)


def expected_calibration_error(
    confidence: npt.ArrayLike,
    right: npt.ArrayLike,
    num_bins: int = NUM_BINS,
    *,
    debiased: bool = False,
) -> float:
    """Mean gap between confidence and accuracy over bins of equal mass, weighted by their counts.

    The plain error (L1) is above 0 for a perfectly calibrated classifier too, by the noise of
    each bin's accuracy. The debiased one takes off what that noise adds to each squared gap on
    average, accuracy (1 - accuracy) / (count - 1), and returns the root of the weighted sum, 0
    where the sum is below 0. It estimates another error, the root of the mean squared gap (L2),
    which is at the L1 one or above: compare like with like.

    Args:
        confidence: shape (N,).
        right: shape (N,).
        num_bins: at most this many.
        debiased: L2 without the bias of the bins' noise, instead of plain L1.

    Returns:
        In [0, 1]. Lower is better.

    Raises:
        InvalidInputError: as `reliability`.

    References:
        Naeini et al. 2015 (ECE). Nguyen & O'Connor 2015 (bins of equal mass).
        Kumar, Liang & Ma 2019, *Verified Uncertainty Calibration* (debiased squared error).
    """
    bins = reliability(confidence, right, num_bins)
    weights = bins.count / bins.count.sum()
    gaps = bins.accuracy - bins.confidence
    if not debiased:
        return float((weights * np.abs(gaps)).sum())
    # A bin of one answer shows no noise to take off; it keeps its bias.
    noise = bins.accuracy * (1.0 - bins.accuracy) / np.maximum(bins.count - 1, 1)
    return float(np.sqrt(max((weights * (gaps * gaps - noise)).sum(), 0.0)))


def calibration_error_interval(
    confidence: npt.ArrayLike,
    right: npt.ArrayLike,
    num_bins: int = NUM_BINS,
    *,
    num_resamples: int = NUM_RESAMPLES,
    seed: int = 0,
    level: float = LEVEL,
) -> Interval:
    """Return the plain error with a bootstrap interval that allows for its bias.

    A resample adds the noise of its bins once more to what the sample already has, so its errors
    are too large by about as much as the sample's own. The interval is the basic one, of the
    distances of the resamples from the sample turned round (2 value - quantile), no lower
    than 0; it reaches down to where the error without that noise may be, and may leave out the
    value itself where that is nothing but noise.
    """
    values, is_right = _checked(confidence, right)
    found = bootstrap_interval(
        lambda c, r: expected_calibration_error(c, r, num_bins),
        values,
        is_right,
        num_resamples=num_resamples,
        seed=seed,
        level=level,
    )
    return Interval(
        found.value,
        max(2.0 * found.value - found.high, 0.0),
        max(2.0 * found.value - found.low, 0.0),
    )


def check_probabilities(probs: Floats, labels: npt.NDArray[Any]) -> None:
    """Check that rows of shape (N, C) and labels of shape (N,) go together.

    Raises:
        InvalidInputError: they do not.
    """
    rows, truth = np.asarray(probs), np.asarray(labels)
    fits = (
        rows.ndim == 2
        and rows.size > 0
        and truth.shape == rows.shape[:1]
        and np.issubdtype(truth.dtype, np.integer)
        and truth.min() >= 0
        and truth.max() < rows.shape[1]
    )
    if not fits:
        raise InvalidInputError(
            "labels",
            expected="a true class for each of at least one row of probabilities",
            received=f"probabilities of shape {rows.shape}, labels of shape {truth.shape}",
        )
    if not (rows.min() >= 0.0 and np.abs(rows.sum(axis=1) - 1.0).max() < 1e-3):  # NaN fails too
        raise InvalidInputError(
            "probs", expected="rows that are distributions", received="other rows"
        )


def _equal_mass_bins(values: Floats, num_bins: int) -> npt.NDArray[np.intp]:
    """Return the bin of each value, shape (N,), from 0 on without gaps."""
    if num_bins < 1:
        raise InvalidInputError("num_bins", expected="1 or more", received=num_bins)
    first_rank = np.searchsorted(np.sort(values), values, side="left")
    bins = first_rank * num_bins // len(values)
    return np.unique(bins, return_inverse=True)[1]


def _checked(
    confidence: npt.ArrayLike, right: npt.ArrayLike
) -> tuple[Floats, npt.NDArray[np.bool_]]:
    values, is_right = np.asarray(confidence, dtype=np.float64), np.asarray(right)
    if not (
        values.ndim == 1 and len(values) > 0 and (values >= 0.0).all() and (values < 1 + 1e-6).all()
    ):
        raise InvalidInputError(
            "confidence",
            expected="numbers from 0 to 1, one for each of at least one answer",
            received=confidence,
        )
    if is_right.shape != values.shape or is_right.dtype != bool:
        raise InvalidInputError(
            "right",
            expected=f"true or false for each of {len(values):,} answers",
            received=f"{is_right.dtype} of shape {is_right.shape}",
        )
    return values, is_right
