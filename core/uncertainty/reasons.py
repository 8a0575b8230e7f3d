"""Why an answer is accepted or not, in the words a page shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..errors import InvalidInputError
from ..inference.samples import Counts, McSummary
from .classes import with_article
from .measures import MEASURES, predicted_class

_SURE = 0.95  # mean softmax from which passes that all agree are not called unsure
_MEASURES = ("confidence", "expected_entropy", "mutual_information")


@dataclass(frozen=True, slots=True, eq=False)
class Votes:
    """How T passes voted on N images: what reasons are made of besides measures.

    Attributes:
        num_samples: T.
        winner: shape (N,), the predicted class, and `winner_votes` for it.
        first: shape (N,), the most voted class, and `first_votes` for it.
        second: shape (N,), the second most voted class, and `second_votes` for it.
    """

    num_samples: int
    winner: Counts
    winner_votes: Counts
    first: Counts
    first_votes: Counts
    second: Counts
    second_votes: Counts

    @classmethod
    def of(cls, summary: McSummary) -> Votes:
        """Return the votes of a summary."""
        rows, winner = np.arange(summary.num_images), predicted_class(summary)
        # Stable: of classes with as many votes the lowest comes first.
        first, second = np.argsort(-summary.votes, axis=1, kind="stable")[:, :2].T
        votes = summary.votes
        return cls(
            summary.num_samples,
            winner,
            votes[rows, winner],
            first,
            votes[rows, first],
            second,
            votes[rows, second],
        )


def reasons(
    summary: McSummary,
    accepted: npt.NDArray[np.bool_],
    policy_name: str,
    *,
    has_limits: bool = True,
    class_names: Sequence[str] | None = None,
) -> tuple[str, ...]:
    """Return why each of N answers is accepted or not; see `reasons_of_votes`.

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
    measures = {name: MEASURES[name].value(summary) for name in _MEASURES}
    return reasons_of_votes(
        Votes.of(summary), measures, accepted, policy_name, has_limits=has_limits, class_names=names
    )


def reasons_of_votes(
    votes: Votes,
    measures: Mapping[str, npt.NDArray[np.float64]],
    accepted: npt.NDArray[np.bool_],
    policy_name: str,
    *,
    class_names: Sequence[str],
    has_limits: bool = True,
) -> tuple[str, ...]:
    """Return why each of N answers is accepted or not, from what was kept of their passes.

    Refused answers are told apart by what makes up the predictive entropy: "The passes
    disagree" where the mutual information is above the expected entropy, "Every pass is
    unsure" otherwise. Neither is said where the passes show the opposite: where all vote for
    one class, and the disagreement is only about how sure to be, or the confidence is 95% or
    more. Such answers are refused by a strict limit, and the sentence says so.

    Args:
        votes: of the passes over the N images.
        measures: confidence, expected entropy and mutual information by name, shape (N,).
        accepted: shape (N,).
        policy_name: as people call it.
        class_names: how to call the C classes.
        has_limits: whether there is any limit at all.
    """
    names, passes = class_names, votes.num_samples
    disagree = measures["mutual_information"] > measures["expected_entropy"]
    sure = measures["confidence"] >= _SURE
    columns = (
        votes.winner,
        votes.winner_votes,
        votes.first,
        votes.first_votes,
        votes.second,
        votes.second_votes,
    )
    sentences = []
    for image, (winner, won, first, most, second, next_most) in enumerate(
        zip(*(column.tolist() for column in columns), strict=True)
    ):
        agreed = _agreed(won, passes, names[winner])
        unanimous = most == passes
        if accepted[image]:
            limits = "No limit is broken." if has_limits else "There is no limit."
            sentences.append(f"{agreed}. {limits}")
        elif unanimous and (disagree[image] or sure[image]):
            sentences.append(f"{agreed}, but not surely enough for the policy '{policy_name}'.")
        elif disagree[image]:
            rival = _say(next_most, names[second])
            sentences.append(f"The passes disagree: {_say(most, names[first])}, {rival}.")
        else:
            sentences.append(
                f"On average the passes are unsure. It may be {with_article(names[winner])}."
            )
    return tuple(sentences)


def _agreed(votes: int, passes: int, name: str) -> str:
    verb = "says" if votes == 1 else "say"
    return f"{votes:,} of {passes:,} pass{'es' if passes != 1 else ''} {verb} {name}"


def _say(votes: int, name: str) -> str:
    return f"{votes:,} {'says' if votes == 1 else 'say'} {name}"
