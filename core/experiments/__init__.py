"""What is tried out: sweeps over one image, whole data sets scored, and a digit among them."""

from .blending import blending_sweep
from .quantiles import Distribution, MeasureQuantiles, load_quantiles, scores_path
from .rotation import rotation_sweep
from .scoring import Scores, accuracy, negative_log_likelihood, score, score_one_pass
from .sweep import SweepResult

__all__ = [
    "Distribution",
    "MeasureQuantiles",
    "Scores",
    "SweepResult",
    "accuracy",
    "blending_sweep",
    "load_quantiles",
    "negative_log_likelihood",
    "rotation_sweep",
    "score",
    "score_one_pass",
    "scores_path",
]
