"""What dropping a unit has to do with what a pass says, and when that is chance.

Masks are drawn at random, so passes are a randomised experiment: passes that dropped a unit differ
from those that kept it in nothing else but chance. That makes a difference of means an effect, and
lets tests that need nothing but the drawing of masks say how often chance would do as much.

Many units are looked at together, and of a hundred that play no role five have p below 0.05. To
tell units from chance go by q: of the units with q up to 0.05 about 5% at most are found by chance.
That holds for units dropped on their own, and held in simulations for places dropped in blocks.

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

from ..errors import InvalidInputError
from ..inference.samples import Counts, Floats
from .unit_statistics import (
    difference_of_parts,
    difference_of_shares,
    effect_of_dropping,
    mean_difference,
    slope_of_parts,
)

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
        num_untold: units that every pass dropped, or none: there is nothing to compare, and they
            are no rows.
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

    Units that are dropped in part go by their mean shares: p is that of a permutation test, and
    the interval Welch's, of passes that scatter no less than all of them together.

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
        difference_of_shares(each, chosen)
        if each.dtype == bool
        else difference_of_parts(each, chosen)
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
    else left to chance as it is in the committee. p is that of a permutation test of it, which
    holds however skewed the values are (see `permutation`); the interval is Welch's, of passes
    that scatter no less than all of them together.

    Of units that are dropped in part the effect is the slope of a straight line, value over share,
    times `SHARE_STEP`: what a tenth of the unit more does. p is again that of a permutation test,
    the interval that of Student's.

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
        told = np.flatnonzero((each != each[0]).any(axis=0))
        columns = each if len(told) == each.shape[1] else each[:, told]
        parts.append(
            effect_of_dropping(columns, values)
            if each.dtype == bool
            else slope_of_parts(columns, values)
        )
        units.append(told)
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
    softmax adds up to 1. The interval is Welch's, of passes that scatter no less than all of them
    together: so much is taken for granted of a few that happen to agree, or of a single one.

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
    return VoteDifferences(*mean_difference(samples, chosen))


def _adjusted(p: Floats) -> Floats:
    from scipy.stats import false_discovery_control  # takes half a second to load

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
