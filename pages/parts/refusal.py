"""Which limits refused an answer, in words."""

from __future__ import annotations

from core.figures import numbers
from core.inference import McSummary
from core.uncertainty.measures import MEASURES
from core.uncertainty.policy import Policy

_MOST_DECIMALS = 9


def refusal_words(policy: Policy, summary: McSummary) -> str:
    """Return which limits the answer to the first image breaks, "" where every one holds.

    `Mutual information is 0.25 nats, over the limit of 0.22.`

    Args:
        policy: under which the answer is refused.
        summary: of the passes.
    """
    words: list[str] = []
    said = ""  # the unit, which is not said again
    for name in policy.decide(summary).broken[0]:
        measure, limit = MEASURES[name], policy.limits[name]
        value, most = _apart(name, float(measure.value(summary)[0]), limit)
        unit = f" {measure.unit}" if measure.unit != said and measure.unit else ""
        said = measure.unit
        side = "over" if measure.higher_is_less_certain else "under"
        if not words:
            words.append(f"{measure.label} is {value}{unit}, {side} the limit of {most}")
        else:
            words.append(f"{measure.label.lower()} is {value}{unit}, {side} {most}")
    return f"{'; '.join(words)}." if words else ""


def _apart(name: str, value: float, limit: float) -> tuple[str, str]:
    """Return both as they read elsewhere, with more decimals where they would read alike."""
    usual = numbers.variance if name == "variance" else numbers.entropy
    texts = usual(value), usual(limit)
    for decimals in range(3, _MOST_DECIMALS + 1):
        if texts[0] != texts[1]:
            break
        texts = f"{value:.{decimals}f}", f"{limit:.{decimals}f}"
    return texts
