"""The strip of a sweep: its images, the answers under them, and the selected step's band."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from .class_text import fitting, is_worth_showing, plotly_text, text_width
from .palette import Palette, fade
from .rounded import rounded_outline
from .sweep_geometry import Geometry
from .sweep_layout import strip_steps
from .sweep_marks import verdict_colour
from .thumbnails import thumbnail

if TYPE_CHECKING:
    from ..experiments.sweep import SweepResult

_BAND_FILL = 0.09
_SHORT = 2  # letters of names that stand under each image
_NAME_SIZE = 13
_BETWEEN = 8  # pixels between two names


def strip_images(
    result: SweepResult,
    accepted: Sequence[bool] | None,
    geometry: Geometry,
    palette: Palette,
) -> list[dict[str, Any]]:
    """The images are the x axis; where they are too many, some of them."""
    width = geometry.stride(result.recipe.num_steps) * geometry.step_of(result.recipe.values) * 0.94
    right = result.right
    pictures = []
    for step in strip_steps(result, geometry):
        colour = verdict_colour(right, accepted, step, palette)
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


def answers_trace(
    result: SweepResult,
    values: list[float],
    names: Sequence[str],
    geometry: Geometry,
    palette: Palette,
) -> dict[str, Any]:
    """Under each image what the committee says of it; left out where it would not fit.

    Longer names stand once under all the neighbours of which the same is said, cut if need be.
    """
    if max(map(len, names)) <= _SHORT:
        steps = strip_steps(result, geometry)
        places = [
            (step, values[step], names[int(answer)])
            for step, answer in zip(steps, result.predicted[steps], strict=True)
        ]
    else:
        places = _runs(result, values, names, geometry)
    right = result.right
    colours = [
        palette.ink2
        if right is None
        else (palette.accepted_text if right[step] else palette.wrong_text)
        for step, _, _ in places
    ]
    return {
        "type": "scatter",
        "mode": "text",
        "name": "answers",
        "x": [value for _, value, _ in places],
        "y": [geometry.answers] * len(places),
        "text": [f"<b>{plotly_text(text)}</b>" for _, _, text in places],
        "textposition": "middle center",
        "textfont": {"size": _NAME_SIZE, "color": colours or palette.ink2},
        "cliponaxis": False,
        "showlegend": False,
        "hoverinfo": "skip",
    }


def _runs(
    result: SweepResult, values: list[float], names: Sequence[str], geometry: Geometry
) -> list[tuple[int, float, str]]:
    """Return first step, middle and name of each run of steps with the same answer."""
    predicted = result.predicted
    starts = [0, *(np.flatnonzero(np.diff(predicted)) + 1).tolist(), result.num_steps]
    places = []
    for first, end in pairwise(starts):
        name = names[int(predicted[first])]
        room = (end - first) * geometry.pixels_per_step - _BETWEEN
        text = fitting(name, room, _NAME_SIZE)
        if is_worth_showing(text, name) and text_width(text, _NAME_SIZE) <= room:
            places.append((first, (values[first] + values[end - 1]) / 2, text))
    return places


def band_trace(
    result: SweepResult, selected: int | None, geometry: Geometry, palette: Palette
) -> dict[str, Any]:
    """A band through strip and panels around the selected step."""
    xs: list[float | None] = [None]
    ys: list[float | None] = [None]
    if selected is not None:
        values = result.recipe.values
        per_pixel = geometry.units_per_pixel(values)
        half = max(geometry.step_of(values) / per_pixel / 2, geometry.narrowest_band / 2)
        pixels_x, pixels_y = rounded_outline(
            -half, half, 1, geometry.height - geometry.key_below - 1, radius=min(6.0, half)
        )
        middle = float(values[selected])
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
