"""The x axis of a sweep: its ticks, its title, and how a step is called."""

from __future__ import annotations

import math
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from . import numbers
from .palette import Palette

if TYPE_CHECKING:
    from ..experiments.recipe import SweepKind

_TITLES: Mapping[SweepKind, str] = MappingProxyType(
    {
        "rotation": "turned counter-clockwise by",
        "blending": "how much of the second image is added, α",
        "noise": "share of the pixels replaced by white and black ones",
    }
)
_HOVER_FORMATS: Mapping[SweepKind, str] = MappingProxyType(
    {"rotation": ".3~f", "blending": ".2f", "noise": ".1%"}
)
_DEGREES = (1, 2, 5, 10, 15, 30, 45, 90)
_SHARES = (0.01, 0.02, 0.05, 0.1, 0.25, 0.5)
_MOST_TICKS = 12
_MOST_TICKS_COMPACT = 5


def place(kind: SweepKind, value: float) -> str:
    """Return what a step is called: `90°`, `α = 0.5`, `30% noise`."""
    if kind == "blending":
        return f"α = {value_text(kind, value)}"
    return f"{value_text(kind, value)} noise" if kind == "noise" else value_text(kind, value)


def value_text(kind: SweepKind, value: float) -> str:
    """Return a value with its unit: `90°`, `0.5`, `30%`."""
    if kind == "rotation":
        return numbers.angle(value)
    return numbers.pixels(value) if kind == "noise" else numbers.weight(value)


def ticks(kind: SweepKind, low: float, high: float, *, compact: bool) -> list[float]:
    """Return round values between two, as many as there is room for."""
    most = _MOST_TICKS_COMPACT if compact else _MOST_TICKS
    steps = _DEGREES if kind == "rotation" else _SHARES
    fitting = [step for step in steps if (high - low) / step < most]
    step = fitting[0] if fitting else steps[-1]
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [round(k * step, 9) for k in range(first, last + 1)]


def x_axis(
    kind: SweepKind,
    ends: tuple[float, float],
    shown: list[float],
    *,
    anchor: str,
    compact: bool,
    palette: Palette,
) -> dict[str, Any]:
    """Return the axis.

    Args:
        kind: of the sweep.
        ends: value of the first step and of the last.
        shown: ends of the axis, a little further out.
        anchor: the y axis that it stands under.
        compact: for a phone.
        palette: colours.
    """
    tick_values = ticks(kind, *ends, compact=compact)
    return {
        "anchor": anchor,
        "domain": [0.0, 1.0],
        "range": shown,
        "fixedrange": True,
        "showgrid": False,
        "zeroline": False,
        "ticks": "",
        "ticklabelstandoff": 5,
        "tickangle": 0,
        "tickvals": tick_values,
        "ticktext": [value_text(kind, value) for value in tick_values],
        "ticksuffix": "°" if kind == "rotation" else "",  # of what the pointer is over
        "hoverformat": _HOVER_FORMATS[kind],
        "tickfont": {"size": 12, "color": palette.ink2},
        "title": {
            "text": _TITLES[kind],
            "standoff": 4,
            "font": {"size": 13, "color": palette.ink2},
        },
    }
