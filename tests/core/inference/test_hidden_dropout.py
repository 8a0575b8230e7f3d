"""Dropout that is no layer of the model's own graph is refused by name, never silently off."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import pytest

from core.errors import UnsupportedLayerError
from core.inference import McSampler
from tests.core.inference.reference import reference_samples, reference_twin

layers = keras.layers


class AlwaysOn(keras.layers.Dropout):
    """What many write for Monte-Carlo dropout; its call is not Keras' own."""

    def call(self, inputs, training=False):
        return super().call(inputs, training=True)


class OwnSpatial(keras.layers.SpatialDropout1D):
    """A subclass that changes nothing: the sampler cannot know that."""


class OwnGaussian(keras.layers.GaussianDropout):
    """As above."""


class OwnAlpha(keras.layers.AlphaDropout):
    """As above."""


class Holder(keras.layers.Layer):
    """Holds layers in an attribute, in a list, in a mapping, or two deep."""

    def __init__(self, held: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.held = held

    def call(self, inputs, training=False):
        for layer in keras.tree.flatten(self.held):
            inputs = layer(inputs, training=training)
        return inputs

    def compute_output_shape(self, input_shape):
        return input_shape


class OwnModel(keras.Model):
    """A subclassed model inside the model: Keras knows no graph of it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.drop = layers.Dropout(0.3)

    def call(self, inputs, training=False):
        return self.drop(inputs, training=training)

    def compute_output_shape(self, input_shape):
        return input_shape


def block() -> keras.Sequential:
    """A model that a layer holds."""
    return keras.Sequential([keras.Input((4, 2)), layers.Dense(2), layers.Dropout(0.3)])


# What each hides its dropout in; all act on sequences of shape (4, 2) and are named "culprit".
HIDDEN: dict[str, Callable[[], Any]] = {
    "TimeDistributed Dropout": lambda: layers.TimeDistributed(layers.Dropout(0.3)),
    "TimeDistributed GaussianDropout": lambda: layers.TimeDistributed(layers.GaussianDropout(0.3)),
    "TimeDistributed model": lambda: layers.TimeDistributed(
        keras.Sequential([keras.Input((2,)), layers.Dropout(0.3), layers.Dense(2)])
    ),
    "Bidirectional LSTM": lambda: layers.Bidirectional(layers.LSTM(2, dropout=0.2)),
    "Bidirectional GRU": lambda: layers.Bidirectional(layers.GRU(2, recurrent_dropout=0.2)),
    "LSTM": lambda: layers.LSTM(2, dropout=0.2),
    "LSTM recurrent": lambda: layers.LSTM(2, recurrent_dropout=0.2),
    "GRU": lambda: layers.GRU(2, dropout=0.2),
    "GRU recurrent": lambda: layers.GRU(2, recurrent_dropout=0.2),
    "SimpleRNN": lambda: layers.SimpleRNN(2, dropout=0.2),
    "SimpleRNN recurrent": lambda: layers.SimpleRNN(2, recurrent_dropout=0.2),
    "RNN of a cell": lambda: layers.RNN(layers.GRUCell(2, dropout=0.2)),
    "RNN of cells": lambda: layers.RNN(
        [layers.LSTMCell(2), layers.LSTMCell(2, recurrent_dropout=0.2)]
    ),
    "MultiHeadAttention": lambda: layers.MultiHeadAttention(2, 3, dropout=0.1),
    "GroupQueryAttention": lambda: layers.GroupQueryAttention(4, 2, 1, dropout=0.1),
    "Attention": lambda: layers.Attention(dropout=0.1),
    "AdditiveAttention": lambda: layers.AdditiveAttention(dropout=0.1),
    "subclass of Dropout": lambda: AlwaysOn(0.3),
    "subclass of SpatialDropout1D": lambda: OwnSpatial(0.3),
    "subclass of GaussianDropout": lambda: OwnGaussian(0.3),
    "subclass of AlphaDropout": lambda: OwnAlpha(0.3),
    "attribute": lambda: Holder(layers.Dropout(0.3)),
    "attribute SpatialDropout1D": lambda: Holder(layers.SpatialDropout1D(0.3)),
    "attribute GaussianDropout": lambda: Holder(layers.GaussianDropout(0.3)),
    "attribute AlphaDropout": lambda: Holder(layers.AlphaDropout(0.3)),
    "attribute subclass": lambda: Holder(AlwaysOn(0.3)),
    "list": lambda: Holder([layers.Dense(2), layers.Dropout(0.3)]),
    "mapping": lambda: Holder({"first": layers.Dense(2), "second": layers.Dropout(0.3)}),
    "layer in a layer": lambda: Holder(Holder([layers.Dropout(0.3)])),
    "model in a layer": lambda: Holder(block()),
    "subclassed model": OwnModel,
}
WITHOUT: dict[str, Callable[[], Any]] = {
    "TimeDistributed Dense": lambda: layers.TimeDistributed(layers.Dense(3)),
    "Bidirectional LSTM": lambda: layers.Bidirectional(layers.LSTM(2)),
    "LSTM": lambda: layers.LSTM(2, dropout=0.0, recurrent_dropout=0.0),
    "RNN of cells": lambda: layers.RNN([layers.LSTMCell(2), layers.GRUCell(3)]),
    "MultiHeadAttention": lambda: layers.MultiHeadAttention(2, 3),
    "GroupQueryAttention": lambda: layers.GroupQueryAttention(4, 2, 1),
    "Attention": layers.Attention,
    "holder": lambda: Holder([layers.Dense(2), layers.BatchNormalization()]),
    "GaussianNoise": lambda: layers.GaussianNoise(0.5),
}


def use(layer: Any, value: Any) -> Any:
    """Call a layer on a sequence, attention on itself."""
    if isinstance(layer, layers.MultiHeadAttention | layers.GroupQueryAttention):
        return layer(value, value)
    if isinstance(layer, layers.Attention):  # AdditiveAttention is one, too
        return layer([value, value])
    return layer(value)


def network(layer: Any) -> keras.Model:
    """A model with one honest dropout layer and the layer."""
    images = keras.Input((4, 2))
    value = use(layer, layers.SpatialDropout1D(0.5)(images))
    value = layers.Dense(3, activation="softmax")(layers.Flatten()(value))
    return keras.Model(images, value)


@pytest.mark.parametrize("name", HIDDEN)
def test_sampler_refuses_dropout_hidden_in_a_layer_and_names_it(name):
    layer = HIDDEN[name]()
    layer.name = "culprit"
    with pytest.raises(UnsupportedLayerError, match="culprit"):
        McSampler(network(layer))


@pytest.mark.parametrize("name", ["LSTM", "attribute", "subclass of Dropout", "MultiHeadAttention"])
@pytest.mark.parametrize("sequential", [True, False])
def test_sampler_names_the_layer_inside_a_nested_model(name, sequential):
    layer = HIDDEN[name]()
    layer.name = "culprit"
    images = keras.Input((4, 2))
    if sequential and name != "MultiHeadAttention":
        inner = keras.Sequential([images, layers.Dense(2), layer], name="inner")
    else:
        inner = keras.Model(images, use(layer, images), name="inner")
    with pytest.raises(UnsupportedLayerError, match="culprit"):
        McSampler(network(inner))


@pytest.mark.parametrize("rate", [0.0, 0.5])
def test_sampler_refuses_a_subclass_whose_rate_is_all_that_hides(rate):
    """A rate of zero is no reason to let another call through: `AlwaysOn` may do anything."""
    layer = AlwaysOn(rate, name="culprit")
    with pytest.raises(UnsupportedLayerError, match="culprit"):
        McSampler(network(layer))


@pytest.mark.parametrize("name", WITHOUT)
def test_sampler_accepts_the_same_layers_without_dropout(name):
    keras.utils.set_random_seed(5)
    model = network(WITHOUT[name]())
    images = np.random.default_rng(2).normal(size=(3, 4, 2)).astype(np.float32)
    sampler = McSampler(model)
    ours = sampler.sample(images, num_samples=5, seed=6, masks="independent").probs_tnc
    theirs = reference_samples(model, images, 5, 6, [0.5], range(3))
    np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-5)
    np.testing.assert_allclose(
        sampler.twin(images), reference_twin(model, images), rtol=0, atol=1e-5
    )
    assert np.ptp(ours, axis=0).max() > 1e-3
