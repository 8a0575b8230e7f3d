"""What rules fitted on validation images make of everything else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ..uncertainty import (
    Outcome,
    Policy,
    Promise,
    auroc,
    find_promise,
    outcome,
    threshold_at_coverage,
)
from .comparisons import Columns, SideBySide, side_by_side
from .default_policy import DEFAULT_COVERAGE, limits_at_coverage
from .intervals import NUM_RESAMPLES, Intervals
from .rankings import MAIN_FOR_STRANGERS, MAIN_MEASURE, Who
from .reference_data import ANGLES
from .set_scores import SetScores

TWIN_MEASURE = "entropy"  # fixed beforehand, of the same kind as the committee's main one
TURNED = "turned"  # the turned images of all angles together
TARGETS = (0.01, 0.005)

_EVERYWHERE = ("validation", "test", "pen-digits", "kmnist")


@dataclass(frozen=True, slots=True)
class RuleOutcome:
    """What a rule makes of the sets.

    Attributes:
        name: what people read.
        who: whose answers it accepts.
        limits: by measure.
        outcomes: by set; `TURNED` besides. No answer to a stranger is right.
        is_default: whether these are the limits of the policy that comes with the network.
    """

    name: str
    who: Who
    limits: Mapping[str, float]
    outcomes: Mapping[str, Outcome]
    is_default: bool = False


@dataclass(frozen=True, slots=True)
class PromiseOutcome:
    """A promise found on validation, and what became of it.

    Attributes:
        who: whose uncertainty.
        measure: its name.
        target: of the risk.
        promise: None where it is not possible.
        outcomes: by set, as of a rule; empty without a promise.
    """

    who: Who
    measure: str
    target: float
    promise: Promise | None
    outcomes: Mapping[str, Outcome]


def turned(
    sets: Mapping[str, SetScores], intervals: Intervals | int = NUM_RESAMPLES
) -> tuple[SideBySide, ...]:
    """Compare false accepts angle by angle, at thresholds of 95% coverage on validation.

    The thresholds are kept as they are; the turned images are resampled. With the main measure
    first, then with the one for strangers.
    """
    validation = sets["validation"]
    limit = threshold_at_coverage(validation.twin_uncertainty(TWIN_MEASURE), DEFAULT_COVERAGE)
    found: list[SideBySide] = []
    for measure in (MAIN_MEASURE, MAIN_FOR_STRANGERS):
        own = threshold_at_coverage(validation.uncertainty(measure), DEFAULT_COVERAGE)
        for angle in ANGLES:
            one = sets[f"rotated-{angle}"]
            found += side_by_side(
                [("false_accepts", False)],
                one.name,
                {
                    "committee": (one.uncertainty(measure) <= own) & ~one.right,
                    "twin": (one.twin_uncertainty(TWIN_MEASURE) <= limit) & ~one.twin_right,
                },
                lambda drawn: [(drawn["committee"].mean(), drawn["twin"].mean())],
                measures=[(measure, TWIN_MEASURE, False)],
                intervals=intervals,
            )
    return tuple(found)


def turned_overall(
    sets: Mapping[str, SetScores], intervals: Intervals | int = NUM_RESAMPLES
) -> tuple[SideBySide, ...]:
    """Compare all angles together: false accepts, right answers accepted, and the order.

    A rule can accept fewer wrong answers by accepting fewer of any kind, so that the right ones
    accepted stand beside them, and the AUROC of wrong against right answers, which needs no
    threshold. An image is resampled with all its angles, by the main measure.
    """
    each = [sets[f"rotated-{angle}"] for angle in ANGLES]
    columns: dict[str, npt.NDArray[Any]] = {}
    for who, measure in _main():
        values = np.stack([_uncertainty(one, who, measure) for one in each], axis=1)
        limit = threshold_at_coverage(
            _uncertainty(sets["validation"], who, measure), DEFAULT_COVERAGE
        )
        right = np.stack([_right(one, who) for one in each], axis=1)
        columns[f"{who} values"], columns[f"{who} right"] = values, right
        columns[f"{who} accepted"] = values <= limit

    def figures(drawn: Columns, who: Who) -> tuple[float, float, float]:
        right, accepted = drawn[f"{who} right"], drawn[f"{who} accepted"]
        values = drawn[f"{who} values"]
        return (
            float((accepted & ~right).mean()),
            float((accepted & right).mean()),
            # Where all answers are right, or none is, there is no order to speak of.
            auroc(values[right], values[~right]) if right.any() and not right.all() else 0.5,
        )

    return tuple(
        side_by_side(
            [("false_accepts", False), ("right_accepted", True), ("order", True)],
            TURNED,
            columns,
            lambda drawn: list(
                zip(figures(drawn, "committee"), figures(drawn, "twin"), strict=True)
            ),
            measures=[(MAIN_MEASURE, TWIN_MEASURE, False)] * 3,
            intervals=intervals,
        )
    )


def promises(sets: Mapping[str, SetScores]) -> tuple[PromiseOutcome, ...]:
    """Find the promises of `TARGETS` on validation, and measure them elsewhere."""
    validation = sets["validation"]
    found = []
    for target in TARGETS:
        for who, measure in _main():
            values = _uncertainty(validation, who, measure)
            promise = find_promise(values, ~_right(validation, who), target)
            outcomes: Mapping[str, Outcome] = {}
            if promise is not None:
                outcomes = _outcomes(sets, who, _below({measure: promise.threshold}, who))
            found.append(PromiseOutcome(who, measure, target, promise, outcomes))
    return tuple(found)


def rules(sets: Mapping[str, SetScores], default: Policy | None = None) -> tuple[RuleOutcome, ...]:
    """Return what simple rules make of the sets, the default one among them.

    Args:
        sets: by name.
        default: the policy that comes with the network.
    """
    validation = sets["validation"]
    tried = [
        (("predictive_entropy",), 0.95),
        (("mutual_information",), 0.95),
        (("predictive_entropy", "mutual_information"), 0.95),
        (("expected_entropy", "mutual_information"), 0.95),
        (("predictive_entropy", "mutual_information"), 0.99),
    ]
    made = []
    for measures, share in tried:
        limits = limits_at_coverage(validation, share, measures)
        policy = Policy(limits)
        made.append(
            RuleOutcome(
                f"{100 * share:g}%",
                "committee",
                limits,
                _outcomes(sets, "committee", _accepts(policy)),
                is_default=default is not None and dict(default.limits) == limits,
            )
        )
    limit = threshold_at_coverage(validation.twin_uncertainty(TWIN_MEASURE), DEFAULT_COVERAGE)
    twin = {TWIN_MEASURE: limit}
    made.append(RuleOutcome("95%", "twin", twin, _outcomes(sets, "twin", _below(twin, "twin"))))
    return tuple(made)


Accepts = Callable[[SetScores], npt.NDArray[np.bool_]]


def _outcomes(sets: Mapping[str, SetScores], who: Who, accepts: Accepts) -> dict[str, Outcome]:
    found = {name: outcome(accepts(sets[name]), ~_right(sets[name], who)) for name in _EVERYWHERE}
    each = [sets[f"rotated-{angle}"] for angle in ANGLES]
    found[TURNED] = outcome(
        np.concatenate([accepts(one) for one in each]),
        np.concatenate([~_right(one, who) for one in each]),
    )
    return found


def _accepts(policy: Policy) -> Accepts:
    return lambda one: policy.decide_values(one.measures)


def _below(limits: Mapping[str, float], who: Who) -> Accepts:
    ((measure, limit),) = limits.items()
    return lambda one: np.asarray(_uncertainty(one, who, measure) <= limit)


def _main() -> tuple[tuple[Who, str], ...]:
    return (("committee", MAIN_MEASURE), ("twin", TWIN_MEASURE))


def _uncertainty(one: SetScores, who: Who, measure: str) -> npt.NDArray[np.float64]:
    return one.uncertainty(measure) if who == "committee" else one.twin_uncertainty(measure)


def _right(one: SetScores, who: Who) -> npt.NDArray[np.bool_]:
    return one.right if who == "committee" else one.twin_right
