"""How a measure converges over the passes of one image, and when its decision has settled."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import entr

from ..errors import InvalidInputError
from ..inference.adaptive import Settling, check_error
from ..inference.samples import Counts, Floats, McSamples, McSummary
from .betting import Wealth
from .measures import MEASURES, confidence_standard_error
from .pass_statistics import GROUP, Passes, uncertainty_limit, votes_of
from .policy import Policy
from .sequential import CLASS_SHARE, means_before, payoffs_if_broken, payoffs_if_it_holds

_POINTS = 160  # numbers of passes at which a curve is told
_COARSE, _FINE = 64, 96  # values that are tested for the confidence sequence
_FINE_REACH = 0.08  # of the measure's range, about what all passes say
_AT_ONCE = 2_000  # passes
_CLOSE = 3.0  # standard errors


@dataclass(frozen=True, slots=True, eq=False)
class Convergence:
    """A measure of one image after 1, 2, ... T passes.

    Attributes:
        name: of the measure.
        passes: shape (K,), numbers of passes, rising, the last one T.
        value: shape (K,), the measure over so many passes.
        standard_error: shape (K,), its Monte-Carlo standard error.
        low: shape (K,), lower end of the confidence sequence; `high` its upper end.
        level: probability with which the confidence sequence holds what infinitely many passes
            would give, at all numbers of passes at once.
    """

    name: str
    passes: Counts
    value: Floats
    standard_error: Floats
    low: Floats
    high: Floats
    level: float


def why_unsettled(summary: McSummary, policy: Policy) -> str:
    """Return what keeps the decision on the first image of a summary from settling.

    Args:
        summary: over all passes there are.
        policy: what is decided.

    Returns:
        "limit" where a measure is within three standard errors of its limit, "class" where two
        classes are as close to each other, else "passes": more of them would do.
    """
    if summary.num_samples > 1:
        for name, limit in policy.limits.items():
            measure = MEASURES[name]
            error = float(measure.standard_error(summary)[0])
            if error > 0.0 and abs(float(measure.value(summary)[0]) - limit) < _CLOSE * error:
                return "limit"
        second, first = np.sort(summary.mean[0])[-2:]
        # Of the difference of two shares: that of one of them, twice at most.
        error = 2.0 * float(confidence_standard_error(summary)[0])
        if error > 0.0 and first - second < _CLOSE * error:
            return "class"
    return "passes"


def settle(samples: McSamples, policy: Policy, error: float = 0.01) -> Settling:
    """Return when the decisions on images settled, from passes that have been run.

    Args:
        samples: T passes of N images.
        policy: what is decided; without limits only the predicted class has to settle.
        error: see `McSampler.decide`.

    Raises:
        InvalidInputError: an error probability that is none.
    """
    probs_tnc = samples.probs_tnc
    watch = policy.watch(probs_tnc.shape[1], probs_tnc.shape[2], check_error(error))
    settling = watch.add(probs_tnc[:_AT_ONCE])
    for start in range(_AT_ONCE, len(probs_tnc), _AT_ONCE):
        if (settling.after > 0).all():
            break
        settling = watch.add(probs_tnc[start : start + _AT_ONCE])
    return settling


def decisive_measure(samples: McSamples, policy: Policy, error: float = 0.01) -> str:
    """Return the measure on whose limit it hangs when a decision settles.

    For an accepted answer it is the limit that is the last one known to hold, for a refused one the
    first one known to be broken. Without limits it is the confidence.

    Args:
        samples: of one image.
        policy: what is decided.
        error: see `McSampler.decide`.

    Raises:
        InvalidInputError: an error probability that is none.
    """
    if len(policy.limits) < 2:
        return next(iter(policy.limits), "confidence")
    summary = samples.summary()
    accepted = bool(policy.accepts(summary)[0])

    def last(name: str) -> tuple[bool, float, float]:
        """Return the larger the later, and among what never settles the nearer to its limit."""
        alone = Policy({name: policy.limits[name]}, num_classes=policy.num_classes)
        after = int(settle(samples, alone, error).after[0]) or math.inf
        value = uncertainty_limit(name, float(MEASURES[name].value(summary)[0]))
        limit = uncertainty_limit(name, policy.limits[name])
        on_this_side = bool(alone.accepts(summary)[0]) == accepted
        beyond = value / limit if limit > 0.0 else math.inf
        return on_this_side, after if accepted else -after, beyond

    return max(policy.limits, key=last)


def convergence(samples: McSamples, name: str, policy: Policy, error: float = 0.01) -> Convergence:
    """Follow a measure over the passes of one image.

    The confidence sequence is what the test of `settle`, made of all limits at once, has not ruled
    out.

    Args:
        samples: of one image.
        name: of the measure.
        policy: under which it is decided.
        error: see `McSampler.decide`.

    Raises:
        InvalidInputError: not one image, or no such measure, or an error that is none.
    """
    check_error(error)
    probs_tnc = samples.probs_tnc
    if probs_tnc.shape[1] != 1:
        raise InvalidInputError(
            "samples", expected="the passes of one image", received=probs_tnc.shape[1]
        )
    if name not in MEASURES:
        raise InvalidInputError("name", expected=f"one of {', '.join(MEASURES)}", received=name)
    measure = MEASURES[name]
    counts = np.unique(np.geomspace(1, len(probs_tnc), _POINTS).round().astype(np.int64))
    running = _running(probs_tnc[:, 0].astype(np.float64), counts)
    value = measure.value(running)
    above = error * (1.0 - CLASS_SHARE) if policy.limits else error / 2.0
    below = above / max(len(policy.limits), 1)
    limit = policy.limits.get(name)
    low, high = _confidence_sequence(
        probs_tnc,
        name,
        counts,
        (above, below),
        about=uncertainty_limit(name, float(value[-1])),
        tight_at=uncertainty_limit(name, float(value[-1]) if limit is None else limit),
    )
    if not measure.higher_is_less_certain:
        low, high = 1.0 - high, 1.0 - low
    return Convergence(
        name,
        counts,
        value,
        measure.standard_error(running) / np.sqrt(counts),
        low,
        high,
        1.0 - above - below,
    )


def _running(p_tc: Floats, counts: Counts) -> McSummary:
    """Return means over the first passes as a summary of one pass each, an image for each count."""
    starts = np.concatenate([[0], counts[:-1]])
    parts = [
        McSummary.from_samples(p_tc[start:stop, None])
        for start, stop in zip(starts, counts, strict=True)
    ]
    sums: list[Any] = []
    for one in fields(McSummary)[1:]:
        added = np.cumsum(np.concatenate([getattr(part, one.name) for part in parts]), axis=0)
        sums.append(added / counts.reshape(-1, *(1 for _ in added.shape[1:])))
    return McSummary(1, *sums)


def _confidence_sequence(
    probs_tnc: npt.NDArray[np.float32],
    name: str,
    counts: Counts,
    errors: tuple[float, float],
    *,
    about: float,
    tight_at: float,
) -> tuple[Floats, Floats]:
    """Return the ends of the uncertainties that are not ruled out after some numbers of passes."""
    num_classes = probs_tnc.shape[2]
    largest = MEASURES[name].upper(num_classes)
    grid = _grid(largest, about, tight_at)
    predicted = int(probs_tnc.sum(axis=0)[0].argmax())
    holds, broken = (Wealth((1, len(grid)), error) for error in errors)
    low, high = [], []
    sum_p = sum_votes = np.zeros((1, num_classes))
    for start in range(0, len(probs_tnc), _AT_ONCE):
        p = probs_tnc[start : start + _AT_ONCE].astype(np.float64)
        votes = votes_of(p)
        passes = Passes(
            p,
            np.asarray(entr(p).sum(axis=2)),
            means_before(p, sum_p, start),
            votes,
            means_before(votes, sum_votes, start),
            start,
        )
        sum_p, sum_votes = sum_p + p.sum(axis=0), sum_votes + votes.sum(axis=0)
        payoffs = payoffs_if_it_holds(name, passes, grid, tight_at)
        won = holds.bet(_of_predicted(payoffs, predicted))[:, 0]
        # Ruled out from above is what lies beyond limits that all are known to hold.
        allowed = np.logical_and.accumulate(won[:, ::-1], axis=1)[:, ::-1].argmax(axis=1)
        high.append(np.where(won[:, -1], grid[allowed], largest))
        number = len(p) // GROUP  # parts of passes are whole groups, but for the last one
        groups = p[: number * GROUP].reshape(number, GROUP, *p.shape[1:])
        before = broken.won
        payoffs = payoffs_if_broken(name, groups, grid)
        won = np.concatenate([before[None], broken.bet(_of_predicted(payoffs, predicted))])[:, 0]
        refused = np.logical_and.accumulate(won, axis=1).sum(axis=1)
        complete = np.arange(1, len(p) + 1) // GROUP
        low.append(np.where(refused > 0, grid[np.maximum(refused - 1, 0)], 0.0)[complete])
    places = counts - 1
    return np.concatenate(low)[places], np.concatenate(high)[places]


def _of_predicted(payoffs: Floats, predicted: int) -> Floats:
    """Return payoffs of shape (k, 1, G) also where there are some for each class."""
    return payoffs if payoffs.ndim == 3 else payoffs[:, :, predicted]


def _grid(largest: float, about: float, limit: float) -> Floats:
    reach = _FINE_REACH * largest
    values = np.concatenate(
        [
            np.linspace(0.0, largest, _COARSE + 1)[:-1],
            np.linspace(about - reach, about + reach, _FINE),
            [limit],
        ]
    )
    return np.unique(values[(values >= 0.0) & (values < largest)])
