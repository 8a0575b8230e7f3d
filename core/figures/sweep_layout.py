"""The layout of a sweep's figure: the strip's steps, the panels' axes and titles, the key."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from . import numbers
from .palette import Palette, hover_label
from .panels import panel_axis, panel_title
from .sweep_axis import x_axis
from .sweep_geometry import Geometry
from .sweep_panels import measure_axis, measure_title

if TYPE_CHECKING:
    from ..experiments.sweep import SweepResult

MOST_VARIANCE = 0.25  # of a number in [0, 1]


def strip_steps(result: SweepResult, geometry: Geometry) -> list[int]:
    """Return the steps whose images there is room for.

    Of a turn every so manyth, which keeps to round angles; of the others both ends, and what
    parts the way between them evenly. Steps that are still to be computed have none.
    """
    steps = result.recipe.num_steps
    stride = geometry.stride(steps)
    shown = list(range(0, steps, stride))
    if result.kind != "rotation":
        whole = [s for s in range(stride, 2 * stride + 1) if (steps - 1) % s == 0]
        if whole:
            shown = list(range(0, steps, whole[0]))
        else:
            shown = [int(k) for k in np.linspace(0, steps - 1, max(2, steps // stride)).round()]
    return [step for step in shown if step < result.num_steps]


def sweep_layout(
    result: SweepResult,
    limits: Mapping[str, float],
    geometry: Geometry,
    palette: Palette,
    *,
    has_answers: bool,
) -> dict[str, Any]:
    """Return the layout of a sweep's figure: axes, titles and key.

    The first y axis covers the whole figure in pixels, downwards, under the panels' own: the
    strip and the band that marks a step stand on it.

    Args:
        result: of the sweep.
        limits: of a policy, by measure.
        geometry: of the figure.
        palette: colours.
        has_answers: whether anything stands under the strip.
    """
    height, panel = geometry.height, geometry.panel
    most = geometry.most_entropy
    tops = geometry.panel_tops
    ticks = nats_ticks(most)
    whole = numbers.entropy(math.log(result.num_classes))
    ceiling = f"nats, at most ln {numbers.count(result.num_classes)} = {whole}"
    of_the_answer = "" if geometry.is_compact else "of the answer"  # the key takes its room
    nats_axis = {
        "range": [0.0, most],
        "tickvals": ticks,
        "ticktext": [f"{nats:g}" for nats in ticks],
    }
    axes = [
        {"range": [0.0, 1.0], "tickvals": [0.0, 0.5, 1.0], "ticktext": ["0", "0.5", "1"]},
        nats_axis,
        {
            "range": [0.0, MOST_VARIANCE],
            "tickvals": [0.0, 0.1, 0.2],
            "ticktext": ["0", "0.1", "0.2"],
        },
        *([nats_axis] if geometry.has_parts else []),
        *(measure_axis(name, limits[name], result) for name in geometry.limited),
    ]
    titles = [
        ("Mean softmax", of_the_answer),
        ("Predictive entropy", ceiling),
        ("Variance", "of the answer’s softmax"),
        *([("The entropy’s two parts", "nats, together the entropy")] * geometry.has_parts),
        *map(measure_title, geometry.limited),
    ]
    key_place: dict[str, Any] = {"x": 1.0, "y": 1.0 - (tops[0] - 4) / height, "xanchor": "right"}
    if geometry.key_below:
        # Two rows of two under everything.
        key_place = {"x": 0.0, "y": 0.0, "xanchor": "left", "entrywidth": 0.48}
        key_place["entrywidthmode"] = "fraction"
    return {
        "height": height,
        "margin": {
            "l": geometry.left,
            "r": geometry.right,
            "t": 0,
            "b": 0,
            "pad": 0,
            "autoexpand": False,
        },
        "hovermode": "x",
        "hoverlabel": hover_label(palette),
        "meta": {"select": "x"},
        "showlegend": True,
        "legend": {
            "orientation": "h",
            "xref": "paper",
            "yref": "paper",
            **key_place,
            "yanchor": "bottom",
            "bgcolor": "rgba(0,0,0,0)",
            "itemclick": False,
            "itemdoubleclick": False,
            "itemsizing": "trace",
            "font": {"size": 12 if geometry.key_below else 13, "color": palette.ink2},
        },
        "xaxis": x_axis(
            result.kind,
            (float(result.recipe.values[0]), float(result.recipe.values[-1])),
            geometry.x_range(result.recipe.values),
            anchor=f"y{geometry.num_panels + 1}",
            compact=geometry.is_compact,
            palette=palette,
        ),
        "yaxis": {
            "domain": [0.0, 1.0],
            "range": [height, 0],
            "fixedrange": True,
            "visible": False,
        },
        **{
            f"yaxis{panel_number + 2}": {**panel_axis(top, panel, height, palette), **axis}
            for panel_number, (top, axis) in enumerate(zip(tops, axes, strict=True))
        },
        "annotations": [
            *([_says(geometry, palette)] if has_answers else []),
            *(
                panel_title(strong, rest, top, height, palette)
                for top, (strong, rest) in zip(tops, titles, strict=True)
            ),
        ],
    }


def nats_ticks(most: float) -> list[float]:
    """Return the ticks of an axis in nats: about three, whatever the number of classes."""
    step = 0.5 if most < 1.0 else 1.0 if most < 4.0 else 2.0
    return [step * k for k in range(int(most / step) + 1)]


def _says(geometry: Geometry, palette: Palette) -> dict[str, Any]:
    return {
        "xref": "paper",
        "yref": "paper",
        "x": 0.0,
        "y": 1.0 - geometry.answers / geometry.height,
        "xanchor": "right",
        "xshift": -4,
        "yanchor": "middle",
        "showarrow": False,
        "text": "says",
        "font": {"size": 12, "color": palette.ink2},
    }
