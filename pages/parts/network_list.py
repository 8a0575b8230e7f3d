"""The networks that a visitor can ask, and what to do with their own ones."""

from __future__ import annotations

import html

import streamlit as st

from core.errors import LabradorError

from .engine import forget_engine
from .host_network import HOST_NAME, host_is_awaited, host_problem
from .links import plain
from .model_card import facts_html, told_html
from .networks import NetworkFacts, choices, facts_of, in_words, own_networks, remove_own
from .settings import Settings, choose_network

_WHOSE = {HOST_NAME: "What this server was started with"}
_PAGES = (
    ("pages/draw.py", "Draw", ":material/draw:"),
    ("pages/rotate.py", "Rotate", ":material/rotate_left:"),
    ("pages/thresholds.py", "Thresholds", ":material/tune:"),
    ("pages/batch.py", "Batch", ":material/table_view:"),
)


def show_networks(settings: Settings) -> None:
    """Show the networks; of those that are not shipped also their cards."""
    if problem := host_problem():
        st.info(
            f"The model that this server was started with cannot be used. {plain(problem)}",
            icon=":material/block:",
        )
    elif host_is_awaited():
        st.caption(
            ":material/hourglass_top: The model that this server was started with is loading."
        )
    for name in choices():
        try:
            facts = facts_of(name)
        except LabradorError as error:
            st.info(str(error), icon=":material/error:")
            continue
        _show_network(facts, is_chosen=name == settings.network)


def _remove(name: str) -> None:
    forget_engine(name)
    remove_own(name)


def _show_network(facts: NetworkFacts, *, is_chosen: bool) -> None:
    with st.container(border=True, key=f"network-{facts.name}"):
        state = ' <span class="lb-chip">asked on every page</span>' if is_chosen else ""
        whose = _WHOSE.get(facts.name, "Yours, for this visit only")
        if facts.card is not None:
            whose = "Shipped with Labrador"
        st.html(
            '<div class="lb-head always"><b class="lb-network">'
            f"{html.escape(facts.title)}{state}</b>"
            f"<span>{whose}: {html.escape(in_words(facts))}</span></div>"
        )
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            if not is_chosen:
                st.button(
                    "Use it",
                    key=f"use-{facts.name}",
                    icon=":material/check:",
                    on_click=choose_network,
                    args=(facts.name,),
                )
            elif facts.own is not None:
                shown = _PAGES if facts.frame is not None else _PAGES[2:]
                for page, title, icon in shown:
                    st.page_link(page, label=title, icon=icon)
            if facts.name in own_networks():
                st.button(
                    "Remove",
                    key=f"remove-{facts.name}",
                    icon=":material/delete:",
                    on_click=_remove,
                    args=(facts.name,),
                )
        if facts.own is not None:
            with st.expander("What was found out about it", key=f"card-{facts.name}"):
                st.html(told_html(facts.own) + facts_html(facts.own.report))
