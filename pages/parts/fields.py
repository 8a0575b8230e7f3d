"""Number fields that keep their value when the page is left, or when they are emptied."""

from __future__ import annotations

from typing import Any

import streamlit as st


def number_field(
    place: st.delta_generator.DeltaGenerator,
    key: str,
    label: str,
    *,
    low: float,
    high: float,
    default: float,
    step: float,
    hint: str = "",
    text_format: str | None = None,
) -> float:
    """Show a field for a number, and return the number.

    A field forgets its value when the page is left, and may be left empty; our own key holds the
    last number that was one.

    Args:
        place: where to show it.
        key: session key that keeps the number.
        label: of the field.
        low: the smallest number.
        high: the largest number.
        default: to start with; numbers that are whole stay whole.
        step: of the field's buttons.
        hint: shown on demand.
        text_format: as `st.number_input` takes it.
    """
    field = f"{key}.field"
    st.session_state[field] = st.session_state.setdefault(key, default)
    place.number_input(
        label,
        low,
        high,
        value=None,
        step=step,
        key=field,
        format=text_format,
        help=hint or None,
        on_change=_keep,
        args=(key, field),
    )
    value: Any = st.session_state[key]
    return float(value) if isinstance(default, float) else int(value)


def _keep(key: str, field: str) -> None:
    value = st.session_state[field]
    if value is not None:
        st.session_state[key] = value
