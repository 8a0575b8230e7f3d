"""The drawing canvas: ink that a person draws, while it is being drawn.

    drawing = canvas("draw", write=lambda: write_digit(3, 17))
    if drawing.image is None: ...           # nothing drawn yet
    else: sampler.summarise(drawing.image)

The component in the browser loses its ink when its page is left, so the ink lives in a session
key of ours and is handed back through `data`, with a revision that only Python's own changes
raise: an echo of what the browser sent never overwrites what the hand is doing meanwhile.
Call it inside a fragment: in a run of the whole app the pen's next message would cancel the run
before it has shown anything.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import streamlit as st

from core.errors import InvalidInputError
from core.images.frame import MNIST_FRAME
from core.images.ink import POINT_GRID, Ink, parse_ink
from core.images.normalise import ink_image
from core.images.pen_motion import POINT_RATE
from core.limits import MAX_POINTS, MAX_STROKES

from .component import component

Image = npt.NDArray[np.float32]

# The slider's range; links may hold thinner and thicker pens than a hand wants.
PEN_WIDTHS = (12 / 512, 64 / 512)


@dataclass
class CanvasState:
    """What a canvas remembers between runs and while its page is not shown.

    Attributes:
        ink: the ink as the browser last sent it; part of a digit while one writes itself.
        whole: the whole digit while one writes itself, else None.
        revision: counts Python's own changes of the ink.
        replay: whether the browser should write the newest revision stroke by stroke.
        pen_down: whether the hand is still drawing.
        instance: which mount of the component sent last, and `seq` its how manieth message.
        ask: how often this mount's "Draw one for me" had been pressed.
        problem: the sentence about ink that could not be used, or "".
    """

    ink: Ink = field(default_factory=Ink)
    whole: Ink | None = None
    revision: int = 0
    replay: bool = False
    pen_down: bool = False
    instance: str = ""
    seq: int = 0
    ask: int = 0
    problem: str = ""


@dataclass(frozen=True)
class Drawing:
    """What is on the canvas now.

    Attributes:
        ink: the strokes, a growing part of them while they are drawn.
        image: what the network sees, (28, 28, 1) float32 unless `see` makes it otherwise; None
            while nothing is drawn.
        pen_down: whether more is to come at once; wait for pen-up before writing a link.
        tag: tells this state of the ink from all others; hand it to `live_figure(tag=...)`.
        problem: why the newest ink was not taken over, or "".
    """

    ink: Ink
    image: Image | None
    pen_down: bool
    tag: str
    problem: str


def canvas_state(key: str) -> CanvasState:
    """Return the canvas' own state, made on first use."""
    state: CanvasState = st.session_state.setdefault(_state_key(key), CanvasState())
    return state


def set_ink(key: str, ink: Ink, *, replay: bool = False) -> None:
    """Put other ink on the canvas, from a link or "Draw one for me".

    Args:
        key: the canvas' key.
        ink: what to show.
        replay: whether it writes itself, at the speed of a hand.
    """
    state = canvas_state(key)
    state.revision += 1
    state.replay = replay and not ink.is_empty
    state.problem = ""
    if state.replay:
        state.whole = ink
        state.ink = Ink((), ink.pen_width)
    else:
        state.whole = None
        state.ink = ink


def canvas(
    key: str,
    *,
    write: Callable[[], Ink] | None = None,
    see: Callable[[Ink], Image] = ink_image,
    may_shrink: bool = True,
    notice: str = "",
    instead: Image | None = None,
    instead_is: str = "",
    hint: str = "Draw a digit here",
) -> Drawing:
    """Show the canvas with its buttons, and return what is drawn on it.

    Args:
        key: the component's key; its ink is kept in the session under a name made of it.
        write: gives the ink for "Draw one for me"; without it there is no such button.
        see: makes the network's image of ink that is not empty.
        may_shrink: whether a phone gets the compact form, the network's image in the corner.
        notice: a sentence to show under the buttons.
        instead: an image that stands in for the drawing; the network sees that one.
        instead_is: a sentence about it; by itself it is said to be the person's own.
        hint: what stands on an empty canvas.
    """
    state = canvas_state(key)
    if key not in st.session_state and state.whole is not None:
        # Its page was left while a digit wrote itself: nobody will send the rest.
        state.ink, state.whole = state.whole, None
        state.replay = state.pen_down = False
    image = None
    if not state.ink.is_empty:
        try:
            image = see(state.ink)
        except InvalidInputError as error:
            state.problem = str(error)
    shown = state.whole or state.ink
    component("canvas")(
        key=key,
        data={
            "revision": state.revision,
            "replay": state.replay,
            "strokes": [_packed(stroke) for stroke in shown.strokes],
            "pen_width": shown.pen_width,
            "pen_widths": PEN_WIDTHS,
            "point_time": 1000 / POINT_RATE,
            "limits": {"strokes": MAX_STROKES, "points": MAX_POINTS},
            "picture": None
            if (seen := image if instead is None else instead) is None
            else _picture(seen),
            "frame": MNIST_FRAME.shape[:2] if seen is None else seen.shape[:2],
            "stands_in": instead is not None,
            "instead_is": instead_is,
            "waits": not state.ink.is_empty,
            "can_write": write is not None,
            "may_shrink": may_shrink,
            "notice": state.problem or notice,
            "hint": hint,
        },
        on_ink_change=lambda: _receive(key, write),
    )
    return Drawing(
        ink=state.ink,
        image=image,
        pen_down=state.pen_down,
        tag=f"{state.instance}:{state.seq}:{state.revision}",
        problem=state.problem,
    )


def _receive(key: str, write: Callable[[], Ink] | None) -> None:
    """Take over what the browser sent, if it is not older than what Python has put there."""
    value = st.session_state[key].get("ink")
    receive(canvas_state(key), value)
    asked = _whole_number(value, "ask") if isinstance(value, dict) else 0
    state = canvas_state(key)
    if write is not None and asked > state.ask:
        set_ink(key, write(), replay=True)
    state.ask = asked


def receive(state: CanvasState, value: object) -> None:
    """Put a message of the browser into the state; ink that cannot be used leaves the last good.

    Args:
        state: changed in place.
        value: the message; anything, since it comes from outside.
    """
    if not isinstance(value, dict):
        state.problem = str(
            InvalidInputError("ink", expected="a message of the canvas", received=value)
        )
        return
    instance = str(value.get("instance", ""))[:16]
    if instance != state.instance:
        state.instance, state.ask = instance, 0
    state.seq = _whole_number(value, "seq")
    if _whole_number(value, "revision") < state.revision:
        return
    state.replay = False
    state.pen_down = value.get("pen_down") is True
    try:
        state.ink = parse_ink(value)
        state.problem = ""
    except InvalidInputError as error:
        state.problem = str(error)
    if value.get("replaying") is not True:
        state.whole = None


def _whole_number(value: dict[Any, Any], name: str) -> int:
    number = value.get(name)
    return number if type(number) is int and number >= 0 else 0


def _state_key(key: str) -> str:
    return f"{key}.canvas"


def _packed(stroke: tuple[tuple[float, float], ...]) -> list[int]:
    return [round(share * POINT_GRID) for point in stroke for share in point]


def _picture(image: Image) -> str:
    grey = np.rint(np.clip(image, 0.0, 1.0) * 255.0).astype(np.uint8)
    return base64.b64encode(grey.tobytes()).decode()
