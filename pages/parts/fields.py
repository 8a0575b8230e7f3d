"""Fields that keep their value when the page is left, and follow what others make of it."""

from __future__ import annotations

from collections.abc import Callable
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


def following(key: str, value: Any, take: Callable[[Any], None]) -> dict[str, Any]:
    """Return `key`, `on_change` and `args` of a field that shows a value others change as well.

    Each message of a browser carries the values of all fields, and one may be on its way when a
    field is told of a change: its old value would then pass for a new choice. So a change that did
    not come from the field makes another field of it, and nothing is taken from the old one.

    Args:
        key: of the field, whatever it shows.
        value: that it shows.
        take: takes over what a person has put into it.
    """
    followed = f"{key}.followed"
    shown, revision = st.session_state.get(followed, (None, 0))
    if revision == 0 or shown != value:
        revision += 1
        # The one before may still be asked about; the ones before that are gone from every page.
        st.session_state.pop(_revision(key, revision - 2), None)
        st.session_state[followed] = (value, revision)
    field = _revision(key, revision)
    st.session_state[field] = value
    return {"key": field, "on_change": _follow, "args": (key, revision, take)}


def _follow(key: str, revision: int, take: Callable[[Any], None]) -> None:
    if st.session_state[f"{key}.followed"][1] != revision:
        return
    value = st.session_state[_revision(key, revision)]
    st.session_state[f"{key}.followed"] = (value, revision)
    take(value)


def _revision(key: str, revision: int) -> str:
    return f"{key}.field.{revision}"


def _keep(key: str, field: str) -> None:
    value = st.session_state[field]
    if value is not None:
        st.session_state[key] = value
