"""Adaptive passes: each image gets as many as its decision needs.

All images meet the same passes, in the same order, as `McSampler.sample` would run them; an image
that has settled meets no more of them. What "settled" means is told by a rule from outside.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

from ..errors import InvalidInputError
from ..limits import ADAPTIVE_BYTES
from .samples import Counts, Floats, McSummary

Bools = npt.NDArray[np.bool_]

# Every look costs the images that go on the computation of what precedes their passes: the first
# one is where images on which nearly all passes agree have just settled.
_FIRST_LOOK = 1.1  # times the passes after which a decision can settle at all
_LATEST_FIRST_LOOK = 256  # passes; a limit that takes long to show to hold may be broken soon
_FEWEST = 32  # passes between two looks
_GROWTH = 1.25
_FLOAT_BYTES = 8
_TEMPORARIES = 16  # arrays of the samples' size that a rule may need at a time


@dataclass(frozen=True, slots=True, eq=False)
class Settling:
    """What a rule says of N images by now.

    Attributes:
        after: shape (N,), the number of passes after which an image has settled; 0 if it has not.
        accepted: shape (N,), what it has settled on.
        predicted: shape (N,), the class.
        class_after: shape (N,), the number of passes after which the class alone had settled.
    """

    after: Counts
    accepted: Bools
    predicted: Counts
    class_after: Counts


class Watch(Protocol):
    """Follows the passes of some images, in order."""

    def add(self, probs_tnc: npt.NDArray[Any]) -> Settling:
        """Take the next passes, shape (k, N, C), of the N images that are followed."""
        ...

    def keep(self, which: Bools) -> None:
        """Go on with some of the images only; `which` is a mask of shape (N,)."""
        ...


class Passes(Protocol):
    """Runs the passes of the images that are still open, in order."""

    def run(self, passes: slice) -> npt.NDArray[np.float32]:
        """Run passes of the n open images, shape (k, n, C)."""
        ...

    def keep(self, which: Bools) -> None:
        """Go on with some of the images only; `which` is a mask of shape (n,)."""
        ...


@runtime_checkable
class DecisionRule(Protocol):
    """Accepts answers or not, and can tell when a decision has settled: a policy."""

    def accepts(self, summary: McSummary) -> Bools:
        """Return which answers are accepted, shape (N,)."""
        ...

    def watch(self, num_images: int, num_classes: int, error: float) -> Watch:
        """Begin to follow the passes of images."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class AdaptiveDecisions:
    """Decisions over N images, each from as many passes as it needed.

    Attributes:
        accepted: shape (N,), whether the rule accepts the answer.
        predicted: shape (N,), the class with the largest mean softmax.
        num_samples: shape (N,), the passes that were run.
        settled_after: shape (N,), the passes after which the decision had settled; 0 where it never
            did: there the decision is that of all `max_samples` passes.
        mean: shape (N, C), mean softmax over the passes that were run.
        max_samples: the most passes that an image was given.
        error: the largest probability, for one image, that a settled decision is another one
            than that of infinitely many passes.
    """

    accepted: Bools
    predicted: Counts
    num_samples: Counts
    settled_after: Counts
    mean: Floats
    max_samples: int
    error: float
    _places: Counts = field(repr=False)
    _summaries: dict[int, McSummary] = field(repr=False)

    @property
    def settled(self) -> Bools:
        """Which decisions have settled, shape (N,)."""
        return np.asarray(self.settled_after > 0)

    @property
    def num_images(self) -> int:
        """N."""
        return len(self.accepted)

    def summary(self, image: int) -> McSummary:
        """Return the summary of one image, over the passes that it was given.

        Raises:
            InvalidInputError: no such image.
        """
        if not 0 <= image < self.num_images:
            raise InvalidInputError(
                "image", expected=f"a number from 0 to {self.num_images - 1}", received=image
            )
        return self._summaries[int(self.num_samples[image])][int(self._places[image])]


@dataclass(slots=True)
class _Stopped:
    """Images that stopped after the same number of passes."""

    images: list[Counts]
    after: list[Counts]
    summaries: list[McSummary]


