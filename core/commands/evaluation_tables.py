"""The tables of an evaluation, the same in the terminal and in the document."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..experiments.rankings import RISKS
from ..experiments.reference_data import ANGLES
from ..experiments.rule_outcomes import TURNED
from ..uncertainty import MEASURES, TWIN_MEASURES

if TYPE_CHECKING:
    from ..experiments.evaluation import Evaluation
    from ..uncertainty import Interval, Outcome

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


def target_table(made: Evaluation) -> Table:
    """The figures that were to be reached."""
    rows = []
    for index, target in enumerate(made.targets):
        form = ".2%" if "right at" in target.text else ".4f"
        twin = "" if target.twin is None else format(target.twin, form)
        value = format(target.value, form)
        if index == 1:  # of a difference the interval is what counts
            best = max(made.stranger_differences, key=lambda row: row.committee)
            value, twin = _apart(best.difference, 1.0, 4), ""
        rows.append([target.text, value, twin, "met" if target.is_met else "missed"])
    return Table("The figures to reach", ["", "committee", "twin", ""], rows)


def accuracy_table(made: Evaluation) -> Table:
    """Accuracy on upright digits."""
    rows = [
        [
            f"{SET_NAMES[row.data]}, {made.sizes[row.data]:,} images",
            f"{row.committee:.2%}",
            f"{row.twin:.2%}",
            _apart(row.difference, 100.0, 2),
            VERDICTS[row.better],
        ]
        for row in made.accuracies
        if row.data in SET_NAMES
    ]
    head = ["", "committee", "twin", "committee minus twin, points", "better"]
    return Table("Accuracy", head, rows)


def calibration_table(made: Evaluation) -> Table:
    """NLL, Brier and calibration error on test, before and after scaling."""
    rows = [
        [
            f"{each.who}{', scaled' if each.temperature else ''}",
            f"{each.temperature:.3f}" if each.temperature else "",
            f"{each.nll:.4f}",
            f"{each.brier:.4f}",
            _value(each.ece, 4),
        ]
        for each in made.calibrations
    ]
    head = ["test", "temperature", "NLL", "Brier", "ECE"]
    return Table("Calibration, before and after temperature scaling", head, rows)


def calibration_difference_table(made: Evaluation) -> Table:
    """Differences of the two in NLL and Brier score."""
    names = {"nll": "NLL", "brier": "Brier"}
    rows = []
    for row in made.calibration_differences:
        name, _, scaled = row.figure.partition("_")
        label = f"{names[name]}{', scaled' if scaled else ''}"
        rows.append([label, _apart(row.difference, 1.0, 5), VERDICTS[row.better]])
    return Table("Calibration: differences", ["test", "committee minus twin", "better"], rows)


def ranking_table(made: Evaluation, data: str) -> Table:
    """Every measure's ranking of a set."""
    rows = [
        [
            measure_name(each.who, each.measure),
            f"{1000 * each.aurc:.3f}",
            f"{1000 * each.excess_aurc:.3f}",
            *(f"{each.coverage_at_risk[risk]:.1%}" for risk in RISKS),
            f"{each.accuracy:.2%}",
        ]
        for each in made.rankings
        if each.data == data
    ]
    head = [
        *("measure", "AURC, per 1,000", "excess AURC"),
        *(f"coverage at {100 * risk:g}% risk" for risk in RISKS),
        "right at 80% coverage",
    ]
    return Table(f"Selective prediction on {SET_NAMES[data]}", head, rows)


def stranger_table(made: Evaluation) -> Table:
    """How every measure tells KMNIST from test."""
    rows = [
        [
            measure_name(each.who, each.measure),
            f"{each.auroc:.4f}",
            f"{each.fpr95:.2%}",
            f"{each.accepted95:.2%}",
        ]
        for each in made.strangers
    ]
    head = [
        "measure",
        "AUROC",
        "FPR at 95% TPR",
        "strangers accepted at 95% coverage",
    ]
    return Table("Strangers: test against KMNIST", head, rows)


def difference_table(made: Evaluation) -> Table:
    """The committee's main and best measures against the twin's best."""
    rows = []
    for row in (*made.ranking_differences, *made.stranger_differences):
        label, scale, decimals = _FIGURES[row.figure]
        rows.append(
            [
                f"{label}, {SET_NAMES[row.data]}",
                MEASURES[row.measure].label.lower() + (" *" if row.chosen_here else ""),
                TWIN_MEASURES[row.twin_measure].label.lower(),
                f"{scale * row.committee:.{decimals}f}",
                f"{scale * row.twin:.{decimals}f}",
                _apart(row.difference, scale, decimals),
                VERDICTS[row.better],
            ]
        )
    head = ["", "committee's", "twin's best", "committee", "twin", "difference", "better"]
    return Table("Committee against the twin's best", head, rows)


