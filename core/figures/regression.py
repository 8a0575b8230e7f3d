"""The band of a regression network: points, the passes' mean, where most of them run, the twin."""

from __future__ import annotations

from typing import Any

import numpy as np
import plotly.graph_objects as go

from ..experiments.regression import X_RANGE, Y_RANGE, CurveBand, CurvePoints
from .palette import LIGHT, TOKENS, Palette, fade, hover_label

_HEIGHT = 380
_NARROW_HEIGHT = 300
_AROUND = 0.25  # of x: how far a point counts as near
_PALE = 0.4  # of its opacity that a band keeps which is not of these points
_LEVELS = ((0.025, 0.975, 0.14), (0.25, 0.75, 0.20))  # low, high, fill


def curve_spec(
    points: CurvePoints,
    band: CurveBand | None = None,
    *,
    narrow: bool = False,
    palette: Palette = TOKENS,
) -> dict[str, Any]:
    """Return the figure of `curve_figure` as a plain dictionary, always with the same traces."""
    # The points that the band does not know yet are hollow, and the band is pale meanwhile.
    known = set() if band is None else set(zip(band.points.x, band.points.y, strict=True))
    is_known = [point in known for point in zip(points.x, points.y, strict=True)]
    solid = 1.0 if band is not None and band.points == points else _PALE
    line = {"type": "scatter", "mode": "lines", "hoverinfo": "skip"}
    curve: dict[str, Any] = {"x": [None], "y": [None]}
    twin = curve
    if band is not None:
        x = band.x.round(3).tolist()
        curve = {"x": x, "y": band.summary.mean[:, 0].round(3).tolist()}
        twin = {"x": x, "y": band.twin.round(3).tolist()}
    return {
        "data": [
            *(
                {
                    **line,
                    "name": f"{high - low:.0%} of the passes",
                    **_outline(band, low, high),
                    "fill": "toself",
                    "fillcolor": fade(palette.ink, solid * opacity),
                    "line": {"width": 0},
                }
                for low, high, opacity in _LEVELS
            ),
            {
                **line,
                "name": "twin",
                **twin,
                "line": {"color": fade(palette.twin, solid), "width": 2, "dash": "6px,4px"},
            },
            {
                **line,
                "name": "mean of the passes",
                **curve,
                "line": {"color": fade(palette.ink, solid), "width": 2},
            },
            {
                "type": "scatter",
                "mode": "markers",
                "name": "points",
                "x": list(points.x) or [None],
                "y": list(points.y) or [None],
                "marker": {
                    "size": 8,
                    "color": [palette.ink if each else palette.bg for each in is_known]
                    or palette.ink,
                    "line": {
                        "color": [palette.bg if each else palette.ink for each in is_known]
                        or palette.ink,
                        "width": [1.0 if each else 2.0 for each in is_known] or 1.0,
                    },
                },
                "cliponaxis": False,
                "hovertemplate": "%{x:.2f}, %{y:.2f}<extra></extra>",
            },
        ],
        "layout": {
            "height": _NARROW_HEIGHT if narrow else _HEIGHT,
            "margin": {"l": 28, "r": 8, "t": 8, "b": 28, "pad": 0, "autoexpand": False},
            "showlegend": False,
            "hovermode": "closest",
            "hoverlabel": hover_label(palette),
            "shapes": [
                {
                    "type": "rect",
                    "layer": "below",
                    "yref": "paper",
                    "x0": low,
                    "x1": high,
                    "y0": 0,
                    "y1": 1,
                    "fillcolor": palette.surf,
                    "line": {"width": 0},
                }
                for low, high in near_points(points)
            ],
            "xaxis": _axis(X_RANGE, 2.0, palette),
            "yaxis": _axis(Y_RANGE, 1.0, palette),
        },
    }


def curve_figure(
    points: CurvePoints, band: CurveBand | None = None, *, palette: Palette = LIGHT
) -> go.Figure:
    """Show points and what the passes of a network make of them.

    Args:
        points: that are shown; those that the band does not know are hollow.
        band: of these points or of others, then it is pale; None for points alone.
        palette: colours.
    """
    return go.Figure(curve_spec(points, band, palette=palette))


def near_points(points: CurvePoints) -> list[tuple[float, float]]:
    """Return where on the x axis there are points nearby: rising intervals that do not touch."""
    near: list[tuple[float, float]] = []
    for x in sorted(points.x):
        low, high = max(x - _AROUND, X_RANGE[0]), min(x + _AROUND, X_RANGE[1])
        if near and low <= near[-1][1]:
            near[-1] = (near[-1][0], high)
        else:
            near.append((low, high))
    return near


def _outline(band: CurveBand | None, low: float, high: float) -> dict[str, Any]:
    if band is None:
        return {"x": [None], "y": [None]}
    upper, lower = (band.summary.quantile(level)[:, 0] for level in (high, low))
    return {
        "x": np.concatenate([band.x, band.x[::-1]]).round(3).tolist(),
        "y": np.concatenate([upper, lower[::-1]]).round(3).tolist(),
    }


def _axis(ends: tuple[float, float], step: float, palette: Palette) -> dict[str, Any]:
    places = np.arange(ends[0], ends[1] + step / 2, step)
    return {
        "range": list(ends),
        "fixedrange": True,
        "tickvals": places.tolist(),
        "ticktext": [f"{place:g}".replace("-", "−") for place in places],
        "ticks": "",
        "ticklabelstandoff": 4,
        "showgrid": True,
        "gridcolor": palette.line,
        "zeroline": False,
        "tickfont": {"size": 12, "color": palette.ink2},
    }
