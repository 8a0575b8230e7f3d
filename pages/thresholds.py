"""Thresholds: drag the limit under which an answer is accepted, and see what it costs."""

from __future__ import annotations

import streamlit as st

from core.errors import LabradorError, MissingDataError
from core.experiments.reference_scores import ReferenceScores, load_reference
from core.networks.zoo import DEFAULT_NETWORK
from pages.parts.head import show_head
from pages.parts.links import open_link, plain
from pages.parts.networks import NetworkFacts, facts_of
from pages.parts.own_thresholds import show_own_thresholds
from pages.parts.settings import choose_network, settings_of_link, show_settings
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
        scores = _scores_of(facts)
    except LabradorError as error:
        st.info(str(error), icon=":material/error:")
        return
    if scores is None:
        _show_no_scores(facts)
        return
    show_thresholds(scores, settings)


def _scores_of(facts: NetworkFacts) -> ReferenceScores | None:
    """Return a shipped network's answers to the reference sets; None where it comes without."""
    try:
        return load_scores(facts.name)
    except MissingDataError:
        if facts.name == DEFAULT_NETWORK:
            raise
        return None


def _show_no_scores(facts: NetworkFacts) -> None:
    """Say that a network of the zoo comes without answers to tune limits on, and what to do."""
    st.info(
        f"“{plain(facts.title)}” comes without its answers to the test digits, and limits are"
        f" tuned on those. `python -m core score --network {facts.name}` makes them, in some"
        " minutes; the MC-dropout network has its own.",
        icon=":material/info:",
    )
    st.button(
        "Use the MC-dropout network",
        on_click=choose_network,
        args=(DEFAULT_NETWORK,),
        type="primary",
    )


load_scores = st.cache_resource(max_entries=4, show_spinner=False)(load_reference)
main()
