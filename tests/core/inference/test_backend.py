"""What is compiled computes what was asked for, where TensorFlow's own optimiser would not."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from core.inference import McSampler
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