def turned_table(made: Evaluation) -> Table:
    """False accepts angle by angle."""
    rows = []
    size = len(ANGLES)
    accuracy = {row.data: row for row in made.accuracies}
    for main, other in zip(made.turned[:size], made.turned[size:], strict=True):
        upright = accuracy[main.data]
        rows.append(
            [
                f"{main.data.removeprefix('rotated-')}°",
                f"{upright.committee:.1%}",
                f"{upright.twin:.1%}",
                f"{main.committee:.3f}",
                f"{other.committee:.3f}",
                f"{main.twin:.3f}",
                _apart(main.difference, 1.0, 3),
                _apart(other.difference, 1.0, 3),
                VERDICTS[main.better],
            ]
        )
    head = [
        *("turned by", "right", "twin right", "false: entropy", "false: mutual inf."),
        *("false: twin", "entropy minus twin", "mutual inf. minus twin", "better, by entropy"),
    ]
    return Table("Turned digits: false accepts at 95% coverage upright", head, rows)


def promise_table(made: Evaluation) -> Table:
    """Promises and what became of them."""
    rows = []
    for each in made.promises:
        label = f"{100 * each.target:g}%, {each.who}"
        if each.promise is None:
            rows.append([label, "not possible on these data", *[""] * 8])
            continue
        at = each.outcomes
        cells = [cell for name in ("validation", "test", "pen-digits") for cell in _both(at[name])]
        rows.append(
            [label, f"{each.promise.threshold:.4f}", *cells, f"{1 - at['kmnist'].coverage:.1%}"]
        )
    head = [
        *("at most wrong", "entropy up to"),
        *("validation: coverage", "risk", "test: coverage", "risk"),
        *("pen digits: coverage", "risk", "KMNIST refused"),
    ]
    return Table("A threshold with a promise", head, [row[: len(head)] for row in rows])


def rule_table(made: Evaluation) -> Table:
    """Simple rules fitted on validation, the default one marked."""
    rows = []
    for each in made.rules:
        known = MEASURES if each.who == "committee" else TWIN_MEASURES
        limits = " and ".join(f"{known[name].label.lower()}" for name in each.limits)
        at = each.outcomes
        rows.append(
            [
                f"{each.name}: {'twin, ' if each.who == 'twin' else ''}{limits}"
                + (" (the default)" if each.is_default else ""),
                ", ".join(f"{limit:.4f}" for limit in each.limits.values()),
                *_both(at["test"]),
                *_both(at["pen-digits"]),
                f"{at['kmnist'].coverage:.2%}",
                f"{at[TURNED].coverage:.1%}",
                f"{at[TURNED].false_accepts:.4f}",
            ]
        )
    head = [
        *("accepts, of validation", "limits", "test: coverage", "risk"),
        *("pen digits: coverage", "risk", "KMNIST accepted", "turned: coverage"),
        "turned: false accepts",
    ]
    return Table("Rules for a default policy", head, rows)


def all_tables(made: Evaluation) -> list[Table]:
    """Return every table in the order in which they are read."""
    return [
        target_table(made),
        accuracy_table(made),
        calibration_table(made),
        calibration_difference_table(made),
        ranking_table(made, "test"),
        ranking_table(made, "pen-digits"),
        stranger_table(made),
        difference_table(made),
        turned_table(made),
        promise_table(made),
        rule_table(made),
    ]


def measure_name(who: str, measure: str) -> str:
    """Return how a measure of one of the two is called in a table."""
    if who == "twin":
        return f"twin: {TWIN_MEASURES[measure].label.lower()}"
    return MEASURES[measure].label.lower()


def markdown(table: Table) -> str:
    """Return a table as Markdown, without its title."""
    lines: Iterable[Sequence[str]] = (
        table.head,
        ["---", *("---:" for _ in table.head[1:])],
        *table.rows,
    )
    # A lone star would begin italics.
    return "\n".join(f"| {' | '.join(row)} |" for row in lines).replace(" * |", " \\* |")


_FIGURES = {
    "aurc": ("AURC per 1,000", 1000.0, 3),
    "excess_aurc": ("excess AURC per 1,000", 1000.0, 3),
    "accuracy_at_80": ("% right at 80% coverage", 100.0, 2),
    "auroc": ("AUROC", 1.0, 4),
}


def _both(found: Outcome) -> list[str]:
    return [f"{found.coverage:.2%}", "" if found.risk is None else f"{found.risk:.2%}"]


def _value(interval: Interval, decimals: int) -> str:
    return (
        f"{interval.value:.{decimals}f} ({interval.low:.{decimals}f} to"
        f" {interval.high:.{decimals}f})"
    )


def _apart(interval: Interval, scale: float, decimals: int) -> str:
    value, low, high = (
        f"{scale * each:+z.{decimals}f}".replace("-", "−")
        for each in (interval.value, interval.low, interval.high)
    )
    return f"{value} ({low} to {high})"
