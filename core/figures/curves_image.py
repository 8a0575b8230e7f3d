"""Our curves beside the post's, as a picture for a document."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from ..errors import InvalidInputError
from ..uncertainty.measures import confidence, predictive_entropy, variance
from . import numbers
from .palette import LIGHT
from .raster import Point, Raster

if TYPE_CHECKING:
    from ..experiments.post import PostCurve
    from ..experiments.sweep import SweepResult

POST_COLOUR = LIGHT.dont_know_fill

# Pixels of the page.
_WIDTH = 700
_LEFT, _RIGHT = 46, 90
_STRIP, _OURS, _POST = 22, 48, 64  # middles of the images and of the two lines of answers
_FIRST_PANEL, _PANEL, _BETWEEN = 104, 104, 36
_BOTTOM = 46
_STRIDE = 2  # steps from image to image: at each one they would be too small to see
_MARK = 3.1
_TITLE, _TEXT, _TICK, _ANSWER = 13.0, 12.0, 11.0, 11.0
_LINE_HEIGHT = 15.0

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Panel:
    """One measure.

    Attributes:
        title: what a person reads; `note` in a lighter ink behind it.
        ours: shape (S,) for each seed.
        post: shape (S,).
        top: the axis' upper end; it begins at 0.
        ticks: on it.
    """

    title: str
    note: str
    ours: tuple[Floats, ...]
    post: Floats
    top: float
    ticks: tuple[float, ...]


def curves_image(results: Sequence[SweepResult], curve: PostCurve) -> bytes:
    """Draw mean softmax, entropy and variance over the steps, ours and the post's.

    Ours are a thin line for each seed; marks on the first one's say where the answer is right.

    Args:
        results: the same sweep with several seeds, of the post's images and steps.
        curve: the post's.

    Returns:
        A PNG, 1,400 pixels wide, for half as many on a page.

    Raises:
        InvalidInputError: there is no result, or one is not of the post's steps and labels.
    """
    _check(results, curve)
    bottom = _FIRST_PANEL + 3 * _PANEL + 2 * _BETWEEN
    raster = Raster(_WIDTH, bottom + _BOTTOM, LIGHT.bg)
    steps = np.linspace(_LEFT, _WIDTH - _RIGHT, curve.num_steps + 2, dtype=np.float64)[1:-1]
    _draw_strip(raster, results[0], curve, steps)
    for index, panel in enumerate(_panels(results, curve)):
        _draw_panel(raster, panel, results[0], steps, _FIRST_PANEL + index * (_PANEL + _BETWEEN))
    _draw_x_axis(raster, curve, steps, bottom)
    return raster.png()


def _check(results: Sequence[SweepResult], curve: PostCurve) -> None:
    if not results:
        raise InvalidInputError("results", expected="at least one sweep", received="none")
    for result in results:
        if not np.array_equal(result.values, curve.values) or result.labels != curve.labels:
            raise InvalidInputError(
                "results",
                expected=f"a {curve.kind} with the post's steps and labels",
                received=f"a {result.kind} in {result.num_steps} steps of {result.labels}",
            )


def _panels(results: Sequence[SweepResult], curve: PostCurve) -> tuple[_Panel, ...]:
    summaries = [result.summary for result in results]
    most = math.log(results[0].num_classes)
    spreads = tuple(map(variance, summaries))
    # To the next 0.05: of a blending the variance is small, and so would its curve be.
    highest = max(float(np.max(each)) for each in (*spreads, curve.variance))
    top = max(0.05, math.ceil(highest / 0.05) * 0.05)
    tick = 0.1 if top > 0.175 else 0.05
    return (
        _Panel(
            "Mean softmax",
            "of the answer",
            tuple(map(confidence, summaries)),
            curve.mean_softmax,
            1.0,
            (0.0, 0.5, 1.0),
        ),
        _Panel(
            "Predictive entropy",
            f"nats, at most ln {results[0].num_classes} = {numbers.entropy(most)}",
            tuple(map(predictive_entropy, summaries)),
            curve.entropy,
            most,
            tuple(float(nats) for nats in range(int(most) + 1)),
        ),
        _Panel(
            "Variance",
            "of the answer's softmax over the passes",
            spreads,
            curve.variance,
            top,
            tuple(float(k * tick) for k in range(int(top / tick + 1e-9) + 1)),
        ),
    )


def _draw_strip(raster: Raster, result: SweepResult, curve: PostCurve, steps: Floats) -> None:
    for step in range(0, len(steps), _STRIDE):
        raster.picture((float(steps[step]), _STRIP), result.images[step])
    for name, y, colour, answers in (
        ("ours", _OURS, LIGHT.ink, result.predicted),
        ("post", _POST, POST_COLOUR, curve.predicted),
    ):
        raster.text((_LEFT - 4, y), name, _TICK, colour, "rm")
        for x, answer in zip(steps.tolist(), answers.tolist(), strict=True):
            is_right = answer in curve.labels
            ink = LIGHT.accepted_text if is_right else LIGHT.wrong_text
            raster.text((x, y), str(answer), _ANSWER, ink, "mm")
    x = _WIDTH - _RIGHT + 12
    _draw_mark(raster, (x, _OURS), is_right=True)
    raster.text((x + 9, _OURS), "right", _TICK, LIGHT.accepted_text)
    _draw_mark(raster, (x, _POST), is_right=False)
    raster.text((x + 9, _POST), "wrong", _TICK, LIGHT.wrong_text)


def _draw_panel(
    raster: Raster, panel: _Panel, first: SweepResult, steps: Floats, top: float
) -> None:
    left, right = float(_LEFT), float(_WIDTH - _RIGHT)

    def height(values: Floats) -> Floats:
        return top + _PANEL * (1.0 - values / panel.top)

    def points(values: Floats) -> list[Point]:
        return list(zip(steps.tolist(), height(values).tolist(), strict=True))

    raster.text((left, top - 9), panel.title, _TITLE, LIGHT.ink, "ls")
    beside = left + raster.text_width(panel.title, _TITLE) + 7
    raster.text((beside, top - 9), panel.note, _TEXT, LIGHT.ink2, "ls")
    for tick in panel.ticks:
        y = float(height(np.array(tick)))
        raster.line([(left, y), (right, y)], LIGHT.line, 1.0)
        raster.text((left - 6, y), f"{tick:.2g}", _TICK, LIGHT.ink2, "rm")

    is_right_at = np.isin(first.predicted, first.labels).tolist()
    for ours in panel.ours:
        raster.line(points(ours), LIGHT.ink, 1.0)
    raster.dashes(points(panel.post), POST_COLOUR, 2.0, dash=5.0, gap=3.0)
    for point, is_right in zip(points(panel.ours[0]), is_right_at, strict=True):
        _draw_mark(raster, point, is_right=is_right)

    ends = np.array([panel.ours[0][-1], panel.post[-1]])
    ours_y, post_y = _apart(*height(ends).tolist())
    seeds = f"{len(panel.ours)} seed{'s' if len(panel.ours) > 1 else ''}"
    raster.text((right + 7, ours_y), f"ours, {seeds}", _TEXT, LIGHT.ink)
    raster.text((right + 7, post_y), "the post", _TEXT, POST_COLOUR)


def _draw_mark(raster: Raster, centre: Point, *, is_right: bool) -> None:
    # The page shows around a mark, so that lines do not run into it.
    if is_right:
        raster.disc(centre, _MARK + 0.8, LIGHT.bg)
        raster.disc(centre, _MARK, LIGHT.accepted_fill)
    else:
        raster.cross(centre, _MARK + 1.8, LIGHT.bg, 3.2)
        raster.cross(centre, _MARK + 1.0, LIGHT.wrong_fill, 1.8)


def _draw_x_axis(raster: Raster, curve: PostCurve, steps: Floats, bottom: float) -> None:
    if curve.kind == "rotation":
        ticks = np.arange(0.0, curve.values[-1] + 1.0, 30.0)
        texts = [numbers.angle(degrees) for degrees in ticks.tolist()]
        title = "turned counter-clockwise by"
    else:
        ticks = np.linspace(0.0, 1.0, 11)
        texts = [numbers.weight(alpha) for alpha in ticks.tolist()]
        title = "how much of the second image is added"
    for x, text in zip(np.interp(ticks, curve.values, steps).tolist(), texts, strict=True):
        raster.text((x, bottom + 13), text, _TICK, LIGHT.ink2, "mm")
    middle = (_LEFT + _WIDTH - _RIGHT) / 2
    raster.text((middle, bottom + 32), title, _TEXT, LIGHT.ink2, "mm")


def _apart(first: float, second: float) -> tuple[float, float]:
    """Move two heights apart until both names can be read, the upper one staying above."""
    missing = max(0.0, _LINE_HEIGHT - abs(first - second)) / 2
    sign = 1.0 if first > second else -1.0
    return first + sign * missing, second - sign * missing
