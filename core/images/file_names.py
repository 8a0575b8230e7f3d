"""Names of files that people bring: anything may stand in one."""

from __future__ import annotations

from ..limits import MAX_FILE_NAME


def printable(name: str, longest: int = MAX_FILE_NAME) -> str:
    """Return a file's name fit for a line: no control characters, and not too long."""
    text = "".join(letter if letter.isprintable() else "�" for letter in name)
    # The end of a long path tells files apart.
    return text if len(text) <= longest else f"…{text[1 - longest :]}"
