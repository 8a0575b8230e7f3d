"""Where to write the names of several curves of a panel, each near its own and on no other."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from .line_labels import LabelSpot

Floats = npt.NDArray[np.float64]

_CLEARANCE = 1.5  # half heights between a curve and the middle of its name


def curve_name_spots(
    curves: Sequence[Floats], *, reaches: Sequence[int], half_height: float, ceiling: float
) -> list[LabelSpot]:
    """Find a place for the name of each of several curves, right above or below it.

    What counts, in this order: that names do not cover each other, that no curve runs through
    a name, and that a name is nearer to its own curve than to another. Of curves that run
    together the first two matter more: their names mind each other and not the rest.

    Args:
        curves: each of shape (S,), from 0 up.
        reaches: steps that each name takes to each side; a curve without one goes unnamed.
        half_height: half a name's height, in the curves' units.
        ceiling: the upper end of the panel.
    """
    spots: list[LabelSpot] = []
    for place, (own, reach) in enumerate(zip(curves, reaches, strict=False)):
        rivals = curves[: max(2, place + 1)]
        best, least = LabelSpot(reach, 0.0), np.inf
        for step in range(reach, len(own) - reach):
            under = slice(step - reach, step + reach + 1)
            for y in (
                own[under].max() + _CLEARANCE * half_height,
                own[under].min() - _CLEARANCE * half_height,
            ):
                cost = _cost(own, curves, rivals, under, step, y, half_height)
                cost += 100.0 * max(0.0, y + half_height - ceiling, half_height - y) / half_height
                cost += 1000.0 * any(
                    abs(step - other.step) <= reach + other_reach
                    and abs(y - other.y) < 2.0 * half_height
                    for other, other_reach in zip(spots, reaches, strict=False)
                )
                if cost < least:
                    best, least = LabelSpot(step, float(y)), cost
        spots.append(best)
    return spots


def _cost(
    own: Floats,
    curves: Sequence[Floats],
    rivals: Sequence[Floats],
    under: slice,
    step: int,
    y: float,
    half_height: float,
) -> float:
    """How bad a place is: curves in the way, other curves as near as the own one."""
    to_own = float(np.abs(own[step] - y)) / half_height
    cost = to_own
    for curve in curves:
        distances = np.abs(curve[under] - y) / half_height
        cost += 20.0 * float(np.maximum(0.0, 1.3 - distances).mean())
    for rival in rivals:
        if rival is not own:
            nearest = float(np.abs(rival[under] - y).min()) / half_height
            cost += 10.0 * max(0.0, 2.0 + to_own - nearest)
    return cost
