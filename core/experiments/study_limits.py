"""A study's rules: limits on the twin's softmax and on measures, set on validation images only."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt

from ..uncertainty import MEASURES
from .study_answers import Answers

TWIN = "twin"
WHOS: tuple[str, ...] = (TWIN, *MEASURES)
HALF = 0.5

POINTS: Mapping[str, str] = MappingProxyType(
    {
        "best": "the twin at its best threshold",
        "half": "the twin over 0.5",
        "c99": "99% of upright digits accepted",
        "c95": "95% of upright digits accepted",
    }
)
"""Operating points: at each one all rules accept as many upright validation images."""

_COVERAGES = {"c99": 0.99, "c95": 0.95}


@dataclass(frozen=True, slots=True)
class Rule:
    """When an answer is accepted: it is more certain than a limit.

    Attributes:
        point: one of `POINTS`.
        who: "twin", whose softmax counts and whose answer is judged, or a measure, with which
            the committee's answer is judged.
        limit: in the direction of certainty: a measure of which more is less certain, and its
            limit, are negated.
        upright_coverage: share of the upright validation images that it accepts.
    """

    point: str
    who: str
    limit: float
    upright_coverage: float

    @property
    def threshold(self) -> float:
        """The limit as a person reads it, in the measure's own direction."""
        is_negated = self.who != TWIN and MEASURES[self.who].higher_is_less_certain
        return -self.limit if is_negated else self.limit

    def accepts(self, answers: Answers) -> npt.NDArray[np.bool_]:
        """Return which answers it accepts, shape (N, S)."""
        return np.asarray(answers.certainty(self.who) > self.limit)


class Limits:
    """Finds the limits at all operating points, on validation images or on resamples of them.

    Args:
        upright: committee and twin on M validation images as they are.
        validation: the twin on sweeps over N validation images.
    """

    def __init__(self, upright: Answers, validation: Answers) -> None:
        self._upright = {who: Ranked(upright.certainty(who).ravel()) for who in WHOS}
        self._swept = Ranked(validation.certainty(TWIN).ravel())
        self._swept_right = validation.twin_right.ravel()
        self._num_steps = validation.twin.shape[1]

    def fit(
        self,
        upright_counts: npt.NDArray[Any] | None = None,
        validation_counts: npt.NDArray[Any] | None = None,
    ) -> dict[tuple[str, str], float]:
        """Return the limit of each rule, by operating point and "twin" or measure.

        Args:
            upright_counts: shape (M,), how often each upright image counts; once if None.
            validation_counts: shape (N,), likewise each image of a sweep.
        """
        above = {who: each.num_above(upright_counts) for who, each in self._upright.items()}
        num_upright = int(above[TWIN][-1])
        weights = None if validation_counts is None else validation_counts.repeat(self._num_steps)
        given = {"half": HALF, "best": self._swept.best_limit(self._swept_right, weights)}
        limits = {}
        for point in POINTS:
            if point in given:
                falling = self._upright[TWIN].values
                num_over = int(np.searchsorted(-falling, -given[point], side="left"))
                count = int(above[TWIN][num_over - 1]) if num_over else 0
            else:
                # Rounded first: 0.95 times 100 is a hair over 95.
                count = math.ceil(round(_COVERAGES[point] * num_upright, 9))
            for who in WHOS:
                limits[point, who] = (
                    given[point]
                    if who == TWIN and point in given
                    else self._upright[who].limit(count, above[who])
                )
        return limits

    def rules(self) -> tuple[Rule, ...]:
        """Return a rule for each operating point and each of twin and measures."""
        return tuple(
            Rule(point, who, limit, self._upright[who].share_above(limit))
            for (point, who), limit in self.fit().items()
        )


class Ranked:
    """How certain N answers are, in falling order, so that limits of resamples are quick to find.

    Args:
        certainty: shape (N,).
    """

    def __init__(self, certainty: npt.NDArray[np.float64]) -> None:
        falling, self._place = np.unique(-certainty, return_inverse=True)
        self.values = -falling
        self._all = self.num_above(None)

    def num_above(self, counts: npt.NDArray[Any] | None) -> npt.NDArray[np.int64]:
        """Return how many answers are at each value or above, shape (K,).

        Args:
            counts: shape (N,), how often each answer counts; once if None.
        """
        at = np.bincount(self._place, counts, minlength=len(self.values))
        return np.rint(np.cumsum(at)).astype(np.int64)

    def share_above(self, limit: float) -> float:
        """Return the share of answers over a limit."""
        num_over = int(np.searchsorted(-self.values, -limit, side="left"))
        return float(self._all[num_over - 1] / self._all[-1]) if num_over else 0.0

    def limit(self, count: int, num_above: npt.NDArray[np.int64] | None = None) -> float:
        """Return the limit over which the `count` most certain lie, and what ties with the last.

        It is midway between the last that is accepted and the first that is not.

        Args:
            count: from 0 to N.
            num_above: of a resample, whose answers may not take every value.
        """
        above = self._all if num_above is None else num_above
        if count == 0:
            return float(self.values[0])
        last = int(np.searchsorted(above, count))
        refused = int(np.searchsorted(above, above[last], side="right"))
        if refused == len(above):
            return _just_below(self.values[last])
        return float((self.values[last] + self.values[refused]) / 2)

    def best_limit(
        self, right: npt.NDArray[np.bool_], counts: npt.NDArray[Any] | None = None
    ) -> float:
        """Return the limit with the fewest mistakes: wrong ones accepted plus right ones refused.

        Of several such limits the lowest. It is midway between two of the values, and just under
        the lowest one where accepting everything is best.

        Args:
            right: shape (N,).
            counts: shape (N,), how often each answer counts; once if None.
        """
        gain = np.where(right, -1.0, 1.0) * (1.0 if counts is None else counts)
        at = np.bincount(self._place, gain, minlength=len(self.values))
        # Over that of nobody accepted, the mistakes where the K most certain values are.
        mistakes = np.rint(np.concatenate([[0.0], np.cumsum(at)]))
        num_accepted = len(mistakes) - 1 - int(mistakes[::-1].argmin())
        if num_accepted == 0:
            return float(self.values[0])
        if num_accepted == len(self.values):
            return _just_below(self.values[-1])
        return float((self.values[num_accepted - 1] + self.values[num_accepted]) / 2)


def _just_below(value: float) -> float:
    return float(np.nextafter(value, -np.inf))
