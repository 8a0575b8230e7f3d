"""Twin and committee: the softmax of one deterministic pass beside the mean of all passes."""

from __future__ import annotations

import html
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from ..errors import InvalidInputError
from ..inference.samples import McSummary
from . import numbers
from .palette import LIGHT, TOKENS, Palette, fade, hover_label

_HEIGHT = 232
_TWIN_FILL = 0.22


def softmax_bars_spec(
    summary: McSummary,
    twin: npt.NDArray[Any],
    *,
    class_names: Sequence[str] | None = None,
    palette: Palette = TOKENS,
) -> dict[str, Any]:
    """Return the figure of `softmax_bars_figure` as a plain dictionary, in well under a ms.

    Two results of one kind differ in the bars' heights only; the rest are shared objects,
    which the caller does not change.

    Args:
        summary: of one image.
        twin: shape (C,) or (1, C), the softmax with dropout off.
        class_names: what stands under the bars; the class numbers if left out.
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
    committee, twin_trace, layout = _skeleton(names, summary.num_samples, palette)
    mean_c = summary.mean[0]
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

    Args:
        summary: of one image.
        twin: shape (C,) or (1, C), the softmax with dropout off.
        class_names: what stands under the bars; the class numbers if left out.
        palette: colours.

    Raises:
        InvalidInputError: not one image, or a twin or names of another number of classes.
    """
    return go.Figure(softmax_bars_spec(summary, twin, class_names=class_names, palette=palette))


@lru_cache(maxsize=32)
def _skeleton(
    class_names: tuple[str, ...], num_samples: int, palette: Palette
) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    places = list(range(len(class_names)))
    shown = [html.escape(name, quote=False) for name in class_names]
    passes = f"mean of {numbers.count(num_samples)} {'pass' if num_samples == 1 else 'passes'}"
    bars = {"type": "bar", "x": places, "customdata": shown, "cliponaxis": False}
    committee = {
        **bars,
        "name": passes,
        "marker": {"color": palette.ink, "line": {"color": palette.ink, "width": 0}},
        "hovertemplate": f"%{{customdata}}: <b>%{{y:.3f}}</b>, {passes}<extra></extra>",
    }
    twin = {
        **bars,
        "name": "the twin",
        "marker": {
            "color": fade(palette.twin, _TWIN_FILL),
            "line": {"color": palette.twin, "width": 1.5},
        },
        "hovertemplate": "%{customdata}: <b>%{y:.3f}</b>, the twin<extra></extra>",
    }
    tick_font = {"size": 13, "color": palette.ink2}
    layout = {
        "height": _HEIGHT,
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
        "yaxis": {
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
            "tickfont": {**tick_font, "size": 12},
        },
        # A legend's swatches are 30 pixels wide; the words would not fit beside them.
        "annotations": [
            {
                "xref": "paper",
                "yref": "paper",
                "x": 0.0,
                "y": 1.0,
                "xshift": -26,
                "yshift": 10,
                "xanchor": "left",
                "yanchor": "bottom",
                "showarrow": False,
                "text": (
                    f"<span style='color:{palette.ink}'>■</span> {passes}"
                    f"\u2002<span style='color:{palette.twin}'>□</span> the twin"
                ),
                "font": {"size": 13, "color": palette.ink2},
            }
        ],
    }
    return committee, twin, layout
