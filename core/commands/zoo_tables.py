"""The tables of the zoo, the same in the terminal and in the document."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from ..experiments.zoo_findings import verdict
from ..experiments.zoo_table_file import RIVAL_FIGURES
from ..experiments.zoo_words import difference_text, figure_head, value_text
from ..uncertainty import RIVALS
from .evaluation_table import Table

if TYPE_CHECKING:
    from ..experiments.zoo_table import ZooRow, ZooTable
    from ..uncertainty import Interval

# Two tables of each kind: nine columns with intervals do not fit a line.
_ANSWERS = ("accuracy", "nll", "nll_scaled", "ece", "ece_scaled")
_DOUBTS = ("aurc", "auroc", "false_accepts")
_TIME = "ms an image"

_MARKS = {"better": " better", "worse": " worse", "seed": " a seed?", "unclear": ""}


def figure_tables(table: ZooTable) -> list[Table]:
    """Every network's figures of all its passes, and how long an answer takes."""
    names = [f"{row.title}, {_passes(row)}" for row in table.rows]
    figures = [row.figures for row in table.rows]
    times = [row.milliseconds for row in table.rows]
    return [
        _figures("All passes: answers", names, figures, _ANSWERS),
        _figures("All passes: doubts", names, figures, _DOUBTS, times),
    ]


def twin_tables(table: ZooTable) -> list[Table]:
    """The same of one pass without dropout."""
    rows = [row for row in table.rows if row.twin]
    names, figures = [row.title for row in rows], [row.twin for row in rows]
    times = [row.twin_milliseconds for row in rows]
    return [
        _figures("One pass: answers", names, figures, _ANSWERS),
        _figures("One pass: doubts", names, figures, _DOUBTS, times),
    ]


def difference_tables(table: ZooTable) -> list[Table]:
    """What every network differs in from the base; at the end what a seed alone changes."""
    made = []
    for title, figures in (("answers", _ANSWERS), ("doubts", _DOUBTS)):
        rows = [
            [row.title, *(_difference(each, row.differences, table.members) for each in figures)]
            for row in table.rows
            if row.differences
        ]
        if rows and table.members:
            rows.append(
                ["range of seeds", *(_range(table.members[each], each) for each in figures)]
            )
        heads = ["", *map(figure_head, figures)]
        made.append(Table(f"Against the base: {title}", heads, rows))
    return made


def member_table(table: ZooTable) -> Table:
    """The ensemble's members, each alone."""
    rows = [
        [
            figure_head(name),
            *(value_text(name, each, unit=False) for each in (found.value, found.low, found.high)),
        ]
        for name, found in table.members.items()
    ]
    return Table("The ensemble's members, each alone", ["", "mean", "lowest", "highest"], rows)


def rival_table(table: ZooTable) -> Table:
    """Every score of one pass, and what the network's own measure is beside it."""
    rows = []
    for row in table.rows:
        for rival in row.rivals:
            cells = [f"{row.title}: {RIVALS[rival.rival].label}"]
            for name in RIVAL_FIGURES:
                cells.append(value_text(name, rival.figures[name].value, unit=False))
                cells.append(_difference(name, rival.differences, {}))
            rows.append(cells)
    head = [""]
    for name in RIVAL_FIGURES:
        head += [figure_head(name), "own less this"]
    return Table("Scores of one pass", head, rows)


def all_tables(table: ZooTable) -> list[Table]:
    """Return every table that is not empty, in the order in which they are read."""
    made = [
        *figure_tables(table),
        *twin_tables(table),
        *difference_tables(table),
        member_table(table),
        rival_table(table),
    ]
    return [each for each in made if each.rows]


def _figures(
    title: str,
    names: list[str],
    figures: list[Mapping[str, Interval]],
    chosen: tuple[str, ...],
    times: list[Interval] | list[Interval | None] | None = None,
) -> Table:
    rows = [
        [name, *(_with_interval(each, found[each]) for each in chosen)]
        for name, found in zip(names, figures, strict=True)
    ]
    for row, time in zip(rows, times or [], strict=False):
        if time is not None:
            row.append(f"{time.value:.2f} ({time.low:.2f} to {time.high:.2f})")
    return Table(title, ["", *map(figure_head, chosen), *([_TIME] if times else [])], rows)


def _with_interval(name: str, found: Interval) -> str:
    value, low, high = (
        value_text(name, each, unit=False) for each in (found.value, found.low, found.high)
    )
    return f"{value} ({low} to {high})"


def _difference(
    name: str, differences: Mapping[str, Interval], members: Mapping[str, Interval]
) -> str:
    found = differences[name]
    value, low, high = (
        difference_text(name, each) for each in (found.value, found.low, found.high)
    )
    return f"{value} ({low} to {high}){_MARKS[verdict(name, found, members)]}"


def _range(found: Interval, name: str) -> str:
    return value_text(name, found.high - found.low, unit=False)


def _passes(row: ZooRow) -> str:
    return "1 pass" if row.num_samples == 1 else f"{row.num_samples:,} passes"
