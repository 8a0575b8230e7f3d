"""Models: bring a Keras model of one's own, and see what the workbench finds out about it."""

from __future__ import annotations

import streamlit as st

from pages.parts.bring_model import show_bringing
from pages.parts.head import show_head
from pages.parts.links import open_link, write_link
from pages.parts.network_list import show_networks
from pages.parts.regression import show_regression
from pages.parts.settings import settings_of_link, show_settings


def main() -> None:
    """Show the page."""
    show_head("Models", "Bring a Keras model of your own: any classifier with dropout layers.")
    open_link(settings_of_link())
    settings = show_settings()
    show_networks(settings)
    show_bringing()
    st.divider()
    show_regression()
    write_link(settings.in_link())


main()
