from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from core.errors import InvalidInputError
from core.experiments.recipe import SweepKind
from core.experiments.study import StudyAnswers, StudyData, run_study
from core.experiments.study_answers import Answers
from core.experiments.study_plan import StudyImages, StudyPlan, seed_of
from core.images.corruptions import rotate
from core.limits import MAX_SEED
from core.uncertainty import MEASURES

if TYPE_CHECKING:
    from core.inference import McSampler

KINDS: list[SweepKind] = ["rotation", "blending", "noise"]


@pytest.fixture(scope="module")
def data() -> StudyData:
    """Random bytes: 130 validation images, more than a batch, and 60 test images of 3 classes."""
    rng = np.random.default_rng(0)
    return StudyData(
        rng.integers(0, 256, (130, 28, 28), dtype=np.uint8),
        rng.integers(0, 3, 130),
        rng.integers(0, 256, (60, 28, 28), dtype=np.uint8),
        np.arange(60) % 3,
    )


def _plan(kind: SweepKind = "rotation", **changes: Any) -> StudyPlan:
    return replace(
        StudyPlan(kind, num_images=7, num_samples=4, num_steps=5, seed=2, num_upright=130),
        **changes,
    )


def _equal(left: StudyAnswers, right: StudyAnswers) -> bool:
    return np.array_equal(left.digits, right.digits) and all(
        np.array_equal(
            getattr(getattr(left, part), each.name), getattr(getattr(right, part), each.name)
        )
        for part in ("upright", "validation", "test")
        for each in fields(Answers)
    )


def _stop_at(part: str, done: int) -> Callable[[str, int, int], None]:
    def progress(now: str, count: int, total: int) -> None:
        if (now, count) == (part, done):
            raise KeyboardInterrupt

    return progress


@pytest.mark.parametrize("kind", KINDS)
def test_images_are_of_all_digits_alike_and_none_twice(kind: SweepKind) -> None:
    labels = np.random.default_rng(1).integers(0, 10, 5_000)

    chosen = StudyImages.choose(StudyPlan(kind, num_images=203), labels)

    counts = np.bincount(labels[chosen.first])
    assert counts.sum() == 203 and set(counts) == {20, 21}
    assert len(set(chosen.first.tolist())) == 203
    if kind != "blending":
        assert chosen.second is None
        return
    assert chosen.second is not None
    assert (labels[chosen.first] != labels[chosen.second]).all()
    both = [*chosen.first.tolist(), *chosen.second.tolist()]
    assert len(set(both)) == 406


def test_rare_digits_leave_their_places_to_others() -> None:
    labels = np.array([0] * 50 + [1] * 2)

    chosen = StudyImages.choose(StudyPlan("rotation", num_images=10), labels)

    assert np.bincount(labels[chosen.first]).tolist() == [8, 2]


def test_choice_depends_on_the_seed_alone() -> None:
    labels = np.random.default_rng(1).integers(0, 10, 800)
    one, again, other = (
        StudyImages.choose(StudyPlan("blending", num_images=50, seed=seed), labels)
        for seed in (4, 4, 5)
    )

    assert np.array_equal(one.first, again.first) and one.second is not None
    assert again.second is not None and np.array_equal(one.second, again.second)
    assert not np.array_equal(one.first, other.first)


def test_all_images_can_be_blended_each_with_another_digit() -> None:
    labels = np.arange(30) % 3

    chosen = StudyImages.choose(StudyPlan("blending", num_images=30), labels)

    assert chosen.second is not None and (labels[chosen.first] != labels[chosen.second]).all()


@pytest.mark.parametrize(
    ("kind", "labels", "told"),
    [("rotation", [0, 1], "num_images"), ("blending", [3, 3, 3, 3, 3], "kind")],
)
def test_too_few_images_are_refused(kind: SweepKind, labels: list[int], told: str) -> None:
    with pytest.raises(InvalidInputError, match=told):
        StudyImages.choose(StudyPlan(kind, num_images=3), np.array(labels))


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"num_images": 0}, "num_images"),
        ({"num_samples": 0}, "num_samples"),
        ({"num_steps": 1}, "num_steps"),
        ({"seed": -1}, "seed"),
        ({"num_upright": 0}, "num_upright"),
        ({"kind": "shear"}, "kind"),
    ],
)
def test_plan_out_of_range_is_refused(changes: dict[str, Any], told: str) -> None:
    with pytest.raises(InvalidInputError, match=f"Invalid value for {told}"):
        _plan(**changes)


def test_seeds_go_round_instead_of_over_the_end() -> None:
    assert seed_of(_plan(seed=MAX_SEED), 1) == 0


@pytest.mark.parametrize("kind", KINDS)
def test_answers_are_those_of_the_sampler(
    kind: SweepKind, sampler: McSampler, data: StudyData
) -> None:
    plan = _plan(kind)
    answers = run_study(plan, sampler, data)

    chosen = StudyImages.choose(plan, data.test_labels)
    recipe = chosen.recipe(plan, 3, data.test_images, data.test_labels)
    summary = sampler.summarise(recipe.step_images(), num_samples=4, seed=2 + 3)
    twin = sampler.twin(recipe.step_images())
    assert answers.test.committee[3].tolist() == summary.mean.argmax(axis=1).tolist()
    for k, measure in enumerate(MEASURES.values()):
        np.testing.assert_allclose(answers.test.measures[3, :, k], measure.value(summary), 1e-5)
    assert answers.test.softmax[3].tolist() == twin.max(axis=1).tolist()
    assert answers.test.twin_right[3].tolist() == np.isin(twin.argmax(1), recipe.truths).tolist()
    assert answers.test.right[3].tolist() == np.isin(summary.mean.argmax(1), recipe.truths).tolist()
    assert len(recipe.truths) == (2 if kind == "blending" else 1)
    assert answers.digits[3] == recipe.truths[0]
    assert answers.upright.softmax.shape == (130, 1)
    assert answers.validation.committee.shape == (0, 5)
    assert answers.validation.twin.shape == answers.test.twin.shape == (7, 5)


