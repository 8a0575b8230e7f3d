"""A study: false accepts and coverage of twin and committee, over the steps of many sweeps."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from . import numbers
from .curve_names import curve_name_spots
from .palette import LIGHT, TOKENS, Palette, fade
from .study_layout import COMPACT, WIDE, Geometry, study_layout
from .study_text import MAIN_MEASURE, signed

if TYPE_CHECKING:
    from ..experiments.study_report import Outcome, Study

Floats = npt.NDArray[np.float64]

_SECOND_MEASURE = "mutual_information"
_WORD = 6.6  # pixels a character of a name takes
_LINE = 16


def study_spec(
    study: Study, *, point: str = "best", palette: Palette = TOKENS, compact: bool = False
) -> dict[str, Any]:
    """Return the figure of `study_figure` as a plain dictionary.

    Args:
        study: what came out.
        point: the operating point.
        palette: colours, tokens for a live page.
        compact: for a phone.

    Raises:
        InvalidInputError: there is no such point.
    """
    twin, committee = (study.outcome(point, who) for who in ("twin", MAIN_MEASURE))
    # A phone has no room for a third line's name.
    outcomes = [twin, committee] + ([] if compact else [study.outcome(point, _SECOND_MEASURE)])
    geometry = COMPACT if compact else WIDE
    most = _most_false_accepts(*outcomes)
    values = study.values.round(6).tolist()
    data: list[dict[str, Any]] = []
    panels = []
    for axis, which, ceiling in (("y", "false_accepts", most), ("y2", "coverage", 100.0)):
        rows = [getattr(each, which).by_step for each in outcomes]
        for row, colour, alpha in zip(
            rows[:2], (palette.twin, palette.ink), (0.2, 0.13), strict=True
        ):
            data.append(_band(values, row.low, row.high, axis, fade(colour, alpha)))
        curves = [100.0 * row.value for row in rows]
        for curve in curves[2:]:
            data.append(_line(values, curve, axis, "mutual information", palette.ink2, 1.0))
        data.append(_line(values, curves[0], axis, "twin", palette.twin, 1.75, dash="4px,3px"))
        data.append(_line(values, curves[1], axis, "committee", palette.ink, 2.0))
        panels.append((curves, ceiling))
    # One trace speaks for all lines, so that there is one box under the pointer.
    data[len(data) // 2 - 1] |= {
        "customdata": _hover_texts(study, twin, committee),
        "hovertemplate": "%{customdata}<extra></extra>",
        "hoverinfo": "all",
    }
    layout = study_layout(study, most, geometry, palette)
    layout["annotations"] += _names(values, panels, geometry, palette)
    return {"data": data, "layout": layout}


def study_figure(
    study: Study, *, point: str = "best", palette: Palette = LIGHT, compact: bool = False
) -> go.Figure:
    """Show a study: two panels over the same steps, with 95% bands.

    False accepts and coverage, in % of all answers, of the twin, dashed, and of the committee
    with its predictive entropy, both with bands, and, where there is room, with its mutual
    information, thin.

    Args:
        study: what came out.
        point: the operating point.
        palette: colours.
        compact: for a phone.

    Raises:
        InvalidInputError: there is no such point.
    """
    return go.Figure(study_spec(study, point=point, palette=palette, compact=compact))


def _most_false_accepts(*outcomes: Outcome) -> float:
    """Return the upper end of the panel in %: round, over all bands and a name above them."""
    highest = max(float(each.false_accepts.by_step.high.max()) for each in outcomes)
    return min(100.0, max(10.0, math.ceil(11.5 * highest) * 10.0))


def _names(
    values: list[float],
    panels: list[tuple[list[Floats], float]],
    geometry: Geometry,
    palette: Palette,
) -> list[dict[str, Any]]:
    """Name the lines where twin and committee are farthest apart; both panels draw them alike."""
    names = [("twin", palette.ink2), ("committee", palette.ink)]
    if not geometry.is_compact:
        names = [
            names[0],
            ("committee, entropy", palette.ink),
            ("mutual information", palette.ink2),
        ]
    apart = [np.abs(curves[0] - curves[1]).max() / ceiling for curves, ceiling in panels]
    place = int(np.argmax(apart))
    curves, ceiling = panels[place]
    per_step = geometry.plot_width / len(values)
    spots = curve_name_spots(
        curves,
        reaches=[
            min(math.ceil(_WORD * len(name) / 2 / per_step), (len(values) - 1) // 2)
            for name, _ in names
        ],
        half_height=_LINE / 2 / geometry.panel * ceiling,
        ceiling=ceiling,
    )
    top, height = geometry.panel_tops[place], geometry.height
    return [
        {
            "xref": "x",
            "x": values[spot.step],
            "yref": "paper",
            "y": round(1.0 - (top + (1.0 - spot.y / ceiling) * geometry.panel) / height, 5),
            "text": name,
            "showarrow": False,
            "xanchor": "center",
            "yanchor": "middle",
            "font": {"size": 13, "color": colour},
        }
        for spot, (name, colour) in zip(spots, names, strict=True)
    ]


def _line(
    values: list[float],
    heights: Any,
    axis: str,
    name: str,
    colour: str,
    width: float,
    dash: str = "solid",
) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines",
        "name": name,
        "x": values,
        "y": np.round(heights, 3).tolist(),
        "yaxis": axis,
        "line": {"color": colour, "width": width, "dash": dash},
        "cliponaxis": False,
        "showlegend": False,
        "hoverinfo": "skip",
    }


def _band(values: list[float], low: Any, high: Any, axis: str, colour: str) -> dict[str, Any]:
    edge = np.concatenate([low, high[::-1]])
    return {
        "type": "scatter",
        "mode": "lines",
        "name": "95% interval",
        "x": values + values[::-1],
        "y": np.round(100.0 * edge, 3).tolist(),
        "yaxis": axis,
        "fill": "toself",
        "fillcolor": colour,
        "line": {"width": 0},
        "showlegend": False,
        "hoverinfo": "skip",
    }


def _hover_texts(study: Study, twin: Outcome, committee: Outcome) -> list[str]:
    fewer = committee.more_false_accepts
    assert fewer is not None
    texts = []
    for step, value in enumerate(study.values.tolist()):
        apart = fewer.by_step[step]
        lines = [
            f"{name}: committee {numbers.share(ours.by_step[step].value)},"
            f" twin {numbers.share(its.by_step[step].value)}"
            for name, ours, its in (
                ("false accepts", committee.false_accepts, twin.false_accepts),
                ("coverage", committee.coverage, twin.coverage),
                ("right", study.accuracy["committee"], study.accuracy["twin"]),
            )
        ]
        lines.insert(
            1,
            f"difference {signed(apart.value)} points,"
            f" 95% interval {signed(apart.low)} to {signed(apart.high)}",
        )
        texts.append("<br>".join([f"<b>{_place(study, value)}</b>", *lines]))
    return texts


def _place(study: Study, value: float) -> str:
    if study.kind == "rotation":
        return numbers.angle(value)
    if study.kind == "blending":
        return f"α = {numbers.weight(value)}"
    return f"{numbers.share(value)} of the pixels"
