"""Blending: a second image laid over the first, more and more of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..images.corruptions import blend
from ..limits import DEFAULT_NUM_SAMPLES
from .sweep import (
    DEFAULT_NUM_STEPS,
    Image,
    SweepResult,
    check_image,
    check_num_steps,
    run_sweep,
)

if TYPE_CHECKING:
    from ..inference import McSampler


def blending_sweep(
    sampler: McSampler,
    image1: Image,
    image2: Image,
    label1: int | None = None,
    label2: int | None = None,
    *,
    num_steps: int = DEFAULT_NUM_STEPS,
    num_samples: int = DEFAULT_NUM_SAMPLES,
    seed: int = 0,
) -> SweepResult:
    """Lay more and more of a second image over the first, and ask at each step.

    Step k shows clip(image1 + alpha_k * image2, 0, 1) with alpha_k = k / (S - 1). An answer
    counts as right if it is the class of either image.

    Args:
        sampler: of the network to ask.
        image1: shape (28, 28, 1), in [0, 1]; step 0 shows it alone.
        image2: likewise; the last step shows all of both.
        label1: the true class of the first image, None where that is not known.
        label2: the true class of the second; unless both are known, no answer is right or wrong.
        num_steps: S.
        num_samples: T, passes at each step.
        seed: of the passes.

    Raises:
        InvalidInputError: an argument is out of range.
    """
    first, second = check_image("image1", image1), check_image("image2", image2)
    values = np.arange(check_num_steps(num_steps)) / (num_steps - 1)
    return run_sweep(
        sampler,
        "blending",
        values,
        [blend(first, second, alpha) for alpha in values.tolist()],
        labels=() if label1 is None or label2 is None else (label1, label2),
        num_samples=num_samples,
        seed=seed,
    )
