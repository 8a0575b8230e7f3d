"""Blending: a second image laid over the first, more and more of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..limits import DEFAULT_NUM_SAMPLES
from .recipe import DEFAULT_NUM_STEPS, Image, SweepRecipe
from .sweep import SweepResult, run_sweep

if TYPE_CHECKING:
    from ..inference import McSampler


def blending_sweep(
    sampler: McSampler,
    image1: Image,
    image2: Image,
    label1: int | None = None,
    label2: int | None = None,
    *,
    start: float = 0.0,
    stop: float = 1.0,
    num_steps: int = DEFAULT_NUM_STEPS,
    num_samples: int = DEFAULT_NUM_SAMPLES,
    seed: int = 0,
) -> SweepResult:
    """Lay more and more of a second image over the first, and ask at each step.

    Step k shows clip(image1 + alpha_k * image2, 0, 1), by default with alpha_k = k / (S - 1). An
    answer counts as right if it is the class of either image.

    Args:
        sampler: of the network to ask.
        image1: shape (H, W, channels), in [0, 1].
        image2: of the same shape.
        label1: the true class of the first image, None where that is not known.
        label2: the true class of the second; unless both are known, no answer is right or wrong.
        start: alpha of step 0.
        stop: alpha of the last step.
        num_steps: S.
        num_samples: T, passes at each step.
        seed: of the passes.

    Raises:
        InvalidInputError: an argument is out of range.
    """
    recipe = SweepRecipe(
        kind="blending",
        images=(image1, image2),
        labels=(label1, label2),
        start=start,
        stop=stop,
        num_steps=num_steps,
        num_samples=num_samples,
        seed=seed,
    )
    return run_sweep(recipe, sampler)
