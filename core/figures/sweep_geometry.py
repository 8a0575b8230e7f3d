"""Where things stand in the figure of a sweep, in pixels, on a wide page and on a phone."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from .sweep_panels import PARTS

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
