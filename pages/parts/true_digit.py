"""Which digit an image shows: known, or asked of who drew it."""

from __future__ import annotations

import streamlit as st

from core.images import ResolvedImage


def true_digit(page: str, number: int, image: ResolvedImage) -> int | None:
    """Return the digit that an image shows; of a drawing that is asked."""
    if image.label is not None:
        return image.label
    reference = str(image.reference)
    key, field = f"{page}.label{number}", f"{page}.label{number}.field"
    of, known = st.session_state.get(key, ("", None))
    # A link names the digit of the image that it names; of another drawing nothing is known yet.
    st.session_state[field] = known if of in ("", reference) else None
    st.session_state[key] = (reference, st.session_state[field])

    def keep() -> None:
        st.session_state[key] = (reference, st.session_state[field])

    label: int | None = st.selectbox(
        "Which digit it is",
        list(range(10)),
        index=None,
        key=field,
        on_change=keep,
        placeholder="Which digit?",
        label_visibility="collapsed",
        width=150,
    )
    return label
