"""Ink: validation at the boundary, snapping, undo."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import InvalidInputError
from core.images import DEFAULT_PEN_WIDTH, Ink, parse_ink
from core.limits import MAX_POINTS, MAX_STROKES

LINE = ((0.25, 0.25), (0.75, 0.5))


def test_ink_points_are_snapped_to_the_grid() -> None:
    ink = Ink((((0.1, 0.9),),), pen_width=0.06)
    x, y = ink.strokes[0][0]
    assert (x * 2048).is_integer() and (y * 2048).is_integer()
    assert math.isclose(x, 0.1, abs_tol=1 / 4096) and math.isclose(y, 0.9, abs_tol=1 / 4096)
    assert ink.pen_width == 31 / 512


def test_ink_without_points_is_empty() -> None:
    assert Ink().is_empty
    assert Ink(((), ())).is_empty
    assert not Ink((LINE,)).is_empty


def test_ink_drops_strokes_without_points() -> None:
    assert Ink(((), LINE, ())) == Ink((LINE,))


def test_without_last_stroke_undoes_one_stroke_and_stops_at_empty() -> None:
    ink = Ink((LINE, ((0.5, 0.5),)), pen_width=0.125)
    assert ink.without_last_stroke() == Ink((LINE,), pen_width=0.125)
    assert Ink().without_last_stroke() == Ink()


@pytest.mark.parametrize("point", [(1.5, 0.5), (0.5, -0.25), (math.nan, 0.5), (math.inf, 0.0)])
def test_ink_point_off_the_canvas_is_refused(point: tuple[float, float]) -> None:
    with pytest.raises(InvalidInputError, match="ink point"):
        Ink((((0.5, 0.5), point),))


@pytest.mark.parametrize("width", [0.0, -0.1, 0.5, math.nan, math.inf])
def test_ink_pen_width_out_of_range_is_refused(width: float) -> None:
    with pytest.raises(InvalidInputError, match="pen width"):
        Ink((LINE,), pen_width=width)


def test_parse_ink_reads_what_the_canvas_sends() -> None:
    sent = {"strokes": [[[0.25, 0.25], [0.75, 0.5]], [[0, 1]]], "pen_width": 0.125, "more": 1}
    assert parse_ink(sent) == Ink((LINE, ((0.0, 1.0),)), pen_width=0.125)


def test_parse_ink_without_pen_width_takes_the_default() -> None:
    assert parse_ink({"strokes": []}) == Ink(pen_width=DEFAULT_PEN_WIDTH)


def test_parse_ink_clips_a_pen_that_strays_off_the_canvas() -> None:
    ink = parse_ink({"strokes": [[[-0.5, 0.5], [0.5, 1.75]]]})
    assert ink.strokes == (((0.0, 0.5), (0.5, 1.0)),)


@pytest.mark.parametrize(
    "sent",
    [
        None,
        [],
        "ink",
        {},
        {"strokes": None},
        {"strokes": "abc"},
        {"strokes": [None]},
        {"strokes": [["ab"]]},
        {"strokes": [[[0.5]]]},
        {"strokes": [[[0.5, 0.5, 0.5]]]},
        {"strokes": [[[0.5, "0.5"]]]},
        {"strokes": [[[0.5, None]]]},
        {"strokes": [[[True, 0.5]]]},
        {"strokes": [[[0.5, math.nan]]]},
        {"strokes": [[[math.inf, 0.5]]]},
        {"strokes": [[[10**400, 0.5]]]},
        {"strokes": [[[182, 95]]]},
        {"strokes": [[[0.5, 0.5]]], "pen_width": "thick"},
        {"strokes": [[[0.5, 0.5]]], "pen_width": 7},
        {"strokes": [[[0.5, 0.5]]], "pen_width": None},
        {"strokes": [[[0.5, 0.5]]] * (MAX_STROKES + 1)},
        {"strokes": [[[0.5, 0.5]] * (MAX_POINTS + 1)]},
        {"strokes": [[]] * 1_000_000},
    ],
)
def test_parse_ink_refuses_anything_else(sent: object) -> None:
    with pytest.raises(InvalidInputError):
        parse_ink(sent)


def test_parse_ink_takes_as_much_as_the_limits_allow() -> None:
    assert parse_ink({"strokes": [[[0.5, 0.5]] * MAX_POINTS]}).num_points == MAX_POINTS
    assert len(parse_ink({"strokes": [[[0.5, 0.5]]] * MAX_STROKES}).strokes) == MAX_STROKES


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["strokes", "pen_width", "x"]), inner, max_size=3)
    ),
    max_leaves=20,
)


@given(JSON)
def test_parse_ink_of_any_json_gives_ink_or_a_refusal(sent: object) -> None:
    try:
        ink = parse_ink(sent)
    except InvalidInputError:
        return
    assert all(0 <= share <= 1 for stroke in ink.strokes for point in stroke for share in point)
