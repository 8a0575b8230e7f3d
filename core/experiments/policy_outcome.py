"""What a policy is worth on reference sets, beside the twin at the same coverage."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import expit

from ..errors import InvalidInputError
from ..uncertainty.policy import Policy
from ..uncertainty.resampling import Interval
from ..uncertainty.selective import Outcome, outcome
from .set_scores import SetScores

Truths = npt.NDArray[np.bool_]

TWIN_MEASURE = "log_odds"  # orders the twin's answers as its softmax does, without ties
_Z = 1.959964  # of a 95% interval


@dataclass(frozen=True, slots=True, eq=False)
class PolicyOutcome:
    """What becomes of two reference sets under a policy, and under the twin set to match.

    Attributes:
        accepted: which answers to the known set are accepted, shape (N,).
        committee: what becomes of them.
        twin: likewise, accepting as many of the twin's answers, the most certain ones.
        more_false_accepts: committee's rate minus the twin's, with a 95% interval over images.
        strangers_accepted: which answers to strangers are accepted, shape (M,); M may be 0.
        twin_softmax: the softmax over which the twin's answers are accepted then, in [0, 1]; 0
            where the policy has no limit and so nothing is refused.
        twin_strangers: share of the strangers that the twin set to match accepts.
        more_strangers: committee's share minus the twin's, with a 95% interval; None if M is 0.
    """

    accepted: Truths
    committee: Outcome
    twin: Outcome
    more_false_accepts: Interval
    strangers_accepted: Truths
    twin_softmax: float
    twin_strangers: float
    more_strangers: Interval | None


def policy_outcome(
    policy: Policy, known: SetScores, strangers: SetScores | None = None
) -> PolicyOutcome:
    """Decide over reference sets, and set the twin's threshold to the same coverage.

    Args:
        policy: whose limits are applied; no pass is computed.
        known: what is meant to be answered, with labels.
        strangers: what is meant to be refused.

    Raises:
        InvalidInputError: the known set has no labels.
    """
    if not known.has_labels:
        raise InvalidInputError(
            "known", expected="a set of digits, with labels", received=known.name
        )
    accepted = policy.decide_values(known.measures)
    wrong, twin_wrong = ~known.right, ~known.twin_right
    twin_uncertainty = known.twin_uncertainty(TWIN_MEASURE)
    if policy.limits:
        twin_accepted, threshold = _most_certain(twin_uncertainty, int(accepted.sum()))
    else:  # nobody is asked to refuse, and the twin has no threshold either
        twin_accepted, threshold = accepted, np.inf
    strange, twin_strange = np.zeros(0, dtype=bool), np.zeros(0, dtype=bool)
    if strangers is not None:
        strange = policy.decide_values(strangers.measures)
        twin_strange = strangers.twin_uncertainty(TWIN_MEASURE) <= threshold
    return PolicyOutcome(
        accepted=accepted,
        committee=outcome(accepted, wrong),
        twin=outcome(twin_accepted, twin_wrong),
        more_false_accepts=_paired(accepted & wrong, twin_accepted & twin_wrong),
        strangers_accepted=strange,
        twin_softmax=float(expit(-threshold)),  # log odds are negated in an uncertainty
        twin_strangers=float(twin_strange.mean()) if len(twin_strange) else 0.0,
        more_strangers=_paired(strange, twin_strange) if len(strange) else None,
    )


def _most_certain(uncertainty: npt.NDArray[np.float64], count: int) -> tuple[Truths, float]:
    """Return the `count` most certain answers, more where they tie, and their threshold."""
    if count == 0:
        return np.zeros(len(uncertainty), dtype=bool), -np.inf
    threshold = float(np.partition(uncertainty, count - 1)[count - 1])
    return uncertainty <= threshold, threshold


def _paired(one: Truths, other: Truths) -> Interval:
    """Return the difference of two rates over the same images, with a 95% interval.

    The interval is Wald's after half an image was added to each of the four cells of the table:
    without that, two rules that differ on no image would seem to differ nowhere at all.

    References:
        Agresti & Min 2005, *Simple improved confidence intervals for comparing matched
        proportions*.
    """
    more, less = int((one & ~other).sum()), int((~one & other).sum())
    num_images = len(one) + 2.0
    middle = (more - less) / num_images
    differing = (more + less + 1.0) / num_images
    half = _Z * float(np.sqrt((differing - middle**2) / num_images))
    return Interval((more - less) / len(one), middle - half, middle + half)
