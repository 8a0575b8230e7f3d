"""Answers by the two parts of their entropy, with the region that a policy accepts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from ..errors import InvalidInputError
from .palette import TOKENS, Palette, fade, hover_label

Floats = npt.NDArray[np.float64]

_MOST = 1.6  # nats on both axes; nearly all answers of ten classes are below
_CELLS = 120  # of the grid on which the accepted region is drawn
_HEIGHT = 420


@dataclass(frozen=True, slots=True, eq=False)
class MapGroup:
    """Answers of one kind.

    Attributes:
        name: what a person calls them, as "right".
        token: name of the palette's colour for them.
        symbol: Plotly's name of their mark.
        expected: expected entropy in nats, shape (N,).
        mutual: mutual information in nats, shape (N,).
        keys: what names each, for whoever clicks it, shape (N,).
    """

    name: str
    token: str
    symbol: str
    expected: Floats
    mutual: Floats
    keys: Sequence[str]

    def __post_init__(self) -> None:
        if not len(self.expected) == len(self.mutual) == len(self.keys):
            raise InvalidInputError(
                "map group",
                expected="one value of each kind for each answer",
                received=(len(self.expected), len(self.mutual), len(self.keys)),
            )


def uncertainty_map_spec(
    groups: Sequence[MapGroup], limits: Mapping[str, float], *, palette: Palette = TOKENS
) -> dict[str, Any]:
    """Return a plain Plotly figure: expected entropy across, mutual information up.

    Both parts add up to the predictive entropy, so a limit on that is a falling diagonal. Limits on
    other measures have no place here. What the limits refuse is tinted amber.

    Args:
        groups: one or more.
        limits: of a policy, by measure.
        palette: colours, tokens for a live page.
    """
    data = [_refused_region(limits, palette)]
    data += [
        {
            "type": "scatter",
            "mode": "markers",
            "name": group.name,
            "x": np.minimum(group.expected, _MOST).round(4).tolist(),
            "y": np.minimum(group.mutual, _MOST).round(4).tolist(),
            "customdata": list(group.keys),
            "marker": {
                "symbol": group.symbol,
                "size": 7,
                "color": getattr(palette, group.token),
                "opacity": 0.65,
                "line": {"width": 0},
            },
            "hovertemplate": (
                f"{group.name}<br>expected entropy %{{x:.2f}}<br>mutual information %{{y:.2f}}"
                "<extra></extra>"
            ),
        }
        for group in groups
    ]
    return {
        "data": data,
        "layout": {
            "height": _HEIGHT,
            "margin": {"l": 52, "r": 8, "t": 28, "b": 44, "pad": 0},
            "hovermode": "closest",
            "hoverlabel": hover_label(palette),
            "showlegend": True,
            "legend": {
                "orientation": "h",
                "x": 1.0,
                "xanchor": "right",
                "y": 1.0,
                "yanchor": "bottom",
                "font": {"size": 13, "color": palette.ink2},
            },
            "xaxis": _axis("expected entropy, nats: every pass is unsure", palette),
            "yaxis": _axis("mutual information, nats: the passes disagree", palette),
        },
    }


def uncertainty_map_figure(
    groups: Sequence[MapGroup], limits: Mapping[str, float], *, palette: Palette = TOKENS
) -> go.Figure:
    """Return the figure of `uncertainty_map_spec` as a figure object."""
    spec = uncertainty_map_spec(groups, limits, palette=palette)
    spec["layout"] |= {"paper_bgcolor": "rgba(0,0,0,0)", "plot_bgcolor": "rgba(0,0,0,0)"}
    return go.Figure(spec)


def _refused_region(limits: Mapping[str, float], palette: Palette) -> dict[str, Any]:
    edges = np.linspace(0.0, _MOST, _CELLS + 1)
    middles = (edges[1:] + edges[:-1]) / 2
    expected, mutual = np.meshgrid(middles, middles)
    refused = np.zeros(expected.shape, dtype=bool)
    for name, values in (
        ("expected_entropy", expected),
        ("mutual_information", mutual),
        ("predictive_entropy", expected + mutual),
    ):
        if name in limits:
            refused |= values > limits[name]
    tint = fade(palette.dont_know_fill, 0.14)
    return {
        "type": "heatmap",
        "name": "“I don’t know”",
        "x": middles.round(4).tolist(),
        "y": middles.round(4).tolist(),
        "z": refused.astype(int).tolist(),
        "zmin": 0,
        "zmax": 1,
        "colorscale": [[0.0, fade(palette.bg, 0.0)], [1.0, tint]],
        "showscale": False,
        "showlegend": False,
        "hoverinfo": "skip",
    }


def _axis(title: str, palette: Palette) -> dict[str, Any]:
    return {
        "range": [-0.02, _MOST],
        "fixedrange": True,
        "gridcolor": palette.line,
        "zeroline": False,
        "tickfont": {"size": 12, "color": palette.ink2},
        "title": {"text": title, "font": {"size": 13, "color": palette.ink2}, "standoff": 8},
    }
