"""Blend: a second image fades in over the first."""

from __future__ import annotations

import streamlit as st

from core.figures import numbers
from pages.parts.experiment import parts_of_link, show_experiment
from pages.parts.gallery import default_image, image_of_link, pick_image
from pages.parts.head import show_head
from pages.parts.image_network import image_network
from pages.parts.links import open_link
from pages.parts.settings import settings_of_link, show_settings
from pages.parts.sweep_view import Experiment

_FIRST, _SECOND = "blend.first", "blend.second"
_BLEND = Experiment(
    page="blend",
    kind="blending",
    places="blends",
    at="alpha",
    label="How much of the second image, alpha",
    words=lambda alpha: f"Blended, alpha {numbers.weight(alpha)}",
    text=numbers.weight,
)


def _swap() -> None:
    state = st.session_state
    state[_FIRST], state[_SECOND] = state[_SECOND], state[_FIRST]


def main() -> None:
    """Show the page."""
    show_head("Blend")
    open_link(
        {
            "image": image_of_link(_FIRST),
            "image2": image_of_link(_SECOND),
            **parts_of_link(_BLEND),
            **settings_of_link(),
        }
    )
    settings = show_settings()
    facts = image_network(settings)
    if facts is None:
        return
    head, row = st.container(), st.container(key="blend-row", horizontal=True)
    with row:
        first = pick_image(_FIRST, "First", default_image(4), facts)
        st.button("Swap", icon=":material/swap_horiz:", on_click=_swap)
        second = pick_image(_SECOND, "Second", default_image(1), facts)
    show_experiment(_BLEND, {_FIRST: first, _SECOND: second}, settings, (head, row))


main()
