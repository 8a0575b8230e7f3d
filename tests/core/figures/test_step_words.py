from typing import Any

import numpy as np
import pytest

from core.experiments.recipe import SweepRecipe
from core.experiments.sweep import SweepResult
from core.figures.step_words import change_words, verdict_words
from core.inference.samples import McSummary

NAMES = ("cat", "sausage dog", "Labrador")


def result(kind: Any, *labels: int | None) -> SweepResult:
    """Three steps, at each of which all four passes say class 1."""
    probs = np.tile([0.1, 0.8, 0.1], (4, 3, 1))
    blank = np.zeros((28, 28, 1), dtype=np.float32)
    return SweepResult(
        recipe=SweepRecipe(
            kind=kind,
            images=(blank,) * len(labels),
            labels=labels,
            num_steps=3,
            num_samples=4,
        ),
        images=np.stack([blank] * 3),
        summary=McSummary.from_samples(probs),
        twin=probs[0].astype(np.float32),
    )


@pytest.mark.parametrize(
    ("kind", "labels", "words"),
    [
        ("rotation", (1,), "Rotation by 120°"),
        ("blending", (1, 0), "Blending, α = 0.5"),
        ("noise", (1,), "Noise on 45.0% of the pixels"),
    ],
)
def test_change_names_the_value_in_its_unit(kind: str, labels: tuple[int, ...], words: str) -> None:
    assert change_words(result(kind, *labels), 1) == words


def test_verdict_names_every_true_class_once() -> None:
    assert verdict_words(result("rotation", 1), 0, NAMES) == "right, true: sausage dog"
    assert verdict_words(result("blending", 0, 2), 0, NAMES) == "wrong, true: cat and Labrador"
    assert verdict_words(result("blending", 1, 1), 0, NAMES) == "right, true: sausage dog"


def test_there_is_no_verdict_without_labels() -> None:
    assert verdict_words(result("noise", None), 0, NAMES) == ""
