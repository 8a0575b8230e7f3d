"""Where things stand in the figure of a study: two panels over the same steps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from . import numbers
from .palette import Palette, hover_label

if TYPE_CHECKING:
    from ..experiments.study_report import Study


@dataclass(frozen=True, slots=True)
class Geometry:
    """Pixels; the width is only what the figure was drawn for.

    Attributes:
        width: of the whole figure.
        panel: height of a panel.
        is_compact: whether this is for a phone.
    """

    width: int
    panel: int
    is_compact: bool

    left = 40
    right = 8
    title = 34
    foot = 46

    @property
    def panel_tops(self) -> tuple[int, int]:
        """Upper ends of the panels."""
        return self.title, 2 * self.title + self.panel

    @property
    def height(self) -> int:
        """Of the whole figure."""
        return self.panel_tops[1] + self.panel + self.foot

    @property
    def plot_width(self) -> int:
        """Width of a panel."""
        return self.width - self.left - self.right


WIDE = Geometry(width=1120, panel=180, is_compact=False)
COMPACT = Geometry(width=358, panel=140, is_compact=True)


def study_layout(study: Study, most: float, geometry: Geometry, palette: Palette) -> dict[str, Any]:
    """Return the layout of a study's figure: axes and the panels' titles.

    Args:
        study: what came out.
        most: upper end of the first panel, in %.
        geometry: of the figure.
        palette: colours.
    """
    tops, height = geometry.panel_tops, geometry.height
    of_all = "" if geometry.is_compact else ", of all answers"
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
        "showlegend": False,
        "hovermode": "x",
        "hoverlabel": hover_label(palette),
        "xaxis": _x_axis(study, geometry, palette),
        "yaxis": _y_axis(tops[0], most, _tick_step(most), geometry, palette),
        "yaxis2": _y_axis(tops[1], 100.0, 50.0, geometry, palette),
        "annotations": [
            _title("False accepts", f"wrong and accepted{of_all}", tops[0], height, palette),
            _title("Coverage", f"accepted{of_all}", tops[1], height, palette),
        ],
    }


def _tick_step(most: float) -> float:
    return next(step for step in (5.0, 10.0, 20.0, 50.0) if most / step <= 3.5)


def _x_axis(study: Study, geometry: Geometry, palette: Palette) -> dict[str, Any]:
    low, high = float(study.values[0]), float(study.values[-1])
    if study.kind == "rotation":
        ticks = [float(degrees) for degrees in range(0, 360, 90 if geometry.is_compact else 30)]
        texts, title = [numbers.angle(each) for each in ticks], "turned counter-clockwise by"
    elif study.kind == "blending":
        ticks = [
            k / (4 if geometry.is_compact else 10) for k in range(5 if geometry.is_compact else 11)
        ]
        texts = [numbers.weight(each) for each in ticks]
        title = "how much of the second image is added, α"
    else:
        ticks = [k / 10 for k in range(0, 10, 3 if geometry.is_compact else 1)]
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
        "hoverformat": {"rotation": ".3~g", "blending": ".2f", "noise": ".1%"}[study.kind],
        "tickfont": {"size": 12, "color": palette.ink2},
        "title": {"text": title, "standoff": 4, "font": {"size": 13, "color": palette.ink2}},
    }


def _y_axis(
    top: int, most: float, step: float, geometry: Geometry, palette: Palette
) -> dict[str, Any]:
    ticks = np.arange(0.0, most + 0.5, step).tolist()
    return {
        "anchor": "x",
        "domain": [
            1.0 - (top + geometry.panel) / geometry.height,
            1.0 - top / geometry.height,
        ],
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
