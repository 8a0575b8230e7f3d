"""How far apart two drawings are, as a person sees it: whatever their place, size and pen."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ..errors import InvalidInputError
from .ink import Ink

Points = npt.NDArray[np.float64]

# Points of one drawing from which the way to the other is measured.
_POINTS = 64


def stroke_distance(one: Ink, other: Ink) -> float:
    """Return the mean distance from the strokes of each to the strokes of the other.

    Both are moved so that the mean of their line is at the origin, and scaled to height 1. From
    points evenly spaced along the strokes of one it is as far as to the nearest point of any
    stroke of the other; the mean over those points, and of both ways. Neither the order nor the
    direction in which strokes were written matters: that is not seen in the ink.

    Returns:
        In heights of the digit, 0 or more; 0 for copies at another place or size.

    Raises:
        InvalidInputError: nothing is drawn, or it has no height.
    """
    lines = _pieces(one), _pieces(other)
    there = _distances(_evenly(*lines[0]), *lines[1])
    back = _distances(_evenly(*lines[1]), *lines[0])
    return float(there.mean() + back.mean()) / 2.0


def _pieces(ink: Ink) -> tuple[Points, Points]:
    """Return where the straight pieces of a drawing begin and how they run, height 1, mean 0."""
    strokes = [np.array(stroke) for stroke in ink.strokes]
    height = np.ptp(np.concatenate(strokes)[:, 1]) if strokes else 0.0
    if height == 0.0:
        raise InvalidInputError("ink", expected="strokes of some height", received=ink)
    starts = np.concatenate([stroke[:-1] for stroke in strokes])
    steps = np.concatenate([np.diff(stroke, axis=0) for stroke in strokes])
    mean = np.average(starts + steps / 2.0, axis=0, weights=np.hypot(*steps.T))
    return (starts - mean) / height, steps / height


def _evenly(starts: Points, steps: Points) -> Points:
    """Return points evenly spaced over all pieces, shape (points, 2)."""
    lengths = np.hypot(*steps.T)
    ends = np.cumsum(lengths)
    # From the middle of the first of equal parts to the middle of the last.
    at = (np.arange(_POINTS) + 0.5) * ends[-1] / _POINTS
    piece = np.searchsorted(ends, at)
    parts = 1.0 - (ends[piece] - at) / lengths[piece]
    return np.asarray(starts[piece] + parts[:, None] * steps[piece])


def _distances(points: Points, starts: Points, steps: Points) -> Points:
    """Return how far each point is from the nearest piece, shape (points,)."""
    x, y = (points[:, axis, None] - starts[:, axis] for axis in (0, 1))
    squared = np.maximum((steps**2).sum(axis=1), 1e-18)
    part = np.clip((x * steps[:, 0] + y * steps[:, 1]) / squared, 0.0, 1.0)
    return np.asarray(np.hypot(x - part * steps[:, 0], y - part * steps[:, 1]).min(axis=1))
