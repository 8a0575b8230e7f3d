"""The marks of a sweep: hue and shape say right or wrong, their weight accepted or not.

A circle is right, filled where it is accepted. What is wrong is a thin cross where it is refused
and a filled diamond where it is accepted. Diamonds are what is to be feared: without any colour
and at the size of a phone they look like nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from .palette import Palette
from .sweep_geometry import Geometry

Truths = npt.NDArray[np.bool_]

WRONG_ACCEPTED = "diamond"
WRONG_REFUSED = "x-thin"


def answer_markers(
    right: Truths | None,
    accepted: Sequence[bool] | None,
    num_steps: int,
    geometry: Geometry,
    palette: Palette,
) -> dict[str, Any]:
    """Return the `marker` of a line of answers, a mark for each step.

    Args:
        right: shape (S,), None where the true class is not known.
        accepted: shape (S,), None where all answers are.
        num_steps: S.
        geometry: of the figure.
        palette: colours.
    """
    styles = []
    for step in range(num_steps):
        solid = accepted is None or bool(accepted[step])
        if right is None:
            symbol, colour = "circle", palette.ink
        elif right[step]:
            symbol, colour = "circle", palette.accepted_fill
        else:
            symbol, colour = (WRONG_ACCEPTED if solid else WRONG_REFUSED), palette.wrong_fill
        styles.append(_marker(symbol, colour, solid, geometry, palette))
    return {key: [style[key] for style in styles] for key in ("symbol", "color", "size")} | {
        "opacity": 1.0,
        "line": {
            "color": [style["line_color"] for style in styles],
            "width": [style["line_width"] for style in styles],
        },
    }


def _marker(
    symbol: str, colour: str, solid: bool, geometry: Geometry, palette: Palette
) -> dict[str, Any]:
    return {
        "symbol": symbol,
        "color": colour if solid else palette.bg,
        "size": geometry.marker,
        # Around a solid mark a hair of the page keeps it off the line that runs through it.
        "line_color": palette.bg if solid else colour,
        "line_width": geometry.hair if solid else 2.0,
    }


def key_traces(
    has_labels: bool, has_policy: bool, geometry: Geometry, palette: Palette
) -> list[dict[str, Any]]:
    """Return traces without points, whose names and marks are the key."""
    if not has_labels:
        return []
    items = [
        ("right", "circle", palette.accepted_fill, True),
        ("wrong", WRONG_ACCEPTED, palette.wrong_fill, True),
    ]
    if has_policy:
        items = [
            ("right, accepted", "circle", palette.accepted_fill, True),
            ("right, “I don’t know”", "circle", palette.accepted_fill, False),
            ("wrong, accepted", WRONG_ACCEPTED, palette.wrong_fill, True),
            ("wrong, “I don’t know”", WRONG_REFUSED, palette.wrong_fill, False),
        ]
    traces = []
    for name, symbol, colour, is_solid in items:
        style = _marker(symbol, colour, is_solid, geometry, palette)
        traces.append(
            {
                "type": "scatter",
                "mode": "markers",
                "name": name,
                "x": [None],
                "y": [None],
                "yaxis": "y2",
                "hoverinfo": "skip",
                "marker": {
                    "symbol": symbol,
                    "color": style["color"],
                    "size": style["size"],
                    "line": {"color": style["line_color"], "width": style["line_width"]},
                },
            }
        )
    return traces


def verdict_colour(
    right: Truths | None,
    accepted: Sequence[bool] | None,
    step: int,
    palette: Palette,
) -> str:
    """Return the colour that frames a step's image."""
    if accepted is not None and not accepted[step]:
        return palette.dont_know_fill
    if right is None:
        return palette.twin
    return palette.accepted_fill if right[step] else palette.wrong_fill