def decide_adaptively(
    passes_of: Callable[[Counts], Passes],
    num_images: int,
    num_classes: int,
    rule: DecisionRule,
    max_samples: int,
    error: float,
    at_a_time: int = 1_000,
) -> AdaptiveDecisions:
    """Run passes of images until each has settled.

    Args:
        passes_of: from the numbers of some images to what runs their passes.
        num_images: N, at least 1.
        num_classes: C.
        rule: what is to settle.
        max_samples: T, the most passes of an image.
        error: above 0, below 1.
        at_a_time: the most images to follow at once.
    """
    soonest = _soonest(rule, num_classes, max_samples, error)
    looks = list(_looks(soonest, max_samples))
    stopped: dict[int, _Stopped] = {}
    for block in _blocks(num_images, num_classes, at_a_time):
        watch = rule.watch(len(block), num_classes, error)
        _decide_block(passes_of(block), block, looks, watch, rule, stopped)
    accepted, predicted = np.zeros(num_images, dtype=bool), np.zeros(num_images, dtype=np.int64)
    num_samples, after, places = (np.zeros(num_images, dtype=np.int64) for _ in range(3))
    mean = np.zeros((num_images, num_classes))
    summaries = {}
    for count, one in stopped.items():
        images, summary = np.concatenate(one.images), McSummary.stack(one.summaries)
        accepted[images], predicted[images] = rule.accepts(summary), summary.sum_p.argmax(axis=1)
        num_samples[images], after[images] = count, np.concatenate(one.after)
        places[images] = np.arange(len(images))
        mean[images] = summary.mean
        summaries[count] = summary
    return AdaptiveDecisions(
        accepted, predicted, num_samples, after, mean, max_samples, error, places, summaries
    )


def _looks(soonest: int, max_samples: int) -> Iterator[slice]:
    """Part passes into those between one look at the images and the next."""
    start, stop = 0, min(max(round(_FIRST_LOOK * soonest), _FEWEST), _LATEST_FIRST_LOOK)
    while start < max_samples:
        if max_samples - stop < _FEWEST:  # too few for a look of their own
            stop = max_samples
        yield slice(start, stop)
        start, stop = stop, max(stop + _FEWEST, round(stop * _GROWTH))


def _soonest(rule: DecisionRule, num_classes: int, max_samples: int, error: float) -> int:
    """Return after how many passes an image settles on which all passes agree, and are sure."""
    watch = rule.watch(1, num_classes, error)
    sure = np.zeros((_FEWEST, 1, num_classes))
    sure[..., 0] = 1.0
    for _ in range(0, max_samples, _FEWEST):
        if after := int(watch.add(sure).after[0]):
            return after
    return max_samples


def check_error(error: Any) -> float:
    """Return an error probability as a float.

    Raises:
        InvalidInputError: it is not above 0 and below 1.
    """
    if (
        isinstance(error, bool)
        or not isinstance(error, int | float | np.number)
        or not 0.0 < error < 1.0
    ):
        raise InvalidInputError(
            "error", expected="a probability above 0 and below 1", received=error
        )
    return float(error)


def _blocks(num_images: int, num_classes: int, at_a_time: int) -> Iterator[Counts]:
    longest = 256  # passes between two looks, or nearly
    bytes_an_image = _FLOAT_BYTES * num_classes * (_TEMPORARIES * longest + 2 * num_classes)
    size = max(1, min(at_a_time, ADAPTIVE_BYTES // bytes_an_image))
    for start in range(0, num_images, size):
        yield np.arange(start, min(start + size, num_images))


def _decide_block(
    passes_of_images: Passes,
    images: Counts,
    looks: Sequence[slice],
    watch: Watch,
    rule: DecisionRule,
    stopped: dict[int, _Stopped],
) -> None:
    running: McSummary | None = None
    for passes in looks:
        samples = passes_of_images.run(passes)
        part = McSummary.from_samples(samples)
        running = part if running is None else running + part
        settling = watch.add(samples)
        # A test may have settled on what the passes so far do not say themselves: go on, then.
        agreed = (
            (settling.after > 0)
            & (settling.accepted == rule.accepts(running))
            & (settling.predicted == running.sum_p.argmax(axis=1))
        )
        stops = agreed if passes != looks[-1] else np.ones(len(images), dtype=bool)
        if stops.any():
            after = np.where(agreed, settling.after, 0)[stops]
            one = stopped.setdefault(passes.stop, _Stopped([], [], []))
            one.images.append(images[stops])
            one.after.append(after)
            one.summaries.append(running[stops])
        if stops.all():
            return
        images, running = images[~stops], running[~stops]
        watch.keep(~stops)
        passes_of_images.keep(~stops)
