"""Classifiers that end in logits or in one probability, against plain Keras and by name refused."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from core.errors import InvalidInputError
from core.inference import McSampler
from tests.core.inference.reference import reference_samples, reference_twin

layers = keras.layers


def network(last: list[keras.layers.Layer], *, functional: bool = False) -> keras.Model:
    """A network with BatchNorm and two kinds of dropout before its last layers."""
    keras.utils.set_random_seed(4)
    model = keras.Sequential(
        [
            keras.Input((8, 8, 1)),
            layers.Conv2D(4, 3),
            layers.BatchNormalization(),
            layers.ReLU(),
            layers.SpatialDropout2D(0.3),
            layers.Conv2D(5, 3),
            layers.BatchNormalization(),
            layers.GlobalAveragePooling2D(),
            layers.Dropout(0.4),
            *last,
        ]
    )
    rng = np.random.default_rng(3)
    for layer in model.layers:
        if isinstance(layer, layers.BatchNormalization):
            layer.set_weights([rng.uniform(0.5, 2.0, w.shape) for w in layer.get_weights()])
    if not functional:
        return model
    images = keras.Input((8, 8, 1))
    return keras.Model(images, model(images))


def softmax(values: np.ndarray) -> np.ndarray:
    exponentials = np.exp(values - values.max(axis=-1, keepdims=True))
    return np.asarray(exponentials / exponentials.sum(axis=-1, keepdims=True))


@pytest.fixture
def images() -> np.ndarray:
    """Three images, so that no two axes have the same size."""
    return np.random.default_rng(0).random((3, 8, 8, 1), dtype=np.float32)


@pytest.mark.parametrize("functional", [False, True])
def test_logits_give_the_softmax_of_plain_keras_under_the_same_masks(functional, images):
    model = network([layers.Dense(6)], functional=functional)
    weights = model.get_weights()
    sampler = McSampler(model, outputs="logits")
    theirs = reference_samples(model, images, 5, 11, [0.3, 0.4])
    ours = sampler.sample(images, num_samples=5, seed=11).probs_tnc
    np.testing.assert_allclose(ours, softmax(theirs), atol=1e-5)
    np.testing.assert_allclose(
        sampler.summarise(images, num_samples=5, seed=11).mean,
        softmax(theirs).mean(axis=0),
        atol=1e-5,
    )
    twin = reference_twin(model, images)
    np.testing.assert_allclose(sampler.twin(images), softmax(twin), atol=1e-5)
    # The model itself still gives logits, from the same weights.
    np.testing.assert_array_equal(model(images, training=False), twin)
    for now, then in zip(model.get_weights(), weights, strict=True):
        np.testing.assert_array_equal(now, then)


def test_sigmoid_gives_both_classes(images):
    model = network([layers.Dense(1, activation="sigmoid")])
    ours = McSampler(model, outputs="sigmoid").sample(images, num_samples=5, seed=2).probs_tnc
    theirs = reference_samples(model, images, 5, 2, [0.3, 0.4])
    assert ours.shape == (5, 3, 2)
    np.testing.assert_allclose(ours[..., 1:], theirs, atol=1e-5)
    np.testing.assert_allclose(ours.sum(axis=-1), 1.0, atol=1e-6)


@pytest.mark.parametrize("call", ["sample", "summarise", "twin"])
def test_logits_taken_for_a_softmax_are_refused_with_what_to_write(call, images):
    sampler = McSampler(network([layers.Dense(6)]))
    with pytest.raises(InvalidInputError, match='outputs="logits"'):
        getattr(sampler, call)(images)


@pytest.mark.parametrize(
    "last",
    [
        [layers.Dense(6, activation="softmax")],
        [layers.Dense(6), layers.Softmax()],
        [layers.Dense(6), layers.Activation("softmax")],
    ],
    ids=["dense", "layer", "activation"],
)
def test_a_second_softmax_is_refused(last):
    with pytest.raises(InvalidInputError, match="look unsure"):
        McSampler(network(last), outputs="logits")


@pytest.mark.parametrize("outputs", ["softmax", "logits"])
def test_one_output_is_refused_with_what_to_take_instead(outputs):
    # Of one number a softmax is 1, whatever the number: every answer would be certain.
    with pytest.raises(InvalidInputError, match=r'outputs="sigmoid".*McRegressor'):
        McSampler(network([layers.Dense(1)]), outputs=outputs)


def test_other_shapes_and_words_are_refused():
    with pytest.raises(InvalidInputError, match=r"\(1,\)"):
        McSampler(network([layers.Dense(6)]), outputs="sigmoid")
    with pytest.raises(InvalidInputError, match=r"shape \(8, 8, 3\)"):
        McSampler(
            keras.Sequential(
                [keras.Input((8, 8, 1)), layers.Dropout(0.5), layers.Dense(3, "softmax")]
            )
        )
    with pytest.raises(InvalidInputError, match="outputs"):
        McSampler(network([layers.Dense(6)]), outputs="scores")  # type: ignore[arg-type]
