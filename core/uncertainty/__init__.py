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
from .twin_measures import TWIN_MEASURES, TwinMeasure, log_odds, logit_margin, softmax_entropy

__all__ = [
    "MEASURES",
    "TWIN_MEASURES",
    "Measure",
    "TwinMeasure",
    "confidence",
    "expected_entropy",
    "log_odds",
    "logit_margin",
    "mutual_information",
    "predicted_class",
    "predictive_entropy",
    "runner_up",
    "softmax_entropy",
    "variance",
    "variation_ratio",
]
