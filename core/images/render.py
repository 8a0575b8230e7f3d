"""Ink to pixels: an antialiased round pen, round at ends and joints."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ..errors import InvalidInputError
from ..limits import MAX_RENDER_SIZE, MIN_RENDER_SIZE
from .ink import Ink

Floats = npt.NDArray[np.float32]

# Longer segments are cut, so that every piece of a stroke fits one small square patch of pixels.
_LONGEST_PIECE = 6.0
# Distances computed at once; 4 MB an array.
_CHUNK_PIXELS = 1_000_000


def render_ink(ink: Ink, size: int = 280) -> Floats:
    """Draw ink as a picture, bright on dark.

    A pixel's brightness is how much of the pen covers it, from the distance of its centre to the
    nearest piece of a stroke: the union of round-ended segments, so that joints are round, strokes
    that cross do not add up, and a single point is a dot.

    Args:
        ink: the strokes.
        size: side of the picture in pixels.

    Returns:
        Shape (size, size), in [0, 1]; all zero for an empty ink.

    Raises:
        InvalidInputError: the size is out of bounds.
    """
    if not MIN_RENDER_SIZE <= size <= MAX_RENDER_SIZE:
        raise InvalidInputError(
            "size",
            expected=f"a number of pixels from {MIN_RENDER_SIZE} to {MAX_RENDER_SIZE}",
            received=size,
        )
    radius = ink.pen_width * size / 2
    reach = radius + 0.5
    starts, ends = _pieces(ink, size)
    patch = int(np.ceil(_LONGEST_PIECE + 2 * reach)) + 1
    side = size + 2 * patch
    squared = np.full(side * side, reach * reach, np.float32)
    chunk = max(1, _CHUNK_PIXELS // patch**2)
    for first in range(0, len(starts), chunk):
        pieces = slice(first, first + chunk)
        _lower_distances(squared, side, patch, reach, starts[pieces], ends[pieces])
    picture = squared.reshape(side, side)[patch:-patch, patch:-patch]
    return np.clip(reach - np.sqrt(picture), 0.0, 1.0)


def _pieces(ink: Ink, size: int) -> tuple[Floats, Floats]:
    """Return starts and ends of all pieces, each of shape (pieces, 2), in pixels."""
    starts: list[Floats] = [np.empty((0, 2), np.float32)]
    ends: list[Floats] = [np.empty((0, 2), np.float32)]
    for stroke in ink.strokes:
        points = np.array(stroke, np.float32) * size
        if len(points) == 1:
            points = np.repeat(points, 2, axis=0)
        steps = np.diff(points, axis=0)
        counts = np.maximum(1, np.ceil(np.hypot(*steps.T) / _LONGEST_PIECE)).astype(int)
        steps = np.repeat(steps / counts[:, None], counts, axis=0)
        nth = np.arange(len(steps)) - np.repeat(np.cumsum(counts) - counts, counts)
        begin = np.repeat(points[:-1], counts, axis=0) + nth[:, None].astype(np.float32) * steps
        starts.append(begin.astype(np.float32))
        ends.append((begin + steps).astype(np.float32))
    return np.concatenate(starts), np.concatenate(ends)


def _lower_distances(
    squared: Floats, side: int, patch: int, reach: float, starts: Floats, ends: Floats
) -> None:
    """Lower `squared`, a flat picture of squared distances, to those of the pieces given.

    With s = (p - a).d along a piece from a in direction d, the nearest point of the piece is at
    t = s / d.d, kept in [0, 1], and the squared distance |p - a|^2 - t (2 s - t d.d). Both
    |p - a|^2 and s are sums of a part in x and a part in y, so patches cost little more than
    the addition of a row to a column.
    """
    corners = np.floor(np.minimum(starts, ends) - reach).astype(np.int64)
    direction = ends - starts
    length2 = (direction**2).sum(axis=1)[:, None, None]
    # Pixel centres relative to the start: shape (pieces, 2, patch).
    offsets = (corners - starts)[:, :, None] + (np.arange(patch) + 0.5)
    offsets = offsets.astype(np.float32)
    along = offsets * direction[:, :, None]
    s = along[:, 1, :, None] + along[:, 0, None, :]
    t = s / np.maximum(length2, np.float32(1e-12))
    np.clip(t, 0.0, 1.0, out=t)
    s *= 2.0
    s -= t * length2
    s *= t
    offsets *= offsets
    distance2 = offsets[:, 1, :, None] + offsets[:, 0, None, :]
    distance2 -= s
    np.maximum(distance2, 0.0, out=distance2)
    # The picture has a margin of one patch, so that no piece reaches over its edge.
    rows = (corners[:, 1, None] + np.arange(patch) + patch) * side
    columns = corners[:, 0, None] + np.arange(patch) + patch
    index = rows[:, :, None] + columns[:, None, :]
    np.minimum.at(squared, index.ravel(), distance2.ravel())
