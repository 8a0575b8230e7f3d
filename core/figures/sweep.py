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
from .palette import LIGHT, TOKENS, Palette, fade
from .rounded import rounded_outline
from .sweep_layout import COMPACT, WIDE, Geometry, strip_steps, sweep_layout
from .thumbnails import thumbnail

if TYPE_CHECKING:
    import numpy.typing as npt

    from ..experiments.sweep import SweepResult

_BAND_FILL = 0.09
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
    markers = _markers(result.right, accepted, result.num_steps, geometry, palette)

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
        _answers(result, values, names, geometry, palette),
        *_key(result.right is not None, accepted is not None, geometry, palette),
        _band(result, selected, geometry, palette),
    ]
    layout = sweep_layout(result, geometry, palette)
    key_width = 0 if result.right is None else _KEY_WIDTH if accepted is None else _POLICY_KEY_WIDTH
    layout["annotations"] += _names_of_lines(
        softmax, twin_softmax, values, key_width, geometry, palette
    )
    layout["images"] = _strip(result, accepted, geometry, palette)
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


def _markers(
    right: npt.NDArray[np.bool_] | None,
    accepted: Sequence[bool] | None,
    num_steps: int,
    geometry: Geometry,
    palette: Palette,
) -> dict[str, Any]:
    """Hue and shape say right or wrong; solid or hollow says accepted or not."""
    styles = []
    for step in range(num_steps):
        solid = accepted is None or bool(accepted[step])
        if right is None:
            symbol, colour = "circle", palette.ink
        elif right[step]:
            symbol, colour = "circle", palette.accepted_fill
        else:
            symbol, colour = ("x" if solid else "x-thin"), palette.wrong_fill
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


def _key(
    has_labels: bool, has_policy: bool, geometry: Geometry, palette: Palette
) -> list[dict[str, Any]]:
    if not has_labels:
        return []
    solid = [("right", "circle", palette.accepted_fill), ("wrong", "x", palette.wrong_fill)]
    items = [(name, symbol, colour, True) for name, symbol, colour in solid]
    if has_policy and not geometry.is_compact:  # hollow has to speak for itself on a phone
        items = [
            ("right, accepted", "circle", palette.accepted_fill, True),
            ("right, “I don’t know”", "circle", palette.accepted_fill, False),
            ("wrong, “I don’t know”", "x-thin", palette.wrong_fill, False),
            ("wrong, accepted", "x", palette.wrong_fill, True),
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


def _verdict_colour(
    right: npt.NDArray[np.bool_] | None,
    accepted: Sequence[bool] | None,
    step: int,
    palette: Palette,
) -> str:
    if accepted is not None and not accepted[step]:
        return palette.dont_know_fill
    if right is None:
        return palette.twin
    return palette.accepted_fill if right[step] else palette.wrong_fill


def _strip(
    result: SweepResult,
    accepted: Sequence[bool] | None,
    geometry: Geometry,
    palette: Palette,
) -> list[dict[str, Any]]:
    """The images are the x axis; where they are too many, some of them."""
    width = geometry.stride(result.num_steps) * geometry.step_of(result.values) * 0.94
    right = result.right
    pictures = []
    for step in strip_steps(result, geometry):
        colour = _verdict_colour(right, accepted, step, palette)
        # A colour of the palette that is no token is written out: # would end a data URI.
        frame = colour if colour.startswith("var(") else fade(colour, 1.0)
        pictures.append(
            {
                "source": thumbnail(result.images[step], frame),
                "xref": "x",
                "yref": "y",
                "x": round(float(result.values[step]), 6),
                "y": geometry.strip_top + geometry.thumbnail / 2,
                "sizex": width,
                "sizey": geometry.thumbnail,
                "xanchor": "center",
                "yanchor": "middle",
                "sizing": "contain",
                "layer": "above",
            }
        )
    return pictures


def _answers(
    result: SweepResult,
    values: list[float],
    names: list[str],
    geometry: Geometry,
    palette: Palette,
) -> dict[str, Any]:
    """Under each image what the committee says of it; left out where it would not fit."""
    shown = strip_steps(result, geometry) if max(map(len, names)) <= 2 else []
    right, predicted = result.right, result.predicted
    colours = [
        palette.ink2
        if right is None
        else (palette.accepted_text if right[step] else palette.wrong_text)
        for step in shown
    ]
    return {
        "type": "scatter",
        "mode": "text",
        "name": "answers",
        "x": [values[step] for step in shown],
        "y": [geometry.answers] * len(shown),
        "text": [f"<b>{names[int(predicted[step])]}</b>" for step in shown],
        "textposition": "middle center",
        "textfont": {"size": 13, "color": colours or palette.ink2},
        "cliponaxis": False,
        "showlegend": False,
        "hoverinfo": "skip",
    }


def _band(
    result: SweepResult, selected: int | None, geometry: Geometry, palette: Palette
) -> dict[str, Any]:
    xs: list[float | None] = [None]
    ys: list[float | None] = [None]
    if selected is not None:
        per_pixel = geometry.units_per_pixel(result.values)
        half = max(geometry.step_of(result.values) / per_pixel / 2, geometry.narrowest_band / 2)
        pixels_x, pixels_y = rounded_outline(
            -half, half, 1, geometry.height - 1, radius=min(6.0, half)
        )
        middle = float(result.values[selected])
        xs = [round(middle + pixel * per_pixel, 6) for pixel in pixels_x]
        ys = list(pixels_y)
    return {
        "type": "scatter",
        "mode": "lines",
        "name": "selected step",
        "x": xs,
        "y": ys,
        "fill": "toself",
        "fillcolor": fade(palette.ink, _BAND_FILL),
        "line": {"color": fade(palette.ink, 0.45), "width": 1, "simplify": False},
        "cliponaxis": False,
        "showlegend": False,
        "hoverinfo": "skip",
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
