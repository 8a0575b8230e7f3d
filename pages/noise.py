"""Noise: an image buried in salt and pepper, more and more of it."""

from __future__ import annotations

import streamlit as st

from core.errors import InvalidInputError
from core.figures import numbers
from core.limits import MAX_SEED
from pages.parts.experiment import parts_of_link, show_experiment
from pages.parts.gallery import default_image, image_of_link, pick_image
from pages.parts.head import show_head
from pages.parts.image_network import image_network
from pages.parts.links import open_link
from pages.parts.settings import settings_of_link, show_settings
from pages.parts.sweep_view import Experiment

_IMAGE = "noise.image"
_GRAINS = "noise.grains"
_NOISE = Experiment(
    page="noise",
    kind="noise",
    places="levels of noise",
    at="noise",
    label="Share of the pixels replaced",
    words=lambda share: f"{numbers.pixels(share)} of the pixels replaced",
    text=numbers.pixels,
)


def _take_grains(text: str) -> None:
    if not (text.isascii() and text.isdecimal() and len(text) < 12 and int(text) <= MAX_SEED):
        raise InvalidInputError(
            "grains", expected=f"a whole number from 0 to {MAX_SEED:,}", received=text
        )
    st.session_state[_GRAINS] = int(text)


def _other_grains() -> None:
    st.session_state[_GRAINS] = (st.session_state[_GRAINS] + 1) % MAX_SEED


def main() -> None:
    """Show the page."""
    show_head("Noise")
    open_link(
        {
            "image": image_of_link(_IMAGE),
            "grains": _take_grains,
            **parts_of_link(_NOISE),
            **settings_of_link(),
        }
    )
    settings = show_settings()
    facts = image_network(settings)
    if facts is None:
        return
    grains = st.session_state.setdefault(_GRAINS, 0)
    head, row = st.container(), st.container(key="noise-row", horizontal=True)
    with row:
        image = pick_image(_IMAGE, "Digit", default_image(4), facts)
        st.button("Other noise", icon=":material/grain:", on_click=_other_grains)
    show_experiment(_NOISE, {_IMAGE: image}, settings, (head, row), noise_seed=grains)


main()
