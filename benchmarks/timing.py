"""What was measured about a contender, and how it compares with another one."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.contender import Contender


@dataclass(frozen=True, slots=True)
class Spread:
    """Numbers of several rounds.

    Attributes:
        median: of all.
        low: smallest.
        high: largest.
    """

    median: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Timing:
    """One contender's rounds.

    Attributes:
        contender: who was measured.
        seconds: of each round, for all of the work asked for, scaled where a part was run.
        peak: most bytes resident, warm-up left out.
        loaded: bytes resident when its libraries were loaded and nothing else was.
        idle_share: processor time burnt per second of waiting for its turn.
        note: what the contender chose.
    """

    contender: Contender
    seconds: tuple[float, ...]
    peak: int
    loaded: int
    idle_share: float
    note: str

    @property
    def name(self) -> str:
        """The contender's name."""
        return self.contender.name

    @property
    def spread(self) -> Spread:
        """Median, smallest and largest of the rounds, in seconds."""
        return spread(self.seconds)


@dataclass(frozen=True, slots=True)
class Results:
    """What came of measuring contenders together.

    Attributes:
        timings: of those that ran, in the order they were given.
        left_out: the others, and for each why.
    """

    timings: tuple[Timing, ...]
    left_out: tuple[tuple[Contender, str], ...]

    def of(self, name: str, group: str = "") -> Timing | None:
        """Return the timing of a contender, None if it was left out."""
        return next(
            (t for t in self.timings if t.name == name and t.contender.group == group), None
        )

    def group(self, name: str) -> tuple[Timing, ...]:
        """Return the timings of one group."""
        return tuple(timing for timing in self.timings if timing.contender.group == name)


def spread(values: Sequence[float]) -> Spread:
    """Return the median with the smallest and the largest value."""
    return Spread(statistics.median(values), min(values), max(values))


def ratio(first: Timing, second: Timing) -> Spread:
    """Return how many times longer the first takes than the second, round by round."""
    return spread([a / b for a, b in zip(first.seconds, second.seconds, strict=True)])
