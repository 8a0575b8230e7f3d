"""What is tried out: sweeps over one image or many, whole data sets scored, a digit among them."""

from .batch import run_batch
from .batch_decisions import BatchDecisions, decide_batch
from .batch_result import BatchResult
from .blending import blending_sweep
from .default_policy import fit_default_policy, load_default_policy
from .evaluation import Evaluation, evaluate
from .inside import BehindBar, Inside, MapEffects, look_inside, passes_in_bar
from .layer_shares import Estimate, LayerShares, layer_shares
from .noise import noise_sweep
from .own_scores import score_own
from .own_scores_file import load_own_scores
from .quantiles import Distribution, MeasureQuantiles, load_quantiles, scores_path
from .recipe import SweepKind, SweepRecipe
from .reference_data import NO_LABEL, REFERENCE_SETS, ReferenceData, load_reference_data
from .reference_scores import ReferenceScores, load_reference, reference_path
from .rivals import complete_rivals, fit_rivals, load_rivals, rivals_path, save_rivals, score_rivals
from .rivals_file import RivalsOfNetwork
from .rotation import rotation_sweep
from .scoring import (
    Scores,
    accuracy,
    negative_log_likelihood,
    score,
    score_one_pass,
    score_twin,
)
from .set_scores import SetScores, set_scores
from .study import StudyData, run_study
from .study_file import load_study, save_study, study_path
from .study_plan import StudyPlan
from .study_report import Study, report_study
from .sweep import SweepResult, run_sweep, stream_sweep
from .sweep_file import load_sweep, save_sweep

__all__ = [
    "NO_LABEL",
    "REFERENCE_SETS",
    "BatchDecisions",
    "BatchResult",
    "BehindBar",
    "Distribution",
    "Estimate",
    "Evaluation",
    "Inside",
    "LayerShares",
    "MapEffects",
    "MeasureQuantiles",
    "ReferenceData",
    "ReferenceScores",
    "RivalsOfNetwork",
    "Scores",
    "SetScores",
    "Study",
    "StudyData",
    "StudyPlan",
    "SweepKind",
    "SweepRecipe",
    "SweepResult",
    "accuracy",
    "blending_sweep",
    "complete_rivals",
    "decide_batch",
    "evaluate",
    "fit_default_policy",
    "fit_rivals",
    "layer_shares",
    "load_default_policy",
    "load_own_scores",
    "load_quantiles",
    "load_reference",
    "load_reference_data",
    "load_rivals",
    "load_study",
    "load_sweep",
    "look_inside",
    "negative_log_likelihood",
    "noise_sweep",
    "passes_in_bar",
    "reference_path",
    "report_study",
    "rivals_path",
    "rotation_sweep",
    "run_batch",
    "run_study",
    "run_sweep",
    "save_rivals",
    "save_study",
    "save_sweep",
    "score",
    "score_one_pass",
    "score_own",
    "score_rivals",
    "score_twin",
    "scores_path",
    "set_scores",
    "stream_sweep",
    "study_path",
]
