"""Panels that stand one above the other over the same x axis: their y axes and titles."""

from __future__ import annotations

from typing import Any

from .palette import Palette


def panel_axis(top: float, panel: int, height: int, palette: Palette) -> dict[str, Any]:
    """Return a panel's y axis, without range and ticks.

    Args:
        top: of the panel, pixels from the figure's top.
        panel: its height in pixels.
        height: of the figure.
        palette: colours.
    """
    return {
        "anchor": "x",
        "domain": [1.0 - (top + panel) / height, 1.0 - top / height],
        "fixedrange": True,
        "showgrid": True,
        "gridcolor": palette.line,
        "gridwidth": 1,
        "zeroline": True,
        "zerolinecolor": palette.line,
        "zerolinewidth": 1,
        "ticks": "",
        "tickfont": {"size": 12, "color": palette.ink2},
    }


def panel_title(
    strong: str, rest: str, top: float, height: int, palette: Palette
) -> dict[str, Any]:
    """Return the annotation that names a panel, right above it.

    Args:
        strong: what it shows.
        rest: more about that, in secondary ink.
        top: of the panel, pixels from the figure's top.
        height: of the figure.
        palette: colours.
    """
    return {
        "xref": "paper",
        "yref": "paper",
        "x": 0.0,
        "y": 1.0 - (top - 6) / height,
        "xanchor": "left",
        "yanchor": "bottom",
        "showarrow": False,
        "text": f"<b>{strong}</b> <span style='color:{palette.ink2}'>{rest}</span>",
        "font": {"size": 14, "color": palette.ink},
    }
