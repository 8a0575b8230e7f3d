"""Two softmax vectors side by side, class by class: one in solid bars, one in hollow ones."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from .bars_key import BARS_HEIGHT, Words, bars_key, hollow_marker, softmax_axis, solid_marker
from .class_text import plotly_text, text_width
from .lying_bars import lying_bars_spec
from .palette import Palette, hover_label

_WIDTH = 160  # pixels beside the axis, in the narrowest place
_MOST_STANDING = 10
_TICK_SIZE = 13


def paired_bars_spec(
    solid_c: npt.NDArray[np.float64],
    hollow_c: npt.NDArray[np.float64],
    class_names: tuple[str, ...],
    words: Words,
    palette: Palette,
) -> dict[str, Any]:
    """Return a figure as a plain dictionary, in well under a ms.

    Two figures of one kind differ in the bars' lengths, and in names where not all are shown; the
    rest are shared objects, which the caller does not change.

    Args:
        solid_c: the softmax in solid bars, shape (C,).
        hollow_c: the one in hollow bars, likewise.
        class_names: what stands at the bars.
        words: what the solid bars show, and what the hollow ones.
        palette: colours, tokens for a live page.
    """
    if not stand(class_names):
        return lying_bars_spec(solid_c, hollow_c, class_names, words, palette)
    solid, hollow, layout = _skeleton(class_names, words, palette)
    return {
        "data": [
            {**solid, "y": solid_c.round(5).tolist()},
            {**hollow, "y": hollow_c.round(5).tolist()},
        ],
        "layout": layout,
    }


@lru_cache(maxsize=32)
def stand(class_names: tuple[str, ...]) -> bool:
    """Return whether there is room for upright bars with all the names under them."""
    room = _WIDTH / len(class_names)
    return len(class_names) <= _MOST_STANDING and all(
        text_width(name, _TICK_SIZE) <= room for name in class_names
    )


@lru_cache(maxsize=32)
def _skeleton(
    class_names: tuple[str, ...], words: Words, palette: Palette
) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    places = list(range(len(class_names)))
    shown = list(map(plotly_text, class_names))
    bars = {"type": "bar", "x": places, "customdata": shown, "cliponaxis": False}
    solid, hollow = (
        {
            **bars,
            "name": name,
            "marker": marker,
            "hovertemplate": f"%{{customdata}}: <b>%{{y:.3f}}</b>, {name}<extra></extra>",
        }
        for name, marker in zip(words, (solid_marker(palette), hollow_marker(palette)), strict=True)
    )
    tick_font = {"size": _TICK_SIZE, "color": palette.ink2}
    layout = {
        "height": BARS_HEIGHT,
        "margin": {"l": 26, "r": 2, "t": 32, "b": 24, "pad": 0, "autoexpand": False},
        "barmode": "group",
        "bargap": 0.2,
        "bargroupgap": 0,
        "showlegend": False,
        "hovermode": "closest",
        "hoverlabel": hover_label(palette),
        "xaxis": {
            "range": [-0.5, len(class_names) - 0.5],
            "fixedrange": True,
            "tickvals": places,
            "ticktext": shown,
            "ticks": "",
            "showgrid": False,
            "zeroline": False,
            "tickfont": tick_font,
        },
        "yaxis": softmax_axis(palette),
        "annotations": [bars_key(words, palette, left=26)],
    }
    return solid, hollow, layout
