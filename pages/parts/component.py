"""Our own components: their files beside this one, registered with Streamlit on first use."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from .style import token_css

_PARTS = Path(__file__).parent


@cache  # not at import: the registry belongs to a running server
def component(name: str, *, in_page: bool = False) -> Callable[..., Any]:
    """Return the component whose files are called `name`.js and, where they exist, .css and .html.

    Args:
        name: of the files.
        in_page: whether it stands in the page itself and takes the page's style; else it has a
            root of its own, and the palette's tokens there.
    """
    style = _read(f"{name}.css")
    return st.components.v2.component(
        f"labrador.{name}",
        html=_read(f"{name}.html"),
        css=style if in_page or style is None else token_css(":host") + style,
        js=_read(f"{name}.js"),
        isolate_styles=not in_page,
    )


def _read(file: str) -> str | None:
    path = _PARTS / file
    return path.read_text(encoding="utf-8") if path.is_file() else None
