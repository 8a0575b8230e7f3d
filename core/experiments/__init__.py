"""What is tried out: sweeps over one image or many, whole data sets scored, a digit among them."""

from .blending import blending_sweep
from .noise import noise_sweep
from .quantiles import Distribution, MeasureQuantiles, load_quantiles, scores_path
from .recipe import SweepKind, SweepRecipe
from .rotation import rotation_sweep
from .scoring import Scores, accuracy, negative_log_likelihood, score, score_one_pass
from .study import StudyData, run_study
from .study_file import load_study, save_study, study_path
from .study_plan import StudyPlan
from .study_report import Study, report_study
from .sweep import SweepResult, run_sweep, stream_sweep
from .sweep_file import load_sweep, save_sweep

__all__ = [
    "Distribution",
    "MeasureQuantiles",
    "Scores",
    "Study",
    "StudyData",
    "StudyPlan",
    "SweepKind",
    "SweepRecipe",
    "SweepResult",
    "accuracy",
    "blending_sweep",
    "load_quantiles",
    "load_study",
    "load_sweep",
    "negative_log_likelihood",
    "noise_sweep",
    "report_study",
    "rotation_sweep",
    "run_study",
    "run_sweep",
    "save_study",
    "save_sweep",
    "score",
    "score_one_pass",
    "scores_path",
    "stream_sweep",
    "study_path",
]
