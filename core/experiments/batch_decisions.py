"""What a policy makes of a batch, from what was kept of it: no pass is run."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..errors import InvalidInputError
from ..uncertainty.measures import MEASURES
from ..uncertainty.policy import Policy
from ..uncertainty.reasons import reasons_of_votes
from ..uncertainty.selective import Outcome, outcome, risk_at_coverage
from .batch_result import BatchResult

ACCEPTED = "accepted"
DONT_KNOW = "I don’t know"
NOT_READ = "could not be read"


@dataclass(frozen=True, eq=False)
class BatchDecisions:
    """Verdicts on the items of a batch.

    Attributes:
        policy: under which they are.
        accepted: shape (N,), false for what could not be read.
        broken: for each item the names of the limits that do not hold, in the order of `MEASURES`.
        reasons: for each item a plain sentence; of what could not be read its problem.
        verdicts: for each item `ACCEPTED`, `DONT_KNOW` or `NOT_READ`.
    """

    policy: Policy
    accepted: npt.NDArray[np.bool_]
    broken: tuple[tuple[str, ...], ...]
    reasons: tuple[str, ...]
    verdicts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BatchSummary:
    """A batch in a few numbers.

    Attributes:
        num_items: all of them.
        num_read: of these, what could be read; answers are to these.
        num_accepted: answers that are accepted.
        num_labelled: answers whose true class is known; the rest is of these alone.
        num_right: the committee's right answers.
        twin_num_right: the twin's.
        outcome: what the policy lets through of the labelled, None where there are none.
        twin_risk: selective risk of the twin where it accepts as many, its most confident ones; on
            average over ties; None where nothing is accepted.
    """

    num_items: int
    num_read: int
    num_accepted: int
    num_labelled: int
    num_right: int
    twin_num_right: int
    outcome: Outcome | None
    twin_risk: float | None


def decide_batch(result: BatchResult, policy: Policy) -> BatchDecisions:
    """Decide over a batch, and say why.

    Raises:
        InvalidInputError: the policy is for another number of classes.
    """
    if policy.limits and policy.num_classes != len(result.classes):
        raise InvalidInputError(
            "policy",
            expected=f"limits for {len(result.classes)} classes",
            received=f"'{policy.name}', made for {policy.num_classes}",
        )
    held = policy.held_limits({name: result.measures[name] for name in MEASURES})
    accepted = result.is_read & policy.decide_values(result.measures)
    said = reasons_of_votes(
        result.votes,
        result.measures,
        accepted,
        policy.name,
        class_names=result.classes.names,
        has_limits=bool(policy.limits),
    )
    broken, reasons, verdicts = [], [], []
    for place, is_read in enumerate(result.is_read.tolist()):
        broken.append(
            tuple(name for name, holds in held.items() if not holds[place]) if is_read else ()
        )
        reasons.append(said[place] if is_read else result.problems[place])
        verdicts.append(NOT_READ if not is_read else ACCEPTED if accepted[place] else DONT_KNOW)
    return BatchDecisions(policy, accepted, tuple(broken), tuple(reasons), tuple(verdicts))


def summarise_batch(result: BatchResult, decisions: BatchDecisions) -> BatchSummary:
    """Sum a batch up."""
    known = result.is_labelled
    let_through, twin_risk = None, None
    if known.any():
        let_through = outcome(decisions.accepted[known], ~result.right[known])
        if let_through.num_accepted:
            (risk,) = risk_at_coverage(
                -result.twin_confidence[known], ~result.twin_right[known], let_through.coverage
            )
            twin_risk = float(risk)
    return BatchSummary(
        num_items=len(result),
        num_read=int(result.is_read.sum()),
        num_accepted=int(decisions.accepted.sum()),
        num_labelled=int(known.sum()),
        num_right=int(result.right.sum()),
        twin_num_right=int(result.twin_right.sum()),
        outcome=let_through,
        twin_risk=twin_risk,
    )