def test_upright_images_are_asked_as_they_are(sampler: McSampler, data: StudyData) -> None:
    answers = run_study(_plan(), sampler, data)

    images = data.validation_images[..., None].astype(np.float32) / np.float32(255)
    twin = sampler.twin(images)
    np.testing.assert_allclose(answers.upright.softmax[:, 0], twin.max(axis=1), rtol=1e-6)
    # The second batch of 100 meets other passes than the first.
    summary = sampler.summarise(images[100:], num_samples=4, seed=2 + 100)
    expected = MEASURES["variance"].value(summary)
    np.testing.assert_allclose(answers.upright.certainty("variance")[100:, 0], -expected, 1e-5)


def test_first_step_of_a_rotation_is_the_image(data: StudyData) -> None:
    plan = _plan()
    chosen = StudyImages.choose(plan, data.test_labels)
    recipe = chosen.recipe(plan, 0, data.test_images, data.test_labels)

    image = data.test_images[chosen.first[0]][..., None].astype(np.float32) / np.float32(255)
    np.testing.assert_array_equal(recipe.step_images()[0], rotate(image, 0.0))


def test_noise_is_each_images_own(data: StudyData) -> None:
    plan = _plan("noise")
    chosen = StudyImages.choose(plan, data.test_labels)
    seeds = {
        chosen.recipe(plan, k, data.test_images, data.test_labels).noise_seed for k in range(7)
    }

    assert len(seeds) == 7


@pytest.mark.parametrize(
    ("part", "done"),
    [("upright", 100), ("upright", 130), ("validation", 3), ("test", 1), ("test", 6)],
)
def test_interrupted_study_goes_on_to_the_same_answers(
    part: str, done: int, sampler: McSampler, data: StudyData, tmp_path: Path
) -> None:
    state = tmp_path / "state.npz"
    whole = run_study(_plan("blending"), sampler, data)
    with pytest.raises(KeyboardInterrupt):
        run_study(_plan("blending"), sampler, data, state=state, progress=_stop_at(part, done))

    before, seen = sampler.passes_run, []
    resumed = run_study(
        _plan("blending"),
        sampler,
        data,
        state=state,
        progress=lambda part, done, total: seen.append((part, done)),
    )

    assert _equal(resumed, whole)
    assert (part, done) not in seen  # nothing is asked twice
    all_passes = 4 * (130 + 7 * 5)
    already = {"upright": 4 * done, "validation": 4 * 130, "test": 4 * (130 + done * 5)}[part]
    assert sampler.passes_run - before == all_passes - already


def test_finished_state_is_asked_nothing(
    sampler: McSampler, data: StudyData, tmp_path: Path
) -> None:
    state = tmp_path / "state.npz"
    first = run_study(_plan(), sampler, data, state=state)
    before = sampler.passes_run

    assert _equal(run_study(_plan(), sampler, data, state=state), first)
    assert sampler.passes_run == before


@pytest.mark.parametrize("change", ["seed", "num_samples", "kind", "data"])
def test_state_of_another_study_is_refused_and_left_alone(
    change: str, sampler: McSampler, data: StudyData, tmp_path: Path
) -> None:
    state = tmp_path / "state.npz"
    with pytest.raises(KeyboardInterrupt):
        run_study(_plan(), sampler, data, state=state, progress=_stop_at("test", 2))
    content = state.read_bytes()
    plan, shown = _plan(), data
    if change == "kind":
        plan = _plan("noise")
    elif change == "data":
        shown = replace(data, test_images=255 - data.test_images)
    else:
        changes: dict[str, Any] = {change: 3}
        plan = _plan(**changes)

    with pytest.raises(InvalidInputError, match=r"state\.npz, which is of another study"):
        run_study(plan, sampler, shown, state=state)

    assert state.read_bytes() == content


@pytest.mark.parametrize("damage", ["cut", "text", "array"])
def test_damaged_state_is_not_used_and_said(
    damage: str, sampler: McSampler, data: StudyData, tmp_path: Path
) -> None:
    state = tmp_path / "state.npz"
    first = run_study(_plan(), sampler, data, state=state)
    if damage == "cut":
        state.write_bytes(state.read_bytes()[:500])
    elif damage == "text":
        state.write_text("no arrays")
    else:
        with state.open("wb") as file:
            np.save(file, np.zeros(3))
    before = sampler.passes_run

    with pytest.warns(RuntimeWarning, match=r"state\.npz is damaged and is not used .* anew"):
        again = run_study(_plan(), sampler, data, state=state)

    assert _equal(again, first)
    assert sampler.passes_run - before == 4 * (130 + 7 * 5)


def test_labels_that_are_no_classes_are_refused(sampler: McSampler, data: StudyData) -> None:
    with pytest.raises(InvalidInputError, match="label"):
        run_study(_plan(), sampler, replace(data, test_labels=data.test_labels + 5))
