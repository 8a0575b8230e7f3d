"""How fast work goes, and how long it still takes, in the words behind a progress bar."""

from __future__ import annotations

import time
from collections.abc import Callable

_FEWEST_SECONDS = 0.05  # a rate over less is noise


class Pace:
    """Tells done, rate, elapsed and remaining time.

    The rate is counted from the first call on: what is done by then was loaded from a file, or
    took the start of the network with it, and says nothing of what is to come.

    Args:
        unit: what is counted, in the plural.
        clock: seconds, rising; the machine's if None.
    """

    def __init__(self, unit: str, clock: Callable[[], float] | None = None) -> None:
        self._unit = unit
        self._clock = time.monotonic if clock is None else clock
        self._began = self._clock()
        self._first: tuple[float, int] | None = None

    def words(self, done: int, total: int) -> str:
        """Return the words for a moment.

        Args:
            done: so far, what earlier runs did included.
            total: of which.
        """
        now = self._clock()
        if self._first is None:
            self._first = now, done
        rate = self._rate(now, done)
        # Short while it runs: the line has to fit a terminal of 80 columns.
        parts = [f"{done:,}/{total:,}" if done < total else f"{total:,} {self._unit}"]
        if rate is not None:
            parts.append(f"{_rate_words(rate)}/s")
        parts.append(duration(now - self._began))
        if done < total and rate is not None:
            parts.append(f"{duration((total - done) / rate)} left")
        return ", ".join(parts)

    def _rate(self, now: float, done: int) -> float | None:
        assert self._first is not None
        at, already = self._first
        if done > already and now - at >= _FEWEST_SECONDS:
            return (done - already) / (now - at)
        return None


def duration(seconds: float) -> str:
    """Return a time as minutes and seconds, 1:05, or with hours, 2:01:05."""
    whole = round(seconds)
    hours, minutes = whole // 3600, whole // 60 % 60
    return f"{hours}:{minutes:02}:{whole % 60:02}" if hours else f"{minutes}:{whole % 60:02}"


def _rate_words(rate: float) -> str:
    return f"{rate:,.0f}" if rate >= 10 else f"{rate:.1f}"
