"""Estimate, interval and p of each unit of one layer, dropped whole or in part.

Every function returns for its K units six columns of shape (K,): the two means that are compared,
their difference, the low and high of its 95% interval, and p.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import gammaln

from ..inference.samples import Floats
from .binomial import wilson_interval
from .exact_test import fisher_p
from .permutation import Spread, log_choices, permutation_p, products
from .two_means import LEVEL, Group, difference_of_means, student_reach

Truths = npt.NDArray[np.bool_]
Columns = tuple[Floats, Floats, Floats, Floats, Floats, Floats]

SHARE_STEP = 0.1


def difference_of_shares(dropped: Truths, chosen: Truths) -> Columns:
    """Compare how many of the chosen passes dropped each unit with how many of the rest.

    Args:
        dropped: shape (T, K).
        chosen: shape (T,), some passes, not all.
    """
    num_chosen, num_passes = int(chosen.sum()), len(chosen)
    num_rest = num_passes - num_chosen
    total = np.asarray(dropped.sum(axis=0, dtype=np.int64))
    among = np.asarray(dropped[chosen].sum(axis=0, dtype=np.int64))
    first, second = among / num_chosen, (total - among) / num_rest
    low_1, high_1 = wilson_interval(among, num_chosen, LEVEL)
    low_2, high_2 = wilson_interval(total - among, num_rest, LEVEL)
    # Newcombe's tenth method.
    low = first - second - np.hypot(first - low_1, high_2 - second)
    high = first - second + np.hypot(high_1 - first, second - low_2)
    return first, second, first - second, low, high, fisher_p(among, total, num_chosen, num_passes)


def difference_of_parts(parts: Floats, chosen: Truths) -> Columns:
    """Compare how much of each unit the chosen passes dropped on average with the rest.

    Args:
        parts: shape (T, K), in [0, 1].
        chosen: shape (T,), some passes, not all.
    """
    first, second, difference, low, high = mean_difference(parts, chosen)
    marks = chosen.astype(np.float64)
    mark = Spread.of(chosen[:, None])
    (sums,) = products((marks - marks.mean())[None], parts)
    ways = log_choices(len(chosen), int(chosen.sum()))
    p = permutation_p(sums, Spread.of(parts), mark, len(chosen), ways)
    return first, second, difference, low, high, p


def mean_difference(
    values: npt.NDArray[Any], chosen: Truths
) -> tuple[Floats, Floats, Floats, Floats, Floats]:
    """Return all but p of values in [0, 1], shape (T, K), of the chosen passes and the rest."""
    one, other = Group.of(values[chosen]), Group.of(values[~chosen])
    whole = np.asarray(values, dtype=np.float64).var(axis=0, ddof=1)
    difference, low, high = difference_of_means(one, other, whole)
    return one.mean, other.mean, difference, np.maximum(low, -1.0), np.minimum(high, 1.0)


def effect_of_dropping(dropped: Truths, values: Floats) -> Columns:
    """Compare the mean value of passes that dropped each unit with that of those that kept it.

    Args:
        dropped: shape (T, K), of units that some passes dropped and some kept.
        values: shape (T,).
    """
    num_passes, sizes = len(values), np.asarray(dropped.sum(axis=0, dtype=np.int64))
    centre, spread = values.mean(), Spread.of(values[:, None])
    weights = np.stack([values - centre, (values - centre) ** 2])  # small sums lose less
    sums, wholes = products(weights, dropped), weights.sum(axis=1)[:, None]
    one = Group.from_sums(sizes, *sums)
    other = Group.from_sums(num_passes - sizes, *(wholes - sums))
    effect, low, high = difference_of_means(one, other, spread.squares / max(num_passes - 1, 1))
    ways = log_choices(num_passes, sizes)
    p = permutation_p(sums[0], Spread.of(dropped), spread, num_passes, ways)
    return centre + one.mean, centre + other.mean, effect, low, high, p


def slope_of_parts(parts: Floats, values: Floats) -> Columns:
    """Compare the value on a straight line, `SHARE_STEP` more of each unit dropped, with its mean.

    Args:
        parts: shape (T, K), share of each unit that a pass dropped, not the same in all.
        values: shape (T,).
    """
    num_passes, centre = len(values), values.mean()
    spread, column = Spread.of(values[:, None]), Spread.of(parts)
    (sums,) = products((values - centre)[None], parts)
    slope = sums / column.squares
    freedom = max(num_passes - 2, 1)
    left = np.maximum(spread.squares - slope**2 * column.squares, 0.0)
    reach = student_reach(freedom) * np.sqrt(left / freedom / column.squares)
    p = permutation_p(sums, column, spread, num_passes, gammaln(num_passes + 1.0))
    step = SHARE_STEP * slope
    return (
        centre + step,
        np.full_like(slope, centre),
        step,
        step - SHARE_STEP * reach,
        step + SHARE_STEP * reach,
        p,
    )
