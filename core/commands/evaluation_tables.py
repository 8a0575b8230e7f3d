"""The tables of an evaluation, the same in the terminal and in the document."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..experiments.rankings import RISKS
from ..uncertainty import MEASURES, TWIN_MEASURES
from .evaluation_rule_tables import promise_table, rule_table, turned_overall_table, turned_table
from .evaluation_table import SET_NAMES, VERDICTS, Table, difference_cell, with_interval

if TYPE_CHECKING:
    from ..experiments.evaluation import Evaluation

_FIGURES = {
    "aurc": ("AURC per 1,000", 1000.0, 3),
    "excess_aurc": ("excess AURC per 1,000", 1000.0, 3),
    "accuracy_at_80": ("% right at 80% coverage", 100.0, 2),
    "auroc": ("AUROC", 1.0, 4),
}


def target_table(made: Evaluation) -> Table:
    """The figures that were to be reached."""
    rows = []
    for index, target in enumerate(made.targets):
        form = ".2%" if "right at" in target.text else ".4f"
        twin = "" if target.twin is None else format(target.twin, form)
        value = format(target.value, form)
        if index == 1:  # of a difference the interval is what counts
            best = max(made.stranger_differences, key=lambda row: row.committee)
            value, twin = difference_cell(best.difference, 1.0, 4), ""
        rows.append([target.text, value, twin, "met" if target.is_met else "missed"])
    return Table("The figures to reach", ["", "committee", "twin", ""], rows)


def accuracy_table(made: Evaluation) -> Table:
    """Accuracy on upright digits."""
    rows = [
        [
            f"{SET_NAMES[row.data]}, {made.sizes[row.data]:,} images",
            f"{row.committee:.2%}",
            f"{row.twin:.2%}",
            difference_cell(row.difference, 100.0, 2),
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
            with_interval(each.ece, 4),
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
        rows.append([label, difference_cell(row.difference, 1.0, 5), VERDICTS[row.better]])
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
                difference_cell(row.difference, scale, decimals),
                VERDICTS[row.better],
            ]
        )
    head = ["", "committee's", "twin's best", "committee", "twin", "difference", "better"]
    return Table("Committee against the twin's best", head, rows)


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
        turned_overall_table(made),
        promise_table(made),
        rule_table(made),
    ]


def measure_name(who: str, measure: str) -> str:
    """Return how a measure of one of the two is called in a table."""
    if who == "twin":
        return f"twin: {TWIN_MEASURES[measure].label.lower()}"
    return MEASURES[measure].label.lower()
