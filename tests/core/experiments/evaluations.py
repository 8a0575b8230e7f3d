"""Reference scores made by hand, for the tests of several files."""

from __future__ import annotations

import dataclasses
from functools import lru_cache

import numpy as np

from core.experiments.evaluation import Evaluation, evaluate
from core.experiments.reference_data import NO_LABEL, REFERENCE_SETS, ROTATED_SETS
from core.experiments.reference_scores import ReferenceScores
from core.experiments.set_scores import SetScores
from core.uncertainty import MEASURES, TWIN_MEASURES, log_odds, logit_margin, softmax_entropy

C = 10


def made_set(
    name: str,
    num_images: int = 80,
    *,
    seed: int = 0,
    sharpness: float = 4.0,
    twin_sharpness: float = 4.0,
) -> SetScores:
    """Return answers that are right the more often, and the surer, the sharper they are."""
    rng = np.random.default_rng([seed, *name.encode()])
    labels = rng.integers(0, C, num_images)
    of_truth = np.eye(C)[labels]
    logits = rng.normal(size=(num_images, C)) + sharpness * of_truth
    twin = rng.normal(size=(num_images, C)) + twin_sharpness * of_truth
    probs, twin_probs = (
        np.exp(each) / np.exp(each).sum(axis=1, keepdims=True) for each in (logits, twin)
    )
    entropy = softmax_entropy(logits)
    values = {
        name: probs.max(axis=1)
        if name == "confidence"
        else entropy / np.log(C) * 0.02 * (1 + place)
        for place, name in enumerate(MEASURES)
    }
    ranked = np.argsort(-probs, axis=1)
    twin_values = {"log_odds": log_odds, "logit_margin": logit_margin, "entropy": softmax_entropy}
    return SetScores(
        name=name,
        checksum=f"sha of {name}",
        positions=np.arange(num_images).astype(np.uint16),
        labels=np.where(name == "kmnist", NO_LABEL, labels).astype(np.int8),
        predicted=ranked[:, 0].astype(np.uint8),
        runner_up=ranked[:, 1].astype(np.uint8),
        measures={key: values[key].astype(np.float32) for key in MEASURES},
        twin_predicted=twin.argmax(axis=1).astype(np.uint8),
        twin_measures={key: twin_values[key](twin).astype(np.float32) for key in TWIN_MEASURES},
        log_mean=np.log(probs).astype(np.float16),
        twin_log_softmax=np.log(twin_probs).astype(np.float16),
    )


def made_scores(num_images: int = 80) -> ReferenceScores:
    """Return reference scores of every set; strangers and turned digits are blurred."""
    sets = [
        made_set(
            name,
            num_images,
            sharpness=1.0 if name == "kmnist" else 3.0 if name in ROTATED_SETS else 5.0,
        )
        for name in REFERENCE_SETS
    ]
    return ReferenceScores(
        "mc", "ab" * 32, num_samples=9, seed=3, sets={one.name: one for one in sets}
    )


def twins(one: SetScores) -> SetScores:
    """Return the set with the committee's answers in the twin's place too, as far as they go."""
    return dataclasses.replace(one, twin_predicted=one.predicted, twin_log_softmax=one.log_mean)


@lru_cache
def made_evaluation() -> Evaluation:
    """Return an evaluation of `made_scores`, with few resamples."""
    return evaluate(made_scores(), num_resamples=20)
