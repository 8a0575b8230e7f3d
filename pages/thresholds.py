"""Thresholds: drag the limit under which an answer is accepted, and see what it costs."""

from __future__ import annotations

import streamlit as st

from core.errors import LabradorError
from core.experiments.reference_scores import load_reference
from pages.parts.head import show_head
from pages.parts.links import open_link
from pages.parts.networks import facts_of
from pages.parts.own_thresholds import show_own_thresholds
from pages.parts.settings import settings_of_link, show_settings
from pages.parts.thresholds import choices_of_link, show_thresholds


def main() -> None:
    """Show the page."""
    show_head("Thresholds")
    open_link({**choices_of_link(), **settings_of_link()})
    settings = show_settings()
    try:
        facts = facts_of(settings.network)
        if facts.own is not None:
            show_own_thresholds(facts, facts.own, settings)
            return
        scores = load_scores(settings.network)
    except LabradorError as error:
        st.info(str(error), icon=":material/error:")
        return
    show_thresholds(scores, settings)


load_scores = st.cache_resource(max_entries=4, show_spinner=False)(load_reference)
main()
