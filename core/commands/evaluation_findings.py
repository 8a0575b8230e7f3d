"""What an evaluation found, in sentences that follow from its intervals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..experiments.comparisons import find
from ..experiments.rankings import MAIN_FOR_STRANGERS, MAIN_MEASURE
from ..experiments.reference_data import ANGLES
from ..experiments.rule_outcomes import TURNED

if TYPE_CHECKING:
    from ..experiments.comparisons import Better, SideBySide
    from ..experiments.evaluation import Evaluation

_HEADS: dict[Better, str] = {
    "committee": "Where the committee is better",
    "neither": "Where there is no clear difference",
    "twin": "Where the twin is better",
}


def findings(made: Evaluation) -> list[tuple[str, str]]:
    """Return a heading and a paragraph for each of: better, no clear difference, twin better.

    One says so only where the interval of the paired difference leaves out zero, with measures
    that were fixed beforehand on the committee's side.
    """
    said: dict[Better, list[str]] = {who: [] for who in _HEADS}
    by_better: dict[Better, list[int]] = {who: [] for who in _HEADS}
    for angle, row in zip(ANGLES, made.turned, strict=False):
        by_better[row.better].append(angle)
    for who, angles in by_better.items():
        if angles:
            # What "95% of coverage" means is in the table; here is what came out.
            said[who].append(
                "False accepts of turned digits, at thresholds of 95% coverage upright: at"
                f" {_listed([f'{angle}°' for angle in angles])}{_range(made, angles)}."
            )
    for row, text in _sentences(made):
        said[row.better].append(text)
    return [
        (head, " ".join(said[who]) if said[who] else "Nowhere in these figures.")
        for who, head in _HEADS.items()
    ]


def _sentences(made: Evaluation) -> list[tuple[SideBySide, str]]:
    auroc = find(made.stranger_differences, "auroc", "kmnist", MAIN_FOR_STRANGERS)
    found = [
        (
            auroc,
            f"Telling KMNIST's characters from test digits: AUROC {auroc.committee:.4f} by mutual"
            f" information, the twin's best {auroc.twin:.4f}.",
        )
    ]
    for data, name in (("test", "MNIST's test digits"), ("pen-digits", "pen digits")):
        row = find(made.accuracies, "accuracy", data)
        found.append((row, f"Accuracy on {name}: {row.committee:.2%}, the twin's {row.twin:.2%}."))
        row = find(made.ranking_differences, "aurc", data, MAIN_MEASURE)
        found.append(
            (
                row,
                f"Putting wrong answers last on {name}: AURC {1000 * row.committee:.3f} per 1,000"
                f" by predictive entropy, the twin's best {1000 * row.twin:.3f}.",
            )
        )
    row = find(made.ranking_differences, "accuracy_at_80", "pen-digits", MAIN_MEASURE)
    found.append(
        (
            row,
            f"Right on pen digits at 80% coverage: {row.committee:.2%}, the twin's {row.twin:.2%}.",
        )
    )
    for figure, name in (
        ("nll", "NLL as it comes"),
        ("nll_scaled", "NLL after temperature scaling"),
        ("brier_scaled", "Brier score after temperature scaling"),
    ):
        row = find(made.calibration_differences, figure, "test")
        found.append((row, f"{name}, on test: {row.committee:.4f}, the twin's {row.twin:.4f}."))
    for figure, name in (
        ("right_accepted", "Right answers accepted at the same thresholds, over all turned digits"),
        ("order", "Putting wrong answers behind right ones among all turned digits, AUROC"),
    ):
        row = find(made.turned_overall, figure, TURNED)
        found.append((row, f"{name}: {row.committee:.4f}, the twin's {row.twin:.4f}."))
    return found


def _range(made: Evaluation, angles: Sequence[int]) -> str:
    rows = [row for angle, row in zip(ANGLES, made.turned, strict=False) if angle in angles]
    widest = max(rows, key=lambda row: abs(row.difference.value))
    return (
        f", by the most at {widest.data.removeprefix('rotated-')}°, {widest.committee:.3f} against"
        f" the twin's {widest.twin:.3f}"
    )


def _listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
