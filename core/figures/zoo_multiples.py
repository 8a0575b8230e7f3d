"""The zoo at a glance: one small panel for each figure, the networks down its side."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go

from ..experiments.zoo_table import BASE, ZooRow, ZooTable
from ..uncertainty import Interval
from .class_text import plotly_text
from .palette import LIGHT, TOKENS, Palette, fade, hover_label
from .zoo_geometry import NAME_SIZE, Geometry, geometry
from .zoo_text import (
    TIME,
    ZooChange,
    is_better_higher,
    is_per_thousand,
    is_percent,
    zoo_change,
    zoo_columns,
    zoo_difference,
    zoo_interval,
    zoo_label,
    zoo_range,
    zoo_unit,
    zoo_value,
)

_ALIKE, _BASE = "circle", "square"
_MARK = 9
_MOST_TICKS = 4
_MARGIN = 0.08  # of an axis, beside what stands on it


def zoo_multiples_spec(
    table: ZooTable,
    *,
    scaled: bool = False,
    one_pass: bool = False,
    palette: Palette = TOKENS,
    compact: bool = False,
) -> dict[str, Any]:
    """Return the figure of `zoo_multiples_figure` as a plain dictionary."""
    names = zoo_columns(scaled=scaled)
    size = geometry([row.title for row in table.rows], len(names), compact=compact)
    data: list[dict[str, Any]] = []
    layout = _layout(size, palette)
    for panel, name in enumerate(names):
        shown = [zoo_interval(row, name, one_pass=one_pass) for row in table.rows]
        data += _traces(table, shown, name, panel, one_pass, palette)
        layout |= _axes(table.rows, shown, name, panel, size, palette)
        layout["annotations"].append(_title(name, panel, size, palette))
        layout["shapes"] += _base(table.rows, shown, name, panel, palette)
    return {"data": data, "layout": layout}


def zoo_multiples_figure(
    table: ZooTable,
    *,
    scaled: bool = False,
    one_pass: bool = False,
    palette: Palette = LIGHT,
    compact: bool = False,
) -> go.Figure:
    """Show the table as panels: for each figure every network's point with its interval.

    The base's interval is a band through the panel. A triangle that points up is clearly better
    than the base, one that points down clearly worse, a hollow one no more so than a seed might
    make it, a circle neither; the square is the base.

    Args:
        table: of the zoo.
        scaled: whether after a temperature, where there are both.
        one_pass: whether of one pass without dropout; what has none leaves its row empty.
        palette: colours.
        compact: for a phone: one panel below the other.
    """
    return go.Figure(
        zoo_multiples_spec(
            table, scaled=scaled, one_pass=one_pass, palette=palette, compact=compact
        )
    )


def _traces(
    table: ZooTable,
    shown: list[Interval | None],
    name: str,
    panel: int,
    one_pass: bool,
    palette: Palette,
) -> list[dict[str, Any]]:
    """Return the intervals as one broken line, and the points on it."""
    scale = _scale(name)
    there = [
        (place, row, interval)
        for place, (row, interval) in enumerate(zip(table.rows, shown, strict=True))
        if interval is not None
    ]
    ends = [
        end
        for place, _row, interval in there
        for end in ((scale * interval.low, place), (scale * interval.high, place), (None, None))
    ]
    axes = {"xaxis": _axis("x", panel), "yaxis": _axis("y", panel)}
    base = {"type": "scatter", **axes, "showlegend": False, "cliponaxis": False}
    return [
        {
            **base,
            "mode": "lines",
            "name": f"{name}, intervals",
            "x": [x if x is None else round(x, 6) for x, _ in ends],
            "y": [y for _, y in ends],
            "line": {"color": palette.ink, "width": 2},
            "hoverinfo": "skip",
        },
        {
            **base,
            "mode": "markers",
            "name": name,
            "x": [round(scale * interval.value, 6) for _, _, interval in there],
            "y": [place for place, _, _ in there],
            "customdata": [
                _hover(table, row, name, interval, one_pass=one_pass) for _, row, interval in there
            ],
            "hovertemplate": "%{customdata}<extra></extra>",
            "marker": _marker(table, [row for _, row, _ in there], name, one_pass, palette),
        },
    ]


def _marker(
    table: ZooTable, rows: Sequence[ZooRow], name: str, one_pass: bool, palette: Palette
) -> dict[str, Any]:
    """Return how the points look: hollow ones hide the interval that they lie on."""
    changes = [zoo_change(table, row, name, one_pass=one_pass) for row in rows]
    hollow = [change is not None and change.may_be_seed for change in changes]
    return {
        "symbol": [_symbol(row, change) for row, change in zip(rows, changes, strict=True)],
        "size": _MARK,
        "color": [palette.bg if each else palette.ink for each in hollow],
        "line": {
            "color": [palette.ink if each else palette.bg for each in hollow],
            "width": [1.5 if each else 1.0 for each in hollow],
        },
    }


def _symbol(row: ZooRow, change: ZooChange | None) -> str:
    if row.name == BASE:
        return _BASE
    if change is None:
        return _ALIKE
    return "triangle-up" if change.is_better else "triangle-down"


def _hover(table: ZooTable, row: ZooRow, name: str, interval: Interval, *, one_pass: bool) -> str:
    unit = f" {zoo_unit(name)}" if name != TIME and zoo_unit(name) else ""
    between = "middle half of the runs" if name == TIME else "95% interval"
    lines = [
        f"<b>{plotly_text(row.title)}</b>",
        f"{zoo_label(name)} {zoo_value(name, interval.value)}{unit}",
        f"{between} {zoo_range(name, interval)}",
    ]
    difference = row.differences.get(name)
    if difference is not None and not one_pass and row.name != BASE:
        change = zoo_change(table, row, name)
        lines.append(
            f"less the base: {zoo_difference(name, difference)},"
            f" {change.words if change else 'no clear difference'}"
        )
    return "<br>".join(lines)


def _scale(name: str) -> float:
    """Return what a figure is multiplied by on its axis; Plotly makes % by itself."""
    return 1000.0 if is_per_thousand(name) else 1.0


def _base(
    rows: Sequence[ZooRow], shown: list[Interval | None], name: str, panel: int, palette: Palette
) -> list[dict[str, Any]]:
    """Return the band of the base's interval, with a line at its value."""
    scale = _scale(name)
    base = next(
        (each for row, each in zip(rows, shown, strict=True) if row.name == BASE and each), None
    )
    if base is None:
        return []
    place = {
        "xref": _axis("x", panel),
        "yref": f"{_axis('y', panel)} domain",
        "y0": 0,
        "y1": 1,
        "layer": "below",
    }
    return [
        {
            **place,
            "type": "rect",
            "x0": scale * base.low,
            "x1": scale * base.high,
            "fillcolor": fade(palette.ink, 0.09),
            "line": {"width": 0},
        },
        {
            **place,
            "type": "line",
            "x0": scale * base.value,
            "x1": scale * base.value,
            "line": {"color": palette.ink2, "width": 1, "dash": "2px,3px"},
        },
    ]


