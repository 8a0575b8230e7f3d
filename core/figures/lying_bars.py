"""Twin and committee where classes have names: bars that lie, each pair under its name."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from .bars_key import (
    BARS_HEIGHT,
    bars_key,
    committee_marker,
    committee_words,
    softmax_axis,
    twin_marker,
)
from .class_text import fitting_names, plotly_text
from .palette import Palette, hover_label

MOST_PAIRS = 5
_TOP, _BOTTOM = 32, 20  # pixels above and below the pairs, for key and ticks
_ROOM = 176  # that a name may take, in the narrowest place
_NAME_SIZE = 13
# Of a pair, in shares of its height, from its top: where the name stands and how bars lie.
_NAME_AT, _COMMITTEE_AT, _TWIN_AT, _THICK = 0.44, 0.61, 0.83, 0.2


def lying_bars_spec(
    mean_c: npt.NDArray[np.float64],
    twin_c: npt.NDArray[np.float64],
    class_names: tuple[str, ...],
    num_samples: int,
    palette: Palette,
) -> dict[str, Any]:
    """Return the figure as a plain dictionary: the classes that either gives most, largest first.

    Args:
        mean_c: the committee's mean softmax, shape (C,).
        twin_c: the twin's softmax, likewise.
        class_names: of all classes.
        num_samples: passes of the committee.
        palette: colours.
    """
    committee, twin, words, layout, names = _skeleton(class_names, num_samples, palette)
    number = min(MOST_PAIRS, len(class_names))
    # Stable: of classes with as much the lowest comes first.
    cells = np.argsort(-np.maximum(mean_c, twin_c), kind="stable")[:number].tolist()
    shown = [names[label] for label in cells]
    return {
        "data": [
            {**committee, "x": mean_c[cells].round(5).tolist(), "customdata": shown},
            {**twin, "x": twin_c[cells].round(5).tolist(), "customdata": shown},
            {**words, "text": shown},
        ],
        "layout": layout,
    }


@lru_cache(maxsize=32)
def _skeleton(
    class_names: tuple[str, ...], num_samples: int, palette: Palette
) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any], dict[str, Any], tuple[str, ...]]:
    number = min(MOST_PAIRS, len(class_names))
    passes = committee_words(num_samples)
    bars = {"type": "bar", "orientation": "h", "cliponaxis": False, "width": _THICK}
    committee = {
        **bars,
        "name": passes,
        "y": [place + _COMMITTEE_AT for place in range(number)],
        "marker": committee_marker(palette),
        "hovertemplate": f"%{{customdata}}: <b>%{{x:.3f}}</b>, {passes}<extra></extra>",
    }
    twin = {
        **bars,
        "name": "the twin",
        "y": [place + _TWIN_AT for place in range(number)],
        "marker": twin_marker(palette),
        "hovertemplate": "%{customdata}: <b>%{x:.3f}</b>, the twin<extra></extra>",
    }
    words = {
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
        "annotations": [bars_key(num_samples, palette, left=4)],
    }
    names = tuple(map(plotly_text, fitting_names(class_names, _ROOM, _NAME_SIZE)))
    return committee, twin, words, layout, names
