"""What the passes mean: measures of uncertainty, and when an answer is accepted."""

from .measures import (
    MEASURES,
    Measure,
    confidence,
    expected_entropy,
    mutual_information,
    predicted_class,
    predictive_entropy,
    runner_up,
    variance,
    variation_ratio,
)
from .policy import Decisions, Limits, Policy, Provenance
from .policy_file import from_document, load_policy, save_policy, to_document
from .policy_text import policy_from_text, policy_to_text

__all__ = [
    "MEASURES",
    "Decisions",
    "Limits",
    "Measure",
    "Policy",
    "Provenance",
    "confidence",
    "expected_entropy",
    "from_document",
    "load_policy",
    "mutual_information",
    "policy_from_text",
    "policy_to_text",
    "predicted_class",
    "predictive_entropy",
    "runner_up",
    "save_policy",
    "to_document",
    "variance",
    "variation_ratio",
]
