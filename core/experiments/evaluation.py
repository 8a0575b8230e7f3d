"""What "I don't know" is worth: committee and twin, on everything that a network was scored on."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import MissingDataError
from ..uncertainty import Policy
from .calibrations import Calibration, calibrate
from .checkpoint import Checkpoint, Progress
from .comparisons import SideBySide, accuracies, find
from .intervals import NUM_RESAMPLES, Intervals
from .rankings import (
    MAIN_MEASURE,
    Curve,
    Ranking,
    StrangerRanking,
    compare_rankings,
    compare_strangers,
    rank,
    rank_strangers,
    risk_curves,
)
from .reference_data import ANGLES, REFERENCE_SETS
from .reference_scores import ReferenceScores
from .rule_outcomes import PromiseOutcome, RuleOutcome, promises, rules, turned, turned_overall

RANKED_SETS = ("test", "pen-digits")

LEAST_AUROC = 0.98
LEAST_ACCURACY_AT_80 = 0.985
MOST_ECE = 0.005
MOST_NLL = 0.028


@dataclass(frozen=True, slots=True)
class Target:
    """A figure that was to be reached.

    Attributes:
        text: what, and how much.
        value: the committee's; `twin` the twin's, None where there is none.
        is_met: whether it was.
    """

    text: str
    value: float
    twin: float | None
    is_met: bool


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Everything that is reported of one network.

    Attributes:
        network: its name.
        weights_sha256: of its weights.
        num_samples: T, the committee's passes an image; `seed` of them.
        num_resamples: of every bootstrap interval.
        sizes: images by set.
        accuracies: on each set of digits.
        calibrations: committee and twin before temperature scaling, then after it.
        calibration_differences: in NLL and Brier score, before and after.
        rankings: every measure of both, on test and on pen digits.
        ranking_differences: main and best measure against the twin's best.
        strangers: every measure of both, test against KMNIST.
        stranger_differences: as `ranking_differences`.
        curves: risk over coverage, committee and twin, on test and on pen digits.
        turned: false accepts angle by angle, with two measures.
        turned_overall: false and right accepts, and the order, over all angles.
        promises: found on validation, and kept or not elsewhere.
        rules: simple policies, the default one among them.
    """

    network: str
    weights_sha256: str
    num_samples: int
    seed: int
    num_resamples: int
    sizes: Mapping[str, int]
    accuracies: tuple[SideBySide, ...]
    calibrations: tuple[Calibration, ...]
    calibration_differences: tuple[SideBySide, ...]
    rankings: tuple[Ranking, ...]
    ranking_differences: tuple[SideBySide, ...]
    strangers: tuple[StrangerRanking, ...]
    stranger_differences: tuple[SideBySide, ...]
    curves: tuple[Curve, ...]
    turned: tuple[SideBySide, ...]
    turned_overall: tuple[SideBySide, ...]
    promises: tuple[PromiseOutcome, ...]
    rules: tuple[RuleOutcome, ...]

    @property
    def targets(self) -> tuple[Target, ...]:
        """The figures that were to be reached, and whether they are."""
        best = max(self.stranger_differences, key=lambda row: row.committee)
        pens = find(self.ranking_differences, "accuracy_at_80", "pen-digits", MAIN_MEASURE)
        committee, twin = self.calibrations[2:]
        return (
            Target(
                f"AUROC of the committee's best measure, test against KMNIST, at least"
                f" {LEAST_AUROC:g}",
                best.committee,
                best.twin,
                best.committee >= LEAST_AUROC,
            ),
            Target(
                "AUROC above the twin's best by more than the bootstrap interval",
                best.committee,
                best.twin,
                best.better == "committee",
            ),
            Target(
                f"pen digits: right at 80% coverage, at least {100 * LEAST_ACCURACY_AT_80:g}%",
                pens.committee,
                pens.twin,
                pens.committee >= LEAST_ACCURACY_AT_80,
            ),
            Target(
                f"test: ECE after temperature scaling under {MOST_ECE:g}",
                committee.ece.value,
                twin.ece.value,
                committee.ece.value < MOST_ECE,
            ),
            Target(
                f"test: NLL after temperature scaling under {MOST_NLL:g}",
                committee.nll,
                twin.nll,
                committee.nll < MOST_NLL,
            ),
        )

    def to_document(self) -> dict[str, Any]:
        """Return everything as an object for JSON."""
        document = {
            field.name: _plain(getattr(self, field.name)) for field in dataclasses.fields(self)
        }
        return {"schema": 1, **document, "targets": _plain(self.targets)}


