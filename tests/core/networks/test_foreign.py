"""Models that people bring: loaded only after the checks, and wrapped as a classifier."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from keras.src.saving import object_registration

from core.errors import DamagedFileError, InvalidInputError
from core.images import Frame
from core.inference import McSampler
from core.networks import Setup, bring_model, foreign, load_own, open_model, probe
from core.networks.archive_check import ModelArchive, read_archive
from core.networks.checked_model import CheckedModel, check_model, load_checked
from core.networks.model_report import ModelReport
from core.networks.probe import probe_model
from core.uncertainty.classes import Classes
from tests.core.networks.made_models import made, save


@pytest.fixture
def inspected(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Inspect in this process; the names of what was."""
    names: list[str] = []

    def inspect(checked: CheckedModel) -> ModelReport:
        report = probe_model(load_checked(checked), checked.sha256, checked.num_bytes)
        names.append(report.name)
        return report

    monkeypatch.setattr(probe, "sampler_milliseconds", lambda *_: 1.0)
    monkeypatch.setattr(probe, "tiled_milliseconds", lambda *_: 2.0)
    monkeypatch.setattr(foreign, "inspect_checked", inspect)
    foreign._reports.clear()
    return names


def unfitting(folder: Path) -> bytes:
    """A model whose weights are those of another."""
    left = read_archive(save(made("logits"), folder).read_bytes())
    right = read_archive(save(made("residual"), folder).read_bytes())
    return ModelArchive(left.metadata, left.config, right.weights).packed()


@pytest.mark.parametrize("name", ["batch_norm", "nested", "operations", "recurrent"])
def test_an_opened_model_answers_as_the_one_that_was_saved(name: str, tmp_path: Path) -> None:
    model = made(name)
    rows = np.random.default_rng(0).random((3, *model.input_shape[1:]), dtype=np.float32)

    opened = open_model(save(model, tmp_path))

    assert not opened.compiled
    np.testing.assert_array_equal(np.asarray(opened(rows)), np.asarray(model(rows)))


def test_a_model_of_half_precision_is_opened_in_full(tmp_path: Path) -> None:
    half = keras.layers.Dense(3, "softmax", dtype="mixed_float16")
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dropout(0.5), half], name="half")
    rows = np.ones((2, 4), np.float32)

    opened = open_model(save(model, tmp_path))

    assert {layer.compute_dtype for layer in opened.layers} == {"float32"}
    np.testing.assert_allclose(np.asarray(opened(rows)), np.asarray(model(rows)), atol=1e-2)
    assert McSampler(opened).sample(rows, 4).num_samples == 4


def test_logits_of_pixels_from_0_to_255_become_a_softmax_of_images(
    inspected: list[str], tmp_path: Path
) -> None:
    model = made("logits")
    path = save(model, tmp_path)
    network = load_own(path)
    network = bring_model(
        path.read_bytes(),
        title="Mine\n<b>",
        report=network.report,
        setup=replace(network.setup, bright=255.0),
    )
    images = np.random.default_rng(0).random((2, 28, 28, 1), dtype=np.float32)

    probs = np.asarray(network.model(images))

    logits = np.asarray(model(255.0 * images[..., 0]))
    np.testing.assert_allclose(probs, np.asarray(keras.ops.softmax(logits)), atol=1e-6)
    assert network.title == "Mine <b>"
    assert network.sha256 == network.report.sha256 == check_model(path).sha256


def test_a_sequence_is_given_as_a_row(inspected: list[str], tmp_path: Path) -> None:
    model = made("sequence")
    network = load_own(save(model, tmp_path))
    rows = np.random.default_rng(0).random((2, 120), dtype=np.float32)

    assert network.setup.frame is None
    np.testing.assert_allclose(
        np.asarray(network.model(rows)), np.asarray(model(rows.reshape(2, 40, 3))), atol=1e-6
    )


