"""Where things stand in the figure of a study: two panels over the same steps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from .palette import Palette, hover_label
from .panels import panel_axis, panel_title
from .sweep_axis import x_axis

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
            panel_title("False accepts", f"wrong and accepted{of_all}", tops[0], height, palette),
            panel_title("Coverage", f"accepted{of_all}", tops[1], height, palette),
        ],
    }


def _tick_step(most: float) -> float:
    return next(step for step in (5.0, 10.0, 20.0, 50.0) if most / step <= 3.5)


def _x_axis(study: Study, geometry: Geometry, palette: Palette) -> dict[str, Any]:
    low, high = float(study.values[0]), float(study.values[-1])
    margin = 0.012 * (high - low)
    return x_axis(
        study.kind,
        (low, high),
        [low - margin, high + margin],
        anchor="y2",
        compact=geometry.is_compact,
        palette=palette,
    )


def _y_axis(
    top: int, most: float, step: float, geometry: Geometry, palette: Palette
) -> dict[str, Any]:
    ticks = np.arange(0.0, most + 0.5, step).tolist()
    return {
        **panel_axis(top, geometry.panel, geometry.height, palette),
        "range": [0.0, most],
        "tickvals": ticks,
        "ticktext": [f"{tick:.0f}%" for tick in ticks],
    }
