"""The reference itself: its definitions against Keras' own layers, its order against NumPy."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from core.inference.masks import pass_masks
from tests.core.inference.reference import (
    mask_shape,
    masked,
    reference_samples,
    reference_twin,
)

layers = keras.layers
RATE = 0.4

# Layers, the sides of what they drop from, and the sides of one image's mask, written by hand.
LAYERS = {
    "vector": (layers.Dropout(RATE), (40,), (40,)),
    "maps": (layers.Dropout(RATE), (5, 4, 6), (5, 4, 6)),
    "rows": (layers.Dropout(RATE, noise_shape=(None, 30, 1, 1)), (30, 4, 3), (30, 1, 1)),
    "channels": (layers.Dropout(RATE, noise_shape=(None, 1, 1, None)), (5, 4, 30), (1, 1, 30)),
    "1D": (layers.SpatialDropout1D(RATE), (5, 30), (1, 30)),
    "2D": (layers.SpatialDropout2D(RATE), (5, 4, 30), (1, 1, 30)),
    "2D channels first": (
        layers.SpatialDropout2D(RATE, data_format="channels_first"),
        (30, 5, 4),
        (30, 1, 1),
    ),
    "3D": (layers.SpatialDropout3D(RATE), (2, 3, 4, 30), (1, 1, 1, 30)),
    "3D channels first": (
        layers.SpatialDropout3D(RATE, data_format="channels_first"),
        (30, 2, 3, 4),
        (30, 1, 1, 1),
    ),
    "Gaussian": (layers.GaussianDropout(RATE), (5, 4, 6), (5, 4, 6)),
    "Alpha": (layers.AlphaDropout(RATE), (5, 4, 6), (5, 4, 6)),
    "Alpha of channels": (
        layers.AlphaDropout(RATE, noise_shape=(None, 1, 1, None)),
        (5, 4, 30),
        (1, 1, 30),
    ),
}


@pytest.mark.parametrize("name", LAYERS)
def test_masked_is_what_keras_computes_in_training(name):
    layer, sides, wanted = LAYERS[name]
    assert mask_shape(layer, sides) == wanted
    features = np.random.default_rng(0).uniform(0.5, 1.0, (6, *sides)).astype(np.float32)
    outputs = keras.ops.convert_to_numpy(layer(features, training=True))
    # `masked` is affine in the mask, so Keras' own mask follows from what came out.
    dropped, kept = (masked(layer, features, mask, RATE) for mask in (0.0, 1.0))
    masks = (outputs - dropped) / (kept - dropped)
    first = masks[tuple(slice(0, side) for side in (6, *wanted))]
    np.testing.assert_allclose(masks, np.broadcast_to(first, masks.shape), atol=1e-5)
    np.testing.assert_allclose(masked(layer, features, first, RATE), outputs, atol=1e-5)
    # No two entries are shared: as many are dropped as of independent units, to four errors.
    if name == "Gaussian":
        spread = np.sqrt(RATE / (1 - RATE))
        assert abs(first.mean() - 1) < 4 * spread / np.sqrt(first.size)
        assert abs(first.std() - spread) < 4 * spread / np.sqrt(2 * first.size)
    else:
        whole = 1.0 if name.startswith("Alpha") else 1 / (1 - RATE)
        assert set(np.unique(first.round(3))) == {0.0, np.float32(round(whole, 3))}
        error = np.sqrt(RATE * (1 - RATE) / first.size)
        assert abs((first < 0.5).mean() - RATE) < 4 * error


def softmax(logits: np.ndarray) -> np.ndarray:
    """Over the last axis."""
    powers = np.exp(logits)
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True))


@pytest.mark.parametrize("image_ids", [None, [7, 1, 4]])
def test_reference_equals_numpy_pass_by_pass(image_ids):
    """Two dropout layers, the second reads the images: the order of the calls is not theirs."""
    images = keras.Input((4,))
    late = layers.Dropout(0.25, name="late")
    value = layers.Dense(6, activation="relu")(layers.Dropout(0.5, name="early")(images))
    value = layers.Dense(3, activation="softmax")(late(value, training=True))
    model = keras.Model(images, value)
    first, last = (layer for layer in model.layers if isinstance(layer, layers.Dense))
    x = np.random.default_rng(1).normal(size=(3, 4)).astype(np.float32)
    samples = reference_samples(
        model, x, 5, 9, {"late": 0.6}, image_ids, positions={"late": [0], "early": [1]}
    )
    early_masks = pass_masks(9, 1, 4, 0.5, 0, 5, image_ids)
    late_masks = pass_masks(9, 0, 6, 0.6, 0, 5, image_ids)
    (w1, b1), (w2, b2) = first.get_weights(), last.get_weights()
    hidden = np.maximum((x * early_masks) @ w1 + b1, 0.0) * late_masks
    np.testing.assert_allclose(samples, softmax(hidden @ w2 + b2), atol=1e-6)
    twin = softmax(np.maximum(x @ w1 + b1, 0.0) @ w2 + b2)
    np.testing.assert_allclose(reference_twin(model, x), twin, atol=1e-6)


def test_reference_refuses_positions_of_another_model():
    model = keras.Sequential(
        [keras.Input((4,)), layers.Dropout(0.5, name="own"), layers.Dense(3, activation="softmax")]
    )
    x = np.ones((3, 4), dtype=np.float32)
    with pytest.raises(AssertionError):
        reference_samples(model, x, 5, 0, {}, positions={"own": [0], "never called": [1]})


def test_reference_leaves_dropout_as_it_was():
    layer = layers.Dropout(0.5)
    model = keras.Sequential([keras.Input((400,)), layer])
    x = np.ones((2, 400), dtype=np.float32)
    reference_twin(model, x)
    assert 0.2 < (keras.ops.convert_to_numpy(layer(x, training=True)) == 0).mean() < 0.8
