"""What a report tells of each made model, and why it refuses those that it refuses."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from keras import layers

from core.images import Frame
from core.inference import McSampler
from core.limits import MAX_FRAME_SIDE, MAX_OWN_CLASSES
from core.networks import probe
from core.networks.model_report import ModelReport
from core.networks.own_network import Setup, as_classifier
from core.networks.probe import probe_model
from core.uncertainty.classes import Classes
from tests.core.inference.reference import reference_samples
from tests.core.networks.made_models import MADE, TAKEN, made


@pytest.fixture(scope="module")
def report_of() -> Callable[[str], ModelReport]:
    """Reports by name, each made once; speeds, which take a second, are not measured."""
    known: dict[str, ModelReport] = {}

    def report(name: str) -> ModelReport:
        if name not in known:
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(probe, "sampler_milliseconds", lambda *_: 1.0)
                patch.setattr(probe, "tiled_milliseconds", lambda *_: 2.0)
                known[name] = probe_model(made(name), "0" * 64, 1_000)
        return known[name]

    return report


Reports = Callable[[str], ModelReport]


@pytest.mark.parametrize(
    ("name", "frame", "is_guess", "ending", "num_classes"),
    [
        ("batch_norm", Frame(12, 12), False, "softmax", 3),
        ("residual", Frame(12, 12), False, "softmax", 5),
        ("multi_branch", Frame(12, 12), False, "softmax", 4),
        ("sequence", None, False, "softmax", 4),
        ("logits", Frame(28, 28), False, "logits", 10),
        ("colour", Frame(32, 32, 3), True, "softmax", 6),
        ("hundred_classes", Frame(8, 8), True, "softmax", 100),
        ("sigmoid", None, False, "sigmoid", 2),
        ("nested", Frame(10, 10), False, "softmax", 3),
        ("operations", Frame(10, 10), False, "softmax", 3),
        ("no_dropout", Frame(12, 12), False, "softmax", 3),
        ("zero_rate", None, False, "softmax", 3),
        ("regression", None, False, "values", 0),
        ("many_labels", None, False, "values", 0),
    ],
)
def test_a_report_tells_what_goes_in_and_what_comes_out(
    report_of: Reports,
    name: str,
    frame: Frame | None,
    is_guess: bool,
    ending: str,
    num_classes: int,
) -> None:
    report = report_of(name)

    assert (report.frame, report.frame_is_guess) == (frame, is_guess)
    assert (report.ending, report.num_classes) == (ending, num_classes)
    assert report.num_parameters == made(name).count_params()
    assert report.input_shape == made(name).input_shape[1:]
    assert (report.sha256, report.num_bytes) == ("0" * 64, 1_000)


@pytest.mark.parametrize("name", TAKEN)
def test_a_model_that_is_taken_has_passes_that_differ_and_a_plan(
    report_of: Reports, name: str
) -> None:
    report = report_of(name)

    assert report.refusal == ""
    assert report.passes_differ and report.batch_norm_still
    assert report.stochastic and report.plan.startswith("Stochastic layers, drawn anew")
    assert (report.milliseconds, report.tiled_milliseconds) == (1.0, 2.0)


@pytest.mark.parametrize("name", [name for name in TAKEN if name != "html"])
def test_the_passes_of_a_made_model_are_those_of_plain_keras(name: str) -> None:
    model = made(name)
    frame = Frame(16, 20, 3) if name == "colour" else None
    if name not in ("sequence", "sigmoid", "hundred_classes", "colour"):
        frame = Frame(*model.input_shape[1:3])
    ending: Any = {"logits": "logits", "sigmoid": "sigmoid"}.get(name, "softmax")
    classes = Classes.numbered(2 if name == "sigmoid" else model.output_shape[1])
    classifier = as_classifier(model, Setup(frame, classes, 10.0, 2.0), ending)
    images = np.random.default_rng(1).random((2, *classifier.input_shape[1:]), dtype=np.float32)
    sampler = McSampler(classifier)

    samples = sampler.sample(images, 5, seed=3).probs_tnc

    rates = [spec.rate for spec in sampler.plan.stochastic]
    wanted = reference_samples(classifier, images, 5, 3, rates)
    np.testing.assert_allclose(samples, wanted, atol=1e-5)
    np.testing.assert_allclose(samples.sum(axis=2), 1.0, atol=1e-5)


def test_stochastic_layers_are_listed_with_their_kind_and_rate(report_of: Reports) -> None:
    spatial, plain = report_of("multi_branch").stochastic
    (inside,) = report_of("nested").stochastic

    assert (spatial.kind, spatial.rate, spatial.num_units) == ("SpatialDropout2D", 0.3, 4)
    assert (plain.kind, plain.rate, plain.num_units) == ("Dropout", 0.4, 6 * 6 * 4)
    assert (inside.name, inside.kind, inside.num_units) == ("inside", "Dropout", 6)


def test_batch_norm_is_counted_at_any_depth_and_stays_as_it_was(report_of: Reports) -> None:
    assert [report_of(name).num_batch_norms for name in ("batch_norm", "nested", "logits")] == [
        1,
        1,
        0,
    ]
    assert report_of("batch_norm").batch_norm_still


def test_a_batch_norm_that_moves_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    model = made("batch_norm")
    monkeypatch.setattr(probe, "tiled_milliseconds", lambda *_: None)

    def disturb(*_: object) -> float:
        model.get_layer("norm").moving_mean.assign_add([0.0, 0.0, 0.0, 1e-7])
        return 1.0

    monkeypatch.setattr(probe, "sampler_milliseconds", disturb)

    assert not probe_model(model, "", 0).batch_norm_still


@pytest.mark.parametrize(
    ("name", "span", "why"),
    [
        ("colour", (0.0, 255.0), "Its layer rescaling multiplies by 0.00392."),
        ("operations", (0.0, 255.0), "Its layer true_divide divides by 255."),
        ("logits", (0.0, 1.0), "No layer at its front rescales what comes in."),
        ("sigmoid", (0.0, 1.0), "It takes no images: its numbers go in as they are."),
    ],
)
def test_the_range_of_pixels_is_guessed_from_the_front(
    report_of: Reports, name: str, span: tuple[float, float], why: str
) -> None:
    report = report_of(name)

    assert report.input_range == span
    assert _without_number(report.range_why) == _without_number(why)


def _without_number(text: str) -> str:
    """Keras numbers the names of layers that are not named."""
    return " ".join(word.rstrip("_0123456789") for word in text.split())


@pytest.mark.parametrize(
    ("name", "told"),
    [
        (
            "no_dropout",
            "no active dropout layer: all its passes would be the same. It has Flatten, Dense,"
            " GaussianNoise. Add one, for example keras.layers.Dropout(0.5) after layer"
            " grain, and train it again.",
        ),
        (
            "zero_rate",
            "no active dropout layer: all its passes would be the same. It has drop at rate 0."
            " Give drop a rate, for example 0.5, and train it again.",
        ),
        ("recurrent", "layer lstm: LSTM, which is or hides another kind of dropout."),
        ("words", "it takes whole numbers, as a network of words does"),
        ("two_inputs", "2 inputs: the pages show one. The library samples it all the same"),
        ("two_outputs", "2 outputs: the pages show one."),
        ("regression", "its output, 1, is no score of classes: this looks like a regression"),
        ("many_labels", "its output, 4, is no score of classes"),
        ("dead", "its passes came out the same for a random image"),
    ],
)
def test_an_honest_model_that_cannot_be_used_says_why(
    report_of: Reports, name: str, told: str
) -> None:
    assert told in _without_number(report_of(name).refusal) or told in report_of(name).refusal


def test_what_is_refused_is_described_all_the_same(report_of: Reports) -> None:
    for name in set(MADE) - set(TAKEN):
        report = report_of(name)
        assert report.refusal and report.refusal.endswith(("again.", "md.", "0.", "layers."))
        assert report.architecture and report.num_parameters == made(name).count_params()
        assert report.plan == "" or name == "dead"


def test_names_that_are_html_stay_text_on_one_line(report_of: Reports) -> None:
    report = report_of("html")

    assert report.name == "<script>alert(1)<script>"
    assert report.stochastic[0].name == "<img src=x onerror=alert(1)>"
    assert report.architecture[-1] == "<b>bold [31m: Dense, 3, softmax -> 3"
    texts = (report.name, *report.architecture, *report.plan.splitlines())
    assert all(text.isprintable() for text in texts)


def _stack(*inner: Any, shape: tuple[int | None, ...] = (9,), **options: Any) -> Any:
    return keras.Sequential([keras.Input(shape, **options), *inner])


def test_a_model_of_too_many_classes_is_refused() -> None:
    wide = _stack(layers.Dropout(0.5), layers.Dense(MAX_OWN_CLASSES + 1, "softmax"))

    assert "1,001 classes, and the pages hold at most 1,000" in probe_model(wide, "", 0).refusal


def test_images_beyond_the_largest_frame_are_refused() -> None:
    side = MAX_FRAME_SIDE + 1
    large = _stack(
        layers.GlobalAveragePooling2D(),
        layers.Dropout(0.5),
        layers.Dense(2, "softmax"),
        shape=(side, side, 1),
    )

    refusal = probe_model(large, "", 0).refusal

    assert refusal.startswith("frame: expected sides from 4 to 512 pixels, and it has 513 x 513")


def test_sequences_of_any_length_are_refused() -> None:
    open_ended = _stack(
        layers.GlobalAveragePooling1D(),
        layers.Dropout(0.5),
        layers.Dense(2, "softmax"),
        shape=(None, 7),
    )

    assert "its input is ? x 7, and a ? may be anything." in probe_model(open_ended, "", 0).refusal


def test_weights_that_are_no_numbers_are_refused() -> None:
    model = _stack(layers.Dropout(0.5), layers.Dense(2, "softmax"))
    model.layers[-1].bias.assign([float("nan"), 0.0])

    assert "numbers that are not finite" in probe_model(model, "", 0).refusal


def test_a_model_that_cannot_be_built_small_gets_a_larger_frame(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(probe, "sampler_milliseconds", lambda *_: 1.0)
    monkeypatch.setattr(probe, "tiled_milliseconds", lambda *_: 2.0)
    deep = _stack(
        layers.Conv2D(2, 5, strides=4),
        layers.Conv2D(2, 9),
        layers.GlobalAveragePooling2D(),
        layers.Dropout(0.5),
        layers.Dense(2, "softmax"),
        shape=(None, None, 1),
    )

    report = probe_model(deep, "", 0)

    assert (report.frame, report.frame_is_guess, report.refusal) == (Frame(64, 64), True, "")


def test_a_model_of_whole_pixels_that_rescales_them_is_taken(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(probe, "sampler_milliseconds", lambda *_: 1.0)
    monkeypatch.setattr(probe, "tiled_milliseconds", lambda *_: 2.0)
    stack = (layers.Rescaling(1 / 255), layers.Flatten(), layers.Dropout(0.5))
    whole = _stack(*stack, layers.Dense(3, "softmax"), shape=(8, 8, 1), dtype="uint8")

    report = probe_model(whole, "", 0)

    assert (report.refusal, report.input_range) == ("", (0.0, 255.0))


def test_speeds_are_measured(tmp_path: Path) -> None:
    report = probe_model(made("residual"), "", 0)

    assert report.milliseconds and report.milliseconds > 0
    assert report.tiled_milliseconds and report.tiled_milliseconds > 0
