"""What the evaluation's pictures share: a panel's axes, and how the two are drawn."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .palette import LIGHT
from .raster import Point, Raster

WIDTH, HEIGHT = 700, 312
TOP, _BOTTOM = 54, 52
_TITLE, _TEXT, _TICK = 13.0, 12.0, 11.0
TWIN_COLOUR = LIGHT.twin

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Axes:
    """A panel: where it is and what its axes say.

    Attributes:
        left: edge of the panel, in pixels; `right` likewise.
        x: range of the x axis; `y` of the y axis.
        x_ticks: with their text; `y_ticks` likewise.
    """

    left: float
    right: float
    x: tuple[float, float]
    y: tuple[float, float]
    x_ticks: Sequence[tuple[float, str]]
    y_ticks: Sequence[tuple[float, str]]

    def at(self, x: float, y: float) -> Point:
        """Return where a point of the axes is on the page."""
        height = HEIGHT - TOP - _BOTTOM
        across = (x - self.x[0]) / (self.x[1] - self.x[0])
        up = (y - self.y[0]) / (self.y[1] - self.y[0])
        return self.left + across * (self.right - self.left), TOP + height * (1.0 - up)

    def line(self, xs: Floats, ys: Floats) -> list[Point]:
        """Return a curve on the page, of shapes (N,)."""
        return [self.at(x, y) for x, y in zip(xs.tolist(), ys.tolist(), strict=True)]


def draw_frame(raster: Raster, axes: Axes, title: str, note: str, x_title: str) -> None:
    """Draw title, ticks and the lines across."""
    raster.text((axes.left, TOP - 16), title, _TITLE, LIGHT.ink, "ls")
    beside = axes.left + raster.text_width(title, _TITLE) + 7
    raster.text((beside, TOP - 16), note, _TEXT, LIGHT.ink2, "ls")
    for value, text in axes.y_ticks:
        _, y = axes.at(axes.x[0], value)
        raster.line([(axes.left, y), (axes.right, y)], LIGHT.line, 1.0)
        raster.text((axes.left - 6, y), text, _TICK, LIGHT.ink2, "rm")
    for value, text in axes.x_ticks:
        x, y = axes.at(value, axes.y[0])
        raster.text((x, y + 14), text, _TICK, LIGHT.ink2, "mm")
    middle = (axes.left + axes.right) / 2
    raster.text((middle, HEIGHT - 16), x_title, _TEXT, LIGHT.ink2, "mm")


def draw_legend(raster: Raster, x: float, y: float, *, marks: bool = False) -> None:
    """Say which is the committee's and which the twin's: of lines, or of marks."""
    for at, name, is_twin in ((y, "committee", False), (y + 17, "twin", True)):
        if not marks and is_twin:
            draw_twin_line(raster, [(x, at), (x + 20, at)])
        elif not marks:
            raster.line([(x, at), (x + 20, at)], LIGHT.ink, 2.0)
        if marks:
            draw_mark(raster, (x + 10, at), is_twin=is_twin)
        raster.text((x + 27, at), name, _TEXT, LIGHT.ink2 if is_twin else LIGHT.ink)


def draw_twin_line(raster: Raster, points: Sequence[Point]) -> None:
    """Draw a line of the twin's."""
    raster.dashes(points, TWIN_COLOUR, 2.0, dash=5.0, gap=3.0)


def draw_mark(raster: Raster, point: Point, *, is_twin: bool) -> None:
    """Draw a point: filled the committee's, hollow the twin's."""
    raster.disc(point, 3.2, TWIN_COLOUR if is_twin else LIGHT.ink)
    if is_twin:  # hollow, as everywhere
        raster.disc(point, 1.9, LIGHT.bg)


def fill_between(
    raster: Raster, axes: Axes, xs: Floats, low: Floats, high: Floats, colour: str
) -> None:
    """Fill between two curves, by strokes as dense as the pixels drawn."""
    first, last = axes.at(float(xs[0]), 0.0)[0], axes.at(float(xs[-1]), 0.0)[0]
    for x in np.linspace(xs[0], xs[-1], 3 * math.ceil(last - first)).tolist():
        ends = (float(np.interp(x, xs, low)), float(np.interp(x, xs, high)))
        raster.line([axes.at(x, end) for end in ends], colour, 0.6)


def round_step(top: float) -> float:
    """Return a round distance of ticks, of which about five make the axis."""
    power = 10.0 ** math.floor(math.log10(top / 5))
    return next(power * each for each in (1, 2, 5, 10) if power * each >= top / 5)
