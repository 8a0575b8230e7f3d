"""How a sweep is made and what its figure shows: range, what is shown besides, threshold."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st

from core.errors import InvalidInputError
from core.experiments.recipe import DEFAULT_NUM_STEPS, DEFAULT_RANGES, WHOLE_TURN, SweepKind
from core.figures import numbers
from core.limits import MAX_SWEEP_STEPS

from .fields import number_field

DEFAULT_THRESHOLD = 0.5
PLAIN, PARTS, POST = "plain", "parts", "post"
_SHOWN = {PLAIN: "Plain network", PARTS: "The entropy’s two parts", POST: "The post’s curves"}


@dataclass(frozen=True)
class _Unit:
    """How a kind's values are typed."""

    per_value: float
    low: float
    high: float
    step: float
    text_format: str
    name: str


_UNITS: Mapping[SweepKind, _Unit] = {
    "rotation": _Unit(1.0, -WHOLE_TURN, 2 * WHOLE_TURN, 10.0, "%g", "°"),
    "blending": _Unit(1.0, 0.0, 1.0, 0.1, "%g", "α"),
    "noise": _Unit(100.0, 0.0, 100.0, 10.0, "%g", "% of pixels"),
}


@dataclass(frozen=True)
class SweepRange:
    """Where a sweep starts and stops, in the units of its values, and in how many steps."""

    start: float
    stop: float
    num_steps: int

    def in_link(self, kind: SweepKind) -> dict[str, object]:
        """Return what differs from the usual range, for a link."""
        start, stop = DEFAULT_RANGES[kind]
        usual = {"from": start, "to": stop, "steps": DEFAULT_NUM_STEPS}
        ours: dict[str, object] = {"from": self.start, "to": self.stop, "steps": self.num_steps}
        return {
            name: f"{value:g}" if isinstance(value, float) else value
            for name, value in ours.items()
            if value != usual[name]
        }


def show_range(page: str, kind: SweepKind) -> SweepRange:
    """Show where the sweep starts and stops behind a button, and return it."""
    unit, (start, stop) = _UNITS[kind], DEFAULT_RANGES[kind]
    limits: dict[str, Any] = {"low": unit.low, "high": unit.high, "step": unit.step}
    with st.popover(
        "Range", icon=":material/linear_scale:", help="From where to where, and in how many steps."
    ):
        place = st.container(horizontal=True)
        first = number_field(
            place,
            f"{page}.from",
            f"From, {unit.name}",
            default=start * unit.per_value,
            text_format=unit.text_format,
            **limits,
        )
        last = number_field(
            place,
            f"{page}.to",
            f"To, {unit.name}",
            default=stop * unit.per_value,
            text_format=unit.text_format,
            **limits,
        )
        steps = number_field(
            place,
            f"{page}.steps",
            "Steps",
            low=2,
            high=MAX_SWEEP_STEPS,
            default=DEFAULT_NUM_STEPS,
            step=1,
        )
        if kind == "rotation":
            st.caption("A whole turn ends one step before it would begin again.")
        st.button("Reset", key=f"{page}.usual", on_click=reset_range, args=(page, kind))
        problem = _problem(kind, first, last)
        if problem:
            st.info(problem, icon=":material/error:")
    if problem:
        # What was shown stays until both ends fit: one of them has to be typed first.
        kept: SweepRange | None = st.session_state.get(f"{page}.range")
        if kept is not None:
            return SweepRange(kept.start, kept.stop, int(steps))
        return SweepRange(*DEFAULT_RANGES[kind], int(steps))
    span = SweepRange(round(first / unit.per_value, 9), round(last / unit.per_value, 9), int(steps))
    st.session_state[f"{page}.range"] = span
    return span


def _problem(kind: SweepKind, first: float, last: float) -> str:
    """Say what is wrong with two ends as they were typed, "" if nothing is."""
    name = _UNITS[kind].name
    if not first < last:
        return f"“To” has to be more than “From”, which is {first:g} {name}."
    if kind == "rotation" and last - first > WHOLE_TURN:
        return f"“To” can be at most a whole turn after “From”: {first + WHOLE_TURN:g} {name}."
    return ""


def reset_range(page: str, kind: SweepKind) -> None:
    """Go back to the usual range and steps."""
    unit, ends = _UNITS[kind], DEFAULT_RANGES[kind]
    for name, value in zip(("from", "to"), ends, strict=True):
        st.session_state[f"{page}.{name}"] = value * unit.per_value
    st.session_state[f"{page}.steps"] = DEFAULT_NUM_STEPS


