"""A sweep: what the committee and the twin say at each step, in three panels under the images."""

from __future__ import annotations

import html
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import plotly.graph_objects as go

from ..errors import InvalidInputError
from ..uncertainty.measures import confidence, predictive_entropy, variance
from . import numbers
from .line_labels import label_spots
from .palette import LIGHT, TOKENS, Palette
from .sweep_layout import COMPACT, WIDE, Geometry, sweep_layout
from .sweep_marks import answer_markers, key_traces
from .sweep_strip import answers_trace, band_trace, strip_images

if TYPE_CHECKING:
    import numpy.typing as npt

    from ..experiments.sweep import SweepResult

# Pixels that words take.
_COMMITTEE_WIDTH = 66
_TWIN_WIDTH = 30
_KEY_WIDTH = 140
_POLICY_KEY_WIDTH = 580


def sweep_spec(
    result: SweepResult,
    *,
    selected: int | None = None,
    accepted: Sequence[bool] | None = None,
    twin_accepted: Sequence[bool] | None = None,
    class_names: Sequence[str] | None = None,
    palette: Palette = TOKENS,
    compact: bool = False,
) -> dict[str, Any]:
    """Return the figure of `sweep_figure` as a plain dictionary.

    With another step selected only the last trace, the band, differs.

    Args:
        result: of a rotation or a blending.
        selected: the step that the band marks.
        accepted: for each step, whether the committee's answer is accepted; all are if left out.
        twin_accepted: likewise for the twin.
        class_names: the class numbers if left out.
        palette: colours, tokens for a live page.
        compact: for a phone, with fewer images and ticks.

    Raises:
        InvalidInputError: a step that is none, or verdicts or names of another number.
    """
    _check(result, selected, accepted, twin_accepted, class_names)
    geometry = COMPACT if compact else WIDE
    names = list(class_names) if class_names else [str(k) for k in range(result.num_classes)]
    names = [html.escape(name, quote=False) for name in names]
    values = result.values.round(6).tolist()
    softmax = confidence(result.summary)
    twin_softmax = result.twin.max(axis=1).astype(np.float64)
    markers = answer_markers(result.right, accepted, result.num_steps, geometry, palette)

    panel = {
        "type": "scatter",
        "mode": "lines+markers",
        "x": values,
        "line": {"color": palette.ink, "width": 2},
        "marker": markers,
        "cliponaxis": False,
        "showlegend": False,
        "customdata": _hover_texts(result, names),
        "hovertemplate": "%{customdata}<extra></extra>",
    }
    data: list[dict[str, Any]] = [
        {**panel, "name": "committee", "yaxis": "y2", "y": softmax.round(5).tolist()},
        {
            **panel,
            "name": "predictive entropy",
            "yaxis": "y3",
            "y": predictive_entropy(result.summary).round(5).tolist(),
        },
        {
            **panel,
            "name": "variance",
            "yaxis": "y4",
            "y": variance(result.summary).round(6).tolist(),
        },
        _twin_line(result, twin_softmax, twin_accepted, geometry, palette),
        answers_trace(result, values, names, geometry, palette),
        *key_traces(result.right is not None, accepted is not None, geometry, palette),
        band_trace(result, selected, geometry, palette),
    ]
    layout = sweep_layout(result, geometry, palette)
    key_width = 0 if result.right is None else _KEY_WIDTH if accepted is None else _POLICY_KEY_WIDTH
    layout["annotations"] += _names_of_lines(
        softmax, twin_softmax, values, key_width, geometry, palette
    )
    layout["images"] = strip_images(result, accepted, geometry, palette)
    return {"data": data, "layout": layout}


def sweep_figure(
    result: SweepResult,
    *,
    selected: int | None = None,
    accepted: Sequence[bool] | None = None,
    twin_accepted: Sequence[bool] | None = None,
    class_names: Sequence[str] | None = None,
    palette: Palette = LIGHT,
    compact: bool = False,
) -> go.Figure:
    """Show a sweep: its images, and under them three panels over the same steps.

    The panels are the mean softmax of the answer, with the twin's softmax dashed, the predictive
    entropy and the variance of the answer's softmax, as in the post. Where the true class is
    known, a teal circle is a right answer and a plum cross a wrong one; an answer that is not
    accepted is hollow.

    Args:
        result: of a rotation or a blending.
        selected: the step that a band through all panels marks.
        accepted: for each step, whether the committee's answer is accepted; all are if left out.
        twin_accepted: likewise for the twin.
        class_names: the class numbers if left out.
        palette: colours.
        compact: for a phone, with fewer images and ticks.

    Raises:
        InvalidInputError: a step that is none, or verdicts or names of another number.
    """
    return go.Figure(
        sweep_spec(
            result,
            selected=selected,
            accepted=accepted,
            twin_accepted=twin_accepted,
            class_names=class_names,
            palette=palette,
            compact=compact,
        )
    )


