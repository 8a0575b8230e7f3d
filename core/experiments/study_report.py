"""What comes out of a study: rates by step and by digit, with intervals, and differences."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..errors import InvalidInputError
from ..networks.cards import NetworkCard
from .bootstrap import (
    Estimates,
    Floats,
    Interval,
    interval_of,
    mean_estimates,
    ranking_shares,
    resample,
)
from .recipe import SweepKind
from .study import StudyAnswers
from .study_limits import POINTS, TWIN, WHOS, Rule, fit_rules

_RANKING_RESAMPLES = 500  # each one sorts through all answers


@dataclass(frozen=True, slots=True, eq=False)
class Rates:
    """One rate, or one difference of rates, with 95% intervals.

    Attributes:
        overall: over all images and steps.
        by_step: of the S steps.
        by_digit: of each digit that the study has, over all steps.
    """

    overall: Interval
    by_step: Estimates
    by_digit: Estimates


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """What a rule does to the answers.

    Attributes:
        rule: the rule.
        coverage: share of the answers that it accepts.
        false_accepts: share of all answers that are wrong and accepted.
        right_accepted: share of all answers that are right and accepted.
        more_coverage: its coverage minus the twin's at the same point; None for the twin itself.
        more_false_accepts: likewise.
        more_right_accepted: likewise.
    """

    rule: Rule
    coverage: Rates
    false_accepts: Rates
    right_accepted: Interval
    more_coverage: Rates | None = None
    more_false_accepts: Rates | None = None
    more_right_accepted: Interval | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Study:
    """The result of a study over many test images.

    Attributes:
        kind: of the sweeps.
        network: its name.
        weights_sha256: of the network that was asked.
        num_images: N, test images.
        num_samples: T, passes at each step.
        num_upright: upright validation images that limits were set on.
        seed: of the plan.
        values: shape (S,), how much at each step.
        digits: the digits that there are, rising.
        images_of_digit: how many images each has.
        accuracy: by "committee" and "twin", and "difference", committee minus twin.
        outcomes: of each rule.
        ranking: of the twin's softmax and each measure, how often a right answer is the more
            certain one in a pair of a right and a wrong one; None where there are no pairs.
        more_ranking: of each measure, that minus the twin's.
    """

    kind: SweepKind
    network: str
    weights_sha256: str
    num_images: int
    num_samples: int
    num_upright: int
    seed: int
    values: Floats
    digits: tuple[int, ...]
    images_of_digit: tuple[int, ...]
    accuracy: dict[str, Rates]
    outcomes: tuple[Outcome, ...]
    ranking: dict[str, Interval | None]
    more_ranking: dict[str, Interval | None]

    @property
    def num_steps(self) -> int:
        """S."""
        return len(self.values)

    def outcome(self, point: str, who: str) -> Outcome:
        """Return the outcome of a rule.

        Args:
            point: one of `POINTS`.
            who: "twin" or a measure.

        Raises:
            InvalidInputError: there is no such rule.
        """
        for name, value, known in (("point", point, tuple(POINTS)), ("who", who, WHOS)):
            if value not in known:
                raise InvalidInputError(name, expected=f"one of {', '.join(known)}", received=value)
        return next(
            each for each in self.outcomes if (each.rule.point, each.rule.who) == (point, who)
        )


def report_study(answers: StudyAnswers, card: NetworkCard) -> Study:
    """Set the limits on the validation images and report on the test images.

    Intervals come from resampled images. They hold what varies from image to image, and chance
    in the passes; they do not hold that the limits would be a little different on other
    validation images.

    Args:
        answers: all that was asked.
        card: of the network.
    """
    test, digits = answers.test, answers.digits
    counts = resample(digits, answers.plan.seed)
    summary = _Summary(digits, counts)
    rules = fit_rules(answers.upright, answers.validation)
    outcomes = []
    twins: dict[str, tuple[Floats, Floats]] = {}
    for rule in rules:  # the twin's first, at each point
        accepted = rule.accepts(test)
        right = test.is_right(rule.who)
        covered, fooled = accepted.astype(np.float64), (accepted & ~right).astype(np.float64)
        rates = summary.rates(covered), summary.rates(fooled), summary.overall(covered - fooled)
        if rule.who == TWIN:
            twins[rule.point] = covered, fooled
            outcomes.append(Outcome(rule, *rates))
            continue
        more_covered, more_fooled = covered - twins[rule.point][0], fooled - twins[rule.point][1]
        outcomes.append(
            Outcome(
                rule,
                *rates,
                summary.rates(more_covered, are_rates=False),
                summary.rates(more_fooled, are_rates=False),
                summary.overall(more_covered - more_fooled, are_rates=False),
            )
        )
    committee_right, twin_right = (
        each.astype(np.float64) for each in (test.right, test.twin_right)
    )
    ranking, more_ranking = _rankings(answers, counts)
    known, sizes = np.unique(digits, return_counts=True)
    return Study(
        kind=answers.plan.kind,
        network=card.name,
        weights_sha256=card.weights_sha256,
        num_images=len(digits),
        num_samples=answers.plan.num_samples,
        num_upright=len(answers.upright.twin),
        seed=answers.plan.seed,
        values=answers.plan.values(),
        digits=tuple(known.tolist()),
        images_of_digit=tuple(sizes.tolist()),
        accuracy={
            "committee": summary.rates(committee_right),
            "twin": summary.rates(twin_right),
            "difference": summary.rates(committee_right - twin_right, are_rates=False),
        },
        outcomes=tuple(outcomes),
        ranking=ranking,
        more_ranking=more_ranking,
    )


class _Summary:
    """Means over images, their steps and their digits, under one set of resamples."""

    def __init__(self, digits: npt.NDArray[np.int64], counts: Floats) -> None:
        self._counts = counts
        self._of_digit = [np.flatnonzero(digits == digit) for digit in np.unique(digits)]

    def overall(self, values: Floats, *, are_rates: bool = True) -> Interval:
        """Over all images and steps of values of shape (N, S)."""
        per_image = values.mean(axis=1, keepdims=True)
        return mean_estimates(per_image, self._counts, are_rates=are_rates)[0]

    def rates(self, values: Floats, *, are_rates: bool = True) -> Rates:
        """Of values of shape (N, S)."""
        per_image = values.mean(axis=1, keepdims=True)
        of_digit = [
            mean_estimates(per_image[members], self._counts[:, members], are_rates=are_rates)[0]
            for members in self._of_digit
        ]
        return Rates(
            overall=self.overall(values, are_rates=are_rates),
            by_step=mean_estimates(values, self._counts, are_rates=are_rates),
            by_digit=Estimates(
                *(
                    np.array([getattr(each, name) for each in of_digit])
                    for name in ("value", "low", "high")
                )
            ),
        )


def _rankings(
    answers: StudyAnswers, counts: Floats
) -> tuple[dict[str, Interval | None], dict[str, Interval | None]]:
    once = np.ones((1, len(answers.digits)))
    shares = {
        who: ranking_shares(
            answers.test.certainty(who),
            answers.test.is_right(who),
            np.concatenate([once, counts[:_RANKING_RESAMPLES]]),
        )
        for who in WHOS
    }
    return (
        {who: _interval(each) for who, each in shares.items()},
        {who: _interval(each - shares[TWIN]) for who, each in shares.items() if who != TWIN},
    )


def _interval(shares: Floats) -> Interval | None:
    """Return the first as an estimate, and the interval of the rest; None for no number."""
    resampled = shares[1:][np.isfinite(shares[1:])]
    if not np.isfinite(shares[0]) or len(resampled) == 0:
        return None
    return interval_of(float(shares[0]), resampled)
