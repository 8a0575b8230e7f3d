"""Blend: a second image fades in over the first."""

from __future__ import annotations

import math

import streamlit as st

from core.errors import InvalidInputError, LabradorError
from core.figures import numbers
from core.images import ResolvedImage
from pages.parts.answers import answer_at, blending
from pages.parts.experiment import finding, show_step, show_sweep
from pages.parts.gallery import default_image, image_of_link, pick_image
from pages.parts.head import show_head
from pages.parts.links import open_link, write_link
from pages.parts.live_figure import Selection
from pages.parts.settings import Settings, settings_of_link, show_settings

_FIRST, _SECOND = "blend.first", "blend.second"
_STEP = "blend.step"
_STEPS = 36


def _open_alpha(text: str) -> None:
    try:
        alpha = float(text)
    except ValueError:
        alpha = math.nan
    if not 0.0 <= alpha <= 1.0:
        raise InvalidInputError("alpha", expected="a number from 0 to 1", received=text)
    _set_step(round(alpha * (_STEPS - 1)))


def _set_step(step: int) -> None:
    st.session_state[_STEP] = _alpha(step)


def _keep_step() -> None:
    st.session_state[_STEP] = st.session_state[f"{_STEP}.slider"]


def _alpha(step: int) -> float:
    return round(step / (_STEPS - 1), 4)


def _pick_step(selection: Selection) -> None:
    _set_step(round(float(selection["x"]) * (_STEPS - 1)))


def _swap() -> None:
    state = st.session_state
    state[_FIRST], state[_SECOND] = state[_SECOND], state[_FIRST]


@st.fragment
def _live(first: ResolvedImage, second: ResolvedImage, settings: Settings) -> None:
    # The widget forgets its value when the page is left, our own key does not.
    alpha = st.session_state[f"{_STEP}.slider"] = st.session_state.setdefault(_STEP, 0.0)
    st.select_slider(
        "How much of the second image, alpha",
        [_alpha(step) for step in range(_STEPS)],
        format_func=numbers.weight,
        key=f"{_STEP}.slider",
        on_change=_keep_step,
    )
    step = round(alpha * (_STEPS - 1))
    try:
        result = blending((first.image, second.image), (first.label, second.label), settings)
        st.html(f'<p class="lb-finding">{finding(result, "blends")}</p>')
        show_sweep(result, "blend", step, _pick_step)
        show_step(
            answer_at(result, step, settings),
            result.images[step],
            f"Blended, alpha {numbers.weight(alpha)}",
            "blend",
            result.labels,
            f"{first.reference}+{second.reference}@{step}"[:60],
        )
    except LabradorError as error:
        st.info(str(error), icon=":material/error:")
    write_link(settings.in_link(), image=first.reference, image2=second.reference, alpha=alpha)


def main() -> None:
    """Show the page."""
    show_head("Blend")
    open_link(
        {
            "image": image_of_link(_FIRST),
            "image2": image_of_link(_SECOND),
            "alpha": _open_alpha,
            **settings_of_link(),
        }
    )
    settings = show_settings()
    with st.container(horizontal=True, vertical_alignment="center"):
        first = pick_image(_FIRST, "First", default_image(4))
        st.button("Swap", icon=":material/swap_horiz:", on_click=_swap)
        second = pick_image(_SECOND, "Second", default_image(1))
    _live(first, second, settings)


main()
