"""The lines of a sweep beside the committee's: single passes, a threshold, what is laid over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from ..uncertainty.measures import expected_entropy, mutual_information
from .overlay import Overlay
from .palette import Palette, fade
from .sweep_geometry import Geometry
from .sweep_marks import WRONG_ACCEPTED, Truths

_OVERLAY = 0.5  # opacity of what is laid over


def single_pass_line(
    name: str,
    dash: str,
    values: list[float],
    softmax: npt.NDArray[np.float32],
    right: Truths | None,
    accepted: Sequence[bool] | Truths | None,
    geometry: Geometry,
    palette: Palette,
) -> dict[str, Any]:
    """Return the line of a network that is asked once; only what is to be feared has a mark.

    Args:
        name: of the line.
        dash: Plotly's, `4px,3px`.
        values: x of each step.
        softmax: of the answers, shape (K, C).
        right: shape (K,), None where that is not known.
        accepted: shape (K,), None where all answers are.
        geometry: of the figure.
        palette: colours.
    """
    trace = _line(name, "y2", values, softmax.max(axis=1).astype(np.float64).round(5).tolist())
    trace["line"] = {"color": palette.twin, "width": 1.75, "dash": dash}
    if right is None:
        return trace
    feared = ~right if accepted is None else ~right & np.asarray(accepted, dtype=bool)
    return trace | {
        "mode": "lines+markers",
        "marker": {
            "symbol": WRONG_ACCEPTED,
            "color": palette.wrong_fill,
            "size": [geometry.marker if is_feared else 0 for is_feared in feared.tolist()],
            "opacity": 1.0,
            "line": {"color": palette.bg, "width": geometry.hair},
        },
    }


def threshold_line(
    threshold: float | None, shown: list[float], palette: Palette
) -> list[dict[str, Any]]:
    """Return the line over which a single pass is believed, across the first panel."""
    if threshold is None:
        return []
    trace = _line("threshold", "y2", shown, [threshold, threshold])
    trace["line"] = {"color": fade(palette.ctl, 0.45), "width": 1}
    return [trace]


def limit_shapes(
    limits: Mapping[str, float], tops: Mapping[str, float], geometry: Geometry, palette: Palette
) -> list[dict[str, Any]]:
    """Return a line for each limit, and a tint over what lies beyond it.

    Args:
        limits: of a policy, by measure.
        tops: upper end of each y axis, by `y3`.
        geometry: of the figure.
        palette: colours.
    """
    shapes: list[dict[str, Any]] = []
    for name, limit in limits.items():
        axis = geometry.limit_axes[name]
        # Below a limit on the confidence, above one on anything else.
        beyond = (0.0, limit) if name == "confidence" else (limit, tops[axis])
        shared = {"xref": "paper", "yref": axis, "x0": 0.0, "x1": 1.0, "layer": "below"}
        tint = fade(palette.dont_know_fill, 0.12)
        shapes.append(
            {
                **shared,
                "type": "rect",
                "y0": beyond[0],
                "y1": beyond[1],
                "fillcolor": tint,
                "line": {"width": 0},
            }
        )
        line = {"color": palette.dont_know_fill, "width": 1}
        shapes.append({**shared, "type": "line", "y0": limit, "y1": limit, "line": line})
    return shapes


def overlay_lines(
    overlays: Sequence[Overlay], most_entropy: float, palette: Palette
) -> list[dict[str, Any]]:
    """Return three lines for each of what is laid over; of more classes they end at the panel."""
    traces = []
    for overlay in overlays:
        line = {
            "color": fade(palette.ink, _OVERLAY),
            "width": 1.75 if overlay.dotted else 1.5,
            "dash": "2px,3px" if overlay.dotted else "solid",
        }
        for axis, what, curve in (
            ("y2", "mean softmax", overlay.softmax),
            ("y3", "predictive entropy", overlay.entropy),
            ("y4", "variance", overlay.variance),
        ):
            trace = _line(
                f"{overlay.name}, {what}",
                axis,
                overlay.values.round(6).tolist(),
                curve.round(6).tolist(),
            )
            if axis == "y3" and curve.max() > most_entropy:
                trace["cliponaxis"] = True
            traces.append(trace | {"line": line})
    return traces


def parts_lines(summary: Any, values: list[float], palette: Palette) -> list[dict[str, Any]]:
    """Return the two parts of the predictive entropy, for the fourth panel."""
    traces = []
    for name, curve, dash, colour in (
        ("mutual information", mutual_information(summary), "solid", palette.ink),
        ("expected entropy", expected_entropy(summary), "6px,2px", palette.ink2),
    ):
        trace = _line(name, "y5", values, curve.round(5).tolist())
        traces.append(trace | {"line": {"color": colour, "width": 2, "dash": dash}})
    return traces


def _line(name: str, axis: str, x: list[float], y: list[float]) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines",
        "name": name,
        "x": x,
        "y": y,
        "yaxis": axis,
        "cliponaxis": False,
        "showlegend": False,
        "hoverinfo": "skip",
    }
