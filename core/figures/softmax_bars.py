"""Twin and committee: the softmax of one deterministic pass beside the mean of all passes."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from ..errors import InvalidInputError
from ..inference.samples import McSummary
from .bars_key import (
    BARS_HEIGHT,
    bars_key,
    committee_marker,
    committee_words,
    softmax_axis,
    twin_marker,
)
from .class_text import plotly_text, text_width
from .lying_bars import lying_bars_spec
from .palette import LIGHT, TOKENS, Palette, hover_label

_WIDTH = 160  # pixels beside the axis, in the narrowest place
_MOST_STANDING = 10
_TICK_SIZE = 13


def softmax_bars_spec(
    summary: McSummary,
    twin: npt.NDArray[Any],
    *,
    class_names: Sequence[str] | None = None,
    palette: Palette = TOKENS,
) -> dict[str, Any]:
    """Return the figure of `softmax_bars_figure` as a plain dictionary, in well under a ms.

    Two results of one kind differ in the bars' lengths, and in names where not all are shown; the
    rest are shared objects, which the caller does not change.

    Args:
        summary: of one image.
        twin: shape (C,) or (1, C), the softmax with dropout off.
        class_names: what stands at the bars; the class numbers if left out.
        palette: colours, tokens for a live page.

    Raises:
        InvalidInputError: not one image, or a twin or names of another number of classes.
    """
    twin_c = np.asarray(twin, dtype=np.float64).reshape(-1)
    num_classes = summary.num_classes
    if summary.num_images != 1 or twin_c.size != num_classes:
        raise InvalidInputError(
            "twin",
            expected=f"the softmax of one image over {num_classes} classes, as in the summary",
            received=f"shape {np.shape(twin)} with a summary of {summary.num_images} images",
        )
    if class_names is not None and len(class_names) != num_classes:
        raise InvalidInputError(
            "class_names",
            expected=f"{num_classes} names, one for each class",
            received=list(class_names),
        )
    names = tuple(class_names) if class_names else tuple(map(str, range(num_classes)))
    mean_c = summary.mean[0]
    if not stand(names):
        return lying_bars_spec(mean_c, twin_c, names, summary.num_samples, palette)
    committee, twin_trace, layout = _skeleton(names, summary.num_samples, palette)
    return {
        "data": [
            {**committee, "y": mean_c.round(5).tolist()},
            {**twin_trace, "y": twin_c.round(5).tolist()},
        ],
        "layout": layout,
    }


def softmax_bars_figure(
    summary: McSummary,
    twin: npt.NDArray[Any],
    *,
    class_names: Sequence[str] | None = None,
    palette: Palette = LIGHT,
) -> go.Figure:
    """Show the committee's mean softmax (solid) beside the twin's softmax (hollow), by class.

    A few short names stand under upright bars. Longer names, or more of them, stand over bars that
    lie: of the five classes that either of the two gives most.

    Args:
        summary: of one image.
        twin: shape (C,) or (1, C), the softmax with dropout off.
        class_names: what stands at the bars; the class numbers if left out.
        palette: colours.

    Raises:
        InvalidInputError: not one image, or a twin or names of another number of classes.
    """
    return go.Figure(softmax_bars_spec(summary, twin, class_names=class_names, palette=palette))


@lru_cache(maxsize=32)
def stand(class_names: tuple[str, ...]) -> bool:
    """Return whether there is room for upright bars with all the names under them."""
    room = _WIDTH / len(class_names)
    return len(class_names) <= _MOST_STANDING and all(
        text_width(name, _TICK_SIZE) <= room for name in class_names
    )


@lru_cache(maxsize=32)
def _skeleton(
    class_names: tuple[str, ...], num_samples: int, palette: Palette
) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    places = list(range(len(class_names)))
    shown = list(map(plotly_text, class_names))
    passes = committee_words(num_samples)
    bars = {"type": "bar", "x": places, "customdata": shown, "cliponaxis": False}
    committee = {
        **bars,
        "name": passes,
        "marker": committee_marker(palette),
        "hovertemplate": f"%{{customdata}}: <b>%{{y:.3f}}</b>, {passes}<extra></extra>",
    }
    twin = {
        **bars,
        "name": "the twin",
        "marker": twin_marker(palette),
        "hovertemplate": "%{customdata}: <b>%{y:.3f}</b>, the twin<extra></extra>",
    }
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
        "annotations": [bars_key(num_samples, palette, left=26)],
    }
    return committee, twin, layout
