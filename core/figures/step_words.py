"""What a step of a sweep shows, in words: how the image was changed, and whether it was known."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from . import numbers

if TYPE_CHECKING:
    from ..experiments.sweep import SweepResult


def change_words(result: SweepResult, step: int) -> str:
    """Return how the image of a step was made: `Rotation by 90°`."""
    value = float(result.values[step])
    if result.kind == "rotation":
        return f"Rotation by {numbers.angle(value)}"
    if result.kind == "blending":
        return f"Blending, α = {numbers.weight(value)}"
    return f"Noise on {numbers.share(value)} of the pixels"


def verdict_words(result: SweepResult, step: int, names: Sequence[str]) -> str:
    """Return whether the answer is right: `wrong, true: 1`; "" where that is not known.

    Args:
        result: the sweep.
        step: which.
        names: of the classes.
    """
    if result.right is None:
        return ""
    true = " and ".join(dict.fromkeys(names[label] for label in result.labels))
    return f"{'right' if result.right[step] else 'wrong'}, true: {true}"
