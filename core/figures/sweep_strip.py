"""The strip of a sweep: its images, the answers under them, and the selected step's band."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from .palette import Palette, fade
from .rounded import rounded_outline
from .sweep_geometry import Geometry
from .sweep_layout import strip_steps
from .sweep_marks import verdict_colour
from .thumbnails import thumbnail

if TYPE_CHECKING:
    from ..experiments.sweep import SweepResult

_BAND_FILL = 0.09


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
