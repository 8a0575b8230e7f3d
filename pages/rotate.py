"""Rotate: an image turned, at one angle and all the way round."""

from __future__ import annotations

import streamlit as st

from core.errors import InvalidInputError, LabradorError
from core.figures import numbers
from core.images import ResolvedImage, rotate
from pages.parts.answers import answer, answer_at, rotation
from pages.parts.experiment import finding, show_step, show_sweep
from pages.parts.gallery import default_image, image_of_link, pick_image
from pages.parts.head import show_head
from pages.parts.links import open_link, write_link
from pages.parts.live_figure import Selection
from pages.parts.settings import Settings, settings_of_link, show_settings

_IMAGE = "rotate.image"
_ANGLE = "rotate.angle"


def _open_angle(text: str) -> None:
    if not (text.isascii() and text.isdecimal() and len(text) < 4 and int(text) < 360):
        raise InvalidInputError("angle", expected="whole degrees from 0 to 359", received=text)
    st.session_state[_ANGLE] = int(text)


def _pick_step(selection: Selection) -> None:
    st.session_state[_ANGLE] = round(float(selection["x"])) % 360


def _keep_angle() -> None:
    st.session_state[_ANGLE] = st.session_state[f"{_ANGLE}.slider"]


@st.fragment
def _live(image: ResolvedImage, settings: Settings) -> None:
    # The widget forgets its value when the page is left, our own key does not.
    angle = st.session_state[f"{_ANGLE}.slider"] = st.session_state.setdefault(_ANGLE, 0)
    st.slider(
        "Angle, counter-clockwise",
        0,
        359,
        format="%d°",
        key=f"{_ANGLE}.slider",
        on_change=_keep_angle,
    )
    try:
        result = rotation(image.image, image.label, settings)
        st.html(f'<p class="lb-finding">{finding(result, "angles")}</p>')
        degrees = 360 // result.num_steps
        step = angle // degrees if angle % degrees == 0 else None
        show_sweep(result, "rotate", step, _pick_step)
        if step is None:
            turned = rotate(image.image, float(angle))
            said = answer(turned, settings)
        else:
            turned, said = result.images[step], answer_at(result, step, settings)
        show_step(
            said,
            turned,
            f"Turned by {numbers.angle(angle)}",
            "rotate",
            result.labels,
            f"{image.reference}@{angle}"[:60],
        )
    except LabradorError as error:
        st.info(str(error), icon=":material/error:")
    write_link(settings.in_link(), image=image.reference, angle=angle)


def main() -> None:
    """Show the page."""
    show_head("Rotate")
    open_link({"image": image_of_link(_IMAGE), "angle": _open_angle, **settings_of_link()})
    settings = show_settings()
    image = pick_image(_IMAGE, "Digit", default_image(1))
    _live(image, settings)


main()
