"""The pen: round, antialiased, where it was put."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import InvalidInputError
from core.images import Ink, render_ink


def test_render_of_an_empty_ink_is_dark() -> None:
    picture = render_ink(Ink(), 40)
    assert picture.shape == (40, 40) and picture.dtype == np.float32
    assert not picture.any()


def test_render_of_a_tap_is_a_round_dot_of_the_pens_width() -> None:
    picture = render_ink(Ink((((0.5, 0.25),),), pen_width=0.125), 256)
    assert picture.sum() == pytest.approx(math.pi * 16.0**2, rel=0.01)
    rows, columns = np.indices(picture.shape) + 0.5
    distance = np.hypot(rows - 64, columns - 128)
    assert (picture[distance < 15] == 1.0).all()
    assert (picture[distance > 17] == 0.0).all()


def test_render_of_a_line_has_round_ends_and_the_pens_width() -> None:
    picture = render_ink(Ink((((0.25, 0.5), (0.75, 0.5)),), pen_width=0.125), 256)
    assert picture.sum() == pytest.approx(128 * 32 + math.pi * 16.0**2, rel=0.01)
    assert picture[:, 128].sum() == pytest.approx(32, rel=1e-3)
    assert picture[128].sum() == pytest.approx(128 + 32, rel=1e-3)


def test_render_x_goes_right_and_y_goes_down() -> None:
    picture = render_ink(Ink((((0.75, 0.125),),), pen_width=0.0625), 64)
    rows, columns = np.nonzero(picture)
    assert rows.mean() + 0.5 == pytest.approx(8) and columns.mean() + 0.5 == pytest.approx(48)


def test_render_of_a_slanted_edge_is_antialiased() -> None:
    picture = render_ink(Ink((((0.1, 0.2), (0.8, 0.9)),), pen_width=0.1), 100)
    between = picture[(picture > 0) & (picture < 1)]
    assert len(np.unique(np.round(between, 2))) > 10


def test_render_of_a_corner_leaves_no_notch() -> None:
    picture = render_ink(Ink((((0.5, 0.8), (0.5, 0.3), (0.7, 0.8)),), pen_width=0.125), 256)
    rows, columns = np.indices(picture.shape) + 0.5
    corner = np.hypot(rows - 0.3 * 256, columns - 128) < 15
    assert (picture[corner] == 1.0).all()


def test_render_of_strokes_that_cross_does_not_add_up() -> None:
    one = Ink((((0.2, 0.5), (0.8, 0.5)),))
    other = Ink((((0.5, 0.2), (0.5, 0.8)),))
    both = Ink(one.strokes + other.strokes)
    expected = np.maximum(render_ink(one), render_ink(other))
    np.testing.assert_array_equal(render_ink(both), expected)


def test_render_of_a_line_does_not_depend_on_how_it_is_cut() -> None:
    whole = Ink((((0.125, 0.25), (0.875, 0.75)),))
    cut = Ink((((0.125, 0.25), (0.3125, 0.375), (0.5, 0.5), (0.5, 0.5), (0.875, 0.75)),))
    np.testing.assert_allclose(render_ink(cut), render_ink(whole), atol=1e-3)


shares = st.floats(0.0, 1.0)


@given(
    st.lists(st.tuples(shares, shares), min_size=1, max_size=6),
    st.floats(0.01, 0.25),
    st.integers(16, 96),
)
def test_render_equals_the_distance_to_every_segment(
    points: list[tuple[float, float]], pen_width: float, size: int
) -> None:
    ink = Ink((tuple(points),), pen_width)
    np.testing.assert_allclose(render_ink(ink, size), _slow_render(ink, size), atol=2e-3)


def _slow_render(ink: Ink, size: int) -> np.ndarray:
    rows, columns = np.indices((size, size)) + 0.5
    nearest = np.full((size, size), np.inf)
    for stroke in ink.strokes:
        points = np.array(stroke) * size
        for start, end in zip(points, [*points[1:], points[-1]], strict=True):
            step = end - start
            length2 = max(step @ step, 1e-12)
            t = ((columns - start[0]) * step[0] + (rows - start[1]) * step[1]) / length2
            t = np.clip(t, 0.0, 1.0)
            distance = np.hypot(columns - start[0] - t * step[0], rows - start[1] - t * step[1])
            nearest = np.minimum(nearest, distance)
    return np.clip(ink.pen_width * size / 2 + 0.5 - nearest, 0.0, 1.0)


@pytest.mark.parametrize("size", [0, -1, 1, 100_000])
def test_render_at_a_senseless_size_is_refused(size: int) -> None:
    with pytest.raises(InvalidInputError, match="size"):
        render_ink(Ink(), size)
