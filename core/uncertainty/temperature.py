"""Temperature scaling: one number that makes a softmax less sure of itself, or more.

Here it acts on probabilities, also on a mean of many softmaxes, for which there are no logits:
p^(1/T), normalised, which for one softmax is the softmax of its logits over T. It changes no
answer, since the order of the classes stays.

References:
    Guo et al. 2017, *On Calibration of Modern Neural Networks*.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import logsumexp, softmax

from ..errors import InvalidInputError
from ..inference.samples import Floats
from .calibration import check_probabilities

MIN_TEMPERATURE = 0.01
MAX_TEMPERATURE = 100.0
# A float32 softmax underflows to 0 where its logarithm is still finite.
_SMALLEST = float(np.finfo(np.float32).tiny)


def fit_temperature(probs: Floats, labels: npt.NDArray[Any]) -> float:
    """Return the temperature of least negative log-likelihood, from 0.01 to 100.

    The likelihood is convex in 1/T, so there is one best value. Where it has none inside the
    range, an end of it is returned: the low end where all answers are right and certainty can
    only pay, the high end where they are no better than chance.

    Args:
        probs: shape (N, C), rows that are distributions, of images kept for calibration.
        labels: shape (N,), true classes.

    Raises:
        InvalidInputError: no image, or shapes that do not go together.
    """
    from scipy.optimize import minimize_scalar

    check_probabilities(probs, labels)
    logs = _logarithms(probs)
    of_truth = logs[np.arange(len(labels)), labels]

    def mean_nll(log_temperature: float) -> float:
        inverse = math.exp(-log_temperature)
        return float((logsumexp(logs * inverse, axis=1) - of_truth * inverse).mean())

    bounds = (math.log(MIN_TEMPERATURE), math.log(MAX_TEMPERATURE))
    best = minimize_scalar(mean_nll, bounds=bounds, method="bounded", options={"xatol": 1e-6})
    # The bounded search stops a little before an end; of equals an end comes first.
    candidates = (*bounds, float(best.x))
    best_temperature = math.exp(min(candidates, key=mean_nll))
    return min(max(best_temperature, MIN_TEMPERATURE), MAX_TEMPERATURE)  # exp(ln 100) is over 100


def apply_temperature(probs: Floats, temperature: float) -> Floats:
    """Return p^(1/T), normalised; over 1 less certain, under 1 more.

    Args:
        probs: shape (..., C), rows that are distributions. A 0 counts as the smallest
            float32 that is no zero in full precision.
        temperature: above 0.

    Returns:
        Of the same shape.

    Raises:
        InvalidInputError: a temperature that cannot be.
    """
    if not (math.isfinite(temperature) and temperature > 0.0):
        raise InvalidInputError("temperature", expected="a number above 0", received=temperature)
    return np.asarray(softmax(_logarithms(probs) / temperature, axis=-1))


def _logarithms(probs: Floats) -> Floats:
    return np.asarray(np.log(np.maximum(np.asarray(probs, dtype=np.float64), _SMALLEST)))
