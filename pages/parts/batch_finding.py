"""What came out of a batch, as a sentence of HTML, its price included."""

from __future__ import annotations

from core.experiments.batch_decisions import BatchSummary
from core.figures import numbers


def finding(summary: BatchSummary, *, has_limits: bool) -> str:
    """Return what is accepted and refused, and how much of either is right where labels came."""
    if not summary.num_read:
        return "None of it could be read: the rows below say why."
    accepted = _accepted(summary, has_limits=has_limits)
    if not summary.num_labelled:
        return f"{accepted}."
    worth = _worth(summary, has_limits=has_limits)
    if summary.num_labelled == summary.num_read:
        return f"{accepted}{worth}"
    known = numbers.count(summary.num_labelled)
    return f"{accepted}. The true class of {known} is known: of these{worth.removeprefix(',')}"


def _accepted(summary: BatchSummary, *, has_limits: bool) -> str:
    images = f"{numbers.count(summary.num_read)} image{'s' if summary.num_read != 1 else ''}"
    if not has_limits:
        return f"Without a policy every answer to {images} is accepted"
    count = summary.num_accepted
    text = f"Of {images} <b>{_some(count)}</b> {_be(count)} accepted"
    if not summary.num_labelled and (refused := summary.num_read - count):
        text += f", and <b>{_some(refused)}</b> get{'s' if refused == 1 else ''} “I don’t know”"
    return text


def _worth(summary: BatchSummary, *, has_limits: bool) -> str:
    """Return what follows the count of the accepted: how many are wrong, and at what price."""
    let_in = summary.outcome
    if let_in is None:
        return "."
    wrong = summary.num_labelled - summary.num_right
    if not has_limits:
        return f", <b>{_some(wrong)}</b> of them wrong."
    text = ""
    if summary.num_labelled != summary.num_read:
        text = f", <b>{_some(let_in.num_accepted)}</b> {_be(let_in.num_accepted)} accepted"
    if let_in.num_accepted:
        text += f", <b>{_some(let_in.num_false)}</b> of them wrong"
    refused_wrong = wrong - let_in.num_false
    refused_right = summary.num_labelled - let_in.num_accepted - refused_wrong
    price = f"<b>{numbers.count(refused_right) if refused_right else 'no'}</b> right one"
    price += "s" if refused_right > 1 else ""
    if wrong:
        answers = f"wrong answer{'s' if wrong != 1 else ''}"
        goes_to = f"<b>{_of(refused_wrong, wrong)}</b> {answers}"
        return f"{text}. “I don’t know” goes to {goes_to}; the price: {price}."
    if refused_right:
        return f"{text}. No answer is wrong, and “I don’t know” goes to {price} all the same."
    return f"{text}. No answer is wrong."


def _some(count: int) -> str:
    return numbers.count(count) if count else "none"


def _of(part: int, whole: int) -> str:
    if whole == 1:
        return "the one" if part else "none of 1"
    return (
        f"all {numbers.count(whole)}"
        if part == whole
        else f"{_some(part)} of {numbers.count(whole)}"
    )


def _be(count: int) -> str:
    return "is" if count < 2 else "are"
