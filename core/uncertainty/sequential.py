"""When the decision of a policy has settled: a sequential test that stays valid under peeking.

What is decided is what infinitely many passes would say. Given the image, passes are independent
draws, so each limit, and each class that may be the answer, is tested by betting (`betting.py`)
on statistics that bound the measure on average (`pass_statistics.py`):

* a limit is shown to hold by winning against "it is broken", and to be broken by winning against
  "it holds". All limits have to be shown to hold for an answer to be accepted, so each of these
  tests has the whole error; one broken limit is enough to refuse, so these tests share it.
* the class is settled once every other one has lost: against "class j is the answer" one bets that
  the class ahead has more softmax than j.

The error is for one image. Images of one call meet the same passes, so their errors come together:
of many images at most this share is wrong on average over seeds, in one call it may be more.

References:
    Waudby-Smith & Ramdas 2024, see `betting.py`.
    Howard, Ramdas, McAuliffe & Sekhon 2021, *Time-uniform, nonparametric, nonasymptotic confidence
    sequences*, Annals of Statistics 49(2).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import entr

from ..inference.adaptive import Bools, Settling
from ..inference.samples import Counts, Floats
from .betting import Wealth
from .measures import MEASURES
from .pass_statistics import GROUP, Passes, from_above, from_below, uncertainty_limit, votes_of

# The class settles in a few passes, and can do with a small share of the error.
CLASS_SHARE = 0.1
_PER_IMAGE = ("_sum_p", "_sum_votes", "_after", "_accepted", "_predicted", "_class_after")
_TINY = 1e-12  # a limit of 0 is no scale for a bet


class PolicyWatch:
    """Follows the passes of N images until the decisions on them have settled.

    Args:
        limits: of the policy, by measure.
        num_images: N.
        num_classes: C.
        error: the probability that an image ever settles on another decision or another class
            than infinitely many passes would give is this at most.
    """

    def __init__(
        self, limits: Mapping[str, float], num_images: int, num_classes: int, error: float
    ) -> None:
        # A limit at the end of its measure's range holds whatever the passes say.
        tested = {
            name: uncertainty_limit(name, limit)
            for name, limit in limits.items()
            if uncertainty_limit(name, limit) < MEASURES[name].upper(num_classes)
        }
        for_limits = error * (1.0 - CLASS_SHARE)
        self._limits = [
            _LimitTest(name, limit, num_images, num_classes, for_limits, len(tested))
            for name, limit in tested.items()
        ]
        self._classes = Wealth((num_images, num_classes), error * CLASS_SHARE)
        self._count = 0
        self._sum_p = np.zeros((num_images, num_classes))
        self._sum_votes = np.zeros((num_images, num_classes))
        self._ungrouped = np.zeros((0, num_images, num_classes))
        self._after = np.zeros(num_images, dtype=np.int64)
        self._accepted = np.zeros(num_images, dtype=bool)
        self._predicted = np.zeros(num_images, dtype=np.int64)
        self._class_after = np.zeros(num_images, dtype=np.int64)

    def add(self, probs_tnc: npt.NDArray[Any]) -> Settling:
        """Follow the next passes.

        Args:
            probs_tnc: shape (k, N, C), softmax samples of the images that are followed.
        """
        p = probs_tnc.astype(np.float64)
        votes, h = votes_of(p), np.asarray(entr(p).sum(axis=2))
        passes = Passes(
            p,
            h,
            means_before(p, self._sum_p, self._count),
            votes,
            means_before(votes, self._sum_votes, self._count),
            self._count,
        )
        lost = self._classes.bet(_for_the_class_ahead(passes))
        left = ~lost
        predicted = left.argmax(axis=2)
        accepted = np.ones(h.shape, dtype=bool)
        refused = np.zeros(h.shape, dtype=bool)
        groups, complete = self._groups(p)
        for test in self._limits:
            holds, broken = test.add(passes, groups, complete)
            accepted &= _of_class(holds, predicted)
            refused |= _of_class(broken, predicted)
        one_class = left.sum(axis=2) == 1
        self._class_after = self._first(one_class, self._class_after)
        self._settle(one_class & (accepted ^ refused), accepted, predicted)
        self._count += len(p)
        self._sum_p += p.sum(axis=0)
        self._sum_votes += votes.sum(axis=0)
        return Settling(self._after, self._accepted, self._predicted, self._class_after)

    def keep(self, which: Bools) -> None:
        """Go on with some of the images only; `which` is a mask of shape (N,)."""
        for test in self._limits:
            test.keep(which)
        self._classes.keep(which)
        for name in _PER_IMAGE:
            setattr(self, name, getattr(self, name)[which])
        self._ungrouped = self._ungrouped[:, which]

    def _settle(self, settled: Bools, accepted: Bools, predicted: npt.NDArray[np.intp]) -> None:
        now = settled.any(axis=0) & (self._after == 0)
        first, images = settled.argmax(axis=0), np.arange(len(now))
        self._after = self._first(settled, self._after)
        self._accepted = np.where(now, accepted[first, images], self._accepted)
        self._predicted = np.where(now, predicted[first, images], self._predicted)

    def _first(self, true: Bools, known: Counts) -> Counts:
        """Return after how many passes something was true, as known before or else from now on."""
        now = true.any(axis=0) & (known == 0)
        return np.where(now, self._count + 1 + true.argmax(axis=0), known)

    def _groups(self, p: Floats) -> tuple[Floats, npt.NDArray[np.intp]]:
        """Return the groups that are complete now, (G, M, N, C), and how many after each pass."""
        waiting = len(self._ungrouped)
        joined = np.concatenate([self._ungrouped, p])
        number = len(joined) // GROUP
        self._ungrouped = joined[number * GROUP :]
        complete = (waiting + 1 + np.arange(len(p))) // GROUP
        return joined[: number * GROUP].reshape(number, GROUP, *p.shape[1:]), complete


class _LimitTest:
    """Whether one limit holds, for N images."""

    def __init__(
        self,
        name: str,
        limit: float,
        num_images: int,
        num_classes: int,
        error: float,
        num_limits: int,
    ) -> None:
        self._name, self._limit = name, limit
        shape = (num_images, num_classes) if name == "variance" else (num_images,)
        self._holds = Wealth(shape, error)
        self._broken = Wealth(shape, error / num_limits)

    def add(
        self, passes: Passes, groups: Floats, complete: npt.NDArray[np.intp]
    ) -> tuple[Bools, Bools]:
        """Return where the limit is known to hold, and to be broken: (k, N) or (k, N, C)."""
        before = self._broken.won
        broken = self._broken.bet(payoffs_if_broken(self._name, groups, self._limit))
        return (
            self._holds.bet(payoffs_if_it_holds(self._name, passes, self._limit)),
            np.concatenate([before[None], broken])[complete],
        )

    def keep(self, which: Bools) -> None:
        self._holds.keep(which)
        self._broken.keep(which)


def payoffs_if_it_holds(name: str, passes: Passes, limit: Any, tight_at: float = -1.0) -> Floats:
    """Return payoffs that are 0 or less on average where a limit is broken.

    Args:
        name: of a measure.
        passes: k passes.
        limit: on the uncertainty, or several of them, shape (G,), for one image.
        tight_at: the limit at which they gain most, where there are several.

    Returns:
        Shape (k, N), or (k, N, C) for the variance, or (k, 1, G).
    """
    values, largest = from_above(name, passes, float(limit) if tight_at < 0.0 else tight_at)
    if np.ndim(limit):
        values, largest = values[..., None], np.asarray(largest)[..., None]
    payoffs = np.asarray((limit - values) / np.maximum(largest - limit, _TINY))
    if passes.first == 0:
        payoffs[0] = 0.0  # nothing is known before the first pass: it only tells
    return payoffs


def payoffs_if_broken(name: str, groups: Floats, limit: Any) -> Floats:
    """Return payoffs that are 0 or less on average where a limit holds.

    Args:
        name: of a measure.
        groups: shape (G, M, N, C), softmax samples of groups of passes.
        limit: on the uncertainty, as above.
    """
    values = from_below(name, groups)
    if np.ndim(limit):
        values = values[..., None]
    return np.asarray((values - limit) / np.maximum(limit, _TINY))


def _for_the_class_ahead(passes: Passes) -> Floats:
    """Return payoffs that are 0 or less on average where class j is the answer, (k, N, C)."""
    ahead = passes.guess.argmax(axis=2)[..., None]
    payoffs = np.take_along_axis(passes.p, ahead, axis=2) - passes.p
    if passes.first == 0:
        payoffs[0] = 0.0
    return np.asarray(payoffs)


def _of_class(known: Bools, predicted: npt.NDArray[np.intp]) -> Bools:
    """Return what is known of the measure of the predicted class, shape (k, N)."""
    if known.ndim == 2:
        return known
    return np.asarray(np.take_along_axis(known, predicted[..., None], axis=2)[..., 0])


def means_before(values: Floats, before: Floats, count: int) -> Floats:
    """Return the means over all passes before each one, uniform before the first."""
    sums = before + np.cumsum(values, axis=0) - values
    counts = np.maximum(count + np.arange(len(values)), 1)[:, None, None]
    means = np.maximum(sums, 0.0) / counts
    if count == 0:
        means[0] = 1.0 / values.shape[2]
    return np.asarray(means)
