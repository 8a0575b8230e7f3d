"""The threshold that costs least, where a wrong answer and a question to a human have a price."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..errors import InvalidInputError
from .selective import checked, cumulative, outcome


@dataclass(frozen=True, slots=True)
class CheapestThreshold:
    """The threshold of least cost.

    Attributes:
        threshold: the uncertainty up to which is accepted; None if it is cheapest to accept
            nothing.
        cost: mean over all images, in the unit of the prices.
        coverage: share accepted.
    """

    threshold: float | None
    cost: float
    coverage: float


def expected_cost(
    uncertainty: npt.ArrayLike,
    wrong: npt.ArrayLike,
    threshold: float,
    *,
    cost_wrong: float,
    cost_refuse: float,
) -> float:
    """Return the mean cost of an image: a price for each false accept and each refusal.

    Raises:
        InvalidInputError: no answer, shapes that differ, NaN, or a price that cannot be.
    """
    _check_prices(cost_wrong, cost_refuse)
    values, is_wrong = checked(uncertainty, wrong)
    found = outcome(values <= threshold, is_wrong)
    return found.false_accepts * cost_wrong + (1.0 - found.coverage) * cost_refuse


def best_threshold_for_costs(
    uncertainty: npt.ArrayLike, wrong: npt.ArrayLike, *, cost_wrong: float, cost_refuse: float
) -> CheapestThreshold:
    """Return the threshold of least mean cost; of several the one that accepts most.

    It is the least on these answers, and so a little less than on others.

    Args:
        uncertainty: shape (N,).
        wrong: shape (N,).
        cost_wrong: price of a wrong answer that is accepted, 0 or more.
        cost_refuse: price of a question back to a human, 0 or more, right answer or not.

    Raises:
        InvalidInputError: as `expected_cost`.
    """
    _check_prices(cost_wrong, cost_refuse)
    thresholds, accepted, errors = cumulative(*checked(uncertainty, wrong))
    total = accepted[-1]
    accepted, errors = np.append(0.0, accepted), np.append(0.0, errors)
    costs = (errors * cost_wrong + (total - accepted) * cost_refuse) / total
    # From the end: the first of the cheapest there accepts most. Sums of prices have rounding.
    cheapest = np.flatnonzero(costs <= costs.min() * (1.0 + 1e-12))[-1]
    return CheapestThreshold(
        threshold=float(thresholds[cheapest - 1]) if cheapest else None,
        cost=float(costs[cheapest]),
        coverage=float(accepted[cheapest] / total),
    )


def _check_prices(cost_wrong: float, cost_refuse: float) -> None:
    for argument, price in (("cost_wrong", cost_wrong), ("cost_refuse", cost_refuse)):
        if not (math.isfinite(price) and price >= 0.0):
            raise InvalidInputError(argument, expected="a price, 0 or more", received=price)
