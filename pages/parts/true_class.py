"""Which class an image shows: known, or asked of who brought it."""

from __future__ import annotations

import streamlit as st

from core.images import ResolvedImage
from core.uncertainty.classes import DIGITS

from .networks import NetworkFacts


def true_class(page: str, number: int, image: ResolvedImage, facts: NetworkFacts) -> int | None:
    """Return the class that an image shows; where that is not known it is asked.

    The label that an image brings along is a digit, which says nothing to a network that tells
    other things apart.

    Args:
        page: of the session's keys.
        number: of the image on the page, from 1.
        image: that is looked at.
        facts: of the network that is asked.
    """
    is_digit = facts.classes == DIGITS
    if is_digit and image.label is not None:
        return image.label
    noun, names = facts.classes.noun, facts.classes.names
    reference = str(image.reference)
    key = label_key(page, number, facts)
    field = f"{key}.field"
    of, known = st.session_state.get(key) or st.session_state.get(
        f"{page}.label{number}", ("", None)
    )
    # A link names the class of the image that it names; of another image nothing is known yet.
    is_known = of in ("", reference) and known is not None and known < len(names)
    st.session_state[field] = known if is_known else None
    st.session_state[key] = (reference, st.session_state[field])

    def keep() -> None:
        st.session_state[key] = (reference, st.session_state[field])

    label: int | None = st.selectbox(
        f"Which {noun} it is",
        list(range(len(names))),
        index=None,
        key=field,
        format_func=names.__getitem__,
        on_change=keep,
        placeholder=f"Which {noun}?",
        label_visibility="collapsed",
        width=150 if is_digit else 220,
    )
    return label


def label_key(page: str, number: int, facts: NetworkFacts) -> str:
    """Return the session key of what was said of an image, one for each network of one's own."""
    key = f"{page}.label{number}"
    return key if facts.own is None else f"{key}.{facts.name}"
