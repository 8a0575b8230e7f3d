"""Answers by the two parts of their entropy, with the region that a policy accepts."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from ..errors import InvalidInputError
from .palette import TOKENS, Palette, fade, hover_label

Floats = npt.NDArray[np.float64]

_MOST = 1.6  # nats on both axes of ten classes; nearly all answers are below
_STEPS = (0.1, 0.2, 0.4, 0.5, 1.0, 2.0)  # between ticks
_HEIGHT = 420
PARTS = ("expected_entropy", "mutual_information", "predictive_entropy")  # across, up, their sum


@dataclass(frozen=True, slots=True, eq=False)
class MapGroup:
    """Answers of one kind.

    Attributes:
        name: what a person calls them, as "right".
        token: name of the palette's colour for them.
        symbol: Plotly's name of their mark.
        expected: expected entropy in nats, shape (N,).
        mutual: mutual information in nats, shape (N,).
        accepted: by all limits of the policy, shape (N,).
        keys: what names each, for whoever clicks it, shape (N,).
    """

    name: str
    token: str
    symbol: str
    expected: Floats
    mutual: Floats
    accepted: npt.NDArray[np.bool_]
    keys: Sequence[str]

    def __post_init__(self) -> None:
        if not len(self.expected) == len(self.mutual) == len(self.accepted) == len(self.keys):
            raise InvalidInputError(
                "map group",
                expected="one value of each kind for each answer",
                received=tuple(map(len, (self.expected, self.mutual, self.accepted, self.keys))),
            )


def uncertainty_map_spec(
    groups: Sequence[MapGroup],
    limits: Mapping[str, float],
    *,
    num_classes: int = 10,
    marked: tuple[float, float] | None = None,
    palette: Palette = TOKENS,
) -> dict[str, Any]:
    """Return a plain Plotly figure: expected entropy across, mutual information up.

    Both parts add up to the predictive entropy, so a limit on that is a falling diagonal. What
    these limits refuse is tinted amber. Limits on other measures have no place here, but an answer
    that they refuse is hollow as well.

    Args:
        groups: one or more.
        limits: of a policy, by measure.
        num_classes: C, by which the axes are as long.
        marked: the two parts of the answer that is looked at.
        palette: colours, tokens for a live page.
    """
    most = axis_end(num_classes)
    return {
        "data": [
            trace
            for group in groups
            for trace in (
                _points(group, most, palette, accepted=False),
                _points(group, most, palette, accepted=True),
            )
        ]
        + [_ring(marked, most, palette)],
        "layout": {
            "height": _HEIGHT,
            "font": {"family": "'Source Sans', sans-serif"},
            "margin": {"l": 52, "r": 16, "t": 28, "b": 44, "pad": 0},
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
                "itemclick": False,
                "itemdoubleclick": False,
            },
            "shapes": _refused_region(limits, most, palette),
            "annotations": _region_names(limits, palette),
            "xaxis": _axis("expected entropy, nats: passes are unsure", most, palette),
            "yaxis": _axis("mutual information, nats: the passes disagree", most, palette),
        },
    }


def axis_end(num_classes: int) -> float:
    """Return how far both axes reach, in nats.

    Of few classes it is all that can be. Of many it grows as that does, but not as far: hardly an
    answer is so unsure in one of the two ways.
    """
    whole = math.log(num_classes)
    return min(whole, _MOST) if num_classes <= 10 else whole * _MOST / math.log(10)


def _points(group: MapGroup, most: float, palette: Palette, *, accepted: bool) -> dict[str, Any]:
    which = group.accepted if accepted else ~group.accepted
    verdict = "accepted" if accepted else "“I don’t know”"
    colour = getattr(palette, group.token)
    return {
        "type": "scatter",
        "mode": "markers",
        "name": group.name if accepted else f"{group.name}, refused",
        "legendgroup": group.name,
        "showlegend": accepted,
        "x": np.minimum(group.expected[which], most).round(4).tolist(),
        "y": np.minimum(group.mutual[which], most).round(4).tolist(),
        "customdata": [key for key, kept in zip(group.keys, which, strict=True) if kept],
        "marker": {
            "symbol": group.symbol if accepted else f"{group.symbol}-open",
            "size": 7,
            "color": colour,
            "opacity": 0.75 if accepted else 0.6,
            "line": {"width": 0 if accepted else 1, "color": colour},
        },
        "hovertemplate": (
            f"{group.name}: {verdict}<br>expected entropy %{{x:.2f}}"
            "<br>mutual information %{y:.2f}<extra></extra>"
        ),
    }


def _ring(marked: tuple[float, float] | None, most: float, palette: Palette) -> dict[str, Any]:
    x, y = (None, None) if marked is None else (min(each, most) for each in marked)
    return {
        "type": "scatter",
        "mode": "markers",
        "name": "looked at",
        "showlegend": False,
        "x": [x],
        "y": [y],
        "marker": {
            "symbol": "circle-open",
            "size": 17,
            "color": palette.ink,
            "line": {"width": 2, "color": palette.ink},
        },
        "cliponaxis": False,
        "hoverinfo": "skip",
    }


def uncertainty_map_figure(
    groups: Sequence[MapGroup],
    limits: Mapping[str, float],
    *,
    num_classes: int = 10,
    marked: tuple[float, float] | None = None,
    palette: Palette = TOKENS,
) -> go.Figure:
    """Return the figure of `uncertainty_map_spec` as a figure object."""
    spec = uncertainty_map_spec(
        groups, limits, num_classes=num_classes, marked=marked, palette=palette
    )
    spec["layout"] |= {"paper_bgcolor": "rgba(0,0,0,0)", "plot_bgcolor": "rgba(0,0,0,0)"}
    return go.Figure(spec)


def accepted_corners(limits: Mapping[str, float], most: float = _MOST) -> list[tuple[float, float]]:
    """Return the corners of what is accepted: in nats, expected entropy and mutual information.

    Args:
        limits: by measure; those on other measures than the two parts and their sum are not seen.
        most: how far both axes reach.
    """
    right, top, total = (min(limits.get(name, 2 * most), 2 * most) for name in PARTS)
    right, top = min(right, most, total), min(top, most, total)
    corners = [(0.0, 0.0), (right, 0.0)]
    if total < right + top:  # the diagonal cuts the corner off
        corners += [(right, total - right), (total - top, top)]
    else:
        corners.append((right, top))
    return [*corners, (0.0, top)]


def _refused_region(
    limits: Mapping[str, float], most: float, palette: Palette
) -> list[dict[str, Any]]:
    if not any(name in limits for name in PARTS):
        return []
    whole = _path([(-1.0, -1.0), (2 * most, -1.0), (2 * most, 2 * most), (-1.0, 2 * most)])
    accepted = _path(_beyond_the_axes(accepted_corners(limits, most)))
    return [
        {
            "type": "path",
            "path": f"{whole} {accepted}",
            "fillrule": "evenodd",
            "fillcolor": fade(palette.dont_know_fill, 0.14),
            "line": {"width": 1, "color": fade(palette.dont_know_fill, 0.6)},
            "layer": "below",
        }
    ]


def _beyond_the_axes(corners: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Let a region reach over the two axes, on which points with a part of zero stand."""
    (right, _), (_, top) = corners[1], corners[-1]
    return [(-1.0, -1.0), (right, -1.0), *corners[1:], (-1.0, top)]


