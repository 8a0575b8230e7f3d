"""Tables of timings, as Markdown, and how their numbers read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from benchmarks.timing import Spread, Timing, ratio

_MIB = 2**20


def markdown(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table that reads well as text, too.

    Args:
        head: names of the columns; those after the first hold numbers unless they are named in
            `WORDS`.
        rows: as many cells each.
    """
    cells = [tuple(head), *(tuple(row) for row in rows)]
    widths = [max(3, *map(len, column)) for column in zip(*cells, strict=True)]
    aligned = [index > 0 and name not in WORDS for index, name in enumerate(head)]
    rule = [
        "-" * (width - 1) + ":" if right else "-" * width
        for width, right in zip(widths, aligned, strict=True)
    ]
    lines = [
        [
            cell.rjust(width) if right else cell.ljust(width)
            for cell, width, right in zip(row, widths, aligned, strict=True)
        ]
        for row in (cells[0], rule, *cells[1:])
    ]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


WORDS = ("chosen", "computed once")


def duration(seconds: float) -> str:
    """Return a time with its unit and three digits: `9.87 ms`, `1.23 s`, `131 s`."""
    if seconds < 0.9995:
        return f"{_three_digits(1000.0 * seconds)} ms"
    return f"{_three_digits(seconds)} s"


def duration_cell(values: Spread) -> str:
    """Return median and range of times: `9.87 ms (9.10 to 12.3)`, in one unit."""
    factor = 1000.0 if values.median < 0.9995 else 1.0
    low, high = (_three_digits(factor * value) for value in (values.low, values.high))
    return f"{duration(values.median)} ({low} to {high})"


def ratio_cell(values: Spread) -> str:
    """Return median and range of a ratio: `5.02 (4.81 to 5.30)`."""
    return (
        f"{_three_digits(values.median)} ({_three_digits(values.low)} to"
        f" {_three_digits(values.high)})"
    )


def memory_cells(timing: Timing) -> tuple[str, str]:
    """Return the peak of what was resident, and what of it is more than the libraries, in MiB."""
    return (
        f"{timing.peak / _MIB:,.0f} MiB",
        f"{max(0, timing.peak - timing.loaded) / _MIB:,.0f} MiB",
    )


def contender_table(
    timings: Sequence[Timing],
    reference: Timing | None,
    *,
    note: Callable[[Timing], str] = lambda timing: timing.note,
    memory: bool = True,
) -> str:
    """Return the table of contenders that did the same work.

    Args:
        timings: a row each.
        reference: that times are divided by.
        note: the last cell of a row.
        memory: whether to tell of it.
    """
    head = ["", "time", f"times {reference.name}" if reference else "times"]
    head += ["peak memory", "above the libraries"] if memory else []
    rows = []
    for timing in timings:
        times = "" if reference is None else ratio_cell(ratio(timing, reference))
        row = [timing.name, duration_cell(timing.spread), "1" if timing is reference else times]
        rows.append([*row, *(memory_cells(timing) if memory else ()), note(timing)])
    return markdown([*head, "chosen"], rows)


def _three_digits(value: float) -> str:
    decimals = 2 if value < 9.995 else 1 if value < 99.95 else 0
    return f"{value:,.{decimals}f}"
