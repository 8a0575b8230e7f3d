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


def finding(result: SweepResult, places: str) -> str:
    """Return what the committee said, over all steps.

    Args:
        result: of the sweep.
        places: what its steps are, as "angles".
    """
    entropy = predictive_entropy(result.summary)
    peak = int(entropy.argmax())
    if result.right is None:
        return (
            f"The entropy is lowest at {entropy.min():.2f} nats and highest at"
            f" {entropy[peak]:.2f}, of at most {np.log(result.num_classes):.2f}. Whether an answer"
            " is right is not known: say which digit it is."
        )
    wrong = ~result.right
    either = " (either digit counts as right)" if len(result.labels) > 1 else ""
    if not wrong.any():
        return (
            f"The committee’s answer is right at all {result.num_steps} {places}{either}."
            f" Its entropy rises to {entropy[peak]:.2f} nats."
        )
    text = (
        f"At <b>{wrong.sum()} of {result.num_steps}</b> {places} the committee’s answer is"
        f" wrong{either}; there its mean entropy is <b>{entropy[wrong].mean():.2f} nats</b>"
    )
    if result.right.any():
        text += f", against <b>{entropy[result.right].mean():.2f}</b> where it is right"
    return f"{text}."


def twin_finding(
    result: SweepResult,
    threshold: float,
    places: str,
    quantiles: MeasureQuantiles | None,
    policy: Policy,
) -> str:
    """Return which wrong answers the twin alone would have got through, and who saw them.

    The price stands in the same sentence: where the committee flags what is right. It flags what
    the policy does not accept; without limits, an entropy above that of 99% of test digits.

    Args:
        result: of the sweep.
        threshold: the softmax over which the twin is believed.
        places: what the steps are, as "angles".
        quantiles: where the entropy lies among test digits; None where that is not known.
        policy: under which the committee's answers are accepted.
    """
    right = result.twin_right
    if right is None:
        return ""
    sure = f"at a softmax over {numbers.softmax(threshold)}"
    accepted = result.twin_accepted(threshold)
    feared, fine = accepted & ~right, accepted & right
    text = _passed_on("The twin alone", feared, sure, places)
    flagged, how = _flagged(result, quantiles, policy)
    if feared.any() and flagged is not None:
        text += (
            f" The committee {how[0]} <b>{_of(feared & flagged, feared)}</b>{how[1]}; the price: so"
            f" it does at {_of(fine & flagged, fine)} at which the twin is believed and right."
        )
    if result.plain_right is not None and result.plain is not None:
        plain = (result.plain.max(axis=1) > threshold) & ~result.plain_right
        text += f" {_passed_on('The plain network', plain, sure, places)}"
    return text


def _flagged(
    result: SweepResult, quantiles: MeasureQuantiles | None, policy: Policy
) -> tuple[Truths | None, tuple[str, str]]:
    """Return which steps the committee flags, and how that is said."""
    if policy.limits:
        return ~policy.decide(result.summary).accepted, ("says “I don’t know” at", "")
    if quantiles is None:
        return None, ("", "")
    entropy = predictive_entropy(result.summary).tolist()
    among_digits = [quantiles.share_below("predictive_entropy", each) for each in entropy]
    return np.array(among_digits) > _UNUSUAL, (
        "flags",
        ", its entropy being above that of 99% of test digits",
    )


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
    same = int((result.predicted == pinned.predicted).sum())
    wrong = "" if pinned.right is None else f" is wrong at {(~pinned.right).sum()} of them and"
    return (
        f"Beside it, as a thin line: {html.escape(name)}. It{wrong} gives the same answer at"
        f" {numbers.some_of(same, result.num_steps)} {places}."
    )


def _passed_on(who: str, feared: Truths, sure: str, places: str) -> str:
    count = int(feared.sum())
    where = f"<b>{numbers.some_of(count, feared.size)}</b>" if count else f"none of {feared.size}"
    return f"{who}, believed {sure}, would have passed on a wrong answer at {where} {places}."


def _of(part: Truths, whole: Truths) -> str:
    some, count = int(part.sum()), int(whole.sum())
    if some == count:
        return "it" if count == 1 else f"all {count} of them"
    return f"none of the {count}" if some == 0 else f"{some} of the {count}"