def _title(name: str, panel: int, size: Geometry, palette: Palette) -> dict[str, Any]:
    way = "better →" if is_better_higher(name) else "← better"
    unit = f"{zoo_unit(name)}, " if zoo_unit(name) else ""
    return {
        "xref": f"{_axis('x', panel)} domain",
        "yref": "paper",
        "x": 0.0,
        "y": 1.0 - (size.top(panel) - 4) / size.height,
        "xanchor": "left",
        "yanchor": "bottom",
        "align": "left",
        "showarrow": False,
        "text": (
            f"<b>{zoo_label(name)}</b><br>"
            f"<span style='color:{palette.ink2};font-size:12px'>{unit}{way}</span>"
        ),
        "font": {"size": 14, "color": palette.ink},
    }


def _layout(size: Geometry, palette: Palette) -> dict[str, Any]:
    return {
        "height": size.height,
        "margin": {
            "l": size.left,
            "r": size.right,
            "t": 0,
            "b": 0,
            "pad": 0,
            "autoexpand": False,
        },
        "showlegend": False,
        "hovermode": "closest",
        "hoverlabel": hover_label(palette),
        "annotations": [],
        "shapes": [],
    }


def _axes(
    rows: Sequence[ZooRow],
    shown: list[Interval | None],
    name: str,
    panel: int,
    size: Geometry,
    palette: Palette,
) -> dict[str, Any]:
    number = "" if panel == 0 else str(panel + 1)
    scale = _scale(name)
    ends = [scale * end for each in shown if each for end in (each.low, each.high)] or [0.0, 1.0]
    low, high = (0.0 if name == TIME else min(ends)), max(ends)
    margin = _MARGIN * ((high - low) or 1.0)
    ink2 = {"size": 12, "color": palette.ink2}
    return {
        f"xaxis{number}": {
            "anchor": _axis("y", panel),
            "domain": size.x_domain(panel),
            "range": [low - margin, high + margin],
            "fixedrange": True,
            "tickvals": _ticks(low - margin, high + margin),
            "tickformat": "~%" if is_percent(name) else "",
            "ticks": "",
            "tickangle": 0,
            "showgrid": False,
            "zeroline": False,
            "tickfont": ink2,
        },
        f"yaxis{number}": {
            "anchor": _axis("x", panel),
            "domain": size.y_domain(panel),
            # Downwards, the base on top.
            "range": [len(rows) - 0.5, -0.5],
            "fixedrange": True,
            "showticklabels": size.has_names(panel),
            "tickvals": list(range(len(rows))),
            "ticktext": [plotly_text(row.title) for row in rows],
            "ticks": "",
            "gridcolor": palette.line,
            "zeroline": False,
            "tickfont": {"size": NAME_SIZE, "color": palette.ink},
        },
    }


def _ticks(low: float, high: float) -> list[float]:
    """Return as many round numbers inside an axis as there is room for, 2 to 4."""
    power = 10.0 ** math.floor(math.log10((high - low) / _MOST_TICKS))
    for step in (power, 2 * power, 2.5 * power, 5 * power, 10 * power):
        first, last = math.ceil(low / step), math.floor(high / step)
        if last - first < _MOST_TICKS:
            break
    return [round(k * step, 10) for k in range(first, last + 1)]


def _axis(letter: str, panel: int) -> str:
    return letter if panel == 0 else f"{letter}{panel + 1}"
