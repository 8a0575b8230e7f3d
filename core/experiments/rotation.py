"""Rotation: an image turned all the way round."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..images.corruptions import rotate
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


def rotation_sweep(
    sampler: McSampler,
    image: Image,
    label: int | None = None,
    *,
    num_steps: int = DEFAULT_NUM_STEPS,
    num_samples: int = DEFAULT_NUM_SAMPLES,
    seed: int = 0,
) -> SweepResult:
    """Turn an image counter-clockwise in equal steps, 10 degrees with 36 of them, and ask at each.

    Args:
        sampler: of the network to ask.
        image: shape (28, 28, 1), in [0, 1]; step 0 shows it as it is.
        label: its true class, None where that is not known.
        num_steps: S, steps in a whole turn.
        num_samples: T, passes at each step.
        seed: of the passes.

    Raises:
        InvalidInputError: an argument is out of range.
    """
    start = check_image("image", image)
    values = np.arange(check_num_steps(num_steps), dtype=np.float64) * (360.0 / num_steps)
    return run_sweep(
        sampler,
        "rotation",
        values,
        [rotate(start, degrees) for degrees in values.tolist()],
        labels=() if label is None else (label,),
        num_samples=num_samples,
        seed=seed,
    )
