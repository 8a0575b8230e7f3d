"""What comes out of a model: by its last layers, and by its numbers."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest
from keras import layers, ops

from core.inference.graph import read_graph
from core.networks.output_guess import guess_ending, last_activation

ROWS = np.random.default_rng(0).normal(size=(5, 4)).astype(np.float32)


def _ending(end: Any) -> tuple[str, int]:
    rows = keras.Input((4,))
    model = keras.Model(rows, end(rows))
    return guess_ending(read_graph(model), np.asarray(model(ROWS)).astype(float))


@pytest.mark.parametrize(
    ("end", "ending"),
    [
        (layers.Dense(3, activation="softmax"), ("softmax", 3)),
        (lambda x: layers.Activation("softmax")(layers.Dense(3)(x)), ("softmax", 3)),
        (lambda x: layers.Softmax()(layers.Dense(3)(x)), ("softmax", 3)),
        (lambda x: ops.softmax(layers.Dense(3)(x)), ("softmax", 3)),
        (lambda x: ops.exp(x) / ops.sum(ops.exp(x), axis=-1, keepdims=True), ("softmax", 4)),
        (layers.Dense(3), ("logits", 3)),
        (lambda x: layers.BatchNormalization()(layers.Dense(3)(x)), ("logits", 3)),
        (lambda x: layers.Dense(3)(x) / 2.0, ("logits", 3)),
        (layers.Dense(3, activation="log_softmax"), ("logits", 3)),
        (lambda x: layers.Flatten()(layers.Dense(1)(ops.expand_dims(x, -1))), ("logits", 4)),
        (layers.Dense(1, activation="sigmoid"), ("sigmoid", 2)),
        (lambda x: layers.Activation("sigmoid")(layers.Dense(1)(x)), ("sigmoid", 2)),
        (lambda x: ops.sigmoid(layers.Dense(1)(x)), ("sigmoid", 2)),
        (layers.Dense(1), ("values", 0)),
        (layers.Dense(3, activation="sigmoid"), ("values", 0)),
        (layers.Dense(3, activation="relu"), ("values", 0)),
        (lambda x: layers.ReLU()(layers.Dense(3)(x)), ("values", 0)),
        (lambda x: layers.Reshape((2, 2))(layers.Dense(4)(x)), ("values", 0)),
        (lambda x: ops.softmax(x) * 2.0, ("logits", 4)),
    ],
)
def test_the_ending_of_a_model(end: Any, ending: tuple[str, int]) -> None:
    assert _ending(end) == ending


def test_a_softmax_along_another_axis_is_none() -> None:
    rows = keras.Input((4,))
    model = keras.Model(rows, layers.Softmax(axis=0)(layers.Dense(3)(rows)))

    assert last_activation(read_graph(model)) == "softmax"
    assert guess_ending(read_graph(model), np.asarray(model(ROWS)).astype(float)) == ("values", 0)
