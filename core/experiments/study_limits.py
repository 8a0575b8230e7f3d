"""A study's rules: limits on the twin's softmax and on measures, set on validation images only."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from ..uncertainty import MEASURES
from .study_state import Answers

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


def fit_rules(upright: Answers, validation: Answers) -> tuple[Rule, ...]:
    """Return a rule for each operating point and each of twin and measures.

    Args:
        upright: committee and twin on validation images as they are.
        validation: the twin on sweeps over validation images.
    """
    certainty = {who: upright.certainty(who).ravel() for who in WHOS}
    num_upright = len(certainty[TWIN])
    best = best_limit(validation.certainty(TWIN).ravel(), validation.twin_right.ravel())
    rules = []
    for point in POINTS:
        if point in _COVERAGES:
            # Rounded first: 0.95 times 100 is a hair over 95.
            count = math.ceil(round(_COVERAGES[point] * num_upright, 9))
            fixed = None
        else:
            fixed = HALF if point == "half" else best
            count = int((certainty[TWIN] > fixed).sum())
        for who in WHOS:
            is_given = who == TWIN and fixed is not None
            limit = fixed if is_given else limit_for_count(certainty[who], count)
            assert limit is not None
            rules.append(Rule(point, who, limit, float(np.mean(certainty[who] > limit))))
    return tuple(rules)


def limit_for_count(certainty: npt.NDArray[np.float64], count: int) -> float:
    """Return the limit over which the `count` most certain lie, and what ties with the last.

    It is midway between the last that is accepted and the first that is not.

    Args:
        certainty: shape (N,).
        count: from 0 to N.
    """
    values = np.unique(certainty)[::-1]
    if count == 0:
        return float(values[0])
    last = np.sort(certainty)[::-1][count - 1]
    refused = values[values < last]
    return float((last + refused[0]) / 2) if len(refused) else _just_below(last)


def best_limit(certainty: npt.NDArray[np.float64], right: npt.NDArray[np.bool_]) -> float:
    """Return the limit with the fewest mistakes: wrong ones accepted plus right ones refused.

    Of several such limits the lowest. It is midway between two of the values, and just under
    the lowest one where accepting everything is best.

    Args:
        certainty: shape (N,).
        right: shape (N,).
    """
    values, place = np.unique(certainty, return_inverse=True)
    wrong_at = np.bincount(place, ~right)
    right_at = np.bincount(place, right)
    # Mistakes where the K lowest values are refused, K from 0 to all of them.
    mistakes = np.concatenate([[0.0], np.cumsum(right_at - wrong_at)]) + wrong_at.sum()
    num_refused = int(mistakes.argmin())
    if num_refused == 0:
        return _just_below(values[0])
    if num_refused == len(values):
        return float(values[-1])
    return float((values[num_refused - 1] + values[num_refused]) / 2)


def _just_below(value: float) -> float:
    return float(np.nextafter(value, -np.inf))
