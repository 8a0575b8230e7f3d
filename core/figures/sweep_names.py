"""What a sweep's lines are called, written where they run, so that no legend is needed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from ..uncertainty.measures import expected_entropy, mutual_information
from .class_text import plotly_text
from .line_labels import LabelSpot, label_spots
from .overlay import Overlay
from .palette import Palette
from .sweep_geometry import Geometry

if TYPE_CHECKING:
    from ..experiments.sweep import SweepResult

# Pixels that words take.
_COMMITTEE_WIDTH = 66
_TWIN_WIDTH = 30
_LETTER_WIDTH = 6.4


def names_of_lines(
    softmax: npt.NDArray[np.float64],
    twin_softmax: npt.NDArray[np.float64],
    values: list[float],
    key_width: int,
    geometry: Geometry,
    palette: Palette,
) -> list[dict[str, Any]]:
    """Name the committee's line and the twin's in the first panel."""
    per_step = geometry.pixels_per_step
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


def name_of_plain(
    plain: npt.NDArray[np.float32],
    softmax: npt.NDArray[np.float64],
    values: list[float],
    geometry: Geometry,
    palette: Palette,
) -> dict[str, Any]:
    """Name the plain network's line in the first panel."""
    line = plain.max(axis=1).astype(np.float64)
    spot, _ = _spots(line, softmax, ("plain network", ""), 1.0, geometry)
    return _name("plain network", "y2", values[spot.step], spot.y, palette.ink2)


def names_of_parts(
    result: SweepResult, values: list[float], geometry: Geometry, palette: Palette
) -> list[dict[str, Any]]:
    """Name the two lines of the fourth panel."""
    texts = ("mutual information", "expected entropy")
    spots = _spots(
        mutual_information(result.summary),
        expected_entropy(result.summary),
        texts,
        geometry.most_entropy,
        geometry,
    )
    return [
        _name(text, "y5", values[spot.step], spot.y, colour)
        for text, spot, colour in zip(texts, spots, (palette.ink, palette.ink2), strict=True)
    ]


def names_of_overlays(
    overlays: Sequence[Overlay],
    values: list[float],
    entropy: npt.NDArray[np.float64],
    geometry: Geometry,
    palette: Palette,
) -> list[dict[str, Any]]:
    """Name each of what is laid over in the second panel."""
    names = []
    for part, overlay in enumerate(overlays):
        line = np.interp(values, overlay.values, overlay.entropy)
        if line.min() > geometry.most_entropy:
            continue  # of a network with more classes: it is not in the panel
        line = line.clip(max=geometry.most_entropy)
        # Each in a stretch of its own, so that no name covers another.
        start, stop = (len(values) * k // len(overlays) for k in (part, part + 1))
        if stop - start < 2:
            continue
        stretch = slice(start, stop)
        spot, _ = _spots(
            line[stretch], entropy[stretch], (overlay.name, ""), geometry.most_entropy, geometry
        )
        text = plotly_text(overlay.name)
        names.append(_name(text, "y3", values[start + spot.step], spot.y, palette.ink2))
    return names


def _spots(
    one: npt.NDArray[np.float64],
    other: npt.NDArray[np.float64],
    texts: tuple[str, str],
    most: float,
    geometry: Geometry,
) -> tuple[LabelSpot, LabelSpot]:
    """Find places for the names of two lines of a panel whose axis ends at `most`."""
    per_step = geometry.pixels_per_step
    return label_spots(
        one,
        other,
        np.full(len(one), 1.02 * most),
        reaches=(
            math.ceil(_LETTER_WIDTH * len(texts[0]) / 2 / per_step),
            math.ceil(_LETTER_WIDTH * len(texts[1]) / 2 / per_step),
        ),
        half_height=8 * most / geometry.panel,
    )


def _name(text: str, axis: str, x: float, y: float, colour: str) -> dict[str, Any]:
    return {
        "xref": "x",
        "x": x,
        "yref": axis,
        "y": round(y, 5),
        "text": text,
        "showarrow": False,
        "xanchor": "center",
        "yanchor": "middle",
        "font": {"size": 13, "color": colour},
    }
