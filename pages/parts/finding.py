"""What came out of a sweep, as sentences of HTML."""

from __future__ import annotations

import html

import numpy as np

from core.experiments.quantiles import MeasureQuantiles
from core.experiments.sweep import SweepResult, Truths
from core.figures import numbers
from core.uncertainty import predictive_entropy
from core.uncertainty.policy import Policy

_UNUSUAL = 0.99  # share of test digits; above it a measure is out of the ordinary


def finding(result: SweepResult, threshold: float, places: str, policy: Policy) -> str:
    """Return what the committee accepts and refuses over all steps, and the twin beside it.

    What is accepted although it is wrong and what is refused although it is right stand together,
    each with its count: one can always be had at the price of the other.

    Args:
        result: of the sweep.
        threshold: the softmax over which the twin is believed, and the plain network.
        places: what the steps are, as "angles".
        policy: under which the committee's answers are accepted.
    """
    believed = f"at a softmax over {numbers.softmax(threshold)}"
    accepted = policy.decide(result.summary).accepted if policy.limits else None
    text = _committee(accepted, result, places)
    text += f"; the twin, {believed}, "
    text += _single_pass(result.twin_accepted(threshold), result.twin_right) + "."
    if result.plain is not None:
        text += f" The plain network, {believed}, "
        believes = np.asarray(result.plain.max(axis=1) > threshold)
        text += _single_pass(believes, result.plain_right) + "."
    return text


def entropy_finding(
    result: SweepResult, quantiles: MeasureQuantiles | None, policy: Policy, item: str = "digit"
) -> str:
    """Return whether the committee's entropy tells right from wrong.

    Args:
        result: of the sweep.
        quantiles: where the entropy lies among test digits; None where that is not known. Without
            a policy it tells what one could have refused.
        policy: under which the committee's answers are accepted.
        item: what one of the images is with which the quantiles were made.
    """
    entropy, right = predictive_entropy(result.summary), result.right
    if right is None:
        classes = result.classes
        which = (
            f"{classes.plural} they are"
            if len(result.recipe.images) > 1
            else f"{classes.noun} it is"
        )
        return (
            f"The committee’s entropy lies between {entropy.min():.2f} and {entropy.max():.2f}"
            f" nats, of at most {np.log(result.num_classes):.2f}. Whether an answer is right is not"
            f" known: say which {html.escape(which)}."
        )
    if right.all():
        text = f"The committee’s entropy rises to {entropy.max():.2f} nats"
        if len(set(result.labels)) > 1 and not policy.decide(result.summary).accepted.all():
            # The count of what is refused though right reads as a price, which it is not here.
            several = html.escape(result.classes.plural)
            text += f"; to refuse where two {several} show is no mistake"
        return f"{text}."
    if quantiles is not None and not policy.limits:
        among_digits = [
            quantiles.share_below("predictive_entropy", each) for each in entropy.tolist()
        ]
        unusual = np.array(among_digits) > _UNUSUAL
        text = (
            f"The committee’s entropy is above that of 99% of test {item}s at"
            f" {_of(unusual & ~right, ~right, 'wrong answer')}"
        )
        if right.any():
            text += f" and at {_of(unusual & right, right, 'right one')}"
        return f"{text}."
    text = f"The committee’s mean entropy is {entropy[~right].mean():.2f} nats where it is wrong"
    if right.any():
        text += f", against {entropy[right].mean():.2f} where it is right"
    return f"{text}."


def compared(result: SweepResult, pinned: SweepResult, name: str, places: str) -> str:
    """Return how a sweep differs from one that was pinned; "" where the steps are others.

    Args:
        result: that is shown.
        pinned: beside it.
        name: what the pinned one is called; comes out escaped.
        places: what the steps are, as "angles".
    """
    if not np.array_equal(result.values, pinned.values):
        return ""
    if result.classes != pinned.classes:
        return (
            f"Beside it, as a thin line: {html.escape(name)}. What it tells"
            " apart is something else: only the curves can be compared."
        )
    same = int((result.predicted == pinned.predicted).sum())
    wrong = "" if pinned.right is None else f" is wrong at {(~pinned.right).sum()} of them and"
    return (
        f"Beside it, as a thin line: {html.escape(name)}. It{wrong} gives the same answer at"
        f" {numbers.some_of(same, result.num_steps)} {places}."
    )


def _committee(accepted: Truths | None, result: SweepResult, places: str) -> str:
    """Return the committee's clause, which opens the sentence; without limits all is accepted."""
    right = result.right
    whole = f"{numbers.count(result.num_steps)} {places}"
    given = [] if accepted is not None else ["without a policy"]
    if len(set(result.labels)) > 1:  # of a blending, whose every answer may be right
        given.append(f"with either {html.escape(result.classes.noun)} counted as right")
    lead = f"{' and '.join(given).capitalize()}, the committee" if given else "The committee"
    if accepted is None:
        if right is None:
            return f"{lead} accepts its answer at all {whole}"
        if right.all():
            return f"{lead} accepts every answer and is right at all {whole}"
        return f"{lead} accepts every answer, a wrong one at <b>{_some(~right)} of {whole}</b>"
    if right is None:
        return f"{lead} accepts its answer at <b>{_some(accepted)} of {whole}</b>"
    if right.all():
        return f"{lead} is right at all {whole} and refuses <b>{_some(~accepted)}</b> of them"
    if not right.any():
        return f"{lead} is wrong at all {whole} and accepts <b>{_some(accepted)}</b> of them"
    return (
        f"{lead} accepts a wrong answer at <b>{_some(accepted & ~right)} of {whole}</b> and refuses"
        f" {_of(~accepted & right, right, 'right one')}"
    )


def _single_pass(accepted: Truths, right: Truths | None) -> str:
    """Return the clause of a network that is asked once, after its name."""
    if right is None:
        return f"accepts its own at <b>{_some(accepted)}</b>"
    if right.all():
        return f"is right at all {right.size} and refuses <b>{_some(~accepted)}</b>"
    if not right.any():
        return f"is wrong at all {right.size} and accepts <b>{_some(accepted)}</b>"
    return (
        f"accepts a wrong answer at <b>{_some(accepted & ~right)}</b> and refuses"
        f" {_of(~accepted & right, right, 'right one')}"
    )


def _some(which: Truths) -> str:
    return numbers.count(int(which.sum())) if which.any() else "none"


def _of(part: Truths, whole: Truths, name: str) -> str:
    some, count = int(part.sum()), int(whole.sum())
    text = f"all its {count}" if some == count > 1 else f"{some or 'none'} of its {count}"
    return f"<b>{text}</b> {name}{'s' if count != 1 else ''}"