def range_of_link(page: str, kind: SweepKind) -> Mapping[str, Callable[[str], None]]:
    """Return what takes the range of a link over, by name."""
    unit = _UNITS[kind]

    def take_end(name: str, text: str) -> None:
        value = number_of_link(name, text, unit.low / unit.per_value, unit.high / unit.per_value)
        st.session_state[f"{page}.{name}"] = round(value * unit.per_value, 9)

    def take_steps(text: str) -> None:
        if not (text.isascii() and text.isdecimal() and 2 <= int(text[:9]) <= MAX_SWEEP_STEPS):
            raise InvalidInputError(
                "steps", expected=f"a whole number from 2 to {MAX_SWEEP_STEPS}", received=text
            )
        st.session_state[f"{page}.steps"] = int(text)

    return {
        "from": lambda text: take_end("from", text),
        "to": lambda text: take_end("to", text),
        "steps": take_steps,
    }


def number_of_link(name: str, text: str, low: float, high: float) -> float:
    """Return a number that a link holds.

    Raises:
        InvalidInputError: it is none, or out of range.
    """
    try:
        value = float(text) if len(text) < 30 else float("nan")
    except ValueError:
        value = float("nan")
    if not low <= value <= high:  # NaN fails too
        raise InvalidInputError(name, expected=f"a number from {low:g} to {high:g}", received=text)
    return value


def show_shown(page: str, *, has_post: bool, has_plain: bool = True) -> frozenset[str]:
    """Show what the figure may show besides, and return what it shall.

    Args:
        page: of the session's keys.
        has_post: whether the post has published curves of the same sweep.
        has_plain: whether there is a network trained without dropout to ask.
    """
    key, field = f"{page}.shown", f"{page}.shown.field"
    has = {POST: has_post, PLAIN: has_plain}
    options = [name for name in _SHOWN if has.get(name, True)]
    kept = st.session_state.setdefault(key, ())
    st.session_state[field] = [name for name in kept if name in options]

    def keep() -> None:
        # What cannot be chosen now stays as it was chosen.
        hidden = [name for name in st.session_state[key] if name not in options]
        st.session_state[key] = (*st.session_state[field], *hidden)

    with st.popover("Show", icon=":material/stacked_line_chart:"):
        st.pills(
            "Show besides",
            options,
            selection_mode="multi",
            format_func=_SHOWN.__getitem__,
            key=field,
            on_change=keep,
        )
        plain = "The plain network was trained without dropout. " if has_plain else ""
        st.caption(
            f"{plain}The predictive entropy is the sum of expected entropy, passes are unsure,"
            " and mutual information, the passes disagree."
        )
    return frozenset(st.session_state[field])


def show_threshold(page: str, *, has_plain: bool = True) -> float:
    """Show the softmax over which the twin is believed behind a button, and return it.

    Args:
        page: of the session's keys.
        has_plain: whether there is a network trained without dropout beside the twin.
    """
    key, field = f"{page}.threshold", f"{page}.threshold.field"
    value = st.session_state[field] = st.session_state.setdefault(key, DEFAULT_THRESHOLD)

    def keep() -> None:
        st.session_state[key] = st.session_state[field]

    with st.popover(
        f"Twin > {numbers.softmax(value)}",
        icon=":material/straighten:",
        help="When one pass alone is believed.",
    ):
        st.slider(
            "Softmax over which the twin’s answer is believed",
            0.1,
            0.99,
            step=0.01,
            key=field,
            on_change=keep,
        )
        plain = ", or on the plain network’s," if has_plain else ""
        st.caption(
            f"A plum diamond on the twin’s line{plain} is an answer that is wrong and would have"
            " been believed."
        )
    return float(value)


def threshold_of_link(page: str) -> Callable[[str], None]:
    """Return what takes the threshold of a link over."""

    def take(text: str) -> None:
        st.session_state[f"{page}.threshold"] = round(number_of_link("twin", text, 0.1, 0.99), 2)

    return take


def shown_of_link(page: str) -> Callable[[str], None]:
    """Return what takes over what a link's figure shows besides."""

    def take(text: str) -> None:
        names = text.split(",")
        if not set(names) <= set(_SHOWN):
            raise InvalidInputError("show", expected=f"some of {', '.join(_SHOWN)}", received=text)
        st.session_state[f"{page}.shown"] = tuple(names)

    return take
