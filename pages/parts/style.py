"""The style sheet: the palette as CSS custom properties, and what Streamlit's theme cannot say."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import streamlit as st

from core.figures.palette import PALETTE

PARTS = Path(__file__).parent
LOGO = PARTS / "logo.svg"
LOGO_ICON = PARTS / "logo_icon.svg"
# The canvas' paper is the one colour that the palette has no word for: white, or the input grey.
_PAPER = ("#FFFFFF", "#1B1E22")


@cache
def token_css(selector: str) -> str:
    """Return one CSS rule that defines every palette token as `--lb-<token>`.

    `light-dark()` follows the colour scheme of the element that uses it, and so Streamlit's own
    light/dark switch, where `prefers-color-scheme` would follow the system's.

    Args:
        selector: which element gets the tokens, `:root` for the page, `:host` in a component.
    """
    colours = {**PALETTE, "paper": _PAPER}
    tokens = (f"--lb-{name}:light-dark({a},{b})" for name, (a, b) in colours.items())
    return f"{selector}{{{';'.join(tokens)}}}\n"


@cache
def _style_sheet() -> str:
    sheets = ("style.css", "panel.css", "batch.css", "inside.css", "zoo.css")
    rules = "".join((PARTS / sheet).read_text(encoding="utf-8") for sheet in sheets)
    return f"<style>{token_css(':root')}{rules}</style>"


def apply_style() -> None:
    """Put the style sheet on the page; call it once a run, before anything is shown."""
    st.html(_style_sheet())