def test_one_probability_becomes_two_classes(inspected: list[str], tmp_path: Path) -> None:
    model = made("sigmoid")
    network = load_own(save(model, tmp_path))
    rows = np.random.default_rng(0).random((2, 7), dtype=np.float32)

    yes = np.asarray(model(rows))

    assert len(network.setup.classes) == 2
    np.testing.assert_allclose(
        np.asarray(network.model(rows)), np.concatenate([1 - yes, yes], axis=1), atol=1e-6
    )


def test_a_file_is_inspected_once_whatever_is_said_of_it(
    inspected: list[str], tmp_path: Path
) -> None:
    path = save(made("colour"), tmp_path)

    guessed = load_own(path)
    told = load_own(path, Setup(Frame(20, 24, 3), Classes(tuple("abcdef")), 0.0, 1.0))

    assert inspected == ["colour"]
    assert guessed.setup.frame == Frame(32, 32, 3) and guessed.setup.bright == 255.0
    assert told.model.input_shape == (None, 20, 24, 3)
    assert (guessed.title, guessed.sha256) == ("colour", told.sha256)
    assert guessed.identity != told.identity


def test_a_model_that_was_refused_is_not_brought(inspected: list[str], tmp_path: Path) -> None:
    path = save(made("no_dropout"), tmp_path)

    with pytest.raises(InvalidInputError, match="no active dropout layer"):
        load_own(path)
    with pytest.raises(InvalidInputError, match="no active dropout layer"):
        load_own(path, Setup(Frame(12, 12), Classes.numbered(3)))


def test_another_file_than_the_report_s_is_not_brought(
    inspected: list[str], tmp_path: Path
) -> None:
    network = load_own(save(made("sigmoid"), tmp_path))
    other = save(made("sequence"), tmp_path)

    with pytest.raises(InvalidInputError, match="the file that was inspected"):
        bring_model(other, title="x", report=network.report, setup=network.setup)


@pytest.mark.parametrize(
    ("spoil", "kind", "told"),
    [
        (lambda content: content[:-60], DamagedFileError, "bad.keras: The model file is damaged"),
        (lambda content: b"no model", InvalidInputError, "model file bad.keras"),
        (
            lambda content: content.replace(b'"Flatten"', b'"Lambda!"'),
            (DamagedFileError, InvalidInputError),
            "bad.keras",
        ),
    ],
)
def test_a_spoilt_file_is_called_by_its_name(
    tmp_path: Path, spoil: Callable[[bytes], bytes], kind: Any, told: str
) -> None:
    path = save(made("logits"), tmp_path)
    bad = tmp_path / "bad.keras"
    bad.write_bytes(spoil(path.read_bytes()))

    for opening in (open_model, load_own):
        with pytest.raises(kind, match=told):
            opening(bad)


def test_a_failed_load_says_why_and_leaves_nothing_behind(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / "bad.keras"
    path.write_bytes(unfitting(tmp_path))
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    before = dict(object_registration.GLOBAL_CUSTOM_OBJECTS)

    with pytest.raises(DamagedFileError) as damaged:
        open_model(path)

    assert "Keras says: The shape of the target variable" in str(damaged.value)
    assert str(tmp_path) not in str(damaged.value) and "labrador-" not in str(damaged.value)
    assert list(scratch.iterdir()) == []
    assert before == object_registration.GLOBAL_CUSTOM_OBJECTS
    assert object_registration.get_custom_objects() == before
    assert keras.config.dtype_policy().name == "float32"


def test_a_network_that_is_compiled_with_its_optimizer_is_opened(tmp_path: Path) -> None:
    model = made("batch_norm")
    model.fit(np.zeros((4, 12, 12, 1)), np.zeros(4), verbose=0)
    path = save(model, tmp_path)

    opened = open_model(path)

    assert b"compile_config" in read_archive(path.read_bytes()).config
    assert not opened.compiled
    for left, right in zip(model.get_weights(), opened.get_weights(), strict=True):
        np.testing.assert_array_equal(left, right)
