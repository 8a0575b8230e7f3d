"""Where to write the names of two curves, so that no legend is needed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

_CLEARANCE = 1.4  # half heights between a curve and the middle of a label


@dataclass(frozen=True, slots=True)
class LabelSpot:
    """The middle of a label.

    Attributes:
        step: index of the point that it stands over or under.
        y: height of its middle, in the curve's units.
    """

    step: int
    y: float


def label_spots(
    curve: Floats, other: Floats, ceiling: Floats, *, reaches: tuple[int, int], half_height: float
) -> tuple[LabelSpot, LabelSpot]:
    """Find a place for the name of each of two curves.

    Every place right above or below a curve is tried. What counts, in this order: the
    names do not cover each other, a name is nearer to its own curve than to the other, it
    stays between 0 and the ceiling, and no curve runs through it.

    Args:
        curve: shape (S,), from 0 up.
        other: shape (S,), likewise.
        ceiling: shape (S,), how high a label may reach over each step.
        reaches: steps that each of the two names takes to each side.
        half_height: half a label's height, in the curves' units.

    Returns:
        The spots of the names of `curve` and `other`.
    """
    first_reach, second_reach = (min(reach, (len(curve) - 1) // 2) for reach in reaches)
    first = _best(curve, other, ceiling, first_reach, half_height)
    apart = first_reach + second_reach
    return first, _best(other, curve, ceiling, second_reach, half_height, taken=first, apart=apart)


def _best(
    own: Floats,
    other: Floats,
    ceiling: Floats,
    reach: int,
    half_height: float,
    *,
    taken: LabelSpot | None = None,
    apart: int = 0,
) -> LabelSpot:
    """Weigh all spots at once: the last axis is what lies under a label, (2, S', 2 * reach + 1)."""
    near = np.lib.stride_tricks.sliding_window_view
    own_near, other_near = near(own, 2 * reach + 1), near(other, 2 * reach + 1)
    room = near(ceiling, 2 * reach + 1).min(axis=1)
    steps = np.arange(reach, len(own) - reach)
    offset = _CLEARANCE * half_height
    y = np.stack([own_near.max(axis=1) + offset, own_near.min(axis=1) - offset])

    to_own = np.abs(own_near - y[:, :, None]) / half_height
    to_other = np.abs(other_near - y[:, :, None]) / half_height
    covered = sum(
        np.maximum(0.0, 1.3 - distances).sum(axis=2) / (2 * reach + 1)
        for distances in (to_own, to_other)
    )
    outside = np.maximum(np.maximum(y + half_height - room, half_height - y), 0.0) / half_height
    far_from_own = np.abs(own[steps] - y) / half_height
    ambiguous = np.maximum(0.0, 1.0 + far_from_own - np.abs(other[steps] - y) / half_height)
    cost = 10.0 * covered + 20.0 * outside + 20.0 * ambiguous + far_from_own
    if taken is not None:
        beside = np.abs(steps - taken.step) > apart
        cost += 100.0 * ~(beside | (np.abs(y - taken.y) > 2.0 * half_height))
    side, index = np.unravel_index(int(cost.argmin()), cost.shape)
    return LabelSpot(int(steps[index]), float(y[side, index]))
