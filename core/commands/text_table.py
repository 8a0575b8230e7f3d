"""A table as text, for a terminal."""

from __future__ import annotations

from collections.abc import Sequence


def text_table(columns: Sequence[Sequence[str]]) -> str:
    """Return columns of one length beside each other: the first to the left, numbers to the right.

    Args:
        columns: each from its head to its last cell.
    """
    widths = [max(map(len, column)) for column in columns]
    return "\n".join(
        "  ".join(
            [row[0].ljust(widths[0])]
            + [cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)]
        ).rstrip()
        for row in zip(*columns, strict=True)
    )
