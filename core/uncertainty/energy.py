"""The energy of one pass: how little all its logits together say."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import logsumexp

from .features import Floats


def energy_score(logits: npt.NDArray[Any]) -> Floats:
    """Energy of the logits at temperature 1: minus the logarithm of the sum of their exponentials.

    Unlike a softmax it changes with a constant added to all logits: a network whose logits are all
    small has seen little of what it looks for.

    Args:
        logits: shape (N, C).

    Returns:
        Shape (N,), nats, of any sign. Higher is less certain.

    References:
        Liu et al. 2020, *Energy-based Out-of-distribution Detection*, equation 4.
    """
    return np.asarray(-logsumexp(logits.astype(np.float64), axis=1))
