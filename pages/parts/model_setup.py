"""What only a model's owner can say: size and range of its images, and the classes' names."""

from __future__ import annotations

from pathlib import PurePath

import streamlit as st

from core.errors import InvalidInputError, LabradorError
from core.images import Frame
from core.limits import MAX_CLASS_NAME, MAX_FRAME_SIDE, MIN_FRAME_SIDE
from core.networks.model_report import ModelReport
from core.networks.named_model import names_in
from core.networks.own_network import Setup
from core.uncertainty.classes import DIGITS, Classes

from .engine import load_engine
from .links import plain, rerun
from .networks import keep_own, own_networks
from .settings import choose_network

_RANGES = {
    "0 to 1": (0.0, 1.0),
    "0 to 255": (0.0, 255.0),
    "−1 to 1": (-1.0, 1.0),
    "1 to 0, dark ink on white": (1.0, 0.0),
    "255 to 0, dark ink on white": (255.0, 0.0),
}
_OTHER_RANGE = "Other"
_BY_NUMBER, _DIGITS, _NAMES = "Numbers", "The digits 0 to 9", "Names"
_PROBLEM = "bring.problem"


def show_setup(data: bytes, file_name: str, report: ModelReport) -> None:
    """Ask what the file does not tell, each with a guess, and offer to use the model.

    Args:
        data: the file.
        file_name: its name, the guess of a title.
        report: of its inspection.
    """
    key = f"bring.{report.sha256[:12]}"
    kept = next((each for each in own_networks().values() if each.sha256 == report.sha256), None)
    told = None if kept is None else kept.setup
    called = PurePath(file_name).stem[:60] if kept is None else kept.title
    title = st.text_input("What to call it", called, max_chars=60, key=f"{key}.title")
    frame = _ask_frame(key, report)
    guess = report.input_range if told is None else (told.dark, told.bright)
    dark, bright = (0.0, 1.0) if frame is None else _ask_range(key, guess)
    asked = _ask_classes(key, report, None if told is None else told.classes)
    if st.button("Use this network", type="primary", key=f"{key}.use", icon=":material/check:"):
        st.session_state[_PROBLEM] = ""
        try:
            classes = _classes(asked, report.num_classes)
            setup = Setup(frame, classes, dark, bright)
            with st.spinner("Opening it…"):
                _use(data, title.strip() or "My network", report, setup)
        except LabradorError as error:
            st.session_state[_PROBLEM] = str(error)
        else:
            rerun()
    if problem := st.session_state.get(_PROBLEM):
        st.info(plain(problem), icon=":material/error:")


def _use(data: bytes, title: str, report: ModelReport, setup: Setup) -> None:
    from core.networks.foreign import bring_model

    network = bring_model(data, title=title, report=report, setup=setup)
    name = keep_own(network)
    load_engine(name)
    choose_network(name)


def _ask_frame(key: str, report: ModelReport) -> Frame | None:
    """Return the frame of the images; asked where the file leaves it open."""
    guess = report.frame
    if guess is None or not report.frame_is_guess:
        return guess
    in_a_row = len(report.input_shape) == 1
    if in_a_row:
        rows, images = "Rows of numbers", f"Images of {guess}, pixel after pixel"
        chosen = st.segmented_control(
            f"Its {report.input_shape[0]:,} inputs are",
            [images, rows],
            default=images,
            required=True,
            key=f"{key}.row",
        )
        return guess if chosen == images else None
    st.caption("Its images may have any size. Which one was it trained on?")
    height, width = st.columns(2)
    sides = [
        int(
            place.number_input(
                label, MIN_FRAME_SIDE, MAX_FRAME_SIDE, value=side, key=f"{key}.{label}"
            )
        )
        for place, label, side in (
            (height, "Height in pixels", guess.height),
            (width, "Width in pixels", guess.width),
        )
    ]
    return Frame(sides[0], sides[1], guess.channels)


def _ask_range(key: str, ends: tuple[float, float]) -> tuple[float, float]:
    """Return what the model takes for a dark and a bright pixel, by itself these."""
    names = [*_RANGES, _OTHER_RANGE]
    guess = next((name for name, known in _RANGES.items() if known == ends), _OTHER_RANGE)
    chosen = st.selectbox(
        "Pixels, from dark to bright",
        names,
        index=names.index(guess),
        key=f"{key}.range",
        help="What the network was trained on. A wrong range gives wrong answers, and no error.",
    )
    if chosen != _OTHER_RANGE:
        return _RANGES[str(chosen)]
    low, high = ends
    dark, bright = st.columns(2)
    return (
        float(dark.number_input("A dark pixel is", value=low, key=f"{key}.dark")),
        float(bright.number_input("A bright pixel is", value=high, key=f"{key}.bright")),
    )


def _ask_classes(key: str, report: ModelReport, told: Classes | None) -> str | Classes:
    """Return the classes, or the text in which their names are typed; `told` is what was said."""
    ways = [_BY_NUMBER, _NAMES]
    if report.num_classes == len(DIGITS):
        ways.insert(1, _DIGITS)
    way = st.segmented_control(
        f"What are its {report.num_classes:,} classes?",
        ways,
        default=_way_of(told),
        required=True,
        key=f"{key}.ways",
    )
    if way == _DIGITS:
        return DIGITS
    if way == _BY_NUMBER:
        return Classes.numbered(report.num_classes)
    return st.text_area(
        "Their names, one a line or with commas between, in the order of the network’s outputs",
        "\n".join(told or ()),
        key=f"{key}.names",
        height=140,
        placeholder="cat\nsausage dog",
    )


def _way_of(told: Classes | None) -> str:
    if told is None or told == Classes.numbered(len(told)):
        return _BY_NUMBER
    return _DIGITS if told == DIGITS else _NAMES


def _classes(asked: str | Classes, num_classes: int) -> Classes:
    if isinstance(asked, Classes):
        return asked
    names = names_in(asked)
    if len(names) != num_classes:
        raise InvalidInputError(
            "class names",
            expected=f"{num_classes:,} names, of at most {MAX_CLASS_NAME} characters",
            received=f"{len(names):,}",
        )
    return Classes(names)
