"""Names from files that fit a line."""

from __future__ import annotations

from ..limits import MAX_MODEL_NAME

MAX_TOLD = 200  # characters of what a file or Keras says


def one_line(text: object, limit: int = MAX_MODEL_NAME) -> str:
    """Return a text from a file as one printable line of bearable length.

    It stays text: whoever shows it in a page escapes it.
    """
    line = " ".join("".join(c if c.isprintable() else " " for c in str(text)).split())
    return f"{line[: limit - 1]}…" if len(line) > limit else line or "nameless"
