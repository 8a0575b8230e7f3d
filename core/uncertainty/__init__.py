"""What the passes mean: measures of uncertainty, and when an answer is accepted."""

from . import measures
from .binomial import upper_bound, wilson_interval
from .calibration import (
    Reliability,
    brier_score,
    calibration_error_interval,
    expected_calibration_error,
    reliability,
)
from .certificates import Certificates, fit_certificates
from .classes import DIGITS, Classes
from .costs import CheapestThreshold, best_threshold_for_costs, expected_cost
from .energy import energy_score
from .mahalanobis import Mahalanobis, fit_mahalanobis
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
from .pass_effects import (
    DropEffects,
    UnitEffects,
    VoteDifferences,
    drop_differences,
    drop_effects,
    vote_differences,
)
from .policy import Decisions, Limits, Policy, Provenance
from .policy_file import from_document, load_policy, save_policy, to_document
from .policy_text import policy_from_text, policy_to_text
from .promise import Promise, fewest_images, find_promise
from .resampling import Band, Interval, bootstrap_band, bootstrap_interval, paired_difference
from .rivals import RIVALS, FittedRivals, Rival
from .selective import (
    Outcome,
    RiskCoverage,
    aurc,
    coverage_at_risk,
    excess_aurc,
    false_accepts,
    outcome,
    risk_at_coverage,
    risk_coverage,
    threshold_at_coverage,
)
from .strangers import auroc, fpr_at_tpr, strangers_accepted
from .temperature import apply_temperature, fit_temperature
from .twin_measures import TWIN_MEASURES, TwinMeasure, log_odds, logit_margin, softmax_entropy

__all__ = [
    "DIGITS",
    "MEASURES",
    "RIVALS",
    "TWIN_MEASURES",
    "Band",
    "Certificates",
    "CheapestThreshold",
    "Classes",
    "Decisions",
    "DropEffects",
    "FittedRivals",
    "Interval",
    "Limits",
    "Mahalanobis",
    "Measure",
    "Outcome",
    "Policy",
    "Promise",
    "Provenance",
    "Reliability",
    "RiskCoverage",
    "Rival",
    "TwinMeasure",
    "UnitEffects",
    "VoteDifferences",
    "apply_temperature",
    "aurc",
    "auroc",
    "best_threshold_for_costs",
    "bootstrap_band",
    "bootstrap_interval",
    "brier_score",
    "calibration_error_interval",
    "confidence",
    "coverage_at_risk",
    "drop_differences",
    "drop_effects",
    "energy_score",
    "excess_aurc",
    "expected_calibration_error",
    "expected_cost",
    "expected_entropy",
    "false_accepts",
    "fewest_images",
    "find_promise",
    "fit_certificates",
    "fit_mahalanobis",
    "fit_temperature",
    "fpr_at_tpr",
    "from_document",
    "load_policy",
    "log_odds",
    "logit_margin",
    "measures",
    "mutual_information",
    "outcome",
    "paired_difference",
    "policy_from_text",
    "policy_to_text",
    "predicted_class",
    "predictive_entropy",
    "reliability",
    "risk_at_coverage",
    "risk_coverage",
    "runner_up",
    "save_policy",
    "softmax_entropy",
    "strangers_accepted",
    "threshold_at_coverage",
    "to_document",
    "upper_bound",
    "variance",
    "variation_ratio",
    "vote_differences",
    "wilson_interval",
]
