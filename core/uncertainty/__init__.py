"""What the passes mean: measures of uncertainty."""

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

__all__ = [
    "MEASURES",
    "Measure",
    "confidence",
    "expected_entropy",
    "mutual_information",
    "predicted_class",
    "predictive_entropy",
    "runner_up",
    "variance",
    "variation_ratio",
]
