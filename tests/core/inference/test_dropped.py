"""What each pass is said to have dropped is what it ran without."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest

from core.errors import InvalidInputError, NoActiveDropoutError
from core.inference import DroppedUnits, McSampler
from core.inference import passes as passes_module
from core.inference.dropblock import DropBlock2D
from tests.core.inference.reference import dropout_calls, masked, reference_twin

layers = keras.layers
PASSES, IMAGES, CLASSES = 57, 3, 4


def network() -> keras.Sequential:
    """Every kind that drops units, each with another rate and another number of them."""
    keras.utils.set_random_seed(3)
    return keras.Sequential(
        [
            keras.Input((9, 8, 2)),
            layers.Dropout(0.2, noise_shape=(None, 9, 1, 2), name="rows"),
            layers.Conv2D(6, 3, activation="relu"),
            layers.SpatialDropout2D(0.5, name="maps"),
            layers.Conv2D(5, 2, activation="relu"),
            DropBlock2D(0.3, 3, name="blocks"),
            layers.Conv2D(3, 2, activation="selu"),
            layers.Dropout(0.4, name="places"),
            layers.Flatten(),
            layers.Dense(7, activation="selu"),
            layers.AlphaDropout(0.25, name="alpha"),
            layers.Dense(CLASSES, activation="softmax"),
        ]
    )


SHAPES = {
    "rows": (9, 1, 2),
    "maps": (1, 1, 6),
    "blocks": (6, 5, 5),
    "places": (5, 4, 3),
    "alpha": (7,),
}


@pytest.fixture(scope="module")
def sampler() -> McSampler:
    return McSampler(network())


@pytest.fixture
def images() -> np.ndarray:
    return np.random.default_rng(0).random((IMAGES, 9, 8, 2), dtype=np.float32)


def samples_without(
    model: keras.Model, images: np.ndarray, dropped: tuple[DroppedUnits, ...]
) -> np.ndarray:
    """Samples (T, N, C) of plain Keras, whose dropout layers drop what is said, and scale."""
    remaining = iter(dropped)

    def call(layer: Any, inputs: Any, training: bool = False) -> Any:
        units = next(remaining)
        assert layer.name == units.layer
        alpha = isinstance(layer, layers.AlphaDropout)
        kept = np.where(units.dropped, 0.0, 1.0 if alpha else 1.0 / (1.0 - units.rate))
        masks = np.repeat(kept.reshape(-1, *units.shape), len(images), axis=0)
        return masked(layer, inputs, masks.astype(np.float32), units.rate)

    with dropout_calls(call):
        probs = model(np.tile(images, (dropped[0].num_samples, 1, 1, 1)), training=False)
    assert next(remaining, None) is None
    return np.asarray(probs).reshape(-1, len(images), CLASSES)


@pytest.mark.parametrize(("seed", "rates"), [(0, None), (5, 0.35), (9, {"maps": 0.8, "alpha": 0})])
def test_plain_keras_without_what_was_dropped_gives_the_samples(sampler, images, seed, rates):
    model = sampler._model
    samples = sampler.sample(images, PASSES, seed, rates).probs_tnc
    dropped = sampler.dropped(PASSES, seed, rates)

    if isinstance(rates, dict):
        whole = DroppedUnits("alpha", "AlphaDropout", 0.0, (7,), np.zeros((PASSES, 7), bool), 4)
        theirs = samples_without(model, images, (*dropped, whole))
    else:
        theirs = samples_without(model, images, dropped)

    np.testing.assert_allclose(samples, theirs, atol=1e-5)
    others = samples_without(model, images, sampler.dropped(PASSES, seed + 1, 0.35))
    assert np.abs(samples - others).max() > 0.01


def test_layers_are_told_with_shape_rate_and_place(sampler):
    dropped = sampler.dropped(PASSES, rates={"maps": 0.0})

    assert {each.layer: each.shape for each in dropped} == {
        name: shape for name, shape in SHAPES.items() if name != "maps"
    }
    assert [each.position for each in dropped] == [0, 2, 3, 4]
    assert [each.rate for each in dropped] == [0.2, 0.3, 0.4, 0.25]
    assert [each.kind for each in dropped] == ["Dropout", "DropBlock2D", "Dropout", "AlphaDropout"]
    assert [spec.name for spec in sampler.dropout_layers] == list(SHAPES)
    for each in dropped:
        assert each.dropped.shape == (PASSES, each.num_units) and each.dropped.dtype == bool


def test_units_are_dropped_at_their_rates(sampler):
    for each in sampler.dropped(4_000, seed=2):
        share = each.dropped.mean(axis=0)
        error = np.sqrt(each.rate * (1 - each.rate) / 4_000)
        assert np.abs(share - each.rate).max() < 5 * error


def test_more_passes_go_on_from_fewer_whatever_is_made_at_a_time(sampler, monkeypatch):
    whole = sampler.dropped(130, seed=4)
    monkeypatch.setattr("core.inference.committee._PASSES_AT_A_TIME", 33)
    for long, short in zip(whole, sampler.dropped(101, seed=4), strict=True):
        np.testing.assert_array_equal(long.dropped[:101], short.dropped)


def test_gaussian_dropout_drops_nothing():
    model = keras.Sequential(
        [
            keras.Input((4,)),
            layers.GaussianDropout(0.3, name="blur"),
            layers.Dense(6),
            layers.Dropout(0.5, name="drop"),
            layers.Dense(3, activation="softmax"),
        ]
    )
    sampler = McSampler(model)
    assert [each.layer for each in sampler.dropped(5)] == ["drop"]
    assert sampler.dropped(5, rates={"drop": 0.0}) == ()
    assert [spec.name for spec in sampler.dropout_layers] == ["blur", "drop"]


def test_a_layer_that_is_called_twice_drops_twice():
    twice, dense = layers.Dropout(0.5, name="twice"), layers.Dense(5, activation="tanh")
    given = keras.Input((5,))
    inner = dense(twice(given))
    output = layers.Dense(3, activation="softmax")(twice(inner))
    first, second = McSampler(keras.Model(given, output)).dropped(40)
    assert (first.layer, second.layer) == ("twice", "twice")
    assert (first.position, second.position) == (0, 1)
    assert (first.dropped != second.dropped).any()


def test_dropout_inputs_are_what_plain_keras_brings_to_the_layers(sampler, images):
    seen: list[np.ndarray] = []

    def call(layer: Any, inputs: Any, training: bool = False) -> Any:
        seen.append(np.asarray(inputs))
        return inputs

    with dropout_calls(call):
        sampler._model(images, training=False)
    inputs = sampler.dropout_inputs(images)
    assert [each.shape for each in inputs] == [
        (IMAGES, 9, 8, 2),
        (IMAGES, 7, 6, 6),
        (IMAGES, 6, 5, 5),
        (IMAGES, 5, 4, 3),
        (IMAGES, 7),
    ]
    for ours, theirs in zip(inputs, seen, strict=True):
        np.testing.assert_allclose(ours, theirs, atol=1e-5)
    np.testing.assert_allclose(
        sampler.twin(images), reference_twin(sampler._model, images), atol=1e-6
    )


def test_dropout_inputs_come_in_batches_as_the_images_do(images):
    model = network()
    many = np.concatenate([images] * 4)
    for small, large in zip(
        McSampler(model, chunk_rows=5).dropout_inputs(many),
        McSampler(model).dropout_inputs(many),
        strict=True,
    ):
        np.testing.assert_allclose(small, large, atol=1e-5)


def test_layer_rates_are_those_of_a_call(sampler):
    own = {"rows": 0.2, "maps": 0.5, "blocks": 0.3, "places": 0.4, "alpha": 0.25}
    assert sampler.layer_rates() == pytest.approx(own)
    assert sampler.layer_rates(0.1) == dict.fromkeys(own, 0.1)
    assert sampler.layer_rates({"maps": 0}) == pytest.approx({**own, "maps": 0.0})


@pytest.mark.parametrize("ask", ["dropped", "layer_rates"])
def test_bad_rates_are_refused_as_by_sample(sampler, ask):
    for rates in (1.0, float("nan"), "half", {"no such layer": 0.5}, {"maps": float("nan")}):
        with pytest.raises(InvalidInputError, match="rates"):
            getattr(sampler, ask)(rates=rates)
    with pytest.raises(NoActiveDropoutError, match="all passes would be the same"):
        getattr(sampler, ask)(rates=0.0)


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        ({"num_samples": 0}, "num_samples"),
        ({"num_samples": 1.5}, "num_samples"),
        ({"seed": -1}, "seed"),
    ],
)
def test_bad_arguments_are_refused_by_name(sampler, arguments, name):
    with pytest.raises(InvalidInputError) as caught:
        sampler.dropped(**arguments)
    assert caught.value.argument == name


def test_more_than_memory_should_hold_is_refused_with_what_would_do(sampler, monkeypatch):
    units = 18 + 6 + 150 + 60 + 7
    monkeypatch.setattr(passes_module, "MAX_DROPPED_BYTES", 10 * units)
    assert sampler.dropped(10)[0].num_samples == 10
    with pytest.raises(InvalidInputError, match="at most 10 for 241 units"):
        sampler.dropped(11)


def test_columns_that_are_not_the_units_of_the_mask_are_refused():
    with pytest.raises(InvalidInputError, match="12"):
        DroppedUnits("maps", "SpatialDropout2D", 0.5, (2, 2, 3), np.zeros((5, 3), bool), 0)
