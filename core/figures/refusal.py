"""Which limits refused an answer, in words."""

from __future__ import annotations

from ..inference.samples import McSummary
from ..uncertainty.measures import MEASURES
from ..uncertainty.policy import Policy
from . import numbers

_MOST_DECIMALS = 9


def refusal_words(policy: Policy, summary: McSummary, image: int = 0) -> str:
    """Return which limits the answer to an image breaks, "" where every one holds.

    `Mutual information is 0.25 nats, over the limit of 0.22.`

    Args:
        policy: under which the answer is refused.
        summary: of the passes.
        image: its place among the images of the summary.
    """
    words: list[str] = []
    said = ""  # the unit, which is not said again
    for name in policy.decide(summary).broken[image]:
        measure, limit = MEASURES[name], policy.limits[name]
        value, most = _apart(name, float(measure.value(summary)[image]), limit)
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
