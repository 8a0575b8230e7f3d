"""The evaluation's tables of rules that were fitted on validation images."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..experiments.reference_data import ANGLES
from ..experiments.rule_outcomes import TURNED
from ..uncertainty import MEASURES, TWIN_MEASURES
from .evaluation_table import VERDICTS, Table, difference_cell

if TYPE_CHECKING:
    from ..experiments.evaluation import Evaluation
    from ..uncertainty import Outcome


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
                difference_cell(main.difference, 1.0, 3),
                difference_cell(other.difference, 1.0, 3),
                VERDICTS[main.better],
            ]
        )
    head = [
        *("turned by", "right", "twin right", "false: entropy", "false: mutual inf."),
        *("false: twin", "entropy minus twin", "mutual inf. minus twin", "better, by entropy"),
    ]
    return Table("Turned digits: false accepts at 95% coverage upright", head, rows)


def turned_overall_table(made: Evaluation) -> Table:
    """All angles together: what fewer false accepts cost."""
    rows = [
        [
            _OVERALL[row.figure],
            f"{row.committee:.4f}",
            f"{row.twin:.4f}",
            difference_cell(row.difference, 1.0, 4),
            VERDICTS[row.better],
        ]
        for row in made.turned_overall
    ]
    head = ["all angles", "committee", "twin", "committee minus twin", "better"]
    return Table("Turned digits, all angles together", head, rows)


_OVERALL = {
    "false_accepts": "false accepts",
    "right_accepted": "right answers accepted",
    "order": "AUROC of wrong against right answers",
}


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


def _both(found: Outcome) -> list[str]:
    return [f"{found.coverage:.2%}", "" if found.risk is None else f"{found.risk:.2%}"]
