"""A study: false accepts and coverage of twin and committee, over the steps of many sweeps."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import plotly.graph_objects as go

from . import numbers
from .curve_names import curve_name_spots
from .palette import LIGHT, TOKENS, Palette, fade, hover_label
from .study_text import MAIN_MEASURE, signed

if TYPE_CHECKING:
    from ..experiments.study_report import Outcome, Study

_SECOND_MEASURE = "mutual_information"
_LEFT, _RIGHT, _TITLE, _FOOT = 40, 8, 34, 46
_WIDTHS = (1120, 358)  # that it is drawn for, wide and compact
_PANELS = (180, 140)
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
    width, panel = _WIDTHS[compact], _PANELS[compact]
    height = 2 * (_TITLE + panel) + _FOOT
    tops = (_TITLE, 2 * _TITLE + panel)
    most = _most_false_accepts(*outcomes)
    values = study.values.round(6).tolist()
    data: list[dict[str, Any]] = []
    annotations = [
        _title("False accepts", "wrong and accepted, of all answers", tops[0], height, palette),
        _title("Coverage", "accepted, of all answers", tops[1], height, palette),
    ]
    names = [("twin", palette.ink2), ("committee", palette.ink)]
    if not compact:
        names = [
            *names[:1],
            ("committee, entropy", palette.ink),
            ("mutual information", palette.ink2),
        ]
    for axis, top, ceiling, which in (
        ("y", tops[0], most, "false_accepts"),
        ("y2", tops[1], 100.0, "coverage"),
    ):
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
        per_step = (width - _LEFT - _RIGHT) / len(values)
        spots = curve_name_spots(
            curves,
            reaches=[
                min(math.ceil(_WORD * len(name) / 2 / per_step), (len(values) - 1) // 2)
                for name, _ in (names if which == "false_accepts" else names[:2])
            ],
            half_height=_LINE / 2 / panel * ceiling,
            ceiling=ceiling,
        )
        for spot, (name, colour) in zip(spots, names, strict=False):
            annotations.append(
                {
                    "xref": "x",
                    "x": values[spot.step],
                    "yref": "paper",
                    "y": round(1.0 - (top + (1.0 - spot.y / ceiling) * panel) / height, 5),
                    "text": name,
                    "showarrow": False,
                    "xanchor": "center",
                    "yanchor": "middle",
                    "font": {"size": 13, "color": colour},
                }
            )
    # One trace speaks for all lines, so that there is one box under the pointer.
    data[len(data) // 2 - 1] |= {
        "customdata": _hover_texts(study, twin, committee),
        "hovertemplate": "%{customdata}<extra></extra>",
        "hoverinfo": "all",
    }
    step = _tick_step(most)
    layout = {
        "height": height,
        "margin": {"l": _LEFT, "r": _RIGHT, "t": 0, "b": 0, "pad": 0, "autoexpand": False},
        "showlegend": False,
        "hovermode": "x",
        "hoverlabel": hover_label(palette),
        "xaxis": _x_axis(study, palette, compact),
        "yaxis": _y_axis(tops[0], panel, height, most, step, palette),
        "yaxis2": _y_axis(tops[1], panel, height, 100.0, 50.0, palette),
        "annotations": annotations,
    }
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


def _tick_step(most: float) -> float:
    return next(step for step in (5.0, 10.0, 20.0, 50.0) if most / step <= 3.5)


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


def _x_axis(study: Study, palette: Palette, compact: bool) -> dict[str, Any]:
    low, high = float(study.values[0]), float(study.values[-1])
    if study.kind == "rotation":
        ticks = [float(degrees) for degrees in range(0, 360, 90 if compact else 30)]
        texts, title = [numbers.angle(each) for each in ticks], "turned counter-clockwise by"
    elif study.kind == "blending":
        ticks = [k / (4 if compact else 10) for k in range(5 if compact else 11)]
        texts = [numbers.weight(each) for each in ticks]
        title = "how much of the second image is added, α"
    else:
        ticks = [k / 10 for k in range(0, 10, 3 if compact else 1)]
        texts, title = [f"{100 * each:.0f}%" for each in ticks], "pixels replaced"
    margin = 0.012 * (high - low)
    return {
        "anchor": "y2",
        "domain": [0.0, 1.0],
        "range": [low - margin, high + margin],
        "fixedrange": True,
        "showgrid": False,
        "zeroline": False,
        "ticks": "",
        "ticklabelstandoff": 5,
        "tickangle": 0,
        "tickvals": ticks,
        "ticktext": texts,
        "ticksuffix": "°" if study.kind == "rotation" else "",  # of what the pointer is over
        "hoverformat": ".3~g" if study.kind == "rotation" else ".2f",
        "tickfont": {"size": 12, "color": palette.ink2},
        "title": {"text": title, "standoff": 4, "font": {"size": 13, "color": palette.ink2}},
    }


def _y_axis(
    top: int, panel: int, height: int, most: float, step: float, palette: Palette
) -> dict[str, Any]:
    ticks = np.arange(0.0, most + 0.5, step).tolist()
    return {
        "anchor": "x",
        "domain": [1.0 - (top + panel) / height, 1.0 - top / height],
        "range": [0.0, most],
        "fixedrange": True,
        "tickvals": ticks,
        "ticktext": [f"{tick:.0f}%" for tick in ticks],
        "ticks": "",
        "showgrid": True,
        "gridcolor": palette.line,
        "gridwidth": 1,
        "zeroline": True,
        "zerolinecolor": palette.line,
        "zerolinewidth": 1,
        "tickfont": {"size": 12, "color": palette.ink2},
    }


def _title(strong: str, rest: str, top: int, height: int, palette: Palette) -> dict[str, Any]:
    return {
        "xref": "paper",
        "yref": "paper",
        "x": 0.0,
        "y": 1.0 - (top - 6) / height,
        "xanchor": "left",
        "yanchor": "bottom",
        "showarrow": False,
        "text": f"<b>{strong}</b> <span style='color:{palette.ink2}'>{rest}</span>",
        "font": {"size": 14, "color": palette.ink},
    }
