"""Two softmax vectors where classes have names: bars that lie, each pair under its name."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from .bars_key import BARS_HEIGHT, Words, bars_key, hollow_marker, softmax_axis, solid_marker
from .class_text import fitting_names, plotly_text
from .palette import Palette, hover_label

MOST_PAIRS = 5
_TOP, _BOTTOM = 32, 20  # pixels above and below the pairs, for key and ticks
_ROOM = 176  # that a name may take, in the narrowest place
_NAME_SIZE = 13
# Of a pair, in shares of its height, from its top: where the name stands and how bars lie.
_NAME_AT, _SOLID_AT, _HOLLOW_AT, _THICK = 0.44, 0.61, 0.83, 0.2


def lying_bars_spec(
    solid_c: npt.NDArray[np.float64],
    hollow_c: npt.NDArray[np.float64],
    class_names: tuple[str, ...],
    words: Words,
    palette: Palette,
) -> dict[str, Any]:
    """Return the figure as a plain dictionary: the classes that either gives most, largest first.

    Args:
        solid_c: the softmax in solid bars, shape (C,).
        hollow_c: the one in hollow bars, likewise.
        class_names: of all classes.
        words: what the solid bars show, and what the hollow ones.
        palette: colours.
    """
    solid, hollow, texts, layout, names = _skeleton(class_names, words, palette)
    number = min(MOST_PAIRS, len(class_names))
    # Stable: of classes with as much the lowest comes first.
    cells = np.argsort(-np.maximum(solid_c, hollow_c), kind="stable")[:number].tolist()
    shown = [names[label] for label in cells]
    return {
        "data": [
            {**solid, "x": solid_c[cells].round(5).tolist(), "customdata": shown},
            {**hollow, "x": hollow_c[cells].round(5).tolist(), "customdata": shown},
            {**texts, "text": shown},
        ],
        "layout": layout,
    }


@lru_cache(maxsize=32)
def _skeleton(
    class_names: tuple[str, ...], words: Words, palette: Palette
) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any], dict[str, Any], tuple[str, ...]]:
    number = min(MOST_PAIRS, len(class_names))
    bars = {"type": "bar", "orientation": "h", "cliponaxis": False, "width": _THICK}
    solid, hollow = (
        {
            **bars,
            "name": name,
            "y": [place + at for place in range(number)],
            "marker": marker,
            "hovertemplate": f"%{{customdata}}: <b>%{{x:.3f}}</b>, {name}<extra></extra>",
        }
        for name, at, marker in (
            (words[0], _SOLID_AT, solid_marker(palette)),
            (words[1], _HOLLOW_AT, hollow_marker(palette)),
        )
    )
    texts = {
        "type": "scatter",
        "mode": "text",
        "x": [0.0] * number,
        "y": [place + _NAME_AT for place in range(number)],
        "textposition": "top right",
        "textfont": {"size": _NAME_SIZE, "color": palette.ink},
        "cliponaxis": False,
        "hoverinfo": "skip",
        "showlegend": False,
    }
    pair = (BARS_HEIGHT - _TOP - _BOTTOM) // MOST_PAIRS
    layout = {
        "height": _TOP + number * pair + _BOTTOM,
        "margin": {"l": 4, "r": 8, "t": _TOP, "b": _BOTTOM, "pad": 0, "autoexpand": False},
        "barmode": "overlay",
        "showlegend": False,
        "hovermode": "closest",
        "hoverlabel": hover_label(palette),
        "xaxis": {**softmax_axis(palette), "ticklabeloverflow": "allow"},
        "yaxis": {"range": [number, 0], "fixedrange": True, "visible": False},
        "annotations": [bars_key(words, palette, left=4)],
    }
    names = tuple(map(plotly_text, fitting_names(class_names, _ROOM, _NAME_SIZE)))
    return solid, hollow, texts, layout, names
