"""What the post says of its sweeps, and whether it is so on another network."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
import numpy.typing as npt

from ..errors import InvalidInputError
from ..inference.samples import Floats
from ..uncertainty.measures import confidence, predictive_entropy, variance
from .comparison import require_post_curve
from .sweep import SweepResult

TWIN_THRESHOLD = 0.5  # of the twin's softmax, above which the post believes it
_QUARTER_TURN = 9  # the step at 90 degrees
_POST_PEAKS = (5, 23)  # where the post's entropy is highest, and its variance low


@dataclass(frozen=True, slots=True)
class Claim:
    """One thing that the post says, as a question to our sweeps.

    Attributes:
        text: the claim, a sentence that says what is meant by high or low.
        holds: whether it is so with every seed.
        evidence: the numbers, whole sentences.
    """

    text: str
    holds: bool
    evidence: str


def post_claims(
    rotations: Sequence[SweepResult], blendings: Sequence[SweepResult]
) -> tuple[Claim, ...]:
    """Put the post's claims to sweeps of its images.

    Args:
        rotations: the post's, one for each seed.
        blendings: likewise.

    Raises:
        InvalidInputError: there are none, or one is not of the post's images and steps.
    """
    for name, kind, results in (
        ("rotations", "rotation", rotations),
        ("blendings", "blending", blendings),
    ):
        if not results or any(result.kind != kind for result in results):
            raise InvalidInputError(
                name,
                expected=f"at least one {kind}, and nothing else",
                received=[result.kind for result in results],
            )
        for result in results:
            require_post_curve(result)
    return (
        _other_label(rotations),
        _high_variance(rotations),
        _false_detections("Rotation", rotations),
        _flagged("Rotation", rotations),
        _false_detections("Asked of the blending too", blendings),
        _missed_at_the_posts_peaks(rotations),
        _missed_anywhere(rotations),
    )


def is_missed(entropy: Floats, spread: Floats) -> npt.NDArray[np.bool_]:
    """Whether the variance alone would miss a step that the entropy points at, shape (S,).

    That is: the entropy is among the highest quarter of the steps, and the variance is below
    the steps' median.
    """
    return np.asarray((entropy >= _top_quarter(entropy)) & (spread < np.median(spread)))


def false_detections(result: SweepResult) -> npt.NDArray[np.bool_]:
    """Whether the twin alone would be believed and is wrong, shape (S,)."""
    if result.twin_right is None:
        raise InvalidInputError("result", expected="a sweep with labels", received="none")
    return np.asarray(result.twin_accepted(TWIN_THRESHOLD) & ~result.twin_right)


def _other_label(rotations: Sequence[SweepResult]) -> Claim:
    answers = [int(result.predicted[_QUARTER_TURN]) for result in rotations]
    labels = rotations[0].labels
    post = int(require_post_curve(rotations[0]).predicted[_QUARTER_TURN])
    return Claim(
        "Turned by 90 degrees, the 1 is taken for another digit.",
        all(answer not in labels for answer in answers),
        f"The answer is {_any_of(answers)}; the post's is {post}.",
    )


def _high_variance(rotations: Sequence[SweepResult]) -> Claim:
    curve = require_post_curve(rotations[0])
    spreads = [variance(result.summary) for result in rotations]
    there = [spread[_QUARTER_TURN] for spread in spreads]
    medians = [np.median(spread) for spread in spreads]
    agreed = [confidence(result.summary)[_QUARTER_TURN] for result in rotations]
    return Claim(
        "The variance at 90 degrees is high: above the median of all steps.",
        all(one > median for one, median in zip(there, medians, strict=True)),
        f"It is {_span(there, 3)}, with a median of {_span(medians, 3)} and"
        f" {_span([spread[0] for spread in spreads], 3)} upright; the mean softmax is"
        f" {_span(agreed, 2)}. The post's is {curve.variance[_QUARTER_TURN]:.2f}, with a median"
        f" of {np.median(curve.variance):.3g}, {curve.variance[0]:.2f} upright and a mean softmax"
        f" of {curve.mean_softmax[_QUARTER_TURN]:.2f}.",
    )


def _false_detections(what: str, results: Sequence[SweepResult]) -> Claim:
    found = false_detections(results[0])  # the twin has no seed
    evidence = f"Believed and wrong at {_some(found)}"
    if len(results[0].labels) > 1:
        evidence += "; either digit counts as right"
    if found.any():
        evidence += f", with a softmax of {_span(results[0].twin.max(axis=1)[found], 2)}"
    return Claim(
        f"{what}: the twin alone, believed above a softmax of {TWIN_THRESHOLD:g}, gives false"
        " detections.",
        bool(found.any()),
        f"{evidence}.",
    )


def _flagged(what: str, results: Sequence[SweepResult]) -> Claim:
    found = false_detections(results[0])
    entropies = [predictive_entropy(result.summary) for result in results]
    above = [found & (entropy > np.median(entropy)) for entropy in entropies]
    text = (
        f"{what}: Monte-Carlo dropout flags them: the entropy is above the median of all steps at"
        " each."
    )
    if not found.any():
        return Claim(text, True, "There are none.")
    spreads = [variance(result.summary) for result in results]
    believed = [
        int(((confidence(r.summary) > TWIN_THRESHOLD) & ~np.isin(r.predicted, r.labels)).sum())
        for r in results
    ]
    left = np.any([found & ~each for each in above], axis=0)
    evidence = (
        f"Above it at {_span([each.sum() for each in above], 0)} of {found.sum()}"
        + (f", not at step{'s' * int(left.sum() > 1)} {_steps(left)}" if left.any() else "")
        + f". The entropy there is {_span([e[found] for e in entropies], 2)} nats, with a median"
        f" of all steps of {_span([np.median(e) for e in entropies], 2)}; the variance"
        f" {_span([s[found] for s in spreads], 3)}, with"
        f" {_span([np.median(s) for s in spreads], 3)}. Believed above a mean softmax of"
        f" {TWIN_THRESHOLD:g}, the committee is wrong at {_span(believed, 0)} steps"
        f" instead of {found.sum()}."
    )
    return Claim(text, bool((np.array(above) == found).all()), evidence)


def _missed_at_the_posts_peaks(rotations: Sequence[SweepResult]) -> Claim:
    curve = require_post_curve(rotations[0])
    entropies = [predictive_entropy(result.summary) for result in rotations]
    spreads = [variance(result.summary) for result in rotations]
    missed = [is_missed(e, s) for e, s in zip(entropies, spreads, strict=True)]
    parts = [
        f"Step {step}: entropy {_span([e[step] for e in entropies], 2)} nats, variance"
        f" {_span([s[step] for s in spreads], 3)} (the post: {curve.entropy[step]:.2f},"
        f" {curve.variance[step]:.2f})."
        for step in _POST_PEAKS
    ]
    return Claim(
        "Variance alone misses steps 5 and 23: the entropy is among the highest quarter there, the"
        " variance below the median.",
        all(bool(each[list(_POST_PEAKS)].all()) for each in missed),
        f"{' '.join(parts)} The quarter begins at"
        f" {_span([_top_quarter(e) for e in entropies], 2)} nats, the median variance is"
        f" {_span([np.median(s) for s in spreads], 3)}.",
    )


def _missed_anywhere(rotations: Sequence[SweepResult]) -> Claim:
    curve = require_post_curve(rotations[0])
    missed, peaks, least = [], [], []
    for result in rotations:
        entropy, spread = predictive_entropy(result.summary), variance(result.summary)
        missed.append(is_missed(entropy, spread))
        peaks.append((int(entropy.argmax()), spread[entropy.argmax()], spread.max()))
        least.append(spread[entropy >= _top_quarter(entropy)].min())
    anywhere, in_post = np.any(missed, axis=0), is_missed(curve.entropy, curve.variance)
    seeds = sum(bool(each.any()) for each in missed)
    evidence = f"With {seeds} of {len(missed)} seeds it does"
    evidence += f", at {_some(anywhere)}; " if anywhere.any() else "; "
    evidence += f"in the post at {_some(in_post)}."
    return Claim(
        "Weaker: variance alone misses some step in this sense.",
        all(bool(each.any()) for each in missed),
        f"{evidence} The entropy is highest at step {_any_of([step for step, _, _ in peaks])},"
        f" where the variance is {_span([v for _, v, _ in peaks], 3)}, with a highest of"
        f" {_span([top for _, _, top in peaks], 3)}; in the quarter with the highest entropy it is"
        f" at least {_span(least, 3)}.",
    )


def _top_quarter(values: Floats) -> float:
    """Least value of the highest quarter."""
    return float(np.sort(values)[-(len(values) // 4)])


def _some(flags: npt.NDArray[np.bool_]) -> str:
    """Say how many of the steps, and which: `3 of 36 steps (5, 7 to 8)`."""
    which = f" ({_steps(flags)})" if flags.any() else ""
    return f"{flags.sum() or 'none'} of {len(flags)} steps{which}"


def _steps(flags: npt.NDArray[np.bool_]) -> str:
    """Name steps, longer runs of them by their ends: `5, 7 to 9`."""
    runs = []
    # Within a run, a step and its place in the list keep their distance.
    for _, group in groupby(enumerate(np.flatnonzero(flags).tolist()), lambda it: it[1] - it[0]):
        run = [step for _, step in group]
        runs += [f"{run[0]} to {run[-1]}"] if len(run) > 2 else [str(step) for step in run]
    return ", ".join(runs)


def _span(values: Iterable[npt.ArrayLike], decimals: int) -> str:
    """Say from where to where numbers go, or the number where all read the same."""
    flat = np.concatenate([np.ravel(value) for value in values]).astype(np.float64)
    low, high = f"{flat.min():z.{decimals}f}", f"{flat.max():z.{decimals}f}"
    return low if low == high else f"{low} to {high}"


def _any_of(numbers: Sequence[int]) -> str:
    return " or ".join(map(str, sorted(set(numbers))))
