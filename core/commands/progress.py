"""A plain text progress bar on stderr."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from typing import TextIO

from .pace import Pace

_WIDTH = 24
_LEAST_WIDTH = 4  # a bar of fewer cells says nothing
_COLUMNS = 80  # of a terminal that does not tell
_SECONDS_BETWEEN = 0.1
_SECONDS_BETWEEN_LINES = 30.0  # in a file: few lines, and none for what is soon done


class ProgressBar:
    """Draws one line over and over on a terminal.

    A file gets whole lines without control characters: one when a bar ends, and on the way there
    one every half a minute.

    Args:
        stream: where to; stderr if None, so that stdout holds results only.
    """

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = sys.stderr if stream is None else stream
        self._live = self._stream.isatty()
        self._drawn_at = 0.0 if self._live else time.monotonic()
        self._length = 0

    def show(self, label: str, done: int, total: int, note: str = "") -> None:
        """Draw the bar's state, unless it was drawn a moment ago.

        Args:
            label: what is being done.
            done: of `total` steps; more than `total` shows as full.
            total: all steps; 0 if not known.
            note: what to say after the bar.
        """
        now = time.monotonic()
        if now - self._drawn_at < (_SECONDS_BETWEEN if self._live else _SECONDS_BETWEEN_LINES):
            return
        self._drawn_at = now
        line = _line(label, done, total, note, self._columns())
        self._write(f"\r{self._padded(line)}" if self._live else f"{line}\n")

    def finish(self, label: str, note: str = "") -> None:
        """End the bar's line with a full bar and a last note."""
        line = _line(label, 1, 1, note, self._columns())
        self._write(f"\r{self._padded(line)}\n" if self._live else f"{line}\n")
        self._length = 0
        if not self._live:
            self._drawn_at = time.monotonic()

    def _columns(self) -> int | None:
        """Columns of the terminal, which may change under way; None for a file."""
        if not self._live:
            return None
        try:
            return os.get_terminal_size(self._stream.fileno()).columns or _COLUMNS
        except (OSError, ValueError):
            return _COLUMNS

    def _padded(self, line: str) -> str:
        # Blanks wipe what a longer line before left.
        padded = line.ljust(self._length)
        self._length = len(line)
        return padded

    def _write(self, text: str) -> None:
        self._stream.write(text)
        self._stream.flush()


def work_bar(unit: str = "images") -> Callable[[str, int, int], None]:
    """Return what draws a bar for each part of the work, with its rate and times.

    It is called with the part's label, how many are done, and how many there are in all.

    Args:
        unit: what is counted, in the plural.
    """
    bar = ProgressBar()
    pace, shown = Pace(unit), ""

    def show(label: str, done: int, total: int) -> None:
        nonlocal pace, shown
        if shown not in ("", label):
            pace = Pace(unit)  # of a part that nobody ended
        shown = label
        words = pace.words(done, total)
        if done < total:
            bar.show(label, done, total, words)
        else:
            bar.finish(label, words)
            pace, shown = Pace(unit), ""

    return show


def _line(label: str, done: int, total: int, note: str, columns: int | None) -> str:
    """Return a line that fits; the bar gives way first.

    A line that is as wide as the terminal would wrap, and be drawn anew below itself.
    """
    share = min(done / total, 1.0) if total > 0 else 0.0
    rest = f"{share:4.0%}  {note}".rstrip()
    if columns is None:
        return f"{label} {_bar(share, _WIDTH)} {rest}"
    room = columns - 1 - len(f"{label} [] {rest}")
    if room < _LEAST_WIDTH:
        return f"{label} {rest}"[: columns - 1]
    return f"{label} {_bar(share, min(room, _WIDTH))} {rest}"


def _bar(share: float, width: int) -> str:
    filled = round(share * width)
    return f"[{'=' * filled}{' ' * (width - filled)}]"
