"""Leaky ReLU: the slope that was asked for, in compiled functions too."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from core.inference import McSampler
from core.inference.leaky import leaky_slope
from tests.core.inference.reference import reference_samples

layers = keras.layers


@pytest.mark.parametrize(
    "leaky",
    [
        layers.LeakyReLU(0.3),
        layers.ReLU(negative_slope=0.1),
        lambda x: keras.ops.leaky_relu(x, 0.5),
    ],
    ids=["layer", "relu", "operation"],
)
def test_sample_after_a_residual_leaky_relu_equals_plain_keras(leaky):
    keras.utils.set_random_seed(2)
    given = keras.Input((6, 5, 2))
    dropped = layers.SpatialDropout2D(0.4)(given)
    inner = layers.Conv2D(2, 3, padding="same", bias_initializer="ones")(dropped)
    joined = leaky(layers.Add()([inner, given]))
    output = layers.Dense(3, activation="softmax")(layers.Flatten()(joined))
    model = keras.Model(given, output)
    images = np.random.default_rng(0).normal(size=(4, 6, 5, 2)).astype(np.float32)
    sampler = McSampler(model)
    np.testing.assert_allclose(
        sampler.sample(images, num_samples=5).probs_tnc,
        reference_samples(model, images, 5, 0, [0.4]),
        atol=1e-5,
    )
    np.testing.assert_allclose(sampler.twin(images), model(images, training=False), atol=1e-5)


def test_leaky_slope_is_told_for_leaky_layers_only():
    assert leaky_slope(layers.LeakyReLU(0.3)) == pytest.approx(0.3)
    assert leaky_slope(layers.ReLU(negative_slope=0.25)) == 0.25
    assert leaky_slope(layers.ReLU()) is None
    assert leaky_slope(layers.ReLU(max_value=1.0, negative_slope=0.25)) is None
    assert leaky_slope(layers.Dense(3)) is None
