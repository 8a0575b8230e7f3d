"""Measures of one pass, from its logits, so that no two images tie where a softmax is 1."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import log_softmax, logsumexp

Floats = npt.NDArray[np.float64]


def logit_margin(logits: npt.NDArray[Any]) -> Floats:
    """Largest minus second largest logit.

    Args:
        logits: shape (N, C), C at least 2.

    Returns:
        Shape (N,), nats, 0 or more. Higher is more certain.
    """
    top = np.partition(logits.astype(np.float64), -2, axis=1)[:, -2:]
    return np.asarray(top[:, 1] - top[:, 0])


def log_odds(logits: npt.NDArray[Any]) -> Floats:
    """Logarithm of the odds of the answer: its softmax p as ln(p / (1 - p)).

    It orders images as the largest entry of the softmax does, and does not end at 1.

    Args:
        logits: shape (N, C), C at least 2.

    Returns:
        Shape (N,), nats. Higher is more certain.
    """
    ordered = np.sort(logits.astype(np.float64), axis=1)
    return np.asarray(ordered[:, -1] - logsumexp(ordered[:, :-1], axis=1))


def softmax_entropy(logits: npt.NDArray[Any]) -> Floats:
    """Entropy of the softmax, computed from logits in float64.

    Args:
        logits: shape (N, C).

    Returns:
        Shape (N,), nats, in [0, ln C]. Higher is less certain.
    """
    log_p = log_softmax(logits.astype(np.float64), axis=1)
    p = np.exp(log_p)
    # Of the answer 1 - p is kept where p rounds to 1: -ln p is then the sum of the others.
    rows, answer = np.arange(len(logits)), logits.argmax(axis=1)
    p_others = p.copy()
    p_others[rows, answer] = 0.0
    log_p[rows, answer] = np.log1p(-np.minimum(p_others.sum(axis=1), 1.0 - 1.0 / p.shape[1]))
    return np.asarray(-(p * log_p).sum(axis=1))


@dataclass(frozen=True, slots=True)
class TwinMeasure:
    """One measure of the twin's answer, and how to speak of it.

    Attributes:
        name: key in `TWIN_MEASURES`, in tables and files.
        label: what a person reads.
        value: from logits of shape (N, C) to shape (N,).
        higher_is_less_certain: true for the entropy alone.
    """

    name: str
    label: str
    value: Callable[[npt.NDArray[Any]], Floats]
    higher_is_less_certain: bool = False


TWIN_MEASURES: Mapping[str, TwinMeasure] = MappingProxyType(
    {
        measure.name: measure
        for measure in (
            TwinMeasure("log_odds", "Largest softmax, as log-odds", log_odds),
            TwinMeasure("logit_margin", "Logit margin", logit_margin),
            TwinMeasure("entropy", "Entropy", softmax_entropy, higher_is_less_certain=True),
        )
    }
)
