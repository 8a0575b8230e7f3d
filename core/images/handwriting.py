"""Built-in handwriting: digits that no one wrote, written as a hand would."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.ndimage import gaussian_filter1d
from scipy.special import ndtri

from ..errors import InvalidInputError
from .ink import Ink, Point
from .pen_motion import write
from .templates import TEMPLATES

Points = npt.NDArray[np.float64]

NUM_VARIANTS = 200  # of each digit

# Between the ink and the edge of the canvas, a share of its side.
_MARGIN = 0.06
# Where each digit's writings begin in the generator: at the first number for which no two of any 30
# writings in a row are nearer than 0.01 by `stroke_distance`. Plain ones take the longest search.
_SERIES = (4, 218, 1, 1, 0, 0, 1, 5, 0, 6)
_FIRST_WAY = 500  # number of the first template's generator, beyond those of all variants


def write_digit(digit: int, variant: int) -> Ink:
    """Write a digit as pen strokes.

    A template is written by a hand of its own: one that slants, stretches, hurries and presses
    as no other among its neighbours. The same arguments give the same ink. No network was asked
    which writings are good ones.

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
    turn, way = divmod(variant, len(TEMPLATES[digit]))
    rng = _generator(digit, variant)
    hand = _hand(turn, _generator(digit, _FIRST_WAY + way))
    bend = _Bend(hand, rng)
    strokes = [bend(_loosen(np.array(stroke), rng)) for stroke in TEMPLATES[digit][way]]
    placed = _place(write(strokes, hand.pace, hand.haste), hand.size, rng)
    return Ink(tuple(_as_points(stroke) for stroke in placed), hand.pen_width)


def _generator(digit: int, number: int) -> np.random.Generator:
    return np.random.Generator(np.random.Philox(key=1_000 * _SERIES[digit] + number))


@dataclass(frozen=True)
class _Hand:
    """What one hand does otherwise than others.

    Attributes:
        slant: to the right, a share of the height.
        stretch: of the width, as a factor.
        turn: of the line that it writes on, radians.
        bow: how far the middle of the digit lies too far left, digit heights.
        waist: how far the middle of the digit lies too low, digit heights.
        taper: by what share the top is wider than the middle, and the bottom narrower.
        pace: multiple of the usual time.
        haste: seconds, see `pen_motion.write`.
        size: height on the canvas, a share of its side.
        pen_width: a share of the canvas' side.
    """

    slant: float
    stretch: float
    turn: float
    bow: float
    waist: float
    taper: float
    pace: float
    haste: float
    size: float
    pen_width: float


# How far each trait moves on from one hand to the next, a share of its range. Multiples of such
# numbers fill the range evenly from the first few on, where drawn numbers would pile up.
_STRIDES = np.array([0.618, 0.732, 0.646, 0.414, 0.606, 0.317, 0.449, 0.162, 0.742, 0.873])


def _hand(number: int, rng: np.random.Generator) -> _Hand:
    """Return one of a row of hands; `rng` says where the row begins."""
    # Slants and their spread are about those of MNIST's digits (second moments of 20,000 images).
    share = (rng.uniform(size=len(_STRIDES)) + number * _STRIDES) % 1.0
    # Normal, without the outermost percents.
    normal = ndtri(0.015 + 0.97 * share)
    return _Hand(
        slant=float(np.clip(0.17 + 0.25 * normal[0], -0.3, 0.7)),
        stretch=float(np.exp(0.16 * normal[1])),
        turn=float(np.radians(2.5 * normal[2])),
        bow=float(0.03 * normal[3]),
        waist=float(0.045 * normal[4]),
        taper=float(0.12 * normal[5]),
        pace=float(np.exp(0.18 * normal[6])),
        haste=float(0.020 * np.exp(0.4 * normal[7])),
        size=float(0.5 + 0.28 * share[8]),
        pen_width=float(0.045 + 0.055 * share[9]),
    )


class _Bend:
    """Bends a template as a whole, all strokes alike, so that they still meet.

    What a hand does on purpose, and two slow waves that make bowls and stems larger here,
    smaller there.
    """

    def __init__(self, hand: _Hand, rng: np.random.Generator) -> None:
        cos, sin = np.cos(hand.turn), np.sin(hand.turn)
        self._linear = np.array([[cos, sin], [-sin, cos]]) @ [
            [hand.stretch, -hand.slant],
            [0.0, 1.0],
        ]
        self._hand = hand
        self._waves = rng.normal(0.0, 0.026, (2, 2))
        self._phases = rng.uniform(0.0, 2.0 * np.pi, (2, 2))
        self._lengths = rng.uniform(3.0, 6.0, (2, 2))

    def __call__(self, points: Points) -> Points:
        x, y = points.T
        middle = 0.3
        swell = np.sin(np.pi * np.clip(y, 0.0, 1.0))
        x = middle + (x - middle) * (1.0 + self._hand.taper * (1.0 - 2.0 * y))
        x = x - self._hand.bow * swell
        y = y + self._hand.waist * swell
        points = np.stack([x, y], axis=1)
        # Axis 1 is the coordinate that moves, axis 2 the one along which the wave runs.
        waves = self._waves * np.sin(points[:, None, :] * self._lengths + self._phases)
        bent: Points = (points + waves.sum(axis=2)) @ self._linear.T
        return bent


def _loosen(knots: Points, rng: np.random.Generator) -> Points:
    """Move the points of a stroke, neighbours alike and the ends the most.

    A corner's two points stay together.
    """
    moves = 0.02 * gaussian_filter1d(rng.normal(size=knots.shape), 0.7, axis=0, mode="nearest")
    moves[[0, -1]] *= 1.8
    twice = np.flatnonzero((knots[1:] == knots[:-1]).all(axis=1))
    moves[twice + 1] = moves[twice]
    return np.asarray(knots + moves)


def _place(strokes: list[Points], size: float, rng: np.random.Generator) -> list[Points]:
    """Put the strokes on the canvas, at a size and place that a hand would choose."""
    points = np.concatenate(strokes)
    low, high = points.min(axis=0), points.max(axis=0)
    room = 1.0 - 2.0 * _MARGIN
    scale = min(size / (high[1] - low[1]), 0.95 * room / (high - low).max())
    spare = (room - scale * (high - low)) / 2.0
    middle = 0.5 + np.clip(rng.normal(0.0, 0.05, 2), -spare, spare)
    return [(stroke - (low + high) / 2.0) * scale + middle for stroke in strokes]


def _as_points(stroke: Points) -> tuple[Point, ...]:
    return tuple((float(x), float(y)) for x, y in stroke)
