"""Answers and studies made by hand, for the tests of several files."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from core.experiments.study import StudyAnswers
from core.experiments.study_answers import Answers
from core.experiments.study_plan import StudyPlan
from core.experiments.study_report import Study, report_study
from core.networks import load_card
from core.uncertainty import MEASURES


def answers_of(
    softmax: npt.NDArray[np.float64],
    twin_right: npt.NDArray[np.bool_],
    uncertainty: npt.NDArray[np.float64] | None = None,
    right: npt.NDArray[np.bool_] | None = None,
) -> Answers:
    """Return answers of shape (N, S); all measures are `uncertainty`, the confidence 1 minus it."""
    uncertainty = 1.0 - softmax if uncertainty is None else uncertainty
    right = twin_right if right is None else right
    values = [
        uncertainty if measure.higher_is_less_certain else 1.0 - uncertainty
        for measure in MEASURES.values()
    ]
    return Answers(
        committee=np.zeros(softmax.shape, np.int16),
        measures=np.stack(values, axis=2).astype(np.float32),
        right=right,
        twin=np.zeros(softmax.shape, np.int16),
        softmax=softmax.astype(np.float32),
        twin_right=twin_right,
    )


def random_answers(
    num_images: int, num_steps: int, seed: int, *, gain: float = 0.0, right: float = 0.7
) -> Answers:
    """Return answers whose certainty says a little about what is right; `gain` is committee's."""
    rng = np.random.default_rng(seed)
    is_right = rng.random((num_images, num_steps)) < right
    softmax = np.clip(0.55 + 0.25 * is_right + 0.15 * rng.normal(size=is_right.shape), 0.1, 1.0)
    uncertainty = 0.5 - (0.2 + gain) * is_right + 0.12 * rng.normal(size=is_right.shape)
    return answers_of(softmax, is_right, np.clip(uncertainty, 0.0, 2.0))


def study_answers(kind: str = "rotation", num_images: int = 40, gain: float = 0.0) -> StudyAnswers:
    """Return all answers of a study of 6 steps, over as many of each digit as goes."""
    plan = StudyPlan(kind, num_images=num_images, num_steps=6, num_samples=5, num_upright=300)  # type: ignore[arg-type]
    digits = np.arange(num_images, dtype=np.int64) % 10
    return StudyAnswers(
        plan=plan,
        upright=random_answers(300, 1, 1, gain=gain, right=0.97),
        validation=random_answers(num_images, 6, 2, gain=gain),
        test=random_answers(num_images, 6, 3, gain=gain),
        digits=digits,
        validation_digits=digits,
    )


def study(kind: str = "rotation", num_images: int = 40, gain: float = 0.0) -> Study:
    """Return the report of `study_answers`, as if of the shipped network."""
    return report_study(study_answers(kind, num_images, gain), load_card("mc"))
