"""A policy that was made for more classes than a network has: what of it still means something."""

from __future__ import annotations

from functools import lru_cache

from core.uncertainty.measures import MEASURES
from core.uncertainty.policy import Policy

from .policies import limit_text

_HAIR = 1e-5  # by which six digits of the largest value can be over it


@lru_cache(maxsize=64)
def within_reach(policy: Policy, num_classes: int) -> Policy:
    """Return a policy without the limits that no answer of so few classes can break.

    It decides as the policy itself does.

    Args:
        policy: for any number of classes.
        num_classes: of the network that answers.
    """
    if policy.num_classes == num_classes:
        return policy
    held = {
        name: limit for name, limit in policy.limits.items() if _is_within(name, limit, num_classes)
    }
    return Policy(held, policy.name, policy.model_sha256, policy.provenance, num_classes)


def beyond_reach(policy: Policy, num_classes: int) -> str:
    """Return a sentence about the limits that so few classes cannot reach, "" where there are none.

    `The limit on predictive entropy, 2.20 nats, is more than 2 classes can reach (0.69).`
    """
    said = []
    for name, limit in policy.limits.items():
        if _is_within(name, limit, num_classes):
            continue
        measure = MEASURES[name]
        unit = f" {measure.unit}" if measure.unit else ""
        most = limit_text(name, measure.upper(num_classes))
        said.append(
            f"The limit on {measure.label.lower()}, {limit_text(name, limit)}{unit}, is more than"
            f" {num_classes} classes can reach ({most}): it refuses nothing here."
        )
    return " ".join(said)


def _is_within(name: str, limit: float, num_classes: int) -> bool:
    return limit <= MEASURES[name].upper(num_classes) * (1.0 + _HAIR)
