"""How the zoo's table reads: its columns, their numbers, and what is clearly better or worse."""

from __future__ import annotations

from ..experiments.zoo_table import BASE, ZOO_FIGURES, ZooRow
from ..uncertainty import Interval

# Scale, decimals and what stands behind the number. Between these networks it is the second
# decimal of a percentage that differs.
_NUMBERS = {
    "accuracy": (100.0, 2, "%"),
    "nll": (1.0, 4, ""),
    "nll_scaled": (1.0, 4, ""),
    "ece": (100.0, 2, "%"),
    "ece_scaled": (100.0, 2, "%"),
    "aurc": (1000.0, 3, ""),
    "auroc": (100.0, 2, "%"),
    "false_accepts": (100.0, 2, "%"),
    "milliseconds": (1.0, 1, ""),
}
_UNITS = {
    "nll": "nats",
    "nll_scaled": "nats",
    "aurc": "per 1,000",
    "milliseconds": "ms",
}
TIME = "milliseconds"  # beside the figures, the one that is measured by a clock
BETTER, WORSE, ALIKE = "better", "worse", ""


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
    """Return what its numbers are in, where they do not say so themselves: `per 1,000`."""
    return _UNITS.get(name, "")


def zoo_scale(name: str) -> float:
    """Return what a figure is multiplied by where it is shown."""
    return _NUMBERS[name][0]


def zoo_suffix(name: str) -> str:
    """Return what stands behind each number: `%`, or nothing."""
    return _NUMBERS[name][2]


def is_better_higher(name: str) -> bool:
    """Return which way is good."""
    return name != TIME and ZOO_FIGURES[name].higher_is_better


def zoo_number(name: str, value: float, *, bare: bool = False) -> str:
    """Return a figure as it reads: `99.21%`.

    Args:
        name: of the figure.
        value: as the table holds it.
        bare: whether to leave out what stands behind the number.
    """
    scale, decimals, suffix = _NUMBERS[name]
    text = f"{scale * value:z.{decimals}f}".replace("-", "−")
    return text if bare else text + suffix


def zoo_range(name: str, interval: Interval) -> str:
    """Return an interval as it reads: `99.01 to 99.37`."""
    return " to ".join(zoo_number(name, end, bare=True) for end in (interval.low, interval.high))


def zoo_interval(row: ZooRow, name: str, *, one_pass: bool = False) -> Interval | None:
    """Return a network's figure, or its twin's; None where it answers in no single pass.

    Args:
        row: of the network.
        name: of the figure, or `TIME`.
        one_pass: whether of one pass without dropout. A network that has but one is the same.
    """
    is_one = row.num_samples == 1
    if name == TIME:
        return row.twin_milliseconds if one_pass and not is_one else row.milliseconds
    return (row.twin if one_pass and not is_one else row.figures).get(name)


def zoo_change(row: ZooRow, name: str, *, one_pass: bool = False) -> str:
    """Return whether a figure is clearly `BETTER` or `WORSE` than the base's, else `ALIKE`.

    Clear is a difference whose 95% interval leaves zero out. Of one pass, and of times, there is
    no such interval.
    """
    difference = row.differences.get(name)
    if difference is None or one_pass or row.name == BASE or not difference.excludes_zero:
        return ALIKE
    return BETTER if (difference.value > 0) == is_better_higher(name) else WORSE
