"""Curves over coverage, committee and twin, with the point where a policy stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ..errors import InvalidInputError
from .palette import TOKENS, Palette, fade, hover_label

Floats = npt.NDArray[np.float64]

_LOWEST = 40.0  # % of coverage where the axis begins, unless the policy stands below it
_JUDGED = 0.9  # of coverage; what lies beyond may leave the axis
_HEIGHT = 176
_LEFT, _RIGHT, _TOP, _FOOT = 38, 24, 26, 28


@dataclass(frozen=True, slots=True, eq=False)
class CoverageCurve:
    """A share over coverage, of committee and twin.

    Attributes:
        title: what the share is.
        about: more about it.
        coverage: shape (K,), rising, in [0, 1].
        committee: shape (K,), in [0, 1].
        twin: shape (K,), in [0, 1].
        low: lower end of the committee's 95% interval, shape (K,); None where it has none.
        high: upper end.
        point: coverage and share where the policy stands.
        twin_point: where the twin stands at the same coverage.
    """

    title: str
    about: str
    coverage: Floats
    committee: Floats
    twin: Floats
    low: Floats | None
    high: Floats | None
    point: tuple[float, float]
    twin_point: tuple[float, float]

    def __post_init__(self) -> None:
        shapes = {each.shape for each in (self.coverage, self.committee, self.twin)}
        if len(shapes) != 1:
            raise InvalidInputError(
                "curves", expected="one value for each coverage", received=sorted(shapes)
            )


def coverage_curve_spec(curve: CoverageCurve, *, palette: Palette = TOKENS) -> dict[str, Any]:
    """Return a plain Plotly figure: the committee solid with its band, the twin dashed.

    The filled dot is the policy, the hollow one the twin at the same coverage. The lines carry no
    names: a page says once, over all its curves, which is which.
    """
    lowest = _LOWEST if 100.0 * curve.point[0] >= _LOWEST else 0.0
    shown = curve.coverage >= lowest / 100.0
    x = (100.0 * curve.coverage[shown]).round(3).tolist()
    committee, twin = (100.0 * each[shown] for each in (curve.committee, curve.twin))
    # At full coverage a curve of strangers is at 100%: what matters is far below.
    judged = curve.coverage[shown] <= _JUDGED
    most = _ceiling(
        max(
            float(np.maximum(committee, twin)[judged].max(initial=0)),
            100.0 * curve.point[1],
            100.0 * curve.twin_point[1],
        )
    )
    base: dict[str, Any] = {"type": "scatter", "mode": "lines", "showlegend": False}
    band = ([None], [None])
    if curve.low is not None and curve.high is not None and x:
        low, high = (np.minimum(100.0 * each[shown], most) for each in (curve.low, curve.high))
        band = (x + x[::-1], high.round(4).tolist() + low[::-1].round(4).tolist())
    dots = [
        ("committee", curve.point, palette.ink, palette.ink),
        ("twin", curve.twin_point, palette.bg, palette.twin),
    ]
    position = 100.0 * curve.point[0]
    return {
        "data": [
            {
                **base,
                "name": "95% band",
                "x": band[0],
                "y": band[1],
                "fill": "toself",
                "fillcolor": fade(palette.ink, 0.13),
                "line": {"width": 0},
                "hoverinfo": "skip",
            },
            {
                **base,
                "name": "twin",
                "x": x,
                "y": twin.round(4).tolist(),
                "line": {"color": palette.twin, "width": 1.75, "dash": "4px,3px"},
                "hovertemplate": "twin %{y:.2f}%<extra></extra>",
            },
            {
                **base,
                "name": "committee",
                "x": x,
                "y": committee.round(4).tolist(),
                "line": {"color": palette.ink, "width": 2},
                "hovertemplate": "committee %{y:.2f}%<extra></extra>",
            },
            {
                **base,
                "name": "coverage",
                "x": [position, position],
                "y": [0.0, most],
                "line": {"color": palette.ink2, "width": 1, "dash": "2px,3px"},
                "hoverinfo": "skip",
            },
            *(
                {
                    **base,
                    "mode": "markers",
                    "name": f"{name}, now",
                    "x": [round(100.0 * at[0], 3)],
                    "y": [round(min(100.0 * at[1], most), 4)],
                    "marker": {
                        "size": 10,
                        "color": fill,
                        "line": {"color": outline, "width": 2},
                    },
                    "cliponaxis": False,
                    "hoverinfo": "skip",
                }
                for name, at, fill, outline in reversed(dots)
            ),
        ],
        "layout": _layout(curve, lowest, most, palette),
    }


def _layout(curve: CoverageCurve, lowest: float, most: float, palette: Palette) -> dict[str, Any]:
    places = np.arange(lowest, 101.0, 20.0).tolist()
    ticks = [0.0, most / 2, most]
    return {
        "height": _HEIGHT,
        "margin": {"l": _LEFT, "r": _RIGHT, "t": _TOP, "b": _FOOT, "pad": 0, "autoexpand": False},
        "showlegend": False,
        "hovermode": "x",
        "hoverlabel": hover_label(palette),
        "xaxis": {
            "range": [lowest, 100.5],
            "tickvals": places,
            "ticktext": [f"{place:.0f}%" for place in places],
            "ticklabelstandoff": 5,
            "hoverformat": ".1f",
            "ticksuffix": "%",
            **_axis(palette),
            "showgrid": False,
        },
        "yaxis": {
            "range": [0.0, most],
            "tickvals": ticks,
            "ticktext": [f"{tick:.3g}%" for tick in ticks],
            "gridcolor": palette.line,
            **_axis(palette),
        },
        "annotations": [
            {
                "xref": "paper",
                "yref": "paper",
                "x": 0.0,
                "xshift": -_LEFT,
                "y": 1.0,
                "yshift": 5,
                "xanchor": "left",
                "yanchor": "bottom",
                "showarrow": False,
                "text": (
                    f"<b>{curve.title}</b> <span style='color:{palette.ink2}'>{curve.about}</span>"
                ),
                "font": {"size": 14, "color": palette.ink},
            }
        ],
    }


def _axis(palette: Palette) -> dict[str, Any]:
    return {
        "fixedrange": True,
        "zeroline": False,
        "ticks": "",
        "tickfont": {"size": 12, "color": palette.ink2},
    }


def _ceiling(most: float) -> float:
    """Return a round number of % over all of a curve."""
    return next((each for each in (1.0, 2.0, 4.0, 6.0, 10.0, 20.0, 40.0) if most <= each), 100.0)
