"""A batch in sentences: how many, how many accepted, and what that is worth where labels came."""

from __future__ import annotations

from ..experiments.batch_decisions import BatchSummary
from ..uncertainty.binomial import wilson_interval
from . import numbers


def counted(summary: BatchSummary, *, has_policy: bool) -> str:
    """Return how many images there are, and what became of them."""
    parts = []
    if has_policy and summary.num_read:
        refused = summary.num_read - summary.num_accepted
        parts += [
            f"{numbers.count(summary.num_accepted)} accepted",
            f"{numbers.count(refused)} “I don’t know”",
        ]
    if unread := summary.num_items - summary.num_read:
        parts.append(f"{numbers.count(unread)} could not be read")
    images = f"{numbers.count(summary.num_items)} image{'s' if summary.num_items != 1 else ''}"
    return f"{images}: {', '.join(parts)}." if parts else f"{images}."


def accuracy_text(summary: BatchSummary) -> str:
    """Return how often committee and twin are right, "" without labels."""
    if not summary.num_labelled:
        return ""
    committee, twin = (
        f"{numbers.share(right / summary.num_labelled)} ({interval(right, summary.num_labelled)})"
        for right in (summary.num_right, summary.twin_num_right)
    )
    images = numbers.count(summary.num_labelled)
    return f"Right on {committee} of the {images} with a label, the twin on {twin}."


def risk_text(summary: BatchSummary) -> str:
    """Return how often accepted answers are wrong, "" without labels."""
    if summary.outcome is None:
        return ""
    if summary.outcome.risk is None or summary.twin_risk is None:
        return "Of those with a label none is accepted."
    let_in = summary.outcome
    sure = interval(let_in.num_false, let_in.num_accepted, risk=True)
    accepted = numbers.count(let_in.num_accepted)
    wrong = numbers.count(let_in.num_false) if let_in.num_false else "none"
    rate = f", {numbers.risk(let_in.num_false / let_in.num_accepted)}" if let_in.num_false else ""
    return (
        f"Of the {accepted} accepted {wrong} {'is' if let_in.num_false < 2 else 'are'} wrong{rate}"
        f" ({sure}); of as many that the twin is surest of, {numbers.risk(summary.twin_risk)}."
    )


def interval(count: float, trials: int, *, risk: bool = False) -> str:
    """Return the 95% interval of a rate."""
    low, high = wilson_interval(count, trials)
    text = numbers.risk if risk else numbers.share
    return f"95% interval {text(float(low))} to {text(float(high))}"
