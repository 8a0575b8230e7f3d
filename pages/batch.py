"""Batch: many images at once, what is said of each, and a table of it to take home."""

from __future__ import annotations

import streamlit as st

from core.errors import LabradorError
from pages.parts.batch import show_batch
from pages.parts.head import show_head
from pages.parts.links import open_link, write_link
from pages.parts.settings import settings_of_link, show_settings


def main() -> None:
    """Show the page."""
    show_head("Batch", "Bring many images or rows at once, and take a table of the answers home.")
    open_link(settings_of_link())
    settings = show_settings()
    write_link(settings.in_link())
    try:
        show_batch(settings)
    except LabradorError as error:
        st.info(str(error), icon=":material/error:")


main()
