"""The panels of a sweep that its policy asks for: a limit that decides is there to be seen."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ..uncertainty.measures import MEASURES, predictive_entropy
from .shown_classes import MOST as MOST_CLASSES

if TYPE_CHECKING:
    from ..experiments.sweep import SweepResult
    from .overlay import Overlay

PARTS = ("mutual_information", "expected_entropy")
_ALWAYS = ("confidence", "predictive_entropy", "variance")
_HAIR = 1e-4  # by which six digits of the largest value can be over it
_LEAST_TOP, _TOP_STEP = 1.0, 0.5  # nats
_TICKS = 0.5  # between two, and what the upper end is a multiple of
_MOST_TICKS = 5  # beyond it, as of many classes' entropy, fewer of them are shown


def entropy_top(
    result: SweepResult, limits: Mapping[str, float], overlays: Sequence[Overlay]
) -> float:
    """Return where the axes in nats end: at the most there can be, of many classes sooner.

    A network that tells a hundred classes apart is seldom unsure among all: on an axis for that,
    all it says would be a line along the bottom.
    """
    most = math.log(result.num_classes)
    if result.num_classes <= MOST_CLASSES:
        return most
    shown = [predictive_entropy(result.summary), *(overlay.entropy for overlay in overlays)]
    bounds = [limits[name] for name in (*PARTS, "predictive_entropy") if name in limits]
    highest = max(*(float(curve.max()) for curve in shown), *bounds, _LEAST_TOP)
    return min(most, math.ceil(highest / _TOP_STEP) * _TOP_STEP)


def within_reach(limits: Mapping[str, float], num_classes: int) -> dict[str, float]:
    """Return the limits that answers of so many classes can break."""
    return {
        name: limit
        for name, limit in limits.items()
        if limit <= MEASURES[name].upper(num_classes) + _HAIR
    }


def limited_measures(limits: Mapping[str, float], *, parts: bool) -> tuple[str, ...]:
    """Return the measures with a limit that no panel shows.

    Args:
        limits: of a policy, by measure.
        parts: whether there is a panel of the entropy's two parts.
    """
    shown = (*_ALWAYS, *(PARTS if parts else ()))
    return tuple(name for name in limits if name not in shown)


def measure_axis(name: str, limit: float, result: SweepResult) -> dict[str, Any]:
    """Return range and ticks of a measure's panel: no more than values and limit take up.

    What is refused often lies near the limit, which would be next to nothing on an axis up to
    the largest possible value.
    """
    measure = MEASURES[name]
    upper = float(measure.upper(result.num_classes))
    most = max(limit, float(measure.value(result.summary).max()))
    top = next(end for end in _ends(upper) if most <= end or end == upper)
    apart = _TICKS if top <= _TICKS * _MOST_TICKS else 4 * _TICKS
    ticks = [tick for tick in _ends(top) if tick % apart == 0]
    return {
        "range": [0.0, top],
        "tickvals": [0.0, *ticks],
        "ticktext": [f"{tick:g}" for tick in (0.0, *ticks)],
    }


def measure_title(name: str) -> tuple[str, str]:
    """Return what a measure's panel is called, and more about that."""
    measure = MEASURES[name]
    return measure.label, ", ".join(part for part in (measure.unit, measure.explanation) if part)


def _ends(upper: float) -> list[float]:
    """Return the multiples of `_TICKS` under a value, and the value."""
    below = [_TICKS * k for k in range(1, 1 + int(upper / _TICKS)) if _TICKS * k < upper]
    return [*below, upper]
