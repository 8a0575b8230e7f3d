"""Intervals from resampled images; the steps of one image are not independent, images are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..uncertainty.resampling import Interval

Floats = npt.NDArray[np.float64]

NUM_RESAMPLES = 1_000
_TAIL = 0.025  # 95% intervals


@dataclass(frozen=True, slots=True, eq=False)
class Estimates:
    """Estimates with their 95% intervals.

    Attributes:
        value: shape (K,).
        low: shape (K,); high likewise.
    """

    value: Floats
    low: Floats
    high: Floats

    def __getitem__(self, place: int) -> Interval:
        """Return one of them."""
        return Interval(*(float(each[place]) for each in (self.value, self.low, self.high)))

    def __len__(self) -> int:
        """K."""
        return len(self.value)


def resample(
    groups: npt.NDArray[np.int64], seed: int | tuple[int, ...], num: int = NUM_RESAMPLES
) -> Floats:
    """Return how often each image is drawn, shape (num, N).

    Images are drawn with replacement from their own group, so that each group keeps its size,
    as it does in a choice of images that takes as many of each digit.

    Args:
        groups: shape (N,), the group of each image.
        seed: of the draws.
        num: how many resamples.
    """
    rng = np.random.default_rng(seed)
    counts = np.zeros((num, len(groups)))
    for group in np.unique(groups):
        members = np.flatnonzero(groups == group)
        size = len(members)
        counts[:, members] = rng.multinomial(size, np.full(size, 1.0 / size), size=num)
    return counts


def estimates(values: Floats, resampled: Floats, num_images: Floats | None = None) -> Estimates:
    """Return several estimates with percentile intervals of their resamples.

    A rate that is 0 or 1 in all images would have an interval of no width. It gets the exact
    binomial one at least: after none of N, up to 1 - 0.025^(1/N).

    Args:
        values: shape (K,).
        resampled: shape (num, K).
        num_images: shape (K,), N of each rate; None for what is no rate.
    """
    low, high = np.quantile(resampled, [_TAIL, 1.0 - _TAIL], axis=0)
    if num_images is not None:
        reach = 1.0 - _TAIL ** (1.0 / num_images)
        high = np.where(values == 0.0, np.maximum(high, reach), high)
        low = np.where(values == 1.0, np.minimum(low, 1.0 - reach), low)
    # A copy: a view would keep the whole table of resamples alive.
    return Estimates(values.copy(), low, high)


def interval_of(value: float, resampled: Floats) -> Interval:
    """Return an estimate with the percentile interval of its resamples, shape (num,)."""
    low, high = np.quantile(resampled, [_TAIL, 1.0 - _TAIL])
    return Interval(value, float(low), float(high))


def ranking_shares(
    certainty: Floats, right: npt.NDArray[np.bool_], counts: Floats
) -> npt.NDArray[np.float64]:
    """Return how often a right answer is more certain than a wrong one, for each resample.

    The area under the ROC curve, over all pairs of a right and a wrong answer; ties count half.

    Args:
        certainty: shape (N, S).
        right: shape (N, S).
        counts: shape (num, N), how often each image counts.

    Returns:
        Shape (num,), NaN where all answers are right or all are wrong.
    """
    image = np.broadcast_to(np.arange(len(certainty))[:, None], certainty.shape)
    order = np.argsort(certainty[~right], kind="stable")
    wrong_image, wrong = image[~right][order], certainty[~right][order]
    right_image = image[right]
    # Of the wrong answers, rising in certainty: how many are below each right one, or tie with it.
    below = np.searchsorted(wrong, certainty[right], side="left")
    up_to = np.searchsorted(wrong, certainty[right], side="right")
    shares = np.full(len(counts), np.nan)
    for k, count in enumerate(counts):
        weight = np.concatenate([[0.0], np.cumsum(count[wrong_image])])
        of_right = count[right_image]
        pairs = weight[-1] * of_right.sum()
        if pairs > 0:
            lower = weight[below] + weight[up_to]
            # No matrix product: its threads cost more than so short a sum.
            shares[k] = float((of_right * lower).sum()) / (2.0 * pairs)
    return shares
