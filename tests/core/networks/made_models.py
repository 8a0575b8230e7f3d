"""Small models as people bring them, untrained: each shows one thing that a model may have."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np
from keras import layers, ops


def save(model: keras.Model, folder: Path) -> Path:
    """Save a model under its name, as its owner would."""
    path = folder / f"{model.name}.keras"
    model.save(path)
    return path


def made(name: str) -> keras.Model:
    """Return the model of this name, always with the same weights."""
    keras.utils.set_random_seed(0)
    return MADE[name](name)


def _batch_norm(name: str) -> keras.Model:
    model = keras.Sequential(
        [
            keras.Input((12, 12, 1)),
            layers.Conv2D(4, 3, use_bias=False),
            layers.BatchNormalization(name="norm"),
            layers.ReLU(),
            layers.SpatialDropout2D(0.5),
            layers.Flatten(),
            layers.Dense(3, activation="softmax"),
        ],
        name=name,
    )
    # As after a training: still means that these stay, not that they are 0 and 1.
    trained = np.array([[1, 2, 3, 4], [0, 1, 0, 1], [0.1, 0.2, 0, 0], [1, 2, 1, 2]])
    model.get_layer("norm").set_weights(list(trained))
    model.compile("adam", "sparse_categorical_crossentropy")
    return model


def _residual(name: str) -> keras.Model:
    images = keras.Input((12, 12, 1))
    stem = layers.Conv2D(6, 3, padding="same", activation="relu")(images)
    inner = layers.SpatialDropout2D(0.2)(stem)
    inner = layers.Conv2D(6, 3, padding="same", use_bias=False)(inner)
    inner = layers.BatchNormalization()(inner)
    features = layers.ReLU()(layers.Add()([stem, inner]))
    features = layers.GlobalAveragePooling2D()(features)
    return keras.Model(images, layers.Dense(5, activation="softmax")(features), name=name)


def _multi_branch(name: str) -> keras.Model:
    images = keras.Input((12, 12, 1))
    fine = layers.MaxPooling2D(2)(layers.Conv2D(4, 3, padding="same", activation="relu")(images))
    coarse = layers.Conv2D(4, 5, strides=2, padding="same", activation="tanh")(images)
    both = layers.Concatenate()([layers.SpatialDropout2D(0.3)(fine), layers.Dropout(0.4)(coarse)])
    features = layers.Dense(8, activation="relu")(layers.Flatten()(both))
    return keras.Model(images, layers.Dense(4, activation="softmax")(features), name=name)


def _sequence(name: str) -> keras.Model:
    return keras.Sequential(
        [
            keras.Input((40, 3)),
            layers.Conv1D(6, 5, activation="relu"),
            layers.SpatialDropout1D(0.5),
            layers.GlobalMaxPooling1D(),
            layers.Dense(4, activation="softmax"),
        ],
        name=name,
    )


def _logits(name: str) -> keras.Model:
    return keras.Sequential(
        [
            keras.Input((28, 28)),
            layers.Flatten(),
            layers.Dense(16, activation="relu"),
            layers.Dropout(0.5),
            layers.Dense(10),
        ],
        name=name,
    )


def _colour(name: str) -> keras.Model:
    images = keras.Input((None, None, 3))
    features = layers.Rescaling(1 / 255)(layers.RandomFlip()(images))
    features = layers.Conv2D(6, 3, strides=2, activation="relu")(features)
    features = layers.GlobalAveragePooling2D()(layers.SpatialDropout2D(0.25)(features))
    return keras.Model(images, layers.Dense(6, activation="softmax")(features), name=name)


def _hundred_classes(name: str) -> keras.Model:
    return keras.Sequential(
        [
            keras.Input((64,)),
            layers.Dense(32, activation="selu"),
            layers.AlphaDropout(0.1),
            layers.Dense(100),
            layers.Softmax(),
        ],
        name=name,
    )


def _no_dropout(name: str) -> keras.Model:
    return keras.Sequential(
        [
            keras.Input((12, 12, 1)),
            layers.Flatten(),
            layers.Dense(8, activation="relu", name="dense_1"),
            layers.GaussianNoise(0.1, name="grain"),
            layers.Dense(3, activation="softmax"),
        ],
        name=name,
    )


def _zero_rate(name: str) -> keras.Model:
    return keras.Sequential(
        [keras.Input((9,)), layers.Dropout(0.0, name="drop"), layers.Dense(3, "softmax")],
        name=name,
    )


def _sigmoid(name: str) -> keras.Model:
    return keras.Sequential(
        [
            keras.Input((7,)),
            layers.Dense(8, activation="relu"),
            layers.Dropout(0.5),
            layers.Dense(1, activation="sigmoid"),
        ],
        name=name,
    )


def _regression(name: str) -> keras.Model:
    return keras.Sequential(
        [keras.Input((7,)), layers.Dense(8, "relu"), layers.Dropout(0.5), layers.Dense(1)],
        name=name,
    )


def _many_labels(name: str) -> keras.Model:
    return keras.Sequential(
        [keras.Input((7,)), layers.Dropout(0.5), layers.Dense(4, activation="sigmoid")], name=name
    )


def _nested(name: str) -> keras.Model:
    inside = keras.Sequential(
        [
            keras.Input((6,)),
            layers.Dense(6, activation="gelu"),
            layers.BatchNormalization(),
            layers.Dropout(0.5, name="inside"),
        ],
        name="block",
    )
    inside.compile("sgd", "mse")
    images = keras.Input((10, 10, 1))
    features = inside(layers.Dense(6)(layers.Flatten()(images)))
    return keras.Model(images, layers.Dense(3, activation="softmax")(features), name=name)


def _operations(name: str) -> keras.Model:
    images = keras.Input((10, 10, 1))
    flat = ops.reshape(images / 255.0, (-1, 100))[:, 10:90]
    features = ops.relu(layers.Dense(8)(flat))
    features = ops.concatenate([features, 1.0 - features], axis=-1)
    features = layers.Dropout(0.5)(features) + ops.max(flat, axis=-1, keepdims=True)
    return keras.Model(images, ops.softmax(layers.Dense(3)(features)), name=name)


def _recurrent(name: str) -> keras.Model:
    return keras.Sequential(
        [
            keras.Input((20, 4)),
            layers.LSTM(5, dropout=0.3, name="lstm"),
            layers.Dense(3, "softmax"),
        ],
        name=name,
    )


def _words(name: str) -> keras.Model:
    return keras.Sequential(
        [
            keras.Input((9,), dtype="int32"),
            layers.Embedding(50, 4),
            layers.Flatten(),
            layers.Dropout(0.5),
            layers.Dense(3, "softmax"),
        ],
        name=name,
    )


def _two_inputs(name: str) -> keras.Model:
    left, right = keras.Input((4,), name="left"), keras.Input((5,), name="right")
    both = layers.Dropout(0.5)(layers.Concatenate()([left, right]))
    return keras.Model([left, right], layers.Dense(3, "softmax")(both), name=name)


def _two_outputs(name: str) -> keras.Model:
    rows = keras.Input((9,))
    features = layers.Dropout(0.5)(rows)
    ends = [layers.Dense(3, "softmax")(features), layers.Dense(2, "softmax")(features)]
    return keras.Model(rows, ends, name=name)


def _html(name: str) -> keras.Model:
    return keras.Sequential(
        [
            keras.Input((9,)),
            layers.Dropout(0.5, name="<img src=x onerror=alert(1)>"),
            layers.Dense(3, "softmax", name="<b>bold\x1b[31m\u202e"),
        ],
        name="<script>alert(1)<script>",
    )


def _dead(name: str) -> keras.Model:
    model = keras.Sequential(
        [keras.Input((9,)), layers.Dropout(0.5), layers.Dense(3, "softmax", name="end")], name=name
    )
    model.get_layer("end").kernel.assign(keras.ops.zeros((9, 3)))
    return model


MADE: dict[str, Callable[[str], Any]] = {
    "batch_norm": _batch_norm,
    "residual": _residual,
    "multi_branch": _multi_branch,
    "sequence": _sequence,
    "logits": _logits,
    "colour": _colour,
    "hundred_classes": _hundred_classes,
    "no_dropout": _no_dropout,
    "zero_rate": _zero_rate,
    "sigmoid": _sigmoid,
    "regression": _regression,
    "many_labels": _many_labels,
    "nested": _nested,
    "operations": _operations,
    "recurrent": _recurrent,
    "words": _words,
    "two_inputs": _two_inputs,
    "two_outputs": _two_outputs,
    "html": _html,
    "dead": _dead,
}
# Those that the workbench takes.
TAKEN = (
    "batch_norm",
    "residual",
    "multi_branch",
    "sequence",
    "logits",
    "colour",
    "hundred_classes",
    "sigmoid",
    "nested",
    "operations",
    "html",
)