def evaluate(
    scores: ReferenceScores,
    default: Policy | None = None,
    *,
    num_resamples: int = NUM_RESAMPLES,
    state: Path | Checkpoint | None = None,
    progress: Progress | None = None,
) -> Evaluation:
    """Compute everything from reference scores: no pass is run, no image is needed.

    Args:
        scores: of the network.
        default: the policy that comes with it.
        num_resamples: of every bootstrap interval, which take nearly all of the time.
        state: a file that holds the intervals that are done, or the checkpoint of it; what it
            holds is not computed again. The caller deletes it when the evaluation is safe.
        progress: called after each interval, with how many are done and of how many.

    Raises:
        MissingDataError: a reference set was not scored.
        InvalidInputError: the file is of other scores.
    """
    missing = [name for name in REFERENCE_SETS if name not in scores.sets]
    if missing:
        raise MissingDataError(
            f"The reference scores of {scores.network} lack {', '.join(missing)}, of which the data"
            " were not at hand when it was scored. Score it again where they are: `python -m core"
            f" score --network {scores.network}`."
        )
    sets = scores.sets
    intervals = Intervals(
        num_resamples,
        checkpoint=Checkpoint.of(state, "evaluation", evaluation_identity(scores, num_resamples)),
        progress=progress,
        total=num_intervals(scores),
    )
    test, strangers = sets["test"], sets["kmnist"]
    calibrations, calibration_differences = calibrate(sets["validation"], test, intervals)
    rankings = {name: rank(sets[name]) for name in RANKED_SETS}
    stranger_rankings = rank_strangers(test, strangers)
    return Evaluation(
        network=scores.network,
        weights_sha256=scores.weights_sha256,
        num_samples=scores.num_samples,
        seed=scores.seed,
        num_resamples=num_resamples,
        sizes={name: one.num_images for name, one in sets.items()},
        accuracies=accuracies(sets, intervals),
        calibrations=calibrations,
        calibration_differences=calibration_differences,
        rankings=tuple(each for ranked in rankings.values() for each in ranked),
        ranking_differences=tuple(
            row
            for name, ranked in rankings.items()
            for row in compare_rankings(sets[name], ranked, intervals)
        ),
        strangers=stranger_rankings,
        stranger_differences=compare_strangers(test, strangers, stranger_rankings, intervals),
        curves=tuple(
            curve
            for name, ranked in rankings.items()
            for curve in risk_curves(sets[name], ranked, intervals)
        ),
        turned=turned(sets, intervals),
        turned_overall=turned_overall(sets, intervals),
        promises=promises(sets),
        rules=rules(sets, default),
    )


def evaluation_identity(scores: ReferenceScores, num_resamples: int) -> dict[str, object]:
    """Return what tells one evaluation from another: everything its intervals depend on."""
    return {
        "weights": scores.weights_sha256,
        "num_resamples": num_resamples,
        "sets": {name: one.contents_checksum for name, one in scores.sets.items()},
    }


def num_intervals(scores: ReferenceScores) -> int:
    """Return how many intervals an evaluation asks for, for its progress bar."""
    of_accuracy = sum(one.has_labels for one in scores.sets.values())
    of_calibration = 4 + 1  # each error's, and all differences together
    of_rankings = len(RANKED_SETS) * (1 + 2)  # the differences, and two curves
    of_turned = 2 * len(ANGLES) + 1
    return of_accuracy + of_calibration + of_rankings + 1 + of_turned


def _plain(value: Any) -> Any:
    """Return dataclasses, mappings and arrays as what JSON holds."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        plain = {
            field.name: _plain(getattr(value, field.name)) for field in dataclasses.fields(value)
        }
        return {**plain, "better": value.better} if isinstance(value, SideBySide) else plain
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(each) for each in value]
    if isinstance(value, np.ndarray | np.generic):
        return _plain(value.tolist())
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
