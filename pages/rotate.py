"""Rotate: an image turned, at one angle and all the way round."""

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

_IMAGE = "rotate.image"
_ROTATE = Experiment(
    page="rotate",
    kind="rotation",
    places="angles",
    at="angle",
    label="Angle, counter-clockwise",
    words=lambda degrees: f"Turned by {numbers.angle(degrees)}",
    text=numbers.angle,
)


def main() -> None:
    """Show the page."""
    show_head("Rotate")
    open_link({"image": image_of_link(_IMAGE), **parts_of_link(_ROTATE), **settings_of_link()})
    settings = show_settings()
    facts = image_network(settings)
    if facts is None:
        return
    head, row = st.container(), st.container(key="rotate-row", horizontal=True)
    with row:
        image = pick_image(_IMAGE, "Digit", default_image(1), facts)
    show_experiment(_ROTATE, {_IMAGE: image}, settings, (head, row))


main()
