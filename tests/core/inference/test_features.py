from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest

from core.errors import InvalidInputError
from core.inference import twin_features, twin_logits

N, SIDE, F, C = 5, 6, 7, 4
layers = keras.layers


def _sequential(*last: Any) -> keras.Model:
    return keras.Sequential(
        [
            keras.Input((SIDE, SIDE, 1)),
            layers.Conv2D(3, 3, activation="relu"),
            layers.SpatialDropout2D(0.5),
            layers.Flatten(),
            layers.Dense(F, activation="tanh", name="penultimate"),
            *last,
        ]
    )


def _nested() -> keras.Model:
    image = keras.Input((SIDE, SIDE, 1))
    head = keras.Sequential([keras.Input((F,)), layers.Dense(C, activation="softmax")])
    features = layers.Dense(F, activation="tanh", name="penultimate")(layers.Flatten()(image))
    return keras.Model(image, head(layers.Dropout(0.5)(features)))


MODELS = {
    "dense softmax": lambda: _sequential(layers.Dense(C, activation="softmax", name="last")),
    "dropout before": lambda: _sequential(
        layers.Dropout(0.5), layers.Dense(C, activation="softmax", name="last")
    ),
    "no bias": lambda: _sequential(
        layers.Dropout(0.5), layers.Dense(C, activation="softmax", use_bias=False, name="last")
    ),
    "activation": lambda: _sequential(
        layers.Dropout(0.5), layers.Dense(C, name="last"), layers.Activation("softmax")
    ),
    "softmax layer": lambda: _sequential(layers.Dense(C, name="last"), layers.Softmax()),
    "nested": _nested,
}


@pytest.fixture
def images() -> np.ndarray:
    return np.random.default_rng(1).random((N, SIDE, SIDE, 1), dtype=np.float32)


@pytest.mark.parametrize("kind", list(MODELS))
def test_features_are_what_the_layer_before_gives_and_nothing_of_them_is_dropped(
    images: np.ndarray, kind: str
) -> None:
    keras.utils.set_random_seed(3)
    model = MODELS[kind]()
    config = model.get_config()

    features, logits = twin_features(model, images)

    assert features.shape == (N, F) and features.dtype == np.float32
    assert logits.shape == (N, C) and logits.dtype == np.float32
    part = keras.Model(model.inputs, model.get_layer("penultimate").output)
    # As a list, as Keras keeps the inputs of a model with one.
    np.testing.assert_allclose(features, np.asarray(part([images], training=False)), atol=1e-6)
    np.testing.assert_array_equal(logits, twin_logits(model, images))
    assert model.get_config() == config


def test_logits_are_the_last_layer_of_the_features(images: np.ndarray) -> None:
    keras.utils.set_random_seed(4)
    model = MODELS["activation"]()
    kernel, _ = model.get_layer("last").get_weights()
    bias = np.linspace(-1.0, 1.0, C)
    model.get_layer("last").set_weights([kernel, bias])

    features, logits = twin_features(model, images)

    np.testing.assert_allclose(features @ kernel + bias, logits, atol=1e-5)


def test_batches_do_not_show(monkeypatch: pytest.MonkeyPatch, images: np.ndarray) -> None:
    model = MODELS["dropout before"]()
    whole = twin_features(model, images)

    monkeypatch.setattr("core.inference.logits._BATCH_SIZE", 2)

    for part, expected in zip(twin_features(model, images), whole, strict=True):
        np.testing.assert_allclose(part, expected, atol=1e-6)


@pytest.mark.parametrize(
    "last",
    [
        [layers.Dense(C)],
        [layers.Dense(C, activation="sigmoid")],
        [layers.Softmax()],
        [layers.Dense(C, activation="relu"), layers.Softmax()],
        [layers.Dense(C), layers.Dropout(0.5), layers.Softmax()],
        [layers.Reshape((1, F)), layers.Dense(C, activation="softmax")],
    ],
    ids=["linear", "sigmoid", "no dense layer", "relu", "dropout between", "rows"],
)
def test_a_model_without_a_last_dense_layer_under_a_softmax_is_refused(
    images: np.ndarray, last: list[Any]
) -> None:
    with pytest.raises(InvalidInputError, match=r"^Invalid value for model.*dense layer with"):
        twin_features(_sequential(*last), images)


def test_a_model_that_is_a_softmax_only_is_refused() -> None:
    image = keras.Input((C,))

    with pytest.raises(InvalidInputError, match="dense layer with a softmax"):
        twin_features(keras.Model(image, layers.Softmax()(image)), np.ones((N, C)))


def test_images_of_another_shape_are_refused(images: np.ndarray) -> None:
    with pytest.raises(InvalidInputError, match="images"):
        twin_features(MODELS["dense softmax"](), images[:, :-1])
