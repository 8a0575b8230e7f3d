"""A threshold with a promise: "at most 1% wrong among the accepted, with 95% confidence".

The promise is about the risk on images like those it was fitted on, the true share of wrong ones
among all that the threshold would accept, not about the share in the sample, which is lower than
the truth where a threshold was searched for it. With probability 1 - delta over samples, no
threshold is returned whose true risk exceeds the target.

How: learn then test, a fixed sequence of tests on a split of the data. A fifth of the images
proposes: their uncertainties are the thresholds in question, and the one at which they speak most
clearly for the target is where to start. The other images, which had no part in that, test them
from there upwards, each with the exact binomial test at level delta, and the last threshold before
the first one that fails is taken. A threshold whose risk is too high is returned only if the first
such one in the sequence passes its test, which happens with probability delta at most. So no
correction for the number of thresholds is due, and nothing is assumed of how risk and uncertainty
go together; ties need no care, because thresholds are fixed before the test.

Selection with guaranteed risk (Geifman & El-Yaniv 2017) uses all images and pays with delta /
log2(N) in each step of a binary search. In trials on 10,000 images of known risk its coverage was
lower (at 1% risk 0.50 against 0.52), and its steps depend on the errors that they then test, so
that its union bound over the steps alone does not prove it. A bound for many fixed thresholds at
once is proven but lower still (0.47). The price here: where a promise is barely possible, it is
sometimes missed for the images that propose (in 9 of 1,000 such trials).

References:
    Angelopoulos et al. 2021, *Learn then Test: Calibrating Predictive Algorithms to Achieve Risk
    Control* (fixed-sequence testing).
    Geifman & El-Yaniv 2017, *Selective Classification for Deep Neural Networks*.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import bdtr

from ..errors import InvalidInputError
from ..inference.samples import Floats
from .binomial import upper_bound
from .selective import checked, cumulative, outcome

PROPOSING = 0.2  # share of the images that propose thresholds; the others test them


@dataclass(frozen=True, slots=True)
class Promise:
    """A threshold and what it promises.

    Attributes:
        threshold: the uncertainty up to which is accepted.
        coverage: share accepted, of all the images it was fitted on.
        risk: share wrong among these accepted.
        bound: upper bound of the true risk, from the images that tested it; at most `target`.
        target: of the true risk.
        confidence: 1 - delta.
    """

    threshold: float
    coverage: float
    risk: float
    bound: float
    target: float
    confidence: float


def find_promise(
    uncertainty: npt.ArrayLike,
    wrong: npt.ArrayLike,
    target: float,
    *,
    confidence: float = 0.95,
    seed: int = 0,
) -> Promise | None:
    """Return the threshold of largest coverage found whose true risk keeps to the target.

    Args:
        uncertainty: shape (N,), higher is less certain, of images that no threshold was yet
            chosen on.
        wrong: shape (N,).
        target: of the risk among the accepted, above 0, below 1.
        confidence: that the target is kept, above 0, below 1. It counts for one call: the best
            of several measures or seeds is promised less.
        seed: of the split.

    Returns:
        None where it is not possible on these data: too few images, or too many wrong ones among
        the most certain.

    Raises:
        InvalidInputError: no answer, shapes that differ, NaN, or shares out of their range.
    """
    values, is_wrong = checked(uncertainty, wrong)
    for argument, share in (("target", target), ("confidence", confidence)):
        if not 0.0 < share < 1.0:
            raise InvalidInputError(argument, expected="a share above 0, below 1", received=share)
    order = np.random.default_rng(seed).permutation(len(values))
    proposing, testing = np.split(order, [round(PROPOSING * len(values))])
    if len(proposing) == 0 or len(testing) == 0:
        return None
    delta = 1.0 - confidence
    thresholds = _proposed(values[proposing], is_wrong[proposing], target)
    accepted, errors = _counts(values[testing], is_wrong[testing], thresholds)
    passed = _p_value(errors, accepted, target) <= delta
    num_passed = len(passed) if passed.all() else int(passed.argmin())
    if num_passed == 0:
        return None
    last = num_passed - 1
    found = outcome(values <= thresholds[last], is_wrong)
    return Promise(
        threshold=float(thresholds[last]),
        coverage=found.coverage,
        risk=found.num_false / found.num_accepted,
        bound=float(upper_bound(errors[last], accepted[last], delta)),
        target=target,
        confidence=confidence,
    )


def fewest_images(target: float, confidence: float = 0.95) -> int:
    """Return with how few images a promise is possible at all, if none of the accepted is wrong.

    Args:
        target: of the risk, above 0, below 1.
        confidence: that it is kept, above 0, below 1.
    """
    # All that test are accepted and right: bdtr(0, n, target) = (1 - target)^n.
    testing = math.ceil(math.log1p(-confidence) / math.log1p(-target) - 1e-12)
    images = math.floor(testing / (1.0 - PROPOSING))
    while images - round(PROPOSING * images) < testing or round(PROPOSING * images) == 0:
        images += 1
    return images


def _proposed(values: Floats, wrong: npt.NDArray[np.bool_], target: float) -> Floats:
    """Return the thresholds to test, rising, from the one with the clearest evidence."""
    thresholds, accepted, errors = cumulative(values, wrong)
    evidence = _p_value(errors, accepted, target)
    # Of several the highest: it accepts most.
    return thresholds[np.flatnonzero(evidence == evidence.min())[-1] :]


def _counts(
    values: Floats, wrong: npt.NDArray[np.bool_], thresholds: Floats
) -> tuple[Floats, Floats]:
    """Return how many are accepted by each threshold, and how many of these are wrong."""
    distinct, accepted, errors = cumulative(values, wrong)
    place = np.searchsorted(distinct, thresholds, side="right")
    return np.append(0.0, accepted)[place], np.append(0.0, errors)[place]


def _p_value(errors: Floats, accepted: Floats, target: float) -> Floats:
    """How likely as few errors are where the risk is the target: the exact binomial test."""
    return np.where(accepted > 0, bdtr(errors, np.maximum(accepted, 1.0).astype(int), target), 1.0)
