"""What comes out of a study: rates by step and by digit, with intervals, and differences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..errors import InvalidInputError
from ..networks.cards import NetworkCard
from ..uncertainty.resampling import Interval
from .bootstrap import (
    Estimates,
    Floats,
    estimates,
    interval_of,
    ranking_shares,
    resample,
)
from .recipe import SweepKind
from .study import StudyAnswers
from .study_limits import POINTS, TWIN, WHOS, Limits, Rule

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

    Intervals come from resamples in which everything is drawn anew, images as units: the test
    images, and the validation images too, on which all limits are then set again. So they hold
    what varies from image to image, chance in the passes, and how well the limits are known.

    Args:
        answers: all that was asked.
        card: of the network.
    """
    test, digits = answers.test, answers.digits
    counts = resample(digits, answers.plan.seed)
    tally = _Tally(digits, counts)
    limits = Limits(answers.upright, answers.validation)
    drawn = _redrawn_limits(limits, answers)
    outcomes = []
    twins: dict[str, tuple[Floats, Floats]] = {}
    for rule in limits.rules():  # the twin's first, at each point
        certainty, right = test.certainty(rule.who), test.is_right(rule.who)
        redrawn = [each[rule.point, rule.who] for each in drawn]
        covered, right_covered = tally.of_limits(certainty, right, [rule.limit, *redrawn])
        fooled = covered - right_covered
        rates = tally.rates(covered), tally.rates(fooled), tally.overall(right_covered)
        if rule.who == TWIN:
            twins[rule.point] = covered, right_covered
            outcomes.append(Outcome(rule, *rates))
            continue
        twin_covered, twin_right_covered = twins[rule.point]
        more_right = right_covered - twin_right_covered
        outcomes.append(
            Outcome(
                rule,
                *rates,
                tally.rates(covered - twin_covered, are_rates=False),
                tally.rates(fooled - (twin_covered - twin_right_covered), are_rates=False),
                tally.overall(more_right, are_rates=False),
            )
        )
    committee_right, twin_right = tally.of(test.right), tally.of(test.twin_right)
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
            "committee": tally.rates(committee_right),
            "twin": tally.rates(twin_right),
            "difference": tally.rates(committee_right - twin_right, are_rates=False),
        },
        outcomes=tuple(outcomes),
        ranking=ranking,
        more_ranking=more_ranking,
    )


def _redrawn_limits(limits: Limits, answers: StudyAnswers) -> list[dict[tuple[str, str], float]]:
    """Return the limits that redrawn validation images give, one for each resample."""
    num_upright, seed = len(answers.upright.twin), answers.plan.seed
    rng = np.random.default_rng((seed, 1))  # not the draws of the test images
    swept = resample(answers.validation_digits, (seed, 2))
    redrawn = []
    for validation_counts in swept:
        chosen = rng.integers(0, num_upright, num_upright)
        upright_counts = np.bincount(chosen, minlength=num_upright)
        redrawn.append(limits.fit(upright_counts, validation_counts))
    return redrawn


class _Tally:
    """Shares of answers: of the test images in row 0, of their resamples in the rows below.

    A table is of shape (1 + num, 1 + D, S): all images first, then those of each digit.
    """

    def __init__(self, digits: npt.NDArray[np.int64], counts: Floats) -> None:
        members = np.stack([np.ones(len(digits)), *(digits == d for d in np.unique(digits))])
        self._sizes = members.sum(axis=1)
        self._members = members  # (1 + D, N)
        self._counts = np.concatenate([np.ones((1, len(digits))), counts])

    def of(self, hits: npt.NDArray[np.bool_]) -> Floats:
        """Return the table of shares of answers that are hits, of shape (N, S)."""
        values = hits.astype(np.float64)
        return np.stack([self._shares(values, count) for count in self._counts])

    def of_limits(
        self, certainty: Floats, right: npt.NDArray[np.bool_], limits: Sequence[float]
    ) -> tuple[Floats, Floats]:
        """Return the tables of what is over a limit, a limit for each row, and of it the right.

        Args:
            certainty: shape (N, S).
            right: shape (N, S).
            limits: 1 + num of them.
        """
        num_steps = certainty.shape[1]
        tables = []
        for count, limit in zip(self._counts, limits, strict=True):
            over = certainty > limit
            both = np.concatenate([over, over & right], axis=1).astype(np.float64)
            tables.append(self._shares(both, count))
        table = np.stack(tables)
        return table[:, :, :num_steps], table[:, :, num_steps:]

    def _shares(self, hits: Floats, count: Floats) -> Floats:
        # Whole numbers first, then one division: all of them is 1 then, not a hair over it.
        shares: Floats = (self._members * count) @ hits / self._sizes[:, None]
        return shares

    def overall(self, table: Floats, *, are_rates: bool = True) -> Interval:
        """Return the share over all images and steps."""
        shares = table[:, :1].mean(axis=2)
        sizes = self._sizes[:1] if are_rates else None
        return estimates(shares[0], shares[1:], sizes)[0]

    def rates(self, table: Floats, *, are_rates: bool = True) -> Rates:
        """Return the shares overall, by step and by digit."""
        by_digit = table[:, 1:].mean(axis=2)
        return Rates(
            overall=self.overall(table, are_rates=are_rates),
            by_step=estimates(table[0, 0], table[1:, 0], self._sizes[:1] if are_rates else None),
            by_digit=estimates(by_digit[0], by_digit[1:], self._sizes[1:] if are_rates else None),
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
