"""A page's head: its title, what a person does there, and a button that copies the link."""

from __future__ import annotations

import streamlit as st

from .links import copy_link


def show_head(title: str, lead: str = "") -> None:
    """Show the head.

    Args:
        title: the page's, as in the navigation.
        lead: one sentence under it; a phone leaves it out, there the page itself comes first.
    """
    with st.container(key="head"):
        head, link = st.columns([9, 2])
        head.title(title, anchor=False)
        if lead:
            head.html(f'<p class="lb-finding lb-lead">{lead}</p>')
        with link:
            copy_link()
