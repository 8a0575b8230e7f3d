r"""Statistics of single passes that bound a measure on average, from above and from below.

Each measure, taken as an uncertainty u (1 - confidence for the confidence), is a concave function
of the distribution P that passes are drawn from. That gives a bound on each side:

* above, a supporting line: for any guess made before a pass, a statistic that is linear in P and
  touches u at the guess has a mean of u(P) or more. For the entropy of the mean it is the
  cross-entropy -sum_c p_c log q_c with a guess q (Gibbs' inequality), for mutual information the
  divergence D(p || q), for the variance (p - a)^2, for 1 - max of the mean 1 - p of the class
  ahead.
* below, Jensen: u of a group of passes is on average u(P) or less. Groups are small enough for many
  and large enough to show what the passes disagree on.

Expected entropy is linear: the pass's own entropy is both.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import brentq
from scipy.special import entr

from ..inference.samples import Floats
from .measures import MEASURES

# On MNIST's test digits groups of 8 to 16 settle refusals soonest; 10 parts the sampler's steps.
GROUP = 10


@dataclass(frozen=True, slots=True)
class Passes:
    """Some passes over N images, with what was known before each of them.

    Attributes:
        p: shape (k, N, C), softmax samples.
        h: shape (k, N), their entropies in nats.
        guess: shape (k, N, C), mean softmax over all passes before; uniform before the first.
        votes: shape (k, N, C), 1 for the pass's favourite and else 0.
        votes_before: shape (k, N, C), shares of votes over all passes before.
        first: number of the first of them, from 0.
    """

    p: Floats
    h: Floats
    guess: Floats
    votes: Floats
    votes_before: Floats
    first: int


def uncertainty_limit(name: str, limit: float) -> float:
    """Return a limit on a measure as an upper limit on an uncertainty."""
    return limit if MEASURES[name].higher_is_less_certain else 1.0 - limit


def from_above(name: str, passes: Passes, limit: float) -> tuple[Floats, Floats | float]:
    """Return a statistic of each pass whose mean is the uncertainty or more, and its largest value.

    Args:
        name: of a measure.
        passes: k passes.
        limit: on the uncertainty, for which the bound is made to be tight.

    Returns:
        Shape (k, N), or (k, N, C) for the variance, that of each class.
    """
    p = passes.p
    num_classes = p.shape[2]
    if name == "expected_entropy":
        return passes.h, float(np.log(num_classes))
    if name == "variance":
        guess = passes.guess
        return (p - guess) ** 2, np.maximum(guess, 1.0 - guess) ** 2
    if name in ("confidence", "variation_ratio"):
        values, before = (
            (p, passes.guess) if name == "confidence" else (passes.votes, passes.votes_before)
        )
        ahead = before.argmax(axis=2)[..., None]
        return 1.0 - np.take_along_axis(values, ahead, axis=2)[..., 0], 1.0
    # A guess of 0 would let a single pass cost infinitely much. The share of the uniform
    # distribution falls as the guess gets better.
    at = np.arange(passes.first, passes.first + len(p))
    share = _uniform_share(limit, num_classes) * np.minimum(1.0, 64.0 / np.maximum(at, 1))
    share = np.maximum(share, 1e-9)[:, None, None]
    log_q = np.log((1.0 - share) * passes.guess + share / num_classes)
    crossed = -np.einsum("knc,knc->kn", p, log_q)
    largest = -log_q.min(axis=2)
    return np.asarray(crossed if name == "predictive_entropy" else crossed - passes.h), largest


def from_below(name: str, groups: Floats) -> Floats:
    """Return a statistic of each group of passes whose mean is the uncertainty or less, at least 0.

    Args:
        name: of a measure.
        groups: shape (G, M, N, C), softmax samples of G groups of M passes.

    Returns:
        Shape (G, N), or (G, N, C) for the variance, that of each class.
    """
    if name == "expected_entropy":
        return np.asarray(entr(groups).sum(axis=3).mean(axis=1))
    if name == "variance":
        return np.asarray(groups.var(axis=1))
    if name == "variation_ratio":
        return np.asarray(1.0 - votes_of(groups).mean(axis=1).max(axis=2))
    mean = groups.mean(axis=1)
    if name == "confidence":
        return np.asarray(np.maximum(1.0 - mean.max(axis=2), 0.0))
    whole = np.asarray(entr(mean).sum(axis=2))
    if name == "predictive_entropy":
        return whole
    return np.asarray(np.maximum(whole - entr(groups).sum(axis=3).mean(axis=1), 0.0))


@cache
def _uniform_share(limit: float, num_classes: int) -> float:
    """Return the share of the uniform distribution by which a sure answer's entropy is the limit.

    The supporting line there is the one that tells it soonest from all that are beyond the limit.
    """

    def above(share: float) -> float:
        rest = share / num_classes
        entropies: Any = entr(1.0 - share + rest) + (num_classes - 1) * entr(rest)
        return float(entropies) - limit

    if limit <= 0.0:
        return 0.0
    return 1.0 if above(1.0) <= 0.0 else float(brentq(above, 0.0, 1.0))


def votes_of(p: npt.NDArray[Any]) -> Floats:
    """Return 1 for the favourite class of each softmax, else 0; ties go to the lowest class."""
    return np.asarray(p.argmax(axis=-1)[..., None] == np.arange(p.shape[-1]), dtype=np.float64)
