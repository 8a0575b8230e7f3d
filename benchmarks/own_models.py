"""Networks as people bring them: untrained, each with something that the shipped one has not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class OwnModel:
    """A network to build.

    Attributes:
        name: what it is called in recipes.
        title: what it is, in a few words.
        input_shape: of one input.
        build: takes Keras' `layers` and an input, and returns the softmax.
    """

    name: str
    title: str
    input_shape: tuple[int, ...]
    build: Callable[[Any, Any], Any]


def build_own(name: str) -> Any:
    """Return the untrained Keras model of this name; always the same weights."""
    import keras

    keras.utils.set_random_seed(0)
    own = OWN_MODELS[name]
    inputs = keras.Input(own.input_shape)
    return keras.Model(inputs, own.build(keras.layers, inputs), name=name)


def _sequence(layers: Any, x: Any) -> Any:
    x = layers.MaxPooling1D(2)(layers.Conv1D(64, 5, activation="relu")(x))
    x = layers.SpatialDropout1D(0.3)(x)
    x = layers.MaxPooling1D(2)(layers.Conv1D(64, 5, activation="relu")(x))
    x = layers.SpatialDropout1D(0.3)(x)
    x = layers.Dense(64, activation="relu")(layers.Flatten()(x))
    return layers.Dense(6, activation="softmax")(layers.Dropout(0.5)(x))


def _logits(layers: Any, x: Any) -> Any:
    for filters in (32, 64):
        x = layers.MaxPooling2D(2)(layers.Conv2D(filters, 3, activation="relu")(x))
        x = layers.SpatialDropout2D(0.25)(x)
    x = layers.Dense(128, activation="relu")(layers.Flatten()(x))
    return layers.Softmax()(layers.Dense(10)(layers.Dropout(0.5)(x)))


def _colour(layers: Any, x: Any) -> Any:
    return layers.Dense(10, activation="softmax")(_colour_features(layers, x))


def _hundred_classes(layers: Any, x: Any) -> Any:
    return layers.Dense(100, activation="softmax")(_colour_features(layers, x))


def _colour_features(layers: Any, x: Any) -> Any:
    x = layers.Rescaling(1 / 255)(x)
    for filters in (32, 64):
        x = layers.Conv2D(filters, 3, padding="same", activation="relu")(x)
        x = layers.MaxPooling2D(2)(x)
        x = layers.SpatialDropout2D(0.25)(x)
    x = layers.Dense(256, activation="relu")(layers.Flatten()(x))
    return layers.Dropout(0.5)(x)


def _multi_branch(layers: Any, x: Any) -> Any:
    branches = [
        layers.Conv2D(16, size, padding="same", activation="relu")(layers.MaxPooling2D(2)(x))
        for size in (1, 3, 5)
    ]
    x = layers.SpatialDropout2D(0.3)(layers.Concatenate()(branches))
    deep = layers.Conv2D(32, 3, strides=2, activation="relu")(x)
    flat = layers.GlobalAveragePooling2D()(x)
    both = layers.Concatenate()([layers.Flatten()(deep), flat])
    x = layers.Dense(64, activation="relu")(layers.Dropout(0.3)(both))
    return layers.Dense(10, activation="softmax")(x)


def _residual(layers: Any, x: Any) -> Any:
    x = layers.ReLU()(layers.BatchNormalization()(layers.Conv2D(16, 3, padding="same")(x)))
    for filters in (16, 32):
        x = layers.Conv2D(filters, 1, strides=2, padding="same")(x)
        y = layers.SpatialDropout2D(0.2)(x)
        y = layers.Conv2D(filters, 3, padding="same", use_bias=False)(y)
        y = layers.ReLU()(layers.BatchNormalization()(y))
        y = layers.Conv2D(filters, 3, padding="same", use_bias=False)(y)
        x = layers.ReLU()(layers.Add()([x, layers.BatchNormalization()(y)]))
    x = layers.Dropout(0.3)(layers.GlobalAveragePooling2D()(x))
    return layers.Dense(10, activation="softmax")(x)


OWN_MODELS = {
    own.name: own
    for own in (
        OwnModel("own_sequence", "sequences of 128 steps, SpatialDropout1D", (128, 9), _sequence),
        OwnModel("own_logits", "logits, a softmax put behind them", (28, 28, 1), _logits),
        OwnModel("own_colour", "colour, 32 x 32", (32, 32, 3), _colour),
        OwnModel("own_classes", "the same with 100 classes", (32, 32, 3), _hundred_classes),
        OwnModel("own_branches", "three branches, two ways on", (28, 28, 1), _multi_branch),
        OwnModel("own_residual", "residual blocks with BatchNorm", (32, 32, 3), _residual),
    )
}
