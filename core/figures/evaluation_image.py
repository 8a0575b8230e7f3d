"""The evaluation's pictures for a document: committee and twin, with their intervals."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from ..experiments.rankings import COVERAGES
from .palette import LIGHT
from .raster import Point, Raster

if TYPE_CHECKING:
    from ..experiments.evaluation import Evaluation
    from ..experiments.rankings import Curve

_WIDTH, _HEIGHT = 700, 312
_TOP, _BOTTOM = 54, 52
_TITLE, _TEXT, _TICK = 13.0, 12.0, 11.0
# Of the bands, with their edges: the two lie upon one another.
_BAND, _TWIN_BAND = "#DADBDD", "#EFEDE9"
_EDGE, _TWIN_EDGE = "#A3A7AC", "#C3C5C7"
TWIN_COLOUR = LIGHT.twin

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Axes:
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
        height = _HEIGHT - _TOP - _BOTTOM
        across = (x - self.x[0]) / (self.x[1] - self.x[0])
        up = (y - self.y[0]) / (self.y[1] - self.y[0])
        return self.left + across * (self.right - self.left), _TOP + height * (1.0 - up)

    def line(self, xs: Floats, ys: Floats) -> list[Point]:
        return [self.at(x, y) for x, y in zip(xs.tolist(), ys.tolist(), strict=True)]


def risk_coverage_image(made: Evaluation) -> bytes:
    """Draw risk over coverage on test and on pen digits, each with 95% bands.

    Returns:
        A PNG, 1,400 pixels wide, for half as many on a page.
    """
    raster = Raster(_WIDTH, _HEIGHT, LIGHT.bg)
    half = _WIDTH / 2
    for place, data in enumerate(("test", "pen-digits")):
        committee, twin = (curve for curve in made.curves if curve.data == data)
        left = place * half + 50
        name = {"test": "MNIST test", "pen-digits": "Pen digits"}[data]
        _risk_panel(raster, committee, twin, left, place * half + half - 22, name)
    return raster.png()


def _risk_panel(
    raster: Raster, committee: Curve, twin: Curve, left: float, right: float, title: str
) -> None:
    shares = np.array(COVERAGES)
    # Below, hardly an answer is wrong.
    first, every = (0.8, 5) if committee.data == "test" else (0.5, 10)
    kept = shares >= first - 1e-9
    shares = shares[kept]
    top = max(float(committee.risk.high.max()), float(twin.risk.high.max()))
    step = _step(top)
    top = step * math.ceil(top / step)
    axes = _Axes(
        left,
        right,
        (first, 1.0),
        (0.0, top),
        [(percent / 100, f"{percent}%") for percent in range(round(100 * first), 101, every)],
        [(step * k, f"{100 * step * k:.2g}%") for k in range(round(top / step) + 1)],
    )
    for curve, colour in ((twin, _TWIN_BAND), (committee, _BAND)):
        _band(raster, axes, shares, curve.risk.low[kept], curve.risk.high[kept], colour)
    _frame(raster, axes, title, "wrong among the accepted", "coverage")
    for curve, colour in ((twin, _TWIN_EDGE), (committee, _EDGE)):
        # Where the bands lie upon one another, their edges still tell them apart.
        for edge in (curve.risk.low, curve.risk.high):
            raster.line(axes.line(shares, edge[kept]), colour, 0.8)
    _twin_line(raster, axes.line(shares, twin.risk.value[kept]))
    raster.line(axes.line(shares, committee.risk.value[kept]), LIGHT.ink, 2.0)
    _legend(raster, left + 12, _TOP + 14)


def turned_image(made: Evaluation) -> bytes:
    """Draw false accepts by angle, at 95% coverage upright, with intervals of the difference.

    Returns:
        A PNG, as `risk_coverage_image`.
    """
    raster = Raster(_WIDTH, _HEIGHT, LIGHT.bg)
    rows = made.turned[: len(made.turned) // 2]
    angles = np.array([float(row.data.removeprefix("rotated-")) for row in rows])
    ours, theirs = (np.array([getattr(row, who) for row in rows]) for who in ("committee", "twin"))
    top = 0.1 * math.ceil(max(ours.max(), theirs.max()) / 0.1)
    ticks = [(float(degrees), f"{degrees}°") for degrees in range(0, 181, 30)]
    half = _WIDTH / 2
    axes = _Axes(
        50,
        half - 22,
        (0.0, 185.0),
        (0.0, top),
        ticks,
        [(0.1 * k, f"{10 * k}%") for k in range(int(top / 0.1 + 1e-9) + 1)],
    )
    _frame(raster, axes, "False accepts", "of all turned digits", "turned counter-clockwise by")
    _twin_line(raster, axes.line(angles, theirs))
    raster.line(axes.line(angles, ours), LIGHT.ink, 2.0)
    for point in axes.line(angles, theirs):
        _mark(raster, point, is_twin=True)
    for point in axes.line(angles, ours):
        _mark(raster, point, is_twin=False)
    _legend(raster, 62, _TOP + 14)

    low, high = (
        np.array([getattr(row.difference, end) for row in rows]) for end in ("low", "high")
    )
    bottom = 0.02 * math.floor(low.min() / 0.02)
    ceiling = 0.02 * math.ceil(max(high.max(), 0.01) / 0.02)
    steps = range(round(bottom / 0.02), round(ceiling / 0.02) + 1)
    axes = _Axes(
        half + 50,
        _WIDTH - 22,
        (0.0, 185.0),
        (bottom, ceiling),
        ticks,
        [(0.02 * k, f"{2 * k}%") for k in steps],
    )
    _frame(raster, axes, "Committee minus twin", "95% intervals", "turned counter-clockwise by")
    raster.line([axes.at(0, 0), axes.at(185, 0)], LIGHT.ink2, 1.2)
    for angle, row in zip(angles.tolist(), rows, strict=True):
        ends = (row.difference.low, row.difference.high)
        raster.line([axes.at(angle, end) for end in ends], LIGHT.ink, 1.6)
        _mark(raster, axes.at(angle, row.difference.value), is_twin=False)
    return raster.png()


def reliability_image(made: Evaluation) -> bytes:
    """Draw accuracy less confidence in each bin, before and after scaling.

    A plain reliability diagram would show nothing: nearly all answers are above 99%.

    Returns:
        A PNG, as `risk_coverage_image`.
    """
    raster = Raster(_WIDTH, _HEIGHT, LIGHT.bg)
    half = _WIDTH / 2
    bins = [each.bins for each in made.calibrations]
    low = min(float((one.low - one.confidence).min()) for one in bins)
    high = max(float((one.high - one.confidence).max()) for one in bins)
    step = 0.05
    span = (step * math.floor(low / step), step * math.ceil(high / step))
    ticks = [
        (step * k, f"{100 * step * k:+.0f}" if k else "0")
        for k in range(round(span[0] / step), round(span[1] / step) + 1)
    ]
    for place, title in enumerate(("Before scaling", "After scaling")):
        left = place * half + 50
        # Bins are of equal mass: their number is the axis, the least certain answers first.
        size = max(len(one.count) for one in bins)
        axes = _Axes(
            left,
            place * half + half - 22,
            (0.0, size + 1.0),
            span,
            [(float(k), str(k)) for k in range(1, size + 1, 2)],
            ticks,
        )
        note = "accuracy less confidence, points"
        _frame(raster, axes, title, note, "bin of answers, by rising confidence")
        raster.line([axes.at(0, 0), axes.at(size + 1, 0)], LIGHT.ink2, 1.2)
        pair = made.calibrations[2 * place : 2 * place + 2]
        for each, colour, shift in zip(pair, (LIGHT.ink, TWIN_COLOUR), (-0.17, 0.17), strict=True):
            for k in range(len(each.bins.count)):
                x, given = k + 1 + shift, float(each.bins.confidence[k])
                ends = (float(each.bins.low[k]) - given, float(each.bins.high[k]) - given)
                raster.line([axes.at(x, end) for end in ends], colour, 1.4)
                point = axes.at(x, float(each.bins.accuracy[k]) - given)
                _mark(raster, point, is_twin=each.who == "twin")
        _legend(raster, place * half + half - 110, _TOP + 14, marks=True)
    return raster.png()


PICTURES: dict[str, Callable[[Evaluation], bytes]] = {
    "evaluation-risk-coverage.png": risk_coverage_image,
    "evaluation-turned.png": turned_image,
    "evaluation-reliability.png": reliability_image,
}


def _frame(raster: Raster, axes: _Axes, title: str, note: str, x_title: str) -> None:
    raster.text((axes.left, _TOP - 16), title, _TITLE, LIGHT.ink, "ls")
    beside = axes.left + raster.text_width(title, _TITLE) + 7
    raster.text((beside, _TOP - 16), note, _TEXT, LIGHT.ink2, "ls")
    for value, text in axes.y_ticks:
        _, y = axes.at(axes.x[0], value)
        raster.line([(axes.left, y), (axes.right, y)], LIGHT.line, 1.0)
        raster.text((axes.left - 6, y), text, _TICK, LIGHT.ink2, "rm")
    for value, text in axes.x_ticks:
        x, y = axes.at(value, axes.y[0])
        raster.text((x, y + 14), text, _TICK, LIGHT.ink2, "mm")
    middle = (axes.left + axes.right) / 2
    raster.text((middle, _HEIGHT - 16), x_title, _TEXT, LIGHT.ink2, "mm")


def _legend(raster: Raster, x: float, y: float, *, marks: bool = False) -> None:
    for at, name, is_twin in ((y, "committee", False), (y + 17, "twin", True)):
        if not marks and is_twin:
            _twin_line(raster, [(x, at), (x + 20, at)])
        elif not marks:
            raster.line([(x, at), (x + 20, at)], LIGHT.ink, 2.0)
        if marks:
            _mark(raster, (x + 10, at), is_twin=is_twin)
        raster.text((x + 27, at), name, _TEXT, LIGHT.ink2 if is_twin else LIGHT.ink)


def _twin_line(raster: Raster, points: Sequence[Point]) -> None:
    raster.dashes(points, TWIN_COLOUR, 2.0, dash=5.0, gap=3.0)


def _mark(raster: Raster, point: Point, *, is_twin: bool) -> None:
    raster.disc(point, 3.2, TWIN_COLOUR if is_twin else LIGHT.ink)
    if is_twin:  # hollow, as everywhere
        raster.disc(point, 1.9, LIGHT.bg)


def _band(raster: Raster, axes: _Axes, xs: Floats, low: Floats, high: Floats, colour: str) -> None:
    """Fill between two curves, by strokes as dense as the pixels drawn."""
    first, last = axes.at(float(xs[0]), 0.0)[0], axes.at(float(xs[-1]), 0.0)[0]
    for x in np.linspace(xs[0], xs[-1], 3 * math.ceil(last - first)).tolist():
        ends = (float(np.interp(x, xs, low)), float(np.interp(x, xs, high)))
        raster.line([axes.at(x, end) for end in ends], colour, 0.6)


def _step(top: float) -> float:
    """Return a round distance of ticks, of which about five make the axis."""
    power = 10.0 ** math.floor(math.log10(top / 5))
    return next(power * each for each in (1, 2, 5, 10) if power * each >= top / 5)