def _twin_line(
    result: SweepResult,
    softmax: npt.NDArray[np.float64],
    accepted: Sequence[bool] | None,
    geometry: Geometry,
    palette: Palette,
) -> dict[str, Any]:
    """Only what is to be feared has a mark on the twin's line: wrong and accepted."""
    right = result.twin_right
    trace: dict[str, Any] = {
        "type": "scatter",
        "mode": "lines",
        "name": "twin",
        "x": result.values.round(6).tolist(),
        "y": softmax.round(5).tolist(),
        "yaxis": "y2",
        "line": {"color": palette.twin, "width": 1.75, "dash": "4px,3px"},
        "cliponaxis": False,
        "showlegend": False,
        "hoverinfo": "skip",
    }
    if right is None:
        return trace
    feared = ~right if accepted is None else ~right & np.asarray(accepted, dtype=bool)
    return trace | {
        "mode": "lines+markers",
        "marker": {
            "symbol": "x",
            "color": palette.wrong_fill,
            "size": [geometry.marker if is_feared else 0 for is_feared in feared.tolist()],
            "opacity": 1.0,
            "line": {"color": palette.bg, "width": geometry.hair},
        },
    }


def _names_of_lines(
    softmax: npt.NDArray[np.float64],
    twin_softmax: npt.NDArray[np.float64],
    values: list[float],
    key_width: int,
    geometry: Geometry,
    palette: Palette,
) -> list[dict[str, Any]]:
    per_step = geometry.plot_width / len(values)
    top, height = geometry.panel_tops[0], geometry.height
    # Over the panel there is room only between its title and the key.
    places = (np.arange(len(values)) + 0.5) * per_step
    is_free = (places > geometry.title_width) & (places < geometry.plot_width - key_width)
    spots = label_spots(
        softmax,
        twin_softmax,
        np.where(is_free, 1.0 + geometry.title / geometry.panel, 1.04),
        reaches=(math.ceil(_COMMITTEE_WIDTH / 2 / per_step), math.ceil(_TWIN_WIDTH / 2 / per_step)),
        half_height=8 / geometry.panel,
    )
    labels = [("committee", palette.ink), ("twin", palette.ink2)]
    return [
        {
            "xref": "x",
            "x": values[spot.step],
            # Not on the panel's axis: Plotly drops what stands even a little over its end.
            "yref": "paper",
            "y": round(1.0 - (top + (1.0 - spot.y) * geometry.panel) / height, 5),
            "text": text,
            "showarrow": False,
            "xanchor": "center",
            "yanchor": "middle",
            "font": {"size": 13, "color": colour},
        }
        for spot, (text, colour) in zip(spots, labels, strict=True)
    ]


def _hover_texts(result: SweepResult, names: list[str]) -> list[str]:
    softmax, entropies = confidence(result.summary), predictive_entropy(result.summary)
    variances = variance(result.summary)
    right, predicted, twin_predicted = result.right, result.predicted, result.twin_predicted
    texts = []
    for step, value in enumerate(result.values.tolist()):
        place = (
            numbers.angle(value) if result.kind == "rotation" else f"α = {numbers.weight(value)}"
        )
        answer = names[int(predicted[step])]
        verdict = "" if right is None else (", right" if right[step] else ", wrong")
        twin = int(twin_predicted[step])
        texts.append(
            f"<b>{place}: {answer}{verdict}</b>"
            f"<br>mean softmax {numbers.softmax(softmax[step])}"
            f"<br>entropy {numbers.entropy(entropies[step])} nats"
            f"<br>variance {numbers.variance(variances[step])}"
            f"<br>twin: {names[twin]}, softmax {numbers.softmax(result.twin[step, twin])}"
        )
    return texts


def _check(
    result: SweepResult,
    selected: int | None,
    accepted: Sequence[bool] | None,
    twin_accepted: Sequence[bool] | None,
    class_names: Sequence[str] | None,
) -> None:
    steps, classes = result.num_steps, result.num_classes
    if selected is not None and not 0 <= selected < steps:
        raise InvalidInputError(
            "selected", expected=f"a step from 0 to {steps - 1}, or None", received=selected
        )
    for name, given, expected in (
        ("accepted", accepted, f"{steps} verdicts, one for each step"),
        ("twin_accepted", twin_accepted, f"{steps} verdicts, one for each step"),
        ("class_names", class_names, f"{classes} names, one for each class"),
    ):
        wanted = classes if name == "class_names" else steps
        if given is not None and len(given) != wanted:
            raise InvalidInputError(name, expected=expected, received=f"{len(given)} of them")
