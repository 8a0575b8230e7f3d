"""The distance between two drawings: closed forms, and what it must not depend on."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import InvalidInputError
from core.images import Ink, stroke_distance, write_digit

UPRIGHT = Ink((((0.5, 0.1), (0.5, 0.9)),))
# Ink lies on a grid of 1/2048; for a digit of a quarter of the canvas that is this many heights.
GRID = 0.002


def moved(ink: Ink, scale: float = 1.0, x: float = 0.0, y: float = 0.0) -> Ink:
    """The same drawing at another size and place."""
    return Ink(tuple(tuple((scale * a + x, scale * b + y) for a, b in s) for s in ink.strokes))


@pytest.mark.parametrize("slant", [0.1, 0.3, 0.6])
def test_stroke_distance_of_two_leaning_lines_has_a_closed_form(slant: float) -> None:
    # At angle t to an upright line of height 1, a point y heights off the middle is |y| sin t
    # from the leaning line and the point level with it |y| tan t from the upright one; the mean
    # of |y| is a quarter.
    leaning = Ink((((0.5 + 0.4 * slant, 0.1), (0.5 - 0.4 * slant, 0.9)),))
    angle = np.arctan(slant)
    expected = (np.sin(angle) + np.tan(angle)) / 8
    assert stroke_distance(UPRIGHT, leaning) == pytest.approx(expected, abs=GRID)


def test_stroke_distance_of_a_ring_to_a_ring_half_as_wide() -> None:
    t = np.linspace(0.0, 2.0 * np.pi, 400)

    def ring(width: float) -> Ink:
        return Ink((tuple(zip(0.5 + width * np.cos(t), 0.5 + 0.4 * np.sin(t), strict=True)),))

    # Between nothing and the half width by which they differ, and more for a greater difference.
    near, far = (stroke_distance(ring(0.4), ring(width)) for width in (0.3, 0.2))
    assert 0.0 < near < far < 0.25


@given(
    digit=st.integers(0, 9),
    variant=st.integers(0, 199),
    scale=st.floats(0.3, 1.0),
    x=st.floats(0.0, 0.2),
)
def test_stroke_distance_does_not_see_place_size_and_pen(
    digit: int, variant: int, scale: float, x: float
) -> None:
    ink = write_digit(digit, variant)
    other = moved(ink, 0.8 * scale, x)
    assert stroke_distance(ink, ink) == pytest.approx(0.0, abs=1e-12)
    assert stroke_distance(ink, other) < GRID
    thick = Ink(ink.strokes, 0.1)
    assert stroke_distance(thick, UPRIGHT) == stroke_distance(ink, UPRIGHT)


def test_stroke_distance_does_not_see_order_and_direction() -> None:
    ink = write_digit(7, 1)
    assert len(ink.strokes) == 2
    backwards = Ink(tuple(stroke[::-1] for stroke in ink.strokes[::-1]))
    assert stroke_distance(ink, backwards) < 1e-12


@given(a=st.integers(0, 199), b=st.integers(0, 199))
def test_stroke_distance_is_the_same_both_ways(a: int, b: int) -> None:
    one, other = write_digit(5, a), write_digit(2, b)
    assert stroke_distance(one, other) == pytest.approx(stroke_distance(other, one), abs=1e-12)
    assert stroke_distance(one, other) > 0.03


@pytest.mark.parametrize("ink", [Ink(), Ink((((0.2, 0.5), (0.8, 0.5)),)), Ink((((0.2, 0.5),),))])
def test_stroke_distance_of_what_has_no_height_is_refused(ink: Ink) -> None:
    with pytest.raises(InvalidInputError, match="some height"):
        stroke_distance(ink, UPRIGHT)
