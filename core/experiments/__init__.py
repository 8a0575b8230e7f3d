"""What is tried out: sweeps over one image, whole data sets scored, and a digit among them."""

from .blending import blending_sweep
from .noise import noise_sweep
from .quantiles import Distribution, MeasureQuantiles, load_quantiles, scores_path
from .recipe import SweepKind, SweepRecipe
from .rotation import rotation_sweep
from .scoring import Scores, accuracy, negative_log_likelihood, score, score_one_pass
from .sweep import SweepResult, run_sweep, stream_sweep
from .sweep_file import load_sweep, save_sweep

__all__ = [
    "Distribution",
    "MeasureQuantiles",
    "Scores",
    "SweepKind",
    "SweepRecipe",
    "SweepResult",
    "accuracy",
    "blending_sweep",
    "load_quantiles",
    "load_sweep",
    "negative_log_likelihood",
    "noise_sweep",
    "rotation_sweep",
    "run_sweep",
    "save_sweep",
    "score",
    "score_one_pass",
    "scores_path",
    "stream_sweep",
]
