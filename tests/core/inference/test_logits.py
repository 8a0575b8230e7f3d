from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest
from scipy.special import softmax

from core.errors import InvalidInputError
from core.inference import twin_logits

N, SIDE, C = 5, 6, 4
layers = keras.layers


def _sequential(*last: Any) -> keras.Model:
    return keras.Sequential(
        [
            keras.Input((SIDE, SIDE, 1)),
            layers.Conv2D(3, 3, activation="relu"),
            layers.BatchNormalization(),
            layers.Dropout(0.5),
            layers.Flatten(),
            *last,
        ]
    )


def _nested() -> keras.Model:
    image = keras.Input((SIDE, SIDE, 1))
    head = keras.Sequential([keras.Input((3,)), layers.Dense(C, activation="softmax")])
    features = layers.GlobalAveragePooling2D()(layers.Conv2D(3, 3)(image))
    return keras.Model(image, head(layers.Dropout(0.5)(features)))


MODELS = {
    "dense softmax": lambda: _sequential(layers.Dense(C, activation="softmax")),
    "no bias": lambda: _sequential(layers.Dense(C, activation="softmax", use_bias=False)),
    "activation": lambda: _sequential(layers.Dense(C), layers.Activation("softmax")),
    "softmax layer": lambda: _sequential(layers.Dense(C), layers.Softmax()),
    "nested": _nested,
}


@pytest.fixture
def images() -> np.ndarray:
    return np.random.default_rng(1).random((N, SIDE, SIDE, 1), dtype=np.float32)


@pytest.mark.parametrize("kind", list(MODELS))
def test_softmax_of_the_logits_is_the_models_answer_and_the_model_stays(
    images: np.ndarray, kind: str
) -> None:
    keras.utils.set_random_seed(3)
    model = MODELS[kind]()
    for layer in model.layers:
        if isinstance(layer, layers.BatchNormalization):
            layer.set_weights([np.full(3, value) for value in (1.2, 0.1, 0.3, 2.0)])
    config, weights = model.get_config(), model.get_weights()
    before = np.asarray(model(images, training=False))

    logits = twin_logits(model, images)

    assert logits.shape == (N, C) and logits.dtype == np.float32
    np.testing.assert_allclose(softmax(logits, axis=1), before, atol=1e-6)
    assert np.ptp(logits.sum(axis=1)) > 1e-3  # logits, not their normalised logarithms
    assert model.get_config() == config
    for left, right in zip(weights, model.get_weights(), strict=True):
        np.testing.assert_array_equal(left, right)
    np.testing.assert_array_equal(np.asarray(model(images, training=False)), before)


def test_batches_do_not_show(monkeypatch: pytest.MonkeyPatch, images: np.ndarray) -> None:
    model = MODELS["dense softmax"]()
    whole = twin_logits(model, images)

    monkeypatch.setattr("core.inference.logits._BATCH_SIZE", 2)

    np.testing.assert_allclose(twin_logits(model, images), whole, atol=1e-6)


def test_two_inputs_are_taken_in_order() -> None:
    left, right = keras.Input((3,)), keras.Input((2,))
    answer = layers.Dense(C, activation="softmax")(layers.Concatenate()([left, right]))
    model = keras.Model([left, right], answer)
    rng = np.random.default_rng(2)
    inputs = [rng.random((N, 3), np.float32), rng.random((N, 2), np.float32)]

    logits = twin_logits(model, inputs)

    expected = np.asarray(model(inputs, training=False))
    np.testing.assert_allclose(softmax(logits, axis=1), expected, atol=1e-6)


@pytest.mark.parametrize(
    "last",
    [
        [layers.Dense(C)],
        [layers.Dense(C, activation="sigmoid")],
        [layers.Dense(C, activation="softmax"), layers.Dropout(0.5)],
        [layers.Dense(C, activation="softmax"), layers.Rescaling(0.5)],
        [layers.Reshape((4, 12)), layers.Dense(C), layers.Softmax(axis=1), layers.Flatten()],
    ],
)
def test_a_model_that_does_not_end_in_a_softmax_is_refused(
    images: np.ndarray, last: list[Any]
) -> None:
    with pytest.raises(InvalidInputError, match=r"model.*softmax.*cannot be told"):
        twin_logits(_sequential(*last), images)


def test_a_model_without_a_graph_is_refused(images: np.ndarray) -> None:
    with pytest.raises(InvalidInputError, match="model"):
        twin_logits(keras.Sequential([layers.Dense(C, activation="softmax")]), images)


def test_images_of_another_shape_are_refused(images: np.ndarray) -> None:
    with pytest.raises(InvalidInputError, match="images"):
        twin_logits(MODELS["dense softmax"](), images[:, :-1])
