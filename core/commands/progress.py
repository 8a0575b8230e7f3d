"""A plain text progress bar on stderr."""

from __future__ import annotations

import sys
import time
from typing import TextIO

_WIDTH = 24
_SECONDS_BETWEEN = 0.1


class ProgressBar:
    """Draws one line over and over on a terminal, and one line a bar into a file.

    Args:
        stream: where to; stderr if None, so that stdout holds results only.
    """

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = sys.stderr if stream is None else stream
        self._live = self._stream.isatty()
        self._drawn_at = 0.0
        self._length = 0

    def show(self, label: str, done: int, total: int, note: str = "") -> None:
        """Draw the bar's state; a file gets nothing until `finish`.

        Args:
            label: what is being done.
            done: of `total` steps; more than `total` shows as full.
            total: all steps; 0 if not known.
            note: what to say after the bar.
        """
        now = time.monotonic()
        if not self._live or now - self._drawn_at < _SECONDS_BETWEEN:
            return
        self._drawn_at = now
        self._write("\r" + self._padded(_line(label, done, total, note)))

    def finish(self, label: str, note: str = "") -> None:
        """End the bar's line with a full bar and a last note."""
        line = _line(label, 1, 1, note)
        self._write(f"\r{self._padded(line)}\n" if self._live else f"{line}\n")
        self._length = 0

    def _padded(self, line: str) -> str:
        # Blanks wipe what a longer line before left.
        padded = line.ljust(self._length)
        self._length = len(line)
        return padded

    def _write(self, text: str) -> None:
        self._stream.write(text)
        self._stream.flush()


def _line(label: str, done: int, total: int, note: str) -> str:
    share = min(done / total, 1.0) if total > 0 else 0.0
    filled = round(share * _WIDTH)
    return f"{label} [{'=' * filled}{' ' * (_WIDTH - filled)}] {share:4.0%}  {note}".rstrip()
