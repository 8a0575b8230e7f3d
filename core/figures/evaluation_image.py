"""The evaluation's pictures for a document: committee and twin, with their intervals."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from ..experiments.rankings import COVERAGES
from .evaluation_panel import (
    HEIGHT,
    TOP,
    TWIN_COLOUR,
    WIDTH,
    Axes,
    draw_frame,
    draw_legend,
    draw_mark,
    draw_twin_line,
    fill_between,
    round_step,
)
from .palette import LIGHT
from .raster import Raster

if TYPE_CHECKING:
    from ..experiments.evaluation import Evaluation
    from ..experiments.rankings import Curve


# Of the bands, with their edges: the two lie upon one another.
_BAND, _TWIN_BAND = "#DADBDD", "#EFEDE9"
_EDGE, _TWIN_EDGE = "#A3A7AC", "#C3C5C7"


def risk_coverage_image(made: Evaluation) -> bytes:
    """Draw risk over coverage on test and on pen digits, each with 95% bands.

    Returns:
        A PNG, 1,400 pixels wide, for half as many on a page.
    """
    raster = Raster(WIDTH, HEIGHT, LIGHT.bg)
    half = WIDTH / 2
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
    step = round_step(top)
    top = step * math.ceil(top / step)
    axes = Axes(
        left,
        right,
        (first, 1.0),
        (0.0, top),
        [(percent / 100, f"{percent}%") for percent in range(round(100 * first), 101, every)],
        [(step * k, f"{100 * step * k:.2g}%") for k in range(round(top / step) + 1)],
    )
    for curve, colour in ((twin, _TWIN_BAND), (committee, _BAND)):
        fill_between(raster, axes, shares, curve.risk.low[kept], curve.risk.high[kept], colour)
    draw_frame(raster, axes, title, "wrong among the accepted", "coverage")
    for curve, colour in ((twin, _TWIN_EDGE), (committee, _EDGE)):
        # Where the bands lie upon one another, their edges still tell them apart.
        for edge in (curve.risk.low, curve.risk.high):
            raster.line(axes.line(shares, edge[kept]), colour, 0.8)
    draw_twin_line(raster, axes.line(shares, twin.risk.value[kept]))
    raster.line(axes.line(shares, committee.risk.value[kept]), LIGHT.ink, 2.0)
    draw_legend(raster, left + 12, TOP + 14)


def turned_image(made: Evaluation) -> bytes:
    """Draw false accepts by angle, at 95% coverage upright, with intervals of the difference.

    Returns:
        A PNG, as `risk_coverage_image`.
    """
    raster = Raster(WIDTH, HEIGHT, LIGHT.bg)
    rows = made.turned[: len(made.turned) // 2]
    angles = np.array([float(row.data.removeprefix("rotated-")) for row in rows])
    ours, theirs = (np.array([getattr(row, who) for row in rows]) for who in ("committee", "twin"))
    top = 0.1 * math.ceil(max(ours.max(), theirs.max()) / 0.1)
    ticks = [(float(degrees), f"{degrees}°") for degrees in range(0, 181, 30)]
    half = WIDTH / 2
    axes = Axes(
        50,
        half - 22,
        (0.0, 185.0),
        (0.0, top),
        ticks,
        [(0.1 * k, f"{10 * k}%") for k in range(int(top / 0.1 + 1e-9) + 1)],
    )
    draw_frame(raster, axes, "False accepts", "of all turned digits", "turned counter-clockwise by")
    draw_twin_line(raster, axes.line(angles, theirs))
    raster.line(axes.line(angles, ours), LIGHT.ink, 2.0)
    for point in axes.line(angles, theirs):
        draw_mark(raster, point, is_twin=True)
    for point in axes.line(angles, ours):
        draw_mark(raster, point, is_twin=False)
    draw_legend(raster, 62, TOP + 14)

    low, high = (
        np.array([getattr(row.difference, end) for row in rows]) for end in ("low", "high")
    )
    bottom = 0.02 * math.floor(low.min() / 0.02)
    ceiling = 0.02 * math.ceil(max(high.max(), 0.01) / 0.02)
    steps = range(round(bottom / 0.02), round(ceiling / 0.02) + 1)
    axes = Axes(
        half + 50,
        WIDTH - 22,
        (0.0, 185.0),
        (bottom, ceiling),
        ticks,
        [(0.02 * k, f"{2 * k}%") for k in steps],
    )
    draw_frame(raster, axes, "Committee minus twin", "95% intervals", "turned counter-clockwise by")
    raster.line([axes.at(0, 0), axes.at(185, 0)], LIGHT.ink2, 1.2)
    for angle, row in zip(angles.tolist(), rows, strict=True):
        ends = (row.difference.low, row.difference.high)
        raster.line([axes.at(angle, end) for end in ends], LIGHT.ink, 1.6)
        draw_mark(raster, axes.at(angle, row.difference.value), is_twin=False)
    return raster.png()


def reliability_image(made: Evaluation) -> bytes:
    """Draw accuracy less confidence in each bin, before and after scaling.

    A plain reliability diagram would show nothing: nearly all answers are above 99%.

    Returns:
        A PNG, as `risk_coverage_image`.
    """
    raster = Raster(WIDTH, HEIGHT, LIGHT.bg)
    half = WIDTH / 2
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
        axes = Axes(
            left,
            place * half + half - 22,
            (0.0, size + 1.0),
            span,
            [(float(k), str(k)) for k in range(1, size + 1, 2)],
            ticks,
        )
        note = "accuracy less confidence, points"
        draw_frame(raster, axes, title, note, "bin of answers, by rising confidence")
        raster.line([axes.at(0, 0), axes.at(size + 1, 0)], LIGHT.ink2, 1.2)
        pair = made.calibrations[2 * place : 2 * place + 2]
        for each, colour, shift in zip(pair, (LIGHT.ink, TWIN_COLOUR), (-0.17, 0.17), strict=True):
            for k in range(len(each.bins.count)):
                x, given = k + 1 + shift, float(each.bins.confidence[k])
                ends = (float(each.bins.low[k]) - given, float(each.bins.high[k]) - given)
                raster.line([axes.at(x, end) for end in ends], colour, 1.4)
                point = axes.at(x, float(each.bins.accuracy[k]) - given)
                draw_mark(raster, point, is_twin=each.who == "twin")
        draw_legend(raster, place * half + half - 110, TOP + 14, marks=True)
    return raster.png()


PICTURES: dict[str, Callable[[Evaluation], bytes]] = {
    "evaluation-risk-coverage.png": risk_coverage_image,
    "evaluation-turned.png": turned_image,
    "evaluation-reliability.png": reliability_image,
}
