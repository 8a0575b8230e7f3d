"""The canvas' Python side: what a message of the browser may and may not change."""

from __future__ import annotations

import base64

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from core.images import Ink, write_digit
from pages.parts.canvas import CanvasState, _picture, receive

ONE = Ink((((0.5, 0.25), (0.5, 0.75)),))


def message(**changes: object) -> dict[str, object]:
    """What the browser sends while a stroke is drawn."""
    return {
        "instance": "a",
        "seq": 3,
        "revision": 0,
        "ask": 0,
        "pen_down": True,
        "replaying": False,
        "strokes": [[[0.25, 0.5], [0.75, 0.5]]],
        "pen_width": 0.0625,
        **changes,
    }


def test_receive_takes_the_ink_over():
    state = CanvasState()
    receive(state, message())
    assert state.ink == Ink((((0.25, 0.5), (0.75, 0.5)),), 0.0625)
    assert state.pen_down and (state.instance, state.seq) == ("a", 3)


def test_receive_ink_older_than_what_python_put_there_is_ignored():
    state = CanvasState(ink=ONE, revision=2)
    receive(state, message(revision=1))
    assert state.ink == ONE


def test_receive_ink_that_cannot_be_used_keeps_the_last_good_and_says_why():
    state = CanvasState(ink=ONE)
    receive(state, message(strokes=[[[0.5, float("nan")]]], pen_down=False))
    assert state.ink == ONE
    assert not state.pen_down
    assert "Expected a finite number" in state.problem
    receive(state, message())
    assert state.problem == ""


def test_receive_part_of_a_replay_keeps_the_whole_digit_until_it_is_written():
    state = CanvasState(whole=ONE, revision=1, replay=True)
    receive(state, message(revision=1, replaying=True))
    assert state.whole == ONE and state.ink.num_points == 2 and not state.replay
    receive(state, message(revision=1, replaying=False))
    assert state.whole is None


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=12,
)


@given(
    st.one_of(
        anything,
        st.dictionaries(st.sampled_from(sorted(message())), anything),
        st.builds(lambda changes: message(**changes), st.dictionaries(
            st.sampled_from(sorted(message())), anything)),
    )
)  # fmt: skip
def test_receive_anything_leaves_ink_that_can_be_used(value):
    state = CanvasState(ink=ONE)
    receive(state, value)
    assert isinstance(state.ink, Ink)
    assert isinstance(state.seq, int) and state.seq >= 0


def script() -> None:
    """A page with a canvas, and a button that puts other ink on it."""
    import streamlit as st

    from core.images import write_digit
    from pages.parts.canvas import canvas, set_ink

    if st.button("Put"):
        set_ink("draw", write_digit(3, 17), replay=False)
    if st.button("Write"):
        set_ink("draw", write_digit(3, 17), replay=True)
    drawing = canvas("draw", write=lambda: write_digit(3, 17))
    shown = None if drawing.image is None else drawing.image.shape
    st.write(f"{drawing.ink.num_points} points, image {shown}{drawing.problem}")


def test_canvas_with_nothing_drawn_has_no_image():
    app = AppTest.from_function(script).run()
    assert not app.exception
    assert app.markdown[0].value == "0 points, image None"


def test_canvas_shows_ink_that_python_put_there():
    app = AppTest.from_function(script).run()
    app.button[0].click().run()
    points = write_digit(3, 17).num_points
    assert app.markdown[0].value == f"{points} points, image (28, 28, 1)"


def test_canvas_starts_a_replay_with_an_empty_sheet():
    app = AppTest.from_function(script).run()
    app.button[1].click().run()
    assert app.session_state["draw.canvas"].whole == write_digit(3, 17)
    assert app.session_state["draw.canvas"].ink.is_empty


def test_canvas_ink_from_a_page_left_before_is_back():
    app = AppTest.from_function(script)
    app.session_state["draw.canvas"] = CanvasState(ink=ONE, instance="before", seq=9)
    app.run()
    assert app.markdown[0].value.startswith("2 points, image (28, 28, 1)")


@pytest.mark.parametrize("replayed", [True, False])
def test_canvas_left_during_a_replay_comes_back_with_the_whole_digit(replayed):
    part = Ink(ONE.strokes[:1]) if replayed else Ink()
    app = AppTest.from_function(script)
    app.session_state["draw.canvas"] = CanvasState(ink=part, whole=write_digit(3, 17), revision=1)
    app.run()
    points = write_digit(3, 17).num_points
    assert app.markdown[0].value.startswith(f"{points} points")


def test_picture_holds_the_image_in_8_bits():
    image = np.linspace(0.0, 1.0, 784, dtype=np.float32).reshape(28, 28, 1)
    grey = np.frombuffer(base64.b64decode(_picture(image)), np.uint8)
    np.testing.assert_allclose(grey / 255.0, image.ravel(), atol=0.5 / 255 + 1e-6)
