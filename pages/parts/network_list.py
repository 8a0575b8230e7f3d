"""The networks that a visitor can ask, and what to do with their own ones."""

from __future__ import annotations

import html

import streamlit as st

from core.errors import LabradorError
from core.networks.zoo import list_networks, load_card
from core.networks.zoo_plan import VARIES

from .engine import forget_engine
from .host_network import HOST_NAME, host_is_awaited, host_problem
from .links import plain
from .model_card import facts_html, told_html
from .networks import NetworkFacts, brought_networks, facts_of, in_words, own_networks, remove_own
from .settings import Settings, choose_network
from .zoo_networks import INSTEAD

_CHIP = '<span class="lb-chip">asked on every page</span>'
_WHOSE = {HOST_NAME: "What this server was started with"}
_PAGES = (
    ("pages/draw.py", "Draw", ":material/draw:"),
    ("pages/rotate.py", "Rotate", ":material/rotate_left:"),
    ("pages/thresholds.py", "Thresholds", ":material/tune:"),
    ("pages/batch.py", "Batch", ":material/table_view:"),
)


def show_networks(settings: Settings) -> None:
    """Show the networks: the shipped ones in short, those that are not with their cards."""
    if problem := host_problem():
        st.info(
            f"The model that this server was started with cannot be used. {plain(problem)}",
            icon=":material/block:",
        )
    elif host_is_awaited():
        st.caption(
            ":material/hourglass_top: The model that this server was started with is loading."
        )
    _show_shipped(settings.network)
    for name in brought_networks():
        _show_own(facts_of(name), is_chosen=name == settings.network)


def _show_shipped(chosen: str) -> None:
    """Show the shipped networks that have passes, a line each."""
    with st.container(border=True, key="networks-shipped", gap="xxsmall"):
        st.html(
            '<div class="lb-head always"><b class="lb-network">Shipped with Labrador</b><span>'
            "images of 28 x 28, grey, into 10 digits</span></div>"
        )
        for name in list_networks():
            try:
                card = load_card(name)
            except LabradorError as error:
                st.info(plain(str(error)), icon=":material/error:")
                continue
            if not card.has_dropout:
                continue
            with st.container(horizontal=True, vertical_alignment="center", key=f"network-{name}"):
                instead = INSTEAD.get(VARIES.get(name, "-"), "")
                st.html(
                    f'<div class="lb-shipped"><b>{html.escape(card.title)}</b>'
                    f"<span>{instead}</span></div>"
                )
                if name == chosen:
                    st.html(_CHIP, width="content")
                else:
                    _show_use(name)


def _remove(name: str) -> None:
    forget_engine(name)
    remove_own(name)


def _show_use(name: str) -> None:
    st.button(
        "Use it",
        key=f"use-{name}",
        icon=":material/check:",
        on_click=choose_network,
        args=(name,),
    )


def _show_own(facts: NetworkFacts, *, is_chosen: bool) -> None:
    """Show a network that is not shipped, with all that is known of it."""
    assert facts.own is not None
    with st.container(border=True, key=f"network-{facts.name}"):
        whose = _WHOSE.get(facts.name, "Yours, for this visit only")
        st.html(
            '<div class="lb-head always"><b class="lb-network">'
            f"{html.escape(facts.title)}{_CHIP if is_chosen else ''}</b>"
            f"<span>{whose}: {html.escape(in_words(facts))}</span></div>"
        )
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            if not is_chosen:
                _show_use(facts.name)
            else:
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
        with st.expander("What was found out about it", key=f"card-{facts.name}"):
            st.html(told_html(facts.own) + facts_html(facts.own.report))
