"""What a thousand passes leave behind: softmax samples, and the sums that measures need."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import numpy.typing as npt

from ..errors import InvalidInputError

Floats = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]

HISTOGRAM_BINS = 10  # on [0, 1], as in the post


@dataclass(frozen=True, slots=True)
class McSummary:
    """Sufficient statistics of T passes over N images and C classes.

    Sums, not means, so that summaries of disjoint passes merge by addition. `p` is one
    pass's softmax, `h` its entropy in nats. Sums are float64: the variance is a small
    difference of large sums.

    Attributes:
        num_samples: T, the number of passes.
        sum_p: shape (N, C), sum over passes of p; likewise `sum_p2` to `sum_p4` of its powers.
        sum_pp: shape (N, C, C), sum of the outer products of p with itself: entropies of the
            mean need the covariance between classes for their standard error.
        sum_h: shape (N,), sum of h; `sum_h2` of its square.
        sum_ph: shape (N, C), sum of p times h.
        votes: shape (N, C), passes whose largest entry is the class; ties go to the lowest class.
        histogram: shape (N, C, 10), passes by softmax value, bins of width 0.1 closed on the
            left, the last one on both sides.
    """

    num_samples: int
    sum_p: Floats
    sum_p2: Floats
    sum_p3: Floats
    sum_p4: Floats
    sum_pp: Floats
    sum_h: Floats
    sum_h2: Floats
    sum_ph: Floats
    votes: Counts
    histogram: Counts

    @classmethod
    def from_samples(cls, probs_tnc: npt.NDArray[Any]) -> McSummary:
        """Sum up softmax samples.

        Args:
            probs_tnc: shape (T, N, C), each row a distribution.

        Raises:
            InvalidInputError: another number of axes, no pass, or rows that are no distributions.
        """
        _check_shape(probs_tnc)
        num_samples, num_images, num_classes = probs_tnc.shape
        p = np.ascontiguousarray(probs_tnc.transpose(1, 2, 0), dtype=np.float64)  # (N, C, T)
        check_distributions(p, classes=1)
        p2 = p * p
        sum_pp = p @ p.transpose(0, 2, 1)
        # p log p is 0 at p = 0, where the logarithm is not defined: any positive number will do.
        h = -np.einsum("nct,nct->nt", p, np.log(np.maximum(p, np.finfo(np.float64).tiny)))
        bins = histogram_bins(probs_tnc)
        cells = num_images * num_classes
        bins += (np.arange(cells) * HISTOGRAM_BINS).reshape(num_images, num_classes)
        favourites = p.argmax(axis=1) + np.arange(num_images)[:, None] * num_classes
        return cls(
            num_samples=num_samples,
            sum_p=p.sum(axis=2),
            sum_p2=np.einsum("ncc->nc", sum_pp).copy(),
            sum_p3=np.einsum("nct,nct->nc", p2, p),
            sum_p4=np.einsum("nct,nct->nc", p2, p2),
            sum_pp=sum_pp,
            sum_h=h.sum(axis=1),
            sum_h2=(h * h).sum(axis=1),
            sum_ph=(p @ h[:, :, None])[:, :, 0],
            votes=np.bincount(favourites.ravel(), minlength=cells).reshape(num_images, num_classes),
            histogram=np.bincount(bins.ravel(), minlength=cells * HISTOGRAM_BINS).reshape(
                num_images, num_classes, HISTOGRAM_BINS
            ),
        )

    @classmethod
    def stack(cls, summaries: Iterable[McSummary]) -> McSummary:
        """Put summaries of different images, of the same passes each, one after another."""
        parts = list(summaries)
        if not parts or len({(part.num_samples, part.num_classes) for part in parts}) != 1:
            raise InvalidInputError(
                "summaries",
                expected="at least one summary, all with the same number of passes and classes",
                received=[(part.num_samples, part.num_classes) for part in parts],
            )
        return cls(
            parts[0].num_samples,
            *(
                np.concatenate([getattr(part, name) for part in parts])
                for name in _arrays_of_a_summary()
            ),
        )

    @property
    def num_images(self) -> int:
        """N."""
        return int(self.sum_p.shape[0])

    @property
    def num_classes(self) -> int:
        """C."""
        return int(self.sum_p.shape[1])

    @property
    def mean(self) -> Floats:
        """Mean softmax over the passes, shape (N, C)."""
        return self.sum_p / self.num_samples

    def merge(self, other: McSummary) -> McSummary:
        """Return the summary of both sets of passes over the same images.

        Raises:
            InvalidInputError: the two are not of the same images and classes.
        """
        if self.sum_p.shape != other.sum_p.shape:
            raise InvalidInputError(
                "other",
                expected=f"a summary of shape (N, C) = {self.sum_p.shape}",
                received=other.sum_p.shape,
                advice="Merge summaries of the same images only; use McSummary.stack otherwise.",
            )
        return McSummary(
            self.num_samples + other.num_samples,
            *(getattr(self, name) + getattr(other, name) for name in _arrays_of_a_summary()),
        )

    def __add__(self, other: McSummary) -> McSummary:
        """Merge, see `merge`."""
        return self.merge(other)

    def __getitem__(self, images: int | slice | npt.NDArray[np.bool_]) -> McSummary:
        """Return the summary of some of the images; one index keeps the image axis."""
        if isinstance(images, int):
            images = slice(images, images + 1) if images != -1 else slice(images, None)
        return McSummary(
            self.num_samples, *(getattr(self, name)[images] for name in _arrays_of_a_summary())
        )


@dataclass(frozen=True, slots=True)
class McSamples:
    """The raw softmax samples.

    Attributes:
        probs_tnc: shape (T, N, C) float32: passes, images, classes.
    """

    probs_tnc: npt.NDArray[np.float32]

    @property
    def num_samples(self) -> int:
        """T, the number of passes."""
        return int(self.probs_tnc.shape[0])

    def summary(self) -> McSummary:
        """Sum the samples up for the measures."""
        return McSummary.from_samples(self.probs_tnc)


def histogram_bins(probs: npt.NDArray[Any]) -> Counts:
    """Return in which bar of its histogram each probability counts, from 0 to 9; see `McSummary`.

    In the precision that it comes in: an edge as 0.3 is another number in float32.
    """
    bins = np.minimum((probs * HISTOGRAM_BINS).astype(np.intp), HISTOGRAM_BINS - 1)
    return np.asarray(bins, dtype=np.int64)


def _arrays_of_a_summary() -> list[str]:
    return [field.name for field in fields(McSummary) if field.name != "num_samples"]


def _check_shape(probs_tnc: npt.NDArray[Any]) -> None:
    if probs_tnc.ndim != 3 or 0 in probs_tnc.shape:
        raise InvalidInputError(
            "probs_tnc",
            expected="softmax samples of shape (T, N, C): passes, images, classes, none of them 0",
            received=f"shape {probs_tnc.shape}",
        )


def check_distributions(probs: npt.NDArray[Any], *, classes: int) -> None:
    """Check that samples are distributions.

    Args:
        probs: with one axis of classes.
        classes: which axis that is.

    Raises:
        InvalidInputError: a negative entry, no number, or a sum other than 1.
    """
    sums = probs.sum(axis=classes, dtype=np.float64)  # half precision would not add up to 1
    # One comparison that NaN fails too.
    if not (probs.min() >= 0.0 and np.abs(sums - 1.0).max() < 1e-3):
        raise InvalidInputError(
            "probs_tnc",
            expected="rows that are distributions: no negative entry, sum 1",
            received=(
                f"entries from {probs.min():.3g} to {probs.max():.3g},"
                f" sums from {sums.min():.3g} to {sums.max():.3g}"
            ),
            advice="End the model in a softmax, or tell the sampler what it gives:"
            ' McSampler(model, outputs="logits"). For values that are no scores of classes there'
            " is McRegressor.",
        )
