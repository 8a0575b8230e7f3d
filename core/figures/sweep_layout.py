"""Where things stand in the figure of a sweep: the strip of images and the panels below it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from . import numbers
from .palette import Palette, hover_label
from .panels import panel_axis, panel_title
from .sweep_axis import x_axis
from .sweep_panels import PARTS, measure_axis, measure_title

if TYPE_CHECKING:
    from ..experiments.sweep import SweepResult

MOST_VARIANCE = 0.25  # of a number in [0, 1]
_NARROWEST_THUMBNAIL = 18


@dataclass(frozen=True, slots=True)
class Geometry:
    """Pixels from the top of the figure; the width is only what it was drawn for.

    Attributes:
        width: of the whole figure.
        left: room for the ticks of the y axes.
        right: room on the right.
        thumbnail: side of an image of the strip.
        panel: height of a panel.
        title: room for a panel's title over it.
        title_width: how far the first panel's title reaches.
        marker: size of a mark.
        hair: how wide the page shows around a mark.
        narrowest_band: width that the selected step's band has at least.
        is_compact: whether this is for a phone.
        has_parts: whether there is a panel of the entropy's two parts.
        limited: measures with a panel of their own, because the policy limits them.
        has_long_key: whether the key tells accepted from refused.
        most_entropy: upper end of the axes in nats.
        num_steps: that share the width.
    """

    width: int
    left: int
    right: int
    thumbnail: int
    panel: int
    title: int
    title_width: int
    marker: float
    hair: float
    narrowest_band: int
    is_compact: bool
    has_parts: bool = False
    limited: tuple[str, ...] = ()
    has_long_key: bool = False
    most_entropy: float = math.log(10)
    num_steps: int = 36

    strip_top = 7

    @property
    def answers(self) -> float:
        """Middle of the line of answers under the strip."""
        return self.strip_top + self.thumbnail + 11

    @property
    def num_panels(self) -> int:
        """Three, and one each for what is shown besides."""
        return 3 + self.has_parts + len(self.limited)

    @property
    def limit_axes(self) -> dict[str, str]:
        """The y axis of each measure whose limit can be drawn."""
        axes = {"confidence": "y2", "predictive_entropy": "y3", "variance": "y4"}
        if self.has_parts:
            axes |= dict.fromkeys(PARTS, "y5")
        first = 5 + self.has_parts
        return axes | {name: f"y{first + k}" for k, name in enumerate(self.limited)}

    @property
    def panel_tops(self) -> list[float]:
        """Upper ends of the panels."""
        first = self.answers + 11 + self.title
        return [first + k * (self.panel + self.title) for k in range(self.num_panels)]

    @property
    def key_below(self) -> int:
        """Room for the key under the x axis, where the first panel's title leaves it none."""
        return 46 if self.is_compact and self.has_long_key else 0

    @property
    def height(self) -> int:
        """Of the whole figure."""
        return round(self.panel_tops[-1] + self.panel + 46 + self.key_below)

    @property
    def plot_width(self) -> int:
        """Width of a panel."""
        return self.width - self.left - self.right

    @property
    def pixels_per_step(self) -> float:
        """Width that a step has."""
        return self.plot_width / self.num_steps

    def stride(self, num_steps: int) -> int:
        """How many steps an image of the strip stands for, so that it is not too small to see."""
        return math.ceil(_NARROWEST_THUMBNAIL * num_steps / self.plot_width)

    @staticmethod
    def step_of(values: npt.NDArray[np.float64]) -> float:
        """What lies between two steps, in units of the x axis."""
        return float(values[1] - values[0])

    def x_range(self, values: npt.NDArray[np.float64]) -> list[float]:
        """Ends of the x axis: half an image before the first step and after the last."""
        margin = 0.55 * self.step_of(values) * self.stride(len(values))
        return [float(values[0]) - margin, float(values[-1]) + margin]

    def units_per_pixel(self, values: npt.NDArray[np.float64]) -> float:
        """Units of the x axis in a pixel."""
        low, high = self.x_range(values)
        return (high - low) / self.plot_width


WIDE = Geometry(
    width=1120,
    left=40,
    right=8,
    thumbnail=28,
    panel=82,
    title=36,
    title_width=190,
    marker=10,
    hair=1.0,
    narrowest_band=14,
    is_compact=False,
)
# With a fourth panel the step that is looked at is still to begin on the same screen.
CROWDED = replace(WIDE, panel=64, title=30)
COMPACT = Geometry(
    width=358,
    left=32,
    right=4,
    thumbnail=24,
    panel=76,
    title=34,
    title_width=100,
    marker=7,
    hair=0.5,
    narrowest_band=11,
    is_compact=True,
)


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
    result: SweepResult, limits: Mapping[str, float], geometry: Geometry, palette: Palette
) -> dict[str, Any]:
    """Return the layout of a sweep's figure: axes, titles and key.

    The first y axis covers the whole figure in pixels, downwards, under the panels' own: the
    strip and the band that marks a step stand on it.
    """
    height, panel = geometry.height, geometry.panel
    most = geometry.most_entropy
    tops = geometry.panel_tops
    whole_nats = [float(nats) for nats in range(int(most) + 1)]
    ceiling = f"nats, at most ln {result.num_classes} = {numbers.entropy(most)}"
    of_the_answer = "" if geometry.is_compact else "of the answer"  # the key takes its room
    nats_axis = {
        "range": [0.0, most],
        "tickvals": whole_nats,
        "ticktext": [f"{nats:.0f}" for nats in whole_nats],
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
        key_place = {"x": 0.0, "y": 0.0, "xanchor": "left", "entrywidth": 0.46}
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
            "font": {"size": 13, "color": palette.ink2},
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
            {
                "xref": "paper",
                "yref": "paper",
                "x": 0.0,
                "y": 1.0 - geometry.answers / height,
                "xanchor": "right",
                "xshift": -4,
                "yanchor": "middle",
                "showarrow": False,
                "text": "says",
                "font": {"size": 12, "color": palette.ink2},
            },
            *(
                panel_title(strong, rest, top, height, palette)
                for top, (strong, rest) in zip(tops, titles, strict=True)
            ),
        ],
    }
