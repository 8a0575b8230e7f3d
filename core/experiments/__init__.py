"""What is tried out: whole data sets scored, and where a digit lies among them."""

from .quantiles import Distribution, MeasureQuantiles, load_quantiles, scores_path
from .scoring import Scores, accuracy, negative_log_likelihood, score, score_one_pass

__all__ = [
    "Distribution",
    "MeasureQuantiles",
    "Scores",
    "accuracy",
    "load_quantiles",
    "negative_log_likelihood",
    "score",
    "score_one_pass",
    "scores_path",
]
