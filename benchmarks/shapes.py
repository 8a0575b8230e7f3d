"""Networks of other shapes than the shipped one: untrained, on images of 28x28, ten classes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Shape:
    """A network to build.

    Attributes:
        name: what it is called on the command line and in recipes.
        title: what it is, in a few words.
        build: takes Keras' `layers` and an input, and returns the last features before the softmax.
    """

    name: str
    title: str
    build: Callable[[Any, Any], Any]


def build_shape(name: str) -> Any:
    """Return the untrained Keras model of a shape; always the same weights."""
    import keras

    keras.utils.set_random_seed(0)
    image = keras.Input((28, 28, 1), name="image")
    features = SHAPES[name].build(keras.layers, image)
    softmax = keras.layers.Dense(10, activation="softmax", name="softmax")(features)
    return keras.Model(image, softmax, name=name)


def _shipped(layers: Any, x: Any) -> Any:
    x = _block(layers, x, 32)
    x = layers.SpatialDropout2D(0.5)(x)
    x = _block(layers, x, 64)
    x = layers.SpatialDropout2D(0.5)(x)
    return _head(layers, x)


def _dense_dropout(layers: Any, x: Any) -> Any:
    x = _block(layers, _block(layers, x, 32), 64)
    return _head(layers, x)


def _one_convolution(layers: Any, x: Any) -> Any:
    x = layers.SpatialDropout2D(0.5)(_block(layers, x, 32))
    return _head(layers, x)


def _three_convolutions(layers: Any, x: Any) -> Any:
    for filters in (32, 64):
        x = layers.SpatialDropout2D(0.5)(_block(layers, x, filters))
    x = layers.Conv2D(64, 3, activation="relu")(x)
    return _head(layers, layers.SpatialDropout2D(0.5)(x))


def _batch_normalised(layers: Any, x: Any) -> Any:
    for filters in (32, 64):
        x = layers.Conv2D(filters, 3)(x)
        x = layers.ReLU()(layers.BatchNormalization()(x))
        x = layers.SpatialDropout2D(0.5)(layers.MaxPooling2D(2)(x))
    return _head(layers, x)


def _elementwise(layers: Any, x: Any) -> Any:
    for filters in (32, 64):
        x = layers.Dropout(0.25)(_block(layers, x, filters))
    return _head(layers, x)


def _mlp(layers: Any, x: Any) -> Any:
    x = layers.Flatten()(x)
    for _ in range(3):
        x = layers.Dropout(0.5)(layers.Dense(512, activation="relu")(x))
    return x


def _residual(layers: Any, x: Any) -> Any:
    x = layers.Conv2D(32, 3, padding="same", activation="relu")(x)
    for filters in (32, 64):
        x = layers.MaxPooling2D(2)(x)
        x = layers.Conv2D(filters, 1, padding="same")(x)
        y = layers.Conv2D(filters, 3, padding="same", use_bias=False)(x)
        y = layers.SpatialDropout2D(0.2)(layers.ReLU()(layers.BatchNormalization()(y)))
        y = layers.Conv2D(filters, 3, padding="same", use_bias=False)(y)
        x = layers.ReLU()(layers.Add()([x, layers.BatchNormalization()(y)]))
    return layers.GlobalAveragePooling2D()(x)


def _block(layers: Any, x: Any, filters: int) -> Any:
    return layers.MaxPooling2D(2)(layers.Conv2D(filters, 3, activation="relu")(x))


def _head(layers: Any, x: Any) -> Any:
    x = layers.Dense(128, activation="relu")(layers.Flatten()(x))
    return layers.Dropout(0.5)(x)


SHAPES = {
    shape.name: shape
    for shape in (
        Shape("shipped", "the shipped network's", _shipped),
        Shape("dense_dropout", "dropout only behind the dense layer", _dense_dropout),
        Shape("one_convolution", "one convolution", _one_convolution),
        Shape("three_convolutions", "three convolutions", _three_convolutions),
        Shape("batch_normalised", "BatchNorm between", _batch_normalised),
        Shape("elementwise", "element-wise dropout", _elementwise),
        Shape("mlp", "an MLP, 3 x 512", _mlp),
        Shape("residual", "a residual network", _residual),
    )
}
