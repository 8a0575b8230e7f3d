"""Why an answer is accepted or not, in the words a page shows."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from ..errors import InvalidInputError
from ..inference.samples import McSummary
from .classes import with_article
from .measures import confidence, expected_entropy, mutual_information, predicted_class

_SURE = 0.95  # mean softmax from which passes that all agree are not called unsure


def reasons(
    summary: McSummary,
    accepted: npt.NDArray[np.bool_],
    policy_name: str,
    *,
    has_limits: bool = True,
    class_names: Sequence[str] | None = None,
) -> tuple[str, ...]:
    """Return why each of N answers is accepted or not.

    Refused answers are told apart by what makes up the predictive entropy: "The passes
    disagree" where the mutual information is above the expected entropy, "Every pass is
    unsure" otherwise. Neither is said where the passes show the opposite: where all vote for
    one class, and the disagreement is only about how sure to be, or the confidence is 95% or
    more. Such answers are refused by a strict limit, and the sentence says so.

    Args:
        summary: of the passes over the N images.
        accepted: shape (N,).
        policy_name: as people call it.
        has_limits: whether there is any limit at all.
        class_names: how to call the C classes; their numbers if None.

    Raises:
        InvalidInputError: another number of names than of classes.
    """
    names = [str(k) for k in range(summary.num_classes)] if class_names is None else class_names
    if len(names) != summary.num_classes:
        raise InvalidInputError(
            "class_names", expected=f"{summary.num_classes} names", received=list(names)
        )
    disagree = mutual_information(summary) > expected_entropy(summary)
    sure = confidence(summary) >= _SURE
    # Stable: of classes with as many votes the lowest comes first.
    ranked = np.argsort(-summary.votes, axis=1, kind="stable")[:, :2].tolist()
    winners, passes = predicted_class(summary).tolist(), summary.num_samples
    sentences = []
    for image, (winner, (first, second)) in enumerate(zip(winners, ranked, strict=True)):
        votes = summary.votes[image]
        agreed = _agreed(int(votes[winner]), passes, names[winner])
        unanimous = votes[first] == passes
        if accepted[image]:
            limits = "No limit is broken." if has_limits else "There is no limit."
            sentences.append(f"{agreed}. {limits}")
        elif unanimous and (disagree[image] or sure[image]):
            sentences.append(f"{agreed}, but not surely enough for the policy '{policy_name}'.")
        elif disagree[image]:
            rival = _say(int(votes[second]), names[second])
            sentences.append(
                f"The passes disagree: {_say(int(votes[first]), names[first])}, {rival}."
            )
        else:
            sentences.append(f"Every pass is unsure. It may be {with_article(names[winner])}.")
    return tuple(sentences)


def _agreed(votes: int, passes: int, name: str) -> str:
    verb = "says" if votes == 1 else "say"
    return f"{votes:,} of {passes:,} pass{'es' if passes != 1 else ''} {verb} {name}"


def _say(votes: int, name: str) -> str:
    return f"{votes:,} {'says' if votes == 1 else 'say'} {name}"