def _path(corners: Sequence[tuple[float, float]]) -> str:
    return "M" + " L".join(f"{x:.6g},{y:.6g}" for x, y in corners) + " Z"


def _region_names(limits: Mapping[str, float], palette: Palette) -> list[dict[str, Any]]:
    if not any(name in limits for name in PARTS):
        return []
    return [
        {
            "xref": "paper",
            "yref": "paper",
            "x": 1.0,
            "y": 1.0,
            "xanchor": "right",
            "yanchor": "top",
            "xshift": -8,
            "yshift": -6,
            "showarrow": False,
            "text": "tinted: “I don’t know”",
            "font": {"size": 13, "color": palette.dont_know_text},
        }
    ]


def _axis(title: str, most: float, palette: Palette) -> dict[str, Any]:
    step = next((each for each in _STEPS if 4 * each >= most - 1e-9), _STEPS[-1])
    ticks = np.arange(math.floor(most / step + 1e-9) + 1) * step
    return {
        "range": [-0.02 * most / _MOST, most],
        "fixedrange": True,
        "tickvals": ticks.round(6).tolist(),
        "gridcolor": palette.line,
        "zeroline": False,
        "tickfont": {"size": 12, "color": palette.ink2},
        "title": {"text": title, "font": {"size": 13, "color": palette.ink2}, "standoff": 8},
    }
