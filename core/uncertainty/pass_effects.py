"""What dropping a unit has to do with what a pass says, and when that is chance.

Masks are drawn at random, so passes are a randomised experiment: passes that dropped a unit differ
from those that kept it in nothing else but chance. That makes a difference of means an effect, and
lets Fisher's exact test say how often chance alone would part the passes as unevenly.

Many units are looked at together, and of a hundred that play no role five have p below 0.05. To
tell units from chance go by q: of the units with q up to 0.05 about 5% at most are found by chance.

References:
    Benjamini & Hochberg 1995, *Controlling the False Discovery Rate*.
    Newcombe 1998, *Interval estimation for the difference between independent proportions*.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import gammaln
from scipy.stats import false_discovery_control

from ..errors import InvalidInputError
from ..inference.samples import Counts, Floats
from .binomial import wilson_interval
from .exact_test import fisher_p
from .two_means import LEVEL, Group, student_reach, two_sided, welch

# A mean of fewer passes is no bell curve yet, and their spread is not known.
FEWEST_PASSES = 10
SHARE_STEP = 0.1  # of a map that is dropped place by place: hardly a pass drops all of it
_ROWS = 50  # of a table of truth values, as floats

Truths = npt.NDArray[np.bool_]
Dropped = npt.NDArray[Any]  # truth values, or shares


@dataclass(frozen=True, slots=True, eq=False)
class UnitEffects:
    """How much more often some chosen passes dropped each unit than the rest.

    Attributes:
        layer: shape (K,), index of the unit's layer.
        unit: shape (K,), index of the unit in its layer.
        share_of_chosen: shape (K,), share of the chosen passes that dropped it, in [0, 1]; of a
            unit that is dropped in part, the mean share of it that they dropped.
        share_of_rest: shape (K,), of the others.
        difference: shape (K,), of the two; above 0 where the chosen dropped it more often.
        low: shape (K,), end of the difference's 95% interval; `high` likewise. Of each unit on its
            own, not of all at once.
        high: shape (K,).
        p: shape (K,), chance of a difference as uneven if the unit played no role.
        q: shape (K,), p adjusted for all K units (Benjamini-Hochberg).
    """

    layer: Counts
    unit: Counts
    share_of_chosen: Floats
    share_of_rest: Floats
    difference: Floats
    low: Floats
    high: Floats
    p: Floats
    q: Floats

    def of_layer(self, layer: int) -> UnitEffects:
        """Return the rows of one layer, by its index; q stays that of all."""
        rows = self.layer == layer
        return replace(self, **{name: getattr(self, name)[rows] for name in self.__slots__})


@dataclass(frozen=True, slots=True, eq=False)
class DropEffects:
    """What dropping each unit does to a value of a pass.

    Attributes:
        layer: shape (K,), index of the unit's layer.
        unit: shape (K,), index of the unit in its layer.
        mean_dropped: shape (K,), mean value of the passes that dropped it; of a unit that is
            dropped in part, where a tenth of it more is dropped than on average.
        mean_kept: shape (K,), of the others; of a unit that is dropped in part, on average.
        effect: shape (K,), of the two; below 0 where dropping lowers the value.
        low: shape (K,), end of the effect's 95% interval; `high` likewise. Of each unit on its
            own, not of all at once.
        high: shape (K,).
        p: shape (K,), chance of an effect as large if the unit played no role.
        q: shape (K,), p adjusted for all K units (Benjamini-Hochberg).
        num_untold: units of which no effect can be told, for fewer than `FEWEST_PASSES` passes
            dropped or kept them; they are no rows.
    """

    layer: Counts
    unit: Counts
    mean_dropped: Floats
    mean_kept: Floats
    effect: Floats
    low: Floats
    high: Floats
    p: Floats
    q: Floats
    num_untold: int

    def of_layer(self, layer: int) -> DropEffects:
        """Return the rows of one layer, by its index; q and `num_untold` stay those of all."""
        rows = self.layer == layer
        columns = {n: getattr(self, n)[rows] for n in self.__slots__ if n != "num_untold"}
        return replace(self, **columns)


@dataclass(frozen=True, slots=True, eq=False)
class VoteDifferences:
    """How some chosen passes vote, and how the rest.

    Attributes:
        mean_of_chosen: shape (C,), mean softmax of the chosen passes.
        mean_of_rest: shape (C,), of the others.
        difference: shape (C,), of the two.
        low: shape (C,), end of the difference's 95% interval, in [-1, 1]; `high` likewise.
        high: shape (C,).
    """

    mean_of_chosen: Floats
    mean_of_rest: Floats
    difference: Floats
    low: Floats
    high: Floats


def drop_differences(dropped: Sequence[Dropped], chosen: Truths) -> UnitEffects:
    """Return how much more often some passes dropped each unit than the rest.

    p is Fisher's exact test, two-sided: masks are drawn independently of all else, so if a unit
    played no role in which passes were chosen, the number of them that dropped it would be
    hypergeometric, given how many did in all. The interval is Newcombe's, from Wilson's, which
    behaves for few passes. Units that all passes or none dropped have difference 0 and p 1.

    Units that are dropped in part go by their mean shares: interval and p are Welch's, and with a
    single pass on one side, whose spread is not known, [-1, 1] and 1.

    Args:
        dropped: for each layer shape (T, U), True where a pass dropped a unit, or floating-point
            numbers, the share of the unit that it dropped.
        chosen: shape (T,), some of the passes, by anything that a unit may have a role in.

    Raises:
        InvalidInputError: all passes are chosen or none, or shapes that do not fit.
    """
    chosen = _check_chosen(chosen)
    _check_dropped(dropped, len(chosen))
    parts = [
        _differences(each, chosen) if each.dtype == bool else _share_differences(each, chosen)
        for each in dropped
    ]
    sizes = [each.shape[1] for each in dropped]
    first, second, difference, low, high, p = map(np.concatenate, zip(*parts, strict=True))
    return UnitEffects(
        layer=np.repeat(np.arange(len(sizes)), sizes),
        unit=np.concatenate([np.arange(size) for size in sizes]),
        share_of_chosen=first,
        share_of_rest=second,
        difference=difference,
        low=low,
        high=high,
        p=p,
        q=_adjusted(p),
    )


def drop_effects(dropped: Sequence[Dropped], values: npt.NDArray[Any]) -> DropEffects:
    """Return what dropping each unit does to a value of a pass.

    The effect is the mean over the passes that dropped the unit less that over the others, all
    else left to chance as it is in the committee. Interval and p are Welch's; p is never below
    that of the most uneven way to draw the passes that dropped the unit, one in so many.

    Of units that are dropped in part the effect is the slope of a straight line, value over share,
    times `SHARE_STEP`: what a tenth of the unit more does. Interval and p are its t-test's.

    Args:
        dropped: for each layer shape (T, U), True where a pass dropped a unit, or floating-point
            numbers, the share of the unit that it dropped.
        values: shape (T,), a number for each pass, such as the softmax of the answer.

    Raises:
        InvalidInputError: values that are not finite, or shapes that do not fit.
    """
    values = _check_values(values)
    _check_dropped(dropped, len(values))
    parts, units = [], []
    for each in dropped:
        changing = np.minimum((each > 0.0).sum(axis=0), (each < 1.0).sum(axis=0))
        told = (changing >= FEWEST_PASSES) & (each != each[0]).any(axis=0)
        find = _effects if each.dtype == bool else _slopes
        parts.append([column[told] for column in find(each, values)])
        units.append(np.flatnonzero(told))
    first, second, effect, low, high, p = map(np.concatenate, zip(*parts, strict=True))
    return DropEffects(
        layer=np.repeat(np.arange(len(units)), [len(each) for each in units]),
        unit=np.concatenate(units),
        mean_dropped=first,
        mean_kept=second,
        effect=effect,
        low=low,
        high=high,
        p=p,
        q=_adjusted(p),
        num_untold=sum(each.shape[1] for each in dropped) - len(p),
    )


def vote_differences(samples: npt.NDArray[Any], chosen: Truths) -> VoteDifferences:
    """Return how the mean softmax of some passes differs from that of the rest.

    Of the class by whose softmax the passes were chosen, as by a bar of its histogram, a
    difference is there by construction and says nothing; of the other classes a part is, since a
    softmax adds up to 1. The interval is Welch's; with a single pass on one side, whose spread is
    not known, it is all of [-1, 1].

    Args:
        samples: shape (T, C), softmax of each pass.
        chosen: shape (T,), some of the passes.

    Raises:
        InvalidInputError: all passes are chosen or none, or shapes that do not fit.
    """
    chosen = _check_chosen(chosen)
    if samples.ndim != 2 or len(samples) != len(chosen):
        raise InvalidInputError(
            "samples", expected=f"shape (T, C) with T = {len(chosen)}", received=samples.shape
        )
    return VoteDifferences(*_mean_differences(samples, chosen)[:5])


_Columns = Sequence[Floats]


def _differences(dropped: Dropped, chosen: Truths) -> _Columns:
    num_chosen, num_passes = int(chosen.sum()), len(chosen)
    num_rest = num_passes - num_chosen
    total = np.asarray(dropped.sum(axis=0, dtype=np.int64))
    among = np.asarray(dropped[chosen].sum(axis=0, dtype=np.int64))
    first, second = among / num_chosen, (total - among) / num_rest
    low_1, high_1 = wilson_interval(among, num_chosen, LEVEL)
    low_2, high_2 = wilson_interval(total - among, num_rest, LEVEL)
    low = first - second - np.hypot(first - low_1, high_2 - second)
    high = first - second + np.hypot(high_1 - first, second - low_2)
    p = fisher_p(among, total, num_chosen, num_passes)
    return first, second, first - second, low, high, p


def _share_differences(shares: Dropped, chosen: Truths) -> _Columns:
    return _mean_differences(shares, chosen)


def _mean_differences(values: npt.NDArray[Any], chosen: Truths) -> _Columns:
    """Both means of values in [0, 1], shape (T, K), their difference, low, high and p."""
    one, other = (Group.of(np.asarray(values[which], np.float64)) for which in (chosen, ~chosen))
    difference, low, high, p = welch(one, other)
    if min(one.size, other.size) < 2:
        low, high, p = (np.full_like(difference, end) for end in (-1.0, 1.0, 1.0))
    return (
        one.mean,
        other.mean,
        difference,
        np.maximum(low, -1.0),
        np.minimum(high, 1.0),
        p,
    )


def _effects(dropped: Dropped, values: Floats) -> _Columns:
    sizes = np.asarray(dropped.sum(axis=0, dtype=np.int64))
    centre = values.mean()
    weights = np.stack([values - centre, (values - centre) ** 2])  # small sums lose less
    sums, wholes = _sums(weights, dropped), weights.sum(axis=1)[:, None]
    # At least two on each side: units with fewer are taken out afterwards.
    one = Group.from_sums(np.maximum(sizes, 2), *sums)
    other = Group.from_sums(np.maximum(len(values) - sizes, 2), *(wholes - sums))
    effect, low, high, p = welch(one, other)
    ways = gammaln(len(values) + 1) - gammaln(sizes + 1) - gammaln(len(values) - sizes + 1)
    return (
        centre + one.mean,
        centre + other.mean,
        effect,
        low,
        high,
        np.maximum(p, np.exp(-ways)),
    )


def _slopes(shares: Dropped, values: Floats) -> _Columns:
    x, y = shares - shares.mean(axis=0), values - values.mean()
    spread = np.maximum((x * x).sum(axis=0), np.finfo(np.float64).tiny)
    slope = y @ x / spread
    freedom = max(len(values) - 2, 1)
    rest = np.maximum((y * y).sum() - slope**2 * spread, 0.0)
    error = np.sqrt(rest / freedom / spread)
    reach = student_reach(freedom) * error
    return (
        values.mean() + SHARE_STEP * slope,
        np.full_like(slope, values.mean()),
        SHARE_STEP * slope,
        SHARE_STEP * (slope - reach),
        SHARE_STEP * (slope + reach),
        two_sided(slope, error, freedom),
    )


def _sums(weights: Floats, table: Truths) -> Floats:
    """Return weights (k, T) times a table (T, K), of shape (k, K), in parts that stay in cache."""
    sums = np.zeros((len(weights), table.shape[1]))
    for start in range(0, len(table), _ROWS):
        part = slice(start, start + _ROWS)
        sums += weights[:, part] @ table[part].astype(np.float64)
    return sums


def _adjusted(p: Floats) -> Floats:
    return np.asarray(false_discovery_control(p)) if len(p) else p


def _check_dropped(dropped: Sequence[Dropped], num_passes: int) -> None:
    if not len(dropped) or any(each.ndim != 2 or len(each) != num_passes for each in dropped):
        raise InvalidInputError(
            "dropped",
            expected=f"for at least one layer shape (T, U) with T = {num_passes}",
            received=[each.shape for each in dropped],
        )


def _check_chosen(chosen: Truths) -> Truths:
    array = np.asarray(chosen)
    if array.ndim != 1 or array.dtype != bool or array.all() or not array.any():
        raise InvalidInputError(
            "chosen",
            expected="shape (T,) of truth values, some passes chosen and some not",
            received=f"{np.count_nonzero(array):,} of {array.size:,}"
            if array.dtype == bool
            else f"type {array.dtype}",
            advice="All passes, or none, leave nothing to compare with.",
        )
    return array


def _check_values(values: npt.NDArray[Any]) -> Floats:
    array = np.asarray(values, dtype=np.float64)
    if array.ndim != 1 or not len(array) or not np.isfinite(array).all():
        raise InvalidInputError(
            "values", expected="shape (T,), finite numbers", received=f"shape {array.shape}"
        )
    return array
