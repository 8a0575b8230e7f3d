"""Turns: of the runs that many sessions ask for, a few work at a time, the longest waiting first.

Python computes in one thread at a time. When 20 people drew at once, twelve runs worked side by
side, and each waited for all others wherever it let go of Python's lock, which is at every message
and most operations of NumPy: an update took four times the processor time that it takes alone.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable


class Turns:
    """Lets a few threads work at a time; the others wait in line.

    A thread that works longer than a moment, at a study say, keeps nobody waiting: its turn ends
    while it goes on.

    Args:
        at_once: how many turns there are.
        longest: seconds after which a turn is over in any case.
        clock: tells the time, in seconds.
    """

    def __init__(
        self, at_once: int, longest: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._at_once = at_once
        self._longest = longest
        self._clock = clock
        self._lock = threading.Lock()
        # Each waits for a call of its own: one that called all of them would have 50 threads
        # fight for Python's lock at the end of every run.
        self._line: deque[threading.Condition] = deque()
        self._ends: dict[int, float] = {}  # of the turns that are taken, by thread

    def take(self) -> None:
        """Wait for a turn of this thread; one that it has already ends."""
        me, place = threading.get_ident(), threading.Condition(self._lock)
        with self._lock:
            self._end(me)
            self._line.append(place)
            try:
                while self._line[0] is not place or not self._is_free():
                    place.wait(self._until_free() if self._line[0] is place else None)
                self._ends[me] = self._clock() + self._longest
            finally:
                self._line.remove(place)
                self._call_next()

    def give_back(self) -> None:
        """End the turn of this thread, if it has one."""
        with self._lock:
            self._end(threading.get_ident())

    @property
    def waiting(self) -> int:
        """Threads in line."""
        return len(self._line)

    def _end(self, thread: int) -> None:
        if self._ends.pop(thread, None) is not None:
            self._call_next()

    def _call_next(self) -> None:
        if self._line:
            self._line[0].notify()

    def _is_free(self) -> bool:
        now = self._clock()
        for thread in [thread for thread, end in self._ends.items() if end <= now]:
            del self._ends[thread]
        return len(self._ends) < self._at_once

    def _until_free(self) -> float:
        return max(0.0, min(self._ends.values(), default=0.0) - self._clock()) + 0.001
