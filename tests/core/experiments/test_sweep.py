from typing import Any

import numpy as np
import pytest

from core.errors import InvalidInputError
from core.experiments.sweep import SweepResult
from core.inference.samples import McSummary

STEPS, CLASSES, PASSES = 4, 3, 5


def result(**changes: Any) -> SweepResult:
    """Committee says 0, 1, 2, 2; the twin says 0, 0, 2, 1."""
    probs = np.eye(CLASSES)[[0, 1, 2, 2]] * 0.7 + 0.1
    parts: dict[str, Any] = {
        "kind": "rotation",
        "values": np.array([0.0, 90.0, 180.0, 270.0]),
        "images": np.zeros((STEPS, 28, 28, 1), dtype=np.float32),
        "summary": McSummary.from_samples(np.tile(probs, (PASSES, 1, 1))),
        "twin": np.eye(CLASSES, dtype=np.float32)[[0, 0, 2, 1]],
        "labels": (0,),
        "seed": 0,
    }
    return SweepResult(**{**parts, **changes})


def test_sizes_come_from_the_summary() -> None:
    sweep = result()
    assert (sweep.num_steps, sweep.num_classes, sweep.num_samples) == (STEPS, CLASSES, PASSES)


def test_right_is_the_label_of_a_rotation() -> None:
    sweep = result()
    assert sweep.predicted.tolist() == [0, 1, 2, 2]
    assert sweep.twin_predicted.tolist() == [0, 0, 2, 1]
    assert sweep.right is not None and sweep.right.tolist() == [True, False, False, False]
    assert sweep.twin_right is not None
    assert sweep.twin_right.tolist() == [True, True, False, False]


def test_right_is_either_label_of_a_blending() -> None:
    sweep = result(kind="blending", labels=(0, 2))
    assert sweep.right is not None and sweep.right.tolist() == [True, False, True, True]


def test_without_a_label_nothing_is_right_or_wrong() -> None:
    sweep = result(labels=())
    assert sweep.right is None
    assert sweep.twin_right is None


@pytest.mark.parametrize(
    "changes",
    [
        {"values": np.zeros(3)},
        {"images": np.zeros((5, 28, 28, 1), dtype=np.float32)},
        {"twin": np.zeros((STEPS, CLASSES + 1), dtype=np.float32)},
    ],
)
def test_parts_of_different_steps_are_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(InvalidInputError, match="4 steps and 3 classes"):
        result(**changes)


@pytest.mark.parametrize("label", [-1, CLASSES, 0.5, "1"])
def test_labels_that_are_no_class_are_refused(label: object) -> None:
    with pytest.raises(InvalidInputError, match="from 0 to 2"):
        result(labels=(label,))
