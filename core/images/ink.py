"""Ink: what a pen did, as strokes of points. Strokes, not pixels, are the truth of a drawing."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from numbers import Real

from ..errors import InvalidInputError
from ..limits import (
    MAX_OUTSIDE,
    MAX_PEN_WIDTH,
    MAX_POINTS,
    MAX_STROKES,
    MIN_PEN_WIDTH,
)

Point = tuple[float, float]
Stroke = tuple[Point, ...]

# Powers of two: a snapped coordinate is an exact float, so that a link gives the same image bit
# for bit. A canvas of 364 pixels is 5.6 times coarser than this grid.
POINT_GRID = 2048
PEN_GRID = 512

DEFAULT_PEN_WIDTH = 31 / 512


@dataclass(frozen=True)
class Ink:
    """Strokes of a pen on a square canvas.

    Points are snapped to a grid of 1/2048 and the pen width to 1/512 when an ink is made;
    strokes without points are dropped.

    Args:
        strokes: each a sequence of (x, y) in [0, 1], x to the right and y down.
        pen_width: diameter of the round pen, a share of the canvas side.

    Raises:
        InvalidInputError: a point outside the canvas, a pen too thin or thick, or more
            strokes or points than `core.limits` allows.
    """

    strokes: tuple[Stroke, ...] = ()
    pen_width: float = DEFAULT_PEN_WIDTH

    def __post_init__(self) -> None:
        strokes = tuple(tuple(_snap_point(point) for point in stroke) for stroke in self.strokes)
        object.__setattr__(self, "strokes", tuple(stroke for stroke in strokes if stroke))
        object.__setattr__(self, "pen_width", _snap_pen(self.pen_width))
        _check_amount(len(self.strokes), self.num_points)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is drawn yet."""
        return not self.strokes

    @property
    def num_points(self) -> int:
        """Number of points over all strokes."""
        return sum(map(len, self.strokes))

    def without_last_stroke(self) -> Ink:
        """Return the ink as it was before the last stroke; an empty ink stays empty."""
        return Ink(self.strokes[:-1], self.pen_width)


def parse_ink(value: object) -> Ink:
    """Make an ink of what the canvas sends.

    Args:
        value: `{"strokes": [[[x, y], ...], ...], "pen_width": 0.06}`, coordinates as shares of
            the canvas; the pen width may be missing. A pen that strays off the canvas is clipped
            to its edge.

    Raises:
        InvalidInputError: anything else, points far off the canvas included.
    """
    if not isinstance(value, dict):
        raise InvalidInputError(
            "ink", expected="an object with 'strokes' and 'pen_width'", received=value
        )
    strokes = _sequence(value.get("strokes"), "ink strokes", "a list of strokes")
    if len(strokes) > 2 * MAX_STROKES:
        # Strokes without points do not count, but they must not make the work endless either.
        _check_amount(len(strokes), 0)
    parsed: list[list[Point]] = []
    num_points = 0
    for stroke in strokes:
        points = _sequence(stroke, "an ink stroke", "a list of [x, y] points")
        num_points += len(points)
        _check_amount(len(parsed), num_points)
        parsed.append([_parse_point(point) for point in points])
    return Ink(
        tuple(tuple(points) for points in parsed),
        _number(value.get("pen_width", DEFAULT_PEN_WIDTH), "pen width"),
    )


def _snap_point(point: Sequence[float]) -> Point:
    x, y = point
    if not (0.0 <= x <= 1.0 and 0.0 <= y <= 1.0):
        raise InvalidInputError("an ink point", expected="x and y in [0, 1]", received=point)
    return round(x * POINT_GRID) / POINT_GRID, round(y * POINT_GRID) / POINT_GRID


def _snap_pen(width: float) -> float:
    if not MIN_PEN_WIDTH <= width <= MAX_PEN_WIDTH:
        raise InvalidInputError(
            "pen width",
            expected=f"a share of the canvas from {MIN_PEN_WIDTH} to {MAX_PEN_WIDTH}",
            received=width,
        )
    # Rounding must not leave the allowed range, or a decoded ink could be refused.
    least, most = math.ceil(MIN_PEN_WIDTH * PEN_GRID), math.floor(MAX_PEN_WIDTH * PEN_GRID)
    return min(max(round(width * PEN_GRID), least), most) / PEN_GRID


def _check_amount(num_strokes: int, num_points: int) -> None:
    if num_strokes > MAX_STROKES or num_points > MAX_POINTS:
        raise InvalidInputError(
            "ink",
            expected=f"at most {MAX_STROKES} strokes and {MAX_POINTS:,} points",
            received=f"{num_strokes} strokes and {num_points:,} points",
            advice="Clear the canvas, or undo some strokes.",
        )


def _sequence(value: object, argument: str, expected: str) -> Sequence[object]:
    if isinstance(value, (list, tuple)):
        return value
    raise InvalidInputError(argument, expected=expected, received=value)


def _number(value: object, argument: str) -> float:
    # bool is a number to Python; a JSON true is no coordinate.
    if isinstance(value, Real) and not isinstance(value, bool):
        try:
            number = float(value)
        except OverflowError:
            number = math.inf
        if math.isfinite(number):
            return number
    raise InvalidInputError(argument, expected="a finite number", received=value)


def _parse_point(value: object) -> Point:
    pair = _sequence(value, "an ink point", "a pair [x, y]")
    if len(pair) != 2:
        raise InvalidInputError("an ink point", expected="a pair [x, y]", received=value)
    x, y = _number(pair[0], "an ink point"), _number(pair[1], "an ink point")
    if not all(-MAX_OUTSIDE <= share <= 1.0 + MAX_OUTSIDE for share in (x, y)):
        raise InvalidInputError(
            "an ink point", expected="shares of the canvas, in [0, 1]", received=value
        )
    return min(max(x, 0.0), 1.0), min(max(y, 0.0), 1.0)
