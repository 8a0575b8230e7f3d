"""What upright and lying bars of two softmax vectors share: marks, axis, key."""

from __future__ import annotations

from typing import Any

from . import numbers
from .palette import Palette, fade

Words = tuple[str, str]  # what the solid bars show, and what the hollow ones

BARS_HEIGHT = 232  # pixels
_HOLLOW_FILL = 0.22


def committee_words(num_samples: int) -> str:
    """Return what the committee's bars show: `mean of 1,000 passes`."""
    return f"mean of {numbers.passes(num_samples)}"


def solid_marker(palette: Palette) -> dict[str, Any]:
    """Return how the bars of what is looked at look, as the committee's."""
    return {"color": palette.ink, "line": {"color": palette.ink, "width": 0}}


def hollow_marker(palette: Palette) -> dict[str, Any]:
    """Return how the bars beside them look, as the twin's."""
    return {
        "color": fade(palette.twin, _HOLLOW_FILL),
        "line": {"color": palette.twin, "width": 1.5},
    }


def softmax_axis(palette: Palette) -> dict[str, Any]:
    """Return the axis along which bars grow, from 0 to 1."""
    return {
        "range": [0.0, 1.01],  # or the line at 1 is cut in half
        "fixedrange": True,
        "tickvals": [0.0, 0.5, 1.0],
        "ticktext": ["0", "0.5", "1"],
        "ticks": "",
        "showgrid": True,
        "gridcolor": palette.line,
        "gridwidth": 1,
        "zeroline": True,
        "zerolinecolor": palette.line,
        "zerolinewidth": 1,
        "tickfont": {"size": 12, "color": palette.ink2},
    }


def bars_key(words: Words, palette: Palette, *, left: int) -> dict[str, Any]:
    """Return the annotation that says which bars are whose.

    A legend's swatches are 30 pixels wide; the words would not fit beside them.

    Args:
        words: what the solid bars show, and what the hollow ones.
        palette: colours.
        left: pixels from the figure's left to the axes.
    """
    return {
        "xref": "paper",
        "yref": "paper",
        "x": 0.0,
        "y": 1.0,
        "xshift": -left,
        "yshift": 10,
        "xanchor": "left",
        "yanchor": "bottom",
        "showarrow": False,
        "text": (
            f"<span style='color:{palette.ink}'>■</span> {words[0]}"
            f"\u2002<span style='color:{palette.twin}'>□</span> {words[1]}"
        ),
        "font": {"size": 13, "color": palette.ink2},
    }
