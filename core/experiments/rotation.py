"""Rotation: an image turned all the way round."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..limits import DEFAULT_NUM_SAMPLES
from .recipe import DEFAULT_NUM_STEPS, WHOLE_TURN, Image, SweepRecipe
from .sweep import SweepResult, run_sweep

if TYPE_CHECKING:
    from ..inference import McSampler


def rotation_sweep(
    sampler: McSampler,
    image: Image,
    label: int | None = None,
    *,
    start: float = 0.0,
    stop: float = WHOLE_TURN,
    num_steps: int = DEFAULT_NUM_STEPS,
    num_samples: int = DEFAULT_NUM_SAMPLES,
    seed: int = 0,
) -> SweepResult:
    """Turn an image counter-clockwise in equal steps, 10 degrees with 36 of them, and ask at each.

    Args:
        sampler: of the network to ask.
        image: shape (H, W, channels), in [0, 1].
        label: its true class, None where that is not known.
        start: degrees of step 0.
        stop: degrees of the last step; of a whole turn it is left out, it would be the start.
        num_steps: S.
        num_samples: T, passes at each step.
        seed: of the passes.

    Raises:
        InvalidInputError: an argument is out of range.
    """
    recipe = SweepRecipe(
        kind="rotation",
        images=(image,),
        labels=(label,),
        start=start,
        stop=stop,
        num_steps=num_steps,
        num_samples=num_samples,
        seed=seed,
    )
    return run_sweep(recipe, sampler)
