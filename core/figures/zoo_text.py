"""How the zoo's table is shown: its columns, whose numbers stand in them, and what is clear."""

from __future__ import annotations

from dataclasses import dataclass

from ..experiments.zoo_findings import verdict
from ..experiments.zoo_table import BASE, ZOO_FIGURES, ZooRow, ZooTable
from ..experiments.zoo_words import difference_text, milliseconds_text, value_text
from ..uncertainty import Interval

TIME = "milliseconds"  # beside the figures, the one that a clock measures
_WORD = " per 1,000"


@dataclass(frozen=True, slots=True)
class ZooChange:
    """A difference from the base of which the 95% interval leaves zero out.

    Attributes:
        is_better: or else worse.
        may_be_seed: whether networks that differ in nothing but their seed lie as far apart.
    """

    is_better: bool
    may_be_seed: bool

    @property
    def words(self) -> str:
        """Say it: `better`, `worse, as a seed might make it`."""
        seed = ", as a seed might make it" if self.may_be_seed else ""
        return f"{'better' if self.is_better else 'worse'}{seed}"


def zoo_columns(*, scaled: bool = False) -> tuple[str, ...]:
    """Return the figures that a table or a row of panels shows, the time last.

    Args:
        scaled: whether after a temperature, where there are both.
    """
    after = {"nll": "nll_scaled", "ece": "ece_scaled"} if scaled else {}
    names = (name for name in ZOO_FIGURES if not name.endswith("_scaled"))
    return (*(after.get(name, name) for name in names), TIME)


def zoo_label(name: str) -> str:
    """Return what a column is called: `False accepts, turned`."""
    return "Time" if name == TIME else ZOO_FIGURES[name].label


def zoo_unit(name: str) -> str:
    """Return what its numbers are in, where they do not say so themselves: `per 1,000`, `nats`."""
    if name == TIME:
        return "ms"
    unit = ZOO_FIGURES[name].unit
    return "per 1,000" if is_per_thousand(name) else unit if unit != "share" else ""


def is_percent(name: str) -> bool:
    """Return whether a figure is read in %."""
    return name != TIME and value_text(name, 1.0).endswith("%")


def is_per_thousand(name: str) -> bool:
    """Return whether a figure is read in thousandths."""
    return name != TIME and value_text(name, 1.0).endswith(_WORD)


def is_better_higher(name: str) -> bool:
    """Return which way is good."""
    return name != TIME and ZOO_FIGURES[name].higher_is_better


def zoo_value(name: str, value: float) -> str:
    """Return a figure as a cell shows it: `99.21%`, `0.165`, `4.1 ms`."""
    if name == TIME:
        return milliseconds_text(value)
    return value_text(name, value).removesuffix(_WORD)


def zoo_range(name: str, interval: Interval) -> str:
    """Return an interval: `99.01 to 99.37`."""
    ends = (zoo_value(name, end) for end in (interval.low, interval.high))
    return " to ".join(end.removesuffix("%").removesuffix(" ms") for end in ends)


def zoo_interval(row: ZooRow, name: str, *, one_pass: bool = False) -> Interval | None:
    """Return a network's figure, or its twin's; None where it answers in no single pass.

    Args:
        row: of the network.
        name: of the figure, or `TIME`.
        one_pass: whether of one pass without dropout. A network that has but one is the same.
    """
    of_twin = one_pass and row.num_samples > 1
    if name == TIME:
        return row.twin_milliseconds if of_twin else row.milliseconds
    return (row.twin if of_twin else row.figures).get(name)


def zoo_change(
    table: ZooTable, row: ZooRow, name: str, *, one_pass: bool = False
) -> ZooChange | None:
    """Return what is clear about a network's difference from the base, None if nothing is.

    Of one pass, and of times, no difference was measured.
    """
    difference = row.differences.get(name)
    if difference is None or one_pass or row.name == BASE or not difference.excludes_zero:
        return None
    return ZooChange(
        is_better=verdict(name, difference, {}) == "better",
        may_be_seed=verdict(name, difference, table.members) == "seed",
    )


def zoo_difference(name: str, difference: Interval) -> str:
    """Return a difference from the base with its interval: `+0.21 (0.04 to 0.38)`."""
    low, high = (difference_text(name, end) for end in (difference.low, difference.high))
    return f"{difference_text(name, difference.value)} ({low} to {high})"
