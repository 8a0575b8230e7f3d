"""What a policy is worth, in four numbers with the twin under each."""

from __future__ import annotations

import html

from core.experiments.policy_outcome import PolicyOutcome
from core.experiments.set_scores import SetScores
from core.figures import numbers
from core.figures.study_text import softmax_limit
from core.uncertainty.binomial import wilson_interval
from core.uncertainty.policy import Policy
from core.uncertainty.resampling import Interval
from core.uncertainty.selective import Outcome

from .set_names import short_title


def numbers_html(
    policy: Policy, result: PolicyOutcome, strangers: SetScores | None, item: str = "digit"
) -> str:
    """Return coverage, selective risk, false accepts and refused strangers, as HTML.

    Args:
        policy: whose worth it is.
        result: of the policy on both sets.
        strangers: what is meant to be refused.
        item: what one of the images is called.
    """
    committee, twin = result.committee, result.twin
    twin_set = f"twin set to match: softmax from {softmax_limit(result.twin_softmax)}"
    cells = [
        (
            "Coverage",
            numbers.share(committee.coverage),
            "",
            twin_set if policy.limits else "no limit, so nothing is refused; the twin likewise",
        ),
        _risk_cell(committee, twin),
        (
            "False accepts",
            numbers.per_thousand(committee.false_accepts),
            f"per 1,000 {item}s",
            f"twin {numbers.per_thousand(twin.false_accepts)},"
            f" {_compared(result.more_false_accepts, 1000, 'per 1,000')}",
        ),
    ]
    if strangers is not None and result.more_strangers is not None:
        refused = 1.0 - float(result.strangers_accepted.mean())
        beside = f"twin {numbers.share(1.0 - result.twin_strangers)}"
        if policy.limits:
            beside += f", {_compared(result.more_strangers, -100, 'points')}"
        cells.append((f"{short_title(strangers.name)} refused", numbers.share(refused), "", beside))
    rows = "".join(
        f"<div><span>{title}</span><b>{html.escape(value)}</b> <i>{unit}</i><small>{beside}</small>"
        "</div>"
        for title, value, unit, beside in cells
    )
    return f'<div class="lb-numbers">{rows}</div>'


def _risk_cell(committee: Outcome, twin: Outcome) -> tuple[str, str, str, str]:
    if committee.risk is None or twin.risk is None:
        return "Selective risk", "–", "", "nothing is accepted"
    low, high = wilson_interval(committee.num_false, committee.num_accepted)
    wrong = numbers.some_of(committee.num_false, committee.num_accepted)
    return (
        "Selective risk",
        numbers.risk(committee.risk),
        f"wrong, {wrong}",
        f"95% interval {numbers.risk(float(low))} to {numbers.risk(float(high))}"
        f"<br>twin {numbers.risk(twin.risk)}",
    )


def _compared(more: Interval, scale: float, unit: str) -> str:
    """Say who lets fewer through, and the 95% interval of committee minus twin.

    Args:
        more: committee minus twin, of what is let through.
        scale: of the unit; negative where the number above counts what is refused.
        unit: in which it is told.
    """
    word = "no clear difference"
    if more.excludes_zero:
        word = "clearly worse" if more.high < 0.0 else "clearly better"
    low, high = sorted((scale * more.low, scale * more.high))
    ends = f"{low:+z.1f} to {high:+z.1f}".replace("-", "−")
    return f"{word}<br>committee minus twin, 95% interval: {ends} {unit}"
