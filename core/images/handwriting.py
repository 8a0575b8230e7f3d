"""Built-in handwriting: digits that no one wrote, written as a hand would."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.interpolate import CubicSpline

from ..errors import InvalidInputError
from .ink import Ink, Point
from .templates import TEMPLATES

Points = npt.NDArray[np.float64]

NUM_VARIANTS = 200  # of each digit

# Between the ink and the edge of the canvas, a share of its side.
_MARGIN = 0.06
# The curve is worked on in steps this fine, a share of the digit's height.
_STEP = 0.005
# Points a second of writing, were the digit one unit high and written at its usual speed.
_POINTS_PER_UNIT = 32
_FEWEST_POINTS, _MOST_POINTS = 18, 60


def write_digit(digit: int, variant: int) -> Ink:
    """Write a digit as pen strokes.

    A template is bent as a whole, its points are moved a little, and the pen goes through them
    smoothly, slower where the line bends. The same arguments give the same ink. No network was
    asked which writings are good ones.

    Args:
        digit: 0 to 9, and the true label of what is written.
        variant: which writing of it, 0 to `NUM_VARIANTS` - 1; the templates take turns.

    Raises:
        InvalidInputError: there is no such digit or writing.
    """
    if not 0 <= digit < len(TEMPLATES):
        raise InvalidInputError("digit", expected="a digit from 0 to 9", received=digit)
    if not 0 <= variant < NUM_VARIANTS:
        raise InvalidInputError(
            "variant", expected=f"a number from 0 to {NUM_VARIANTS - 1}", received=variant
        )
    rng = np.random.Generator(np.random.Philox(key=1_000 * digit + variant))
    templates = TEMPLATES[digit]
    template = templates[variant % len(templates)]
    warp = _Warp(rng)
    strokes = []
    for stroke in template:
        knots = warp(_loosen(np.array(stroke), rng))
        curve = _wobble(_smooth_curve(knots), rng)
        strokes.append(_at_pen_times(curve, rng))
    placed = _place(strokes, rng)
    pen_width = rng.uniform(0.045, 0.085)
    return Ink(tuple(_as_points(stroke) for stroke in placed), pen_width)


class _Warp:
    """How one writing of a digit differs from its template as a whole.

    Width, slant, turn and two slow waves that make bowls and stems larger here, smaller there,
    the same for all strokes, so that they still meet.
    """

    def __init__(self, rng: np.random.Generator) -> None:
        stretch = np.exp(rng.normal(0.0, 0.13))
        slant = np.clip(rng.normal(0.12, 0.14), -0.2, 0.45)
        turn = np.radians(rng.normal(0.0, 3.5))
        cos, sin = np.cos(turn), np.sin(turn)
        self._linear = np.array([[cos, -sin], [sin, cos]]) @ [[stretch, -slant], [0.0, 1.0]]
        self._waves = rng.normal(0.0, 0.028, (2, 2))
        self._phases = rng.uniform(0.0, 2.0 * np.pi, (2, 2))
        self._lengths = rng.uniform(3.0, 6.0, (2, 2))

    def __call__(self, points: Points) -> Points:
        # Axis 1 is the coordinate that moves, axis 2 the one along which the wave runs.
        waves = self._waves * np.sin(points[:, None, :] * self._lengths + self._phases)
        bent: Points = (points + waves.sum(axis=2)) @ self._linear.T
        return bent


def _loosen(knots: Points, rng: np.random.Generator) -> Points:
    """Move the points of a stroke, its ends the most; a corner's two points stay together."""
    moves = rng.normal(0.0, 0.013, knots.shape)
    moves[[0, -1]] *= 2.0
    twice = np.flatnonzero((knots[1:] == knots[:-1]).all(axis=1))
    moves[twice + 1] = moves[twice]
    return knots + moves


def _smooth_curve(knots: Points) -> Points:
    """Return a fine polyline through the knots, smooth but at corners."""
    corners = np.flatnonzero((knots[1:] == knots[:-1]).all(axis=1)) + 1
    curves = []
    for piece in np.split(knots, corners):
        chords = np.hypot(*np.diff(piece, axis=0).T)
        # Centripetal parameters: without loops and cusps between unevenly spaced points.
        times = np.concatenate([[0.0], np.cumsum(np.sqrt(chords))])
        fine = np.linspace(0.0, times[-1], max(8, round(chords.sum() / _STEP)))
        curves.append(CubicSpline(times, piece, bc_type="natural")(fine))
    return _evenly(np.concatenate(curves))


def _evenly(curve: Points) -> Points:
    """Return the polyline with points evenly spaced along it."""
    at = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(curve, axis=0).T))])
    to = np.linspace(0.0, at[-1], max(16, round(at[-1] / _STEP)))
    return np.stack([np.interp(to, at, axis) for axis in curve.T], axis=1)


def _wobble(curve: Points, rng: np.random.Generator) -> Points:
    """Add the unsteadiness of a hand: a few slow waves along the line."""
    along = np.linspace(0.0, 1.0, len(curve))[:, None, None]
    waves = np.arange(2.0, 8.0)[:, None]
    heights = rng.normal(0.0, 0.008, (6, 2)) / waves
    phases = rng.uniform(0.0, 2.0 * np.pi, (6, 2))
    wobble = (heights * np.sin(np.pi * waves * along + phases)).sum(axis=1)
    return np.asarray(curve + wobble)


def _at_pen_times(curve: Points, rng: np.random.Generator) -> Points:
    """Pick the points at which a pen would be seen at even times.

    A hand slows down with the third root of the curvature (the two-thirds power law of drawing),
    and is slow where it sets down and lifts.

    References:
        Lacquaniti, Terzuolo, Viviani 1983, *The law relating the kinematic and figural aspects
        of drawing movements*.
    """
    steps = np.diff(curve, axis=0)
    angles = np.unwrap(np.arctan2(steps[:, 1], steps[:, 0]))
    # Over a few steps, as a corner is a matter of the hand, not of one point.
    bend = np.convolve(np.abs(np.gradient(angles)), np.ones(9) / 9.0, mode="same")
    curvature = bend / np.maximum(np.hypot(*steps.T), 1e-9)
    ends = np.minimum(np.arange(len(steps)), np.arange(len(steps))[::-1]) / len(steps)
    speed = (1.0 + curvature) ** (-1.0 / 3.0) * (0.35 + 0.65 * np.minimum(1.0, ends / 0.12))
    times = np.concatenate([[0.0], np.cumsum(np.hypot(*steps.T) / speed)])
    count = round(_POINTS_PER_UNIT * times[-1] / 1.6 * rng.uniform(0.85, 1.15))
    seen = np.linspace(0.0, times[-1], min(max(count, _FEWEST_POINTS), _MOST_POINTS))
    return np.stack([np.interp(seen, times, axis) for axis in curve.T], axis=1)


def _place(strokes: list[Points], rng: np.random.Generator) -> list[Points]:
    """Put the strokes on the canvas, at a size and place that a hand would choose."""
    points = np.concatenate(strokes)
    low, high = points.min(axis=0), points.max(axis=0)
    room = 1.0 - 2.0 * _MARGIN
    scale = rng.uniform(0.5, 0.78) / (high[1] - low[1])
    scale = min(scale, 0.95 * room / (high - low).max())
    spare = (room - scale * (high - low)) / 2.0
    middle = 0.5 + np.clip(rng.normal(0.0, 0.05, 2), -spare, spare)
    return [(stroke - (low + high) / 2.0) * scale + middle for stroke in strokes]


def _as_points(stroke: Points) -> tuple[Point, ...]:
    return tuple((float(x), float(y)) for x, y in stroke)
