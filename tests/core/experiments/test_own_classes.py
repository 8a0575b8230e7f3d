"""Sweeps of a network that somebody brings: colour images of 9x12, seven classes with names."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import fields
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from core.errors import DamagedFileError, InvalidInputError
from core.experiments import load_sweep, run_sweep
from core.experiments import sweep as sweep_module
from core.experiments.recipe import SweepKind, SweepRecipe
from core.experiments.sweep import SweepResult, stream_sweep
from core.experiments.sweep_file import sweep_bytes
from core.experiments.sweep_table import sweep_csv, sweep_document, sweep_rows
from core.uncertainty.classes import DIGITS, Classes

if TYPE_CHECKING:
    from core.inference import McSampler

STEPS, PASSES, HEIGHT, WIDTH, C = 5, 6, 9, 12, 7
IMAGES = tuple(np.random.default_rng(0).random((2, HEIGHT, WIDTH, 3)).astype(np.float32))
NAMES = Classes(("cat", "sausage dog", "<b>x</b>", '=HYPERLINK("a")', "-5", "犬", "Ätna"))


def recipe(kind: SweepKind = "blending", **changes: Any) -> SweepRecipe:
    images = IMAGES if kind == "blending" else IMAGES[:1]
    parts: dict[str, Any] = {"num_steps": STEPS, "num_samples": PASSES, "classes": NAMES}
    return SweepRecipe(**{"kind": kind, "images": images} | parts | changes)


@pytest.fixture(scope="module")
def result(colour_sampler: McSampler) -> SweepResult:
    return run_sweep(recipe(labels=(6, 1)), colour_sampler)


@pytest.mark.parametrize("kind", ["rotation", "blending", "noise"])
def test_steps_keep_the_frame_of_the_image(kind: SweepKind) -> None:
    shown = recipe(kind).step_images()
    assert shown.shape == (STEPS, HEIGHT, WIDTH, 3) and shown.dtype == np.float32
    np.testing.assert_allclose(shown[0], IMAGES[0], atol=1e-6)


def test_every_channel_turns_alike() -> None:
    grey = np.repeat(IMAGES[0][:, :, :1], 3, axis=2)
    turned = recipe("rotation", images=(grey,)).image_at(40.0)
    alone = recipe("rotation", images=(grey[:, :, :1],)).image_at(40.0)
    for channel in range(3):
        np.testing.assert_array_equal(turned[:, :, channel], alone[:, :, 0])


def test_noise_replaces_whole_pixels_in_the_order_of_a_grey_image() -> None:
    noisy = recipe("noise").image_at(0.25)
    replaced = (noisy != IMAGES[0]).any(axis=2)
    assert replaced.sum() == HEIGHT * WIDTH // 4
    assert set(noisy[replaced].ravel().tolist()) == {0.0, 1.0}
    assert (noisy[replaced] == noisy[replaced][:, :1]).all()
    half = np.full((HEIGHT, WIDTH, 1), 0.5, dtype=np.float32)
    alone = recipe("noise", images=(half,)).image_at(0.25)
    np.testing.assert_array_equal(alone[:, :, 0] != 0.5, replaced)


def test_images_of_two_shapes_cannot_be_blended() -> None:
    with pytest.raises(InvalidInputError, match=r"image2.*\(9, 12, 3\)"):
        recipe(images=(IMAGES[0], IMAGES[1][:, :, :1]))


@pytest.mark.parametrize("shape", [(9, 12), (9, 12, 2), (3, 12, 1), (9, 513, 1), (1, 9, 12, 3)])
def test_what_is_no_image_of_any_frame_is_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(InvalidInputError, match="image"):
        recipe("noise", images=(np.zeros(shape, dtype=np.float32),))


def test_axes_are_where_they_belong(result: SweepResult) -> None:
    assert (result.num_steps, result.num_samples, result.num_classes) == (STEPS, PASSES, C)
    assert result.images.shape == (STEPS, HEIGHT, WIDTH, 3)
    assert result.twin.shape == (STEPS, C)
    assert result.classes is NAMES


def test_without_names_ten_are_digits_and_others_numbers(colour_sampler: McSampler) -> None:
    unnamed = run_sweep(recipe("noise", classes=None), colour_sampler)
    assert unnamed.classes == Classes.numbered(C)
    assert "classes" not in sweep_document(unnamed)["recipe"]
    assert "classes" not in sweep_document(run_sweep(recipe("noise"), colour_sampler)) and (
        "predicted_name" not in sweep_rows(unnamed)[0]
    )


def test_names_of_another_number_are_refused(colour_sampler: McSampler) -> None:
    with pytest.raises(InvalidInputError, match="classes"):
        run_sweep(recipe(classes=DIGITS), colour_sampler)
    no_classes: Any = ("a", "b")
    with pytest.raises(InvalidInputError, match="classes"):
        recipe(classes=no_classes)


def test_images_of_another_shape_than_the_recipe_s_are_refused(result: SweepResult) -> None:
    with pytest.raises(InvalidInputError, match=r"\(9, 12, 3\)"):
        SweepResult(result.recipe, result.images[..., :1], result.summary, result.twin)


def test_a_file_holds_frame_classes_and_all(result: SweepResult) -> None:
    loaded = load_sweep(sweep_bytes(result))
    assert loaded.recipe.classes == NAMES
    assert loaded.labels == (6, 1)
    for one, other in zip(loaded.recipe.images, IMAGES, strict=True):
        np.testing.assert_array_equal(one, other)
    np.testing.assert_array_equal(loaded.images, result.images)
    np.testing.assert_array_equal(loaded.summary.sum_pp, result.summary.sum_pp)


@pytest.mark.parametrize(
    "classes",
    [
        {"names": ["a", "b"], "noun": "class"},
        {"names": list("abcdef") + ["g\n"], "noun": "class"},
        {"names": list("abcdefg"), "noun": "<b>"},
        {"names": list("abcdefg")},
        {"names": 7, "noun": "class"},
    ],
)
def test_a_file_with_classes_that_are_none_is_refused(result: SweepResult, classes: Any) -> None:
    with np.load(io.BytesIO(sweep_bytes(result))) as saved:
        arrays = {name: saved[name] for name in saved}
    document = json.loads(str(arrays["document"]))
    document["recipe"]["classes"] = classes
    buffer = io.BytesIO()
    np.savez(buffer, **arrays | {"document": np.array(json.dumps(document))})
    with pytest.raises(DamagedFileError, match=r"mine\.npz cannot be used"):
        load_sweep(buffer.getvalue(), "mine.npz")


def test_a_table_names_the_answers_and_holds_no_formula(result: SweepResult) -> None:
    rows = sweep_rows(result)
    for row, answer in zip(rows, result.predicted.tolist(), strict=True):
        assert row["predicted"] == answer and row["predicted_name"] == NAMES.names[answer]
        assert row["twin_predicted_name"] == NAMES.names[row["twin_predicted"]]
        assert sum(row[f"mean_{k}"] for k in range(C)) == pytest.approx(1.0)
    dangerous = SweepResult(
        recipe(labels=(6, 1)), result.images, result.summary, np.eye(C, dtype=np.float32)[[3] * 5]
    )
    told = list(csv.DictReader(io.StringIO(sweep_csv(dangerous))))
    assert {row["twin_predicted_name"] for row in told} == {'\'=HYPERLINK("a")'}
    assert sweep_rows(dangerous)[0]["twin_predicted_name"] == '=HYPERLINK("a")'
    assert sweep_document(result)["recipe"]["classes"]["names"] == list(NAMES.names)


def test_a_slow_network_is_asked_in_smaller_parts(colour_sampler: McSampler) -> None:
    grown = list(stream_sweep(recipe(), colour_sampler, block_rows=2 * PASSES))
    assert [each.num_steps for each in grown] == [2, 4, 5]
    whole = run_sweep(recipe(), colour_sampler)
    np.testing.assert_allclose(grown[-1].summary.mean, whole.summary.mean, atol=1e-6)


def test_more_steps_than_there_is_room_for_are_refused(
    colour_sampler: McSampler, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = sweep_module.bytes_of_sweep(recipe(), C)
    monkeypatch.setattr(sweep_module, "MAX_SWEEP_BYTES", whole * 4 // 5)
    with pytest.raises(InvalidInputError, match=r"num_steps.*at most 4 with 7 classes.*9 x 12"):
        run_sweep(recipe(), colour_sampler)
    assert run_sweep(recipe(num_steps=4), colour_sampler).is_complete


def test_what_a_sweep_takes_is_about_what_its_arrays_do(result: SweepResult) -> None:
    summary = result.summary
    arrays = [getattr(summary, each.name) for each in fields(summary)[1:]]
    held = sum(array.nbytes for array in (*arrays, result.images, result.twin))
    told = sweep_module.bytes_of_sweep(recipe(), C)
    assert held <= told <= held + STEPS * 4_096
