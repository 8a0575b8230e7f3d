from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from core.errors import InvalidInputError
from core.experiments import sweep as sweep_module
from core.experiments.recipe import SweepRecipe
from core.experiments.sweep import SweepResult, run_sweep, stream_sweep
from core.inference.samples import McSummary

if TYPE_CHECKING:
    from core.inference import McSampler

STEPS, CLASSES, PASSES = 4, 3, 5
BLANK = np.zeros((28, 28, 1), dtype=np.float32)


def recipe(**changes: Any) -> SweepRecipe:
    parts: dict[str, Any] = {
        "kind": "rotation",
        "images": (BLANK,),
        "labels": (0,),
        "num_steps": STEPS,
        "num_samples": PASSES,
    }
    return SweepRecipe(**{**parts, **changes})


def result(**changes: Any) -> SweepResult:
    """Committee says 0, 1, 2, 2; the twin says 0, 0, 2, 1."""
    probs = np.eye(CLASSES)[[0, 1, 2, 2]] * 0.7 + 0.1
    parts: dict[str, Any] = {
        "recipe": recipe(),
        "images": np.zeros((STEPS, 28, 28, 1), dtype=np.float32),
        "summary": McSummary.from_samples(np.tile(probs, (PASSES, 1, 1))),
        "twin": np.eye(CLASSES, dtype=np.float32)[[0, 0, 2, 1]],
    }
    return SweepResult(**{**parts, **changes})


def bar() -> np.ndarray:
    pixels = BLANK.copy()
    pixels[2:10, 10:14] = 1.0
    return pixels


def test_sizes_come_from_the_summary() -> None:
    sweep = result()
    assert (sweep.num_steps, sweep.num_classes, sweep.num_samples) == (STEPS, CLASSES, PASSES)
    assert sweep.is_complete


def test_right_is_the_label_of_a_rotation() -> None:
    sweep = result()
    assert sweep.predicted.tolist() == [0, 1, 2, 2]
    assert sweep.twin_predicted.tolist() == [0, 0, 2, 1]
    assert sweep.right is not None and sweep.right.tolist() == [True, False, False, False]
    assert sweep.twin_right is not None
    assert sweep.twin_right.tolist() == [True, True, False, False]


def test_right_is_either_label_of_a_blending() -> None:
    sweep = result(recipe=recipe(kind="blending", images=(BLANK, BLANK), labels=(0, 2)))
    assert sweep.right is not None and sweep.right.tolist() == [True, False, True, True]


def test_without_a_label_nothing_is_right_or_wrong() -> None:
    sweep = result(recipe=recipe(labels=(None,)))
    assert sweep.right is None
    assert sweep.twin_right is None


def test_twin_is_believed_above_a_threshold() -> None:
    twin = np.array([[0.5, 0.3, 0.2], [0.6, 0.2, 0.2], [0.1, 0.1, 0.8], [0.4, 0.3, 0.3]])
    sweep = result(twin=twin.astype(np.float32))
    assert sweep.twin_accepted(0.5).tolist() == [False, True, True, False]


def test_plain_network_is_judged_as_the_others() -> None:
    assert result().plain_right is None
    sweep = result().with_plain(np.eye(CLASSES, dtype=np.float32)[[0, 1, 0, 0]])
    assert sweep.plain_right is not None
    assert sweep.plain_right.tolist() == [True, False, True, True]


@pytest.mark.parametrize(
    "changes",
    [
        {"images": np.zeros((5, 28, 28, 1), dtype=np.float32)},
        {"twin": np.zeros((STEPS, CLASSES + 1), dtype=np.float32)},
        {"plain": np.zeros((STEPS - 1, CLASSES), dtype=np.float32)},
    ],
)
def test_parts_of_different_steps_are_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(InvalidInputError, match="4 steps and 3 classes"):
        result(**changes)


@pytest.mark.parametrize("changes", [{"num_steps": 3}, {"num_samples": 6}])
def test_a_summary_of_another_recipe_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(InvalidInputError, match="as in the recipe"):
        result(recipe=recipe(**changes))


@pytest.mark.parametrize("label", [-1, CLASSES, 0.5, "1"])
def test_labels_that_are_no_class_are_refused(label: object) -> None:
    with pytest.raises(InvalidInputError, match="from 0 to 2"):
        result(recipe=recipe(labels=(label,)))


def test_a_short_sweep_is_one_call(sampler: McSampler, monkeypatch: Any) -> None:
    calls = []
    ask = sampler.summarise

    def counted(images: Any, **options: Any) -> McSummary:
        calls.append(len(images))
        return ask(images, **options)

    monkeypatch.setattr(sampler, "summarise", counted)
    assert run_sweep(recipe(num_steps=36, num_samples=100), sampler).is_complete
    assert calls == [36]


def test_a_long_sweep_grows_to_the_same_numbers(sampler: McSampler, monkeypatch: Any) -> None:
    asked = recipe(images=(bar(),), num_steps=7, num_samples=5)
    whole = run_sweep(asked, sampler)
    monkeypatch.setattr(sweep_module, "BLOCK_ROWS", 11)
    parts = list(stream_sweep(asked, sampler))
    assert [part.num_steps for part in parts] == [2, 4, 6, 7]
    assert [part.is_complete for part in parts] == [False, False, False, True]
    for part in parts:
        done = part.num_steps
        assert part.values.tolist() == whole.values[:done].tolist()
        np.testing.assert_allclose(part.summary.mean, whole.summary.mean[:done], atol=1e-5)
        np.testing.assert_allclose(part.twin, whole.twin[:done], atol=1e-6)
    assert np.ptp(whole.summary.mean, axis=0).max() > 0.01


def test_a_result_says_whose_numbers_they_are(sampler: McSampler) -> None:
    assert run_sweep(recipe(), sampler).weights_checksum == sampler.weights_checksum
    assert len(sampler.weights_checksum) == 64
