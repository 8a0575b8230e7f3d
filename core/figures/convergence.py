"""How a measure settles over the passes: running value, standard error, confidence sequence."""

from __future__ import annotations

import math
from typing import Any

import plotly.graph_objects as go

from ..uncertainty.convergence import Convergence
from ..uncertainty.measures import MEASURES
from . import numbers
from .palette import LIGHT, TOKENS, Palette, fade

_HEIGHT = 240
_SEQUENCE_FILL = 0.10
_ERROR_FILL = 0.26


def convergence_spec(
    one: Convergence,
    *,
    limit: float | None = None,
    settled_after: int = 0,
    palette: Palette = TOKENS,
) -> dict[str, Any]:
    """Return the figure of `convergence_figure` as a plain dictionary."""
    measure = MEASURES[one.name]
    passes = one.passes.tolist()
    # One pass says nothing of how much passes differ.
    from_two = passes[1:] or passes
    skip = len(passes) - len(from_two)
    value, error = one.value[skip:], one.standard_error[skip:]
    level = f"{math.floor(100.0 * one.level):.0f}%"
    data = [
        *_band(
            passes,
            one.low,
            one.high,
            f"{level} confidence sequence",
            fade(palette.twin, _SEQUENCE_FILL),
            palette.line,
        ),
        *_band(
            from_two,
            value - error,
            value + error,
            "± Monte-Carlo standard error",
            fade(palette.others, _ERROR_FILL),
            fade(palette.others, 0.0),
        ),
        {
            "type": "scatter",
            "mode": "lines",
            "name": f"{measure.label} so far",
            "x": passes,
            "y": one.value.round(5).tolist(),
            "line": {"color": palette.ink, "width": 2},
            "hovertemplate": f"%{{x:,}} passes: <b>%{{y:.3f}}</b>, {measure.label.lower()}"
            "<extra></extra>",
        },
    ]
    shapes: list[dict[str, Any]] = []
    annotations: list[dict[str, Any]] = []
    if limit is not None:
        shapes.append(
            {
                "type": "line",
                "xref": "paper",
                "x0": 0,
                "x1": 1,
                "y0": limit,
                "y1": limit,
                "line": {"color": palette.dont_know_text, "width": 1.5, "dash": "dash"},
            }
        )
        annotations.append(
            # On the left, where there is no curve yet but its band.
            _words("limit", palette.dont_know_text, x=0, y=limit, xref="paper")
            | {"xanchor": "left", "yanchor": "bottom", "yref": "y", "xshift": 4}
        )
    if settled_after:
        at = math.log10(settled_after)
        shapes.append(
            {
                "type": "line",
                "yref": "paper",
                "x0": settled_after,
                "x1": settled_after,
                "y0": 0,
                "y1": 1,
                "line": {"color": palette.ctl, "width": 1.5},
            }
        )
        left = settled_after * settled_after > passes[-1]
        annotations.append(
            _words(
                f"settled: {numbers.count(settled_after)}",
                palette.ink,
                x=at,
                y=1,
            )
            | {
                "xanchor": "right" if left else "left",
                "yanchor": "bottom",
                "yref": "paper",
                "xshift": 3 if left else -3,
            }
        )
    top = _top(one, limit)
    return {
        "data": data,
        "layout": {
            "height": _HEIGHT,
            "margin": {"l": 36, "r": 20, "t": 22, "b": 40, "pad": 0},
            "showlegend": False,
            "hovermode": "closest",
            "shapes": shapes,
            "annotations": annotations,
            "xaxis": _passes_axis(passes[-1], palette),
            "yaxis": {
                "range": [-0.012 * top, top],  # or the line at 0 is cut in half
                "fixedrange": True,
                "nticks": 5,
                "ticks": "",
                "showgrid": True,
                "gridcolor": palette.line,
                "zeroline": False,
                "tickfont": {"size": 12, "color": palette.ink2},
            },
        },
    }


def convergence_figure(
    one: Convergence,
    *,
    limit: float | None = None,
    settled_after: int = 0,
    palette: Palette = LIGHT,
) -> go.Figure:
    """Show how a measure of one image converges, over passes on a logarithmic axis.

    Args:
        one: the measure after 1, 2, ... T passes.
        limit: the policy's on this measure.
        settled_after: the number of passes after which the decision had settled; 0 if it has not.
        palette: colours.
    """
    spec = convergence_spec(one, limit=limit, settled_after=settled_after, palette=palette)
    return go.Figure(spec)


def _top(one: Convergence, limit: float | None) -> float:
    """Return where the axis ends: at the measure's end, or sooner, if all ends up further down."""
    after_a_few = one.passes >= min(30, int(one.passes[-1]))
    highest = max(float(one.high[after_a_few].max()), float(one.value.max()), limit or 0.0)
    largest = MEASURES[one.name].upper(10**6)
    return min(1.1 * highest, max(largest, highest)) or 1.0


def _band(
    passes: list[int], low: Any, high: Any, name: str, fill: str, line: str
) -> list[dict[str, Any]]:
    edge = {"type": "scatter", "mode": "lines", "x": passes, "hoverinfo": "skip", "name": name}
    return [
        {**edge, "y": high.round(5).tolist(), "line": {"color": line, "width": 1}},
        {
            **edge,
            "y": low.round(5).tolist(),
            "line": {"color": line, "width": 1},
            "fill": "tonexty",
            "fillcolor": fill,
        },
    ]


def _passes_axis(last: int, palette: Palette) -> dict[str, Any]:
    ticks = [10**power for power in range(len(str(last))) if 10**power <= last]
    return {
        "type": "log",
        "range": [0.0, math.log10(max(last, 2))],
        "fixedrange": True,
        "tickvals": ticks,
        "ticktext": [numbers.count(tick) for tick in ticks],
        "ticks": "",
        "showgrid": True,
        "gridcolor": palette.line,
        "zeroline": False,
        "tickfont": {"size": 12, "color": palette.ink2},
        "title": {
            "text": "passes",
            "font": {"size": 12, "color": palette.ink2},
            "standoff": 4,
        },
    }


def _words(text: str, colour: str, **place: Any) -> dict[str, Any]:
    return {
        "text": text,
        "showarrow": False,
        "font": {"size": 12, "color": colour},
        **place,
    }
