"""A table of an evaluation, and how its cells read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..experiments.rule_outcomes import TURNED

if TYPE_CHECKING:
    from ..uncertainty import Interval

SET_NAMES = {
    "validation": "validation",
    "test": "test",
    "pen-digits": "pen digits",
    "kmnist": "KMNIST",
    TURNED: "turned",
}
VERDICTS = {"committee": "committee", "twin": "twin", "neither": "no clear difference"}


@dataclass(frozen=True, slots=True)
class Table:
    """A table.

    Attributes:
        title: above it.
        head: names of the columns.
        rows: as many cells each; the first column is text, the others numbers.
    """

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]


def markdown(table: Table) -> str:
    """Return a table as Markdown, without its title."""
    lines: Iterable[Sequence[str]] = (
        table.head,
        ["---", *("---:" for _ in table.head[1:])],
        *table.rows,
    )
    # A lone star would begin italics.
    return "\n".join(f"| {' | '.join(row)} |" for row in lines).replace(" * |", " \\* |")


def with_interval(interval: Interval, decimals: int) -> str:
    """Return an estimate with its interval: `0.0015 (0.0000 to 0.0026)`."""
    return (
        f"{interval.value:.{decimals}f} ({interval.low:.{decimals}f} to"
        f" {interval.high:.{decimals}f})"
    )


def difference_cell(interval: Interval, scale: float, decimals: int) -> str:
    """Return a difference with its interval and signs: `+1.133 (+0.900 to +1.375)`."""
    value, low, high = (
        f"{scale * each:+z.{decimals}f}".replace("-", "−")
        for each in (interval.value, interval.low, interval.high)
    )
    return f"{value} ({low} to {high})"
