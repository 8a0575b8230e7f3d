"""What came out of a sweep, as sentences of HTML."""

from __future__ import annotations

import numpy as np

from core.experiments.quantiles import MeasureQuantiles
from core.experiments.sweep import SweepResult, Truths
from core.figures import numbers
from core.uncertainty import predictive_entropy

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
            f" {entropy[peak]:.2f}, of at most {np.log(result.num_classes):.2f}."
        )
    wrong = ~result.right
    if not wrong.any():
        return (
            f"The committee’s answer is right at all {result.num_steps} {places}."
            f" Its entropy rises to {entropy[peak]:.2f} nats."
        )
    text = (
        f"At <b>{wrong.sum()} of {result.num_steps}</b> {places} the committee’s answer is wrong;"
        f" there its mean entropy is <b>{entropy[wrong].mean():.2f} nats</b>"
    )
    if result.right.any():
        text += f", against <b>{entropy[result.right].mean():.2f}</b> where it is right"
    return f"{text}."


def twin_finding(
    result: SweepResult, threshold: float, places: str, quantiles: MeasureQuantiles | None
) -> str:
    """Return which wrong answers the twin alone would have got through, and who saw them.

    The price stands in the same sentence: where the committee is as unsure and the twin is right.

    Args:
        result: of the sweep.
        threshold: the softmax over which the twin is believed.
        places: what the steps are, as "angles".
        quantiles: where the entropy lies among test digits; None where that is not known.
    """
    right = result.twin_right
    if right is None:
        return ""
    sure = f"over {numbers.softmax(threshold)}"
    accepted = result.twin_accepted(threshold)
    feared, fine = accepted & ~right, accepted & right
    text = _passed_on("the twin alone", feared, sure, places)
    if feared.any() and quantiles is not None:
        entropy = predictive_entropy(result.summary)
        unusual = np.array(
            [
                quantiles.share_below("predictive_entropy", float(each)) > _UNUSUAL
                for each in entropy
            ]
        )
        text += (
            f" At <b>{_of(feared & unusual, feared)}</b> the committee’s entropy is above that of"
            f" 99% of test digits; the price: so it is at {_of(fine & unusual, fine)} where the"
            " twin is right."
        )
    if result.plain_right is not None and result.plain is not None:
        plain = (result.plain.max(axis=1) > threshold) & ~result.plain_right
        text += f" {_passed_on('the plain network', plain, sure, places)}"
    return text


def _passed_on(who: str, feared: Truths, sure: str, places: str) -> str:
    count = int(feared.sum())
    where = f"<b>{numbers.some_of(count, feared.size)}</b>" if count else f"none of {feared.size}"
    return (
        f"Believed at a softmax {sure}, {who} would have passed on a wrong answer at {where}"
        f" {places}."
    )


def _of(part: Truths, whole: Truths) -> str:
    some, count = int(part.sum()), int(whole.sum())
    if some == count:
        return "it" if count == 1 else f"all {count}"
    return f"none of the {count}" if some == 0 else f"{some} of the {count}"
