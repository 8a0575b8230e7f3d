"""Work that takes longer than a page may wait: in a thread of its own, watched, and stoppable."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

import streamlit as st

from .links import rerun

_LOOK = 0.3  # seconds between looks
_ABANDONED = 20.0  # seconds after which work that nobody looks at is given up
_Result = TypeVar("_Result")

Progress = Callable[[int, int], None]  # done, of how many


class Stopped(Exception):  # noqa: N818, it is no error
    """Raised inside the work when somebody has stopped it, or left."""


class Job(Generic[_Result]):
    """One piece of work, begun when it is made.

    Args:
        work: called once in a thread of its own with a function to call as it gets on, which
            raises `Stopped` where it is to end. What it returns is the result; it knows nothing
            of Streamlit.
    """

    def __init__(self, work: Callable[[Progress], _Result]) -> None:
        self.done, self.total = 0, 0
        self.result: _Result | None = None
        self.error: Exception | None = None
        self.was_stopped = False
        self.started = time.monotonic()
        self._asked = self.started
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(work,), daemon=True)
        self._thread.start()

    @property
    def is_running(self) -> bool:
        """Whether it is still at work."""
        return self._thread.is_alive()

    @property
    def share(self) -> float:
        """How much is done, from 0 to 1."""
        return min(self.done / self.total, 1.0) if self.total else 0.0

    @property
    def seconds_left(self) -> float | None:
        """How long the rest will take at the pace so far; None before that can be told."""
        if not self.done or not self.total:
            return None
        return (time.monotonic() - self.started) * (self.total - self.done) / self.done

    def stop(self) -> None:
        """Have it end at its next step."""
        self._stop.set()

    def wait(self, seconds: float) -> None:
        """Return when it has ended, or after some seconds."""
        self._thread.join(seconds)

    def note_look(self) -> None:
        """Note that somebody still waits for it."""
        self._asked = time.monotonic()

    def _note(self, done: int, total: int) -> None:
        self.done, self.total = done, total
        if self._stop.is_set() or time.monotonic() - self._asked > _ABANDONED:
            raise Stopped

    def _run(self, work: Callable[[Progress], _Result]) -> None:
        try:
            self.result = work(self._note)
        except Stopped:
            self.was_stopped = True
        except Exception as error:  # told to whoever waits
            self.error = error


def watch_job(job: Job[_Result], words: str, key: str, *, can_stop: bool = True) -> None:
    """Show a bar for work that runs, with a button that stops it; run the page again at its end.

    Args:
        job: that runs.
        words: what it does, as "Scoring 1,000 images".
        key: of the button.
        can_stop: whether the work ever looks at whether it is to stop.
    """

    @st.fragment(run_every=_LOOK)
    def _watch() -> None:
        job.note_look()
        if not job.is_running:
            rerun()
        with st.container(horizontal=True, vertical_alignment="center", key=f"{key}-watch"):
            left = job.seconds_left
            rest = "" if left is None else f", {max(left, 1):.0f} s left"
            of = f" {job.done:,} of {job.total:,}" if job.total else ""
            if job.total:
                st.progress(job.share, f"{words}{of}{rest}")
            else:  # how much there is to do is not known
                seconds = time.monotonic() - job.started
                st.caption(f":material/hourglass_top: {words}: {seconds:.0f} s so far")
            if can_stop:
                st.button(
                    "Stop", key=f"{key}.stop", icon=":material/stop_circle:", on_click=job.stop
                )

    _watch()
