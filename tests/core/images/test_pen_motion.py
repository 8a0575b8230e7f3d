"""How a hand moves: closed forms first, then against people who wrote with a pen."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from core.images import Ink, write_digit
from core.images.pen_motion import POINT_RATE, write

Points = npt.NDArray[np.float64]

STRAIGHT = np.array([[0.0, 0.0], [0.0, 0.5], [0.0, 1.0]])
CORNER = np.array([[0.0, 0.0], [0.5, 0.0], [1.0, 0.0], [1.0, 0.0], [1.0, 0.5], [1.0, 1.0]])
NO_HASTE = 1e-3  # seconds


def steps(points: Points) -> Points:
    """How far the pen gets from one point to the next."""
    return np.asarray(np.hypot(*np.diff(points, axis=0).T))


def ring(radius: float) -> Points:
    """Twice around a circle."""
    t = np.linspace(0.0, 4.0 * np.pi, 33)
    return radius * np.stack([np.cos(t), np.sin(t)], axis=1)


def test_write_begins_and_ends_where_the_strokes_do() -> None:
    strokes = [STRAIGHT, CORNER]
    for haste in (NO_HASTE, 0.03):
        for stroke, seen in zip(strokes, write(strokes, 1.0, haste), strict=True):
            np.testing.assert_allclose(seen[[0, -1]], stroke[[0, -1]], atol=1e-9)


def test_write_a_straight_line_is_even_but_slow_where_the_pen_lands() -> None:
    (seen,) = write([STRAIGHT], 3.0, NO_HASTE)
    speed = steps(seen)
    inner = speed[len(speed) // 3 : 2 * len(speed) // 3]
    assert np.ptp(inner) < 0.02 * inner.mean()
    assert speed[0] < 0.6 * inner.mean()
    assert speed[0] < speed[-1] < inner.mean()


def test_write_slows_down_with_the_third_root_of_the_curvature() -> None:
    # A ring of a twentieth of the radius bends 20 times as much: in one go, so that one pace
    # holds for both.
    wide, narrow = write([ring(1.0), ring(0.05)], 4.0, NO_HASTE)
    ratio = np.median(steps(wide)) / np.median(steps(narrow))
    assert ratio == pytest.approx(((1.0 + 20.0) / (1.0 + 1.0)) ** (1 / 3), rel=0.05)


def test_write_takes_time_by_pace_and_less_than_twice_for_twice_the_line() -> None:
    def seconds(strokes: list[Points], pace: float) -> float:
        return sum(len(seen) - 1 for seen in write(strokes, pace, NO_HASTE)) / POINT_RATE

    once = seconds([STRAIGHT], 4.0)
    assert seconds([STRAIGHT], 8.0) == pytest.approx(2.0 * once, abs=1 / POINT_RATE)
    assert seconds([STRAIGHT] * 2, 4.0) == pytest.approx(np.sqrt(2) * once, abs=2 / POINT_RATE)


def test_write_in_haste_cuts_the_corner_that_care_draws() -> None:
    gaps = []
    for haste in (NO_HASTE, 0.015, 0.04):
        (seen,) = write([CORNER], 1.0, haste)
        gaps.append(np.hypot(*(seen - [1.0, 0.0]).T).min())
    assert gaps[0] < 0.01 < gaps[1] < gaps[2] < 0.15


def exponent(inks: list[Ink]) -> float:
    """With which power of its curvature a stroke's speed goes, the median over long strokes."""
    slopes = []
    for stroke in (stroke for ink in inks for stroke in ink.strokes if len(stroke) >= 25):
        kernel = np.array([1.0, 2.0, 3.0, 2.0, 1.0]) / 9.0
        points = np.array(stroke) / max(np.ptp(np.array(stroke)[:, 1]), 0.05)
        smooth = np.stack([np.convolve(axis, kernel, "valid") for axis in points.T], axis=1)
        v = np.gradient(smooth, axis=0)[4:-4]
        a = np.gradient(np.gradient(smooth, axis=0), axis=0)[4:-4]
        speed = np.maximum(np.hypot(*v.T), 1e-6)
        curvature = np.abs(v[:, 0] * a[:, 1] - v[:, 1] * a[:, 0]) / speed**3
        good = (curvature > 0.5) & (curvature < 40.0) & (speed > 1e-3)
        if good.sum() > 8:
            slopes.append(np.polyfit(np.log(curvature[good]), np.log(speed[good]), 1)[0])
    assert len(slopes) > 100
    return float(np.median(slopes))


def test_built_in_handwriting_keeps_the_two_thirds_power_law() -> None:
    inks = [write_digit(digit, variant) for digit in range(10) for variant in range(20)]
    assert exponent(inks) == pytest.approx(-1 / 3, abs=0.1)


def test_people_keep_the_two_thirds_power_law(pen_digits: list[tuple[Ink, int]]) -> None:
    assert exponent([ink for ink, _ in pen_digits[::10]]) == pytest.approx(-1 / 3, abs=0.1)
