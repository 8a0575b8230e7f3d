"""The response rewrite against plain Keras, and where it has to stand back."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from core.inference import McSampler
from tests.core.inference.reference import reference_samples

layers = keras.layers


def network(*middle: keras.layers.Layer) -> keras.Sequential:
    """Layers between a first spatial dropout and a dense softmax."""
    return keras.Sequential(
        [
            keras.Input((11, 10, 1)),
            layers.Conv2D(4, 2, activation="tanh"),
            layers.SpatialDropout2D(0.4),
            *middle,
            layers.Flatten(),
            layers.Dense(10, activation="softmax"),
        ]
    )


REWRITTEN = {
    "valid": [layers.Conv2D(6, 3, activation="relu")],
    "same": [layers.Conv2D(6, 3, padding="same", activation="gelu")],
    "strides": [layers.Conv2D(6, 3, strides=2, padding="same")],
    "dilation": [layers.Conv2D(6, 3, dilation_rate=2)],
    "no bias": [layers.Conv2D(6, (3, 1), use_bias=False)],
    "pooling after": [layers.Conv2D(6, 2, activation="relu"), layers.MaxPooling2D()],
    "uneven pooling after": [layers.Conv2D(6, 2, activation="elu"), layers.MaxPooling2D((3, 2))],
    "overlapping pooling after": [layers.Conv2D(6, 2), layers.MaxPooling2D(3, strides=2)],
    "pooling after a bump": [layers.Conv2D(6, 2, activation="silu"), layers.MaxPooling2D()],
    "mean pooling after": [layers.Conv2D(6, 2, activation="relu"), layers.AveragePooling2D(2)],
    "pooling between": [layers.MaxPooling2D(2), layers.Conv2D(6, 2)],
    "mean pooling between": [layers.AveragePooling2D(2), layers.ReLU(), layers.Conv2D(6, 2)],
    "leaky relu between": [layers.LeakyReLU(0.2), layers.Conv2D(6, 2)],
    "groups": [layers.Conv2D(6, 2, groups=2)],
    "two strides": [layers.Conv2D(6, 3, strides=(1, 2))],
    "1x1 kernel": [layers.Conv2D(6, 1)],
    "batch norm between": [layers.BatchNormalization(), layers.Conv2D(6, 2, padding="same")],
    "padding between": [layers.ZeroPadding2D((1, 2)), layers.Conv2D(6, 2)],
    "batch norm and pooling after": [
        layers.Conv2D(6, 2),
        layers.BatchNormalization(),
        layers.Activation("elu"),
        layers.MaxPooling2D(),
    ],
    "separable": [layers.SeparableConv2D(6, 3)],
    "transposed": [layers.Conv2DTranspose(3, 2, strides=2)],
    "flattened only": [layers.MaxPooling2D()],
    "averaged only": [layers.GlobalAveragePooling2D()],
    "more dropout behind": [layers.Conv2D(6, 2), layers.SpatialDropout2D(0.2), layers.Conv2D(3, 3)],
}
PLAIN = {
    "tanh between": [layers.Activation("tanh"), layers.Conv2D(6, 2)],
    "capped relu between": [layers.ReLU(max_value=0.3), layers.Conv2D(6, 2)],
    "elements dropped": [layers.Dropout(0.2), layers.Conv2D(6, 2)],
    "batch norm and relu between": [
        layers.BatchNormalization(),
        layers.ReLU(),
        layers.Conv2D(6, 2),
    ],
    "no sum": [layers.Activation("tanh"), layers.MaxPooling2D()],
}


def rates(model: keras.Sequential) -> list[float]:
    """Of the dropout layers, in order."""
    return [layer.rate for layer in model.layers if isinstance(layer, layers.Dropout)]


@pytest.mark.parametrize("masks", ["shared", "independent"])
@pytest.mark.parametrize("name", [*REWRITTEN, *PLAIN])
def test_sample_around_a_convolution_equals_plain_keras(name, masks):
    # Without their names: those come from counters that a cleared session starts anew.
    middle = [
        type(x).from_config({k: v for k, v in x.get_config().items() if k != "name"})
        for x in (REWRITTEN | PLAIN)[name]
    ]
    model = network(*middle)
    for layer in model.layers:  # biases start at zero, which would hide a forgotten one
        if getattr(layer, "use_bias", False):
            layer.bias.assign(np.linspace(-0.3, 0.4, layer.bias.shape[0]))
        if isinstance(layer, layers.BatchNormalization):
            rng = np.random.default_rng(6)
            layer.set_weights([rng.uniform(0.4, 1.6, w.shape) for w in layer.get_weights()])
            layer.gamma.assign(layer.gamma * np.resize([1.0, -1.0], layer.gamma.shape))
    images = np.random.default_rng(1).normal(size=(3, 11, 10, 1)).astype(np.float32)
    sampler = McSampler(model, chunk_rows=8)
    ours = sampler.sample(images, num_samples=5, seed=4, masks=masks).probs_tnc
    ids = None if masks == "shared" else [0, 1, 2]
    theirs = reference_samples(model, images, 5, 4, rates(model), ids)
    np.testing.assert_allclose(ours, theirs, atol=1e-5)
    assert np.ptp(ours, axis=0).max() > 1e-3
    rewritten = any(step.startswith("masks x responses") for step in sampler.plan.every_pass)
    assert rewritten == (name in REWRITTEN)


def test_a_function_that_is_only_called_relu_is_taken_for_none_of_keras():
    def relu(x):
        return x * x - 1.0

    middle = [layers.Activation(relu), layers.Conv2D(6, 2, activation=relu), layers.MaxPooling2D()]
    model = network(*middle)
    images = np.random.default_rng(1).normal(size=(3, 11, 10, 1)).astype(np.float32)
    ours = McSampler(model).sample(images, num_samples=5).probs_tnc
    np.testing.assert_allclose(
        ours, reference_samples(model, images, 5, 0, rates(model)), atol=1e-5
    )


def test_plan_says_why_the_rewrite_does_not_apply():
    model = network(layers.Activation("tanh", name="bend"), layers.Conv2D(6, 2))
    assert "bend does not let a mask through" in str(McSampler(model).plan)


def test_pooling_after_the_convolution_is_part_of_the_rewrite():
    plan = McSampler(network(layers.Conv2D(6, 2), layers.MaxPooling2D(name="pool"))).plan
    assert "pool" not in plan.every_pass and "pool" not in plan.once


def test_sampler_keeps_to_the_memory_limit(monkeypatch):
    monkeypatch.setattr("core.inference.rewrite.MAX_RESPONSE_BYTES", 100)
    plan = McSampler(network(layers.Conv2D(6, 2, name="wide"))).plan
    assert "wide" in plan.every_pass and "larger than" in str(plan)
