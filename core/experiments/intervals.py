"""Bootstrap intervals one after another: counted for a progress bar, and kept in a checkpoint."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ..uncertainty import Band, Interval
from .checkpoint import Checkpoint, Progress

NUM_RESAMPLES = 500  # of each interval; a thousand move its ends by less than they are rounded to


class Intervals:
    """Asks for intervals in a fixed order, and computes those that a checkpoint does not hold.

    Args:
        num_resamples: of each.
        checkpoint: opened with everything that the intervals depend on as its identity, this
            number included; None keeps nothing.
        progress: called after each one, with how many there are so far and in all.
        total: how many there will be.
    """

    def __init__(
        self,
        num_resamples: int = NUM_RESAMPLES,
        *,
        checkpoint: Checkpoint | None = None,
        progress: Progress | None = None,
        total: int = 0,
    ) -> None:
        self.num_resamples = num_resamples
        self._checkpoint = checkpoint or Checkpoint()
        self._progress = progress
        self._total = total
        self._count = 0

    @classmethod
    def of(cls, intervals: Intervals | int) -> Intervals:
        """Return it as it is, or intervals of so many resamples that are kept nowhere."""
        return cls(intervals) if isinstance(intervals, int) else intervals

    @property
    def count(self) -> int:
        """How many were asked for."""
        return self._count

    def band(self, compute: Callable[[int], Band]) -> Band:
        """Return the next band: from the checkpoint, or `compute(num_resamples)`."""

        def rows(_: slice) -> dict[str, np.ndarray]:
            made = compute(self.num_resamples)
            return {"value": made.value[None], "low": made.low[None], "high": made.high[None]}

        found = self._checkpoint.fill(f"interval-{self._count}", 1, 1, rows)
        self._count += 1
        if self._progress is not None:
            self._progress(self._count, self._total)
        return Band(found["value"][0], found["low"][0], found["high"][0])

    def interval(self, compute: Callable[[int], Interval]) -> Interval:
        """Return the next interval, likewise."""

        def band(num_resamples: int) -> Band:
            made = compute(num_resamples)
            return Band(*(np.array([each]) for each in (made.value, made.low, made.high)))

        found = self.band(band)
        return Interval(float(found.value[0]), float(found.low[0]), float(found.high[0]))
