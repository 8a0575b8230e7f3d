"""Noise: an image buried in salt and pepper, more and more of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..limits import DEFAULT_NUM_SAMPLES
from .recipe import DEFAULT_NUM_STEPS, MOST_NOISE, Image, SweepRecipe
from .sweep import SweepResult, run_sweep

if TYPE_CHECKING:
    from ..inference import McSampler


def noise_sweep(
    sampler: McSampler,
    image: Image,
    label: int | None = None,
    *,
    start: float = 0.0,
    stop: float = MOST_NOISE,
    num_steps: int = DEFAULT_NUM_STEPS,
    num_samples: int = DEFAULT_NUM_SAMPLES,
    seed: int = 0,
    noise_seed: int = 0,
) -> SweepResult:
    """Replace more and more pixels by white and black ones, and ask at each step.

    Args:
        sampler: of the network to ask.
        image: shape (H, W, channels), in [0, 1].
        label: its true class, None where that is not known.
        start: share of the pixels at step 0.
        stop: share of the pixels at the last step.
        num_steps: S.
        num_samples: T, passes at each step.
        seed: of the passes.
        noise_seed: of the order of pixels; each step contains the one before.

    Raises:
        InvalidInputError: an argument is out of range.
    """
    recipe = SweepRecipe(
        kind="noise",
        images=(image,),
        labels=(label,),
        start=start,
        stop=stop,
        num_steps=num_steps,
        num_samples=num_samples,
        seed=seed,
        noise_seed=noise_seed,
    )
    return run_sweep(recipe, sampler)
