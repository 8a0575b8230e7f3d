"""A section under the histograms, which stays as it was, and pale, while the pen is down."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import streamlit as st

from core.errors import LabradorError

from .links import plain
from .live_figure import live_figure


@dataclass(frozen=True)
class Section:
    """What a section shows.

    Attributes:
        said: HTML that comes first.
        figure: with tokens for colours; None where there is none.
        label: what a person is told who cannot see the figure.
        note: HTML under both.
        tag: put on the figure once it is shown.
    """

    said: str
    figure: dict[str, Any] | None = None
    label: str = ""
    note: str = ""
    tag: str = ""


def show_section(key: str, title: str, make: Callable[[], Section] | None) -> None:
    """Show a section with its title.

    Args:
        key: of its places on the page.
        title: above it.
        make: makes it; None while the image is about to change, when it can wait. What it raises
            is shown in its place.
    """
    last = f"inside.{key}.last"
    st.html(f'<h2 class="lb-section">{title}</h2>')
    older = ""
    try:
        if make is not None:
            st.session_state[last] = make()
        else:
            older = " lb-older"
    except LabradorError as error:
        st.session_state.pop(last, None)
        st.info(plain(str(error)), icon=":material/error:")
    section: Section | None = st.session_state.get(last)
    with st.container(key=f"inside-{key}"):
        if section is None:
            return
        said = f'<div class="lb-inside{older}">{section.said}</div>'
        if section.figure is None:
            st.html(said)
        else:
            left, right = st.columns([640, 440], gap="large")
            left.html(said)
            with right:
                live_figure(
                    section.figure,
                    f"inside.{key}.figure",
                    label=section.label,
                    tag=section.tag,
                )
        if section.note:
            st.html(f'<p class="lb-note{older}">{section.note}</p>')
