"""Random activations, by name and as layers."""

from __future__ import annotations

from typing import Any

import keras

from tests.core.inference.chooser import Chooser

layers = keras.layers
Shape = tuple[int, ...]

# Some stand twice: a rewrite that is wrong behind a bump shows only where a pooling follows.
ACTIVATIONS = (
    *("relu", "relu", "gelu", "gelu", "silu", "silu", "tanh", "elu", "leaky_relu", "sigmoid"),
    *("linear", "softmax", "softplus", "relu6", "selu", "hard_sigmoid", "softsign"),
)


def function(choose: Chooser, size: int) -> str:
    """The name of an activation of features whose last axis has this size."""
    name = choose.of(ACTIVATIONS)
    return "tanh" if name == "softmax" and size == 1 else name


def activation(choose: Chooser, shape: Shape) -> Any:
    """An activation as a layer."""
    kind = choose.of(
        ["relu", "relu", "named", "leaky", "leaky", "capped", "prelu", "elu", "softmax"]
    )
    if kind == "softmax" and shape[-1] == 1:
        kind = "named"
    name = choose.name(kind)
    if kind == "relu":
        return layers.ReLU(name=name)
    if kind == "named":
        return layers.Activation(function(choose, shape[-1]), name=name)
    if kind == "leaky":
        return layers.LeakyReLU(choose.of([0.3, 0.0, 1.0, 0.01]), name=name)
    if kind == "capped":
        return layers.ReLU(
            max_value=choose.of([None, 1.0, 6.0]),
            negative_slope=choose.of([0.0, 0.2]),
            threshold=choose.of([0.0, 0.0, 0.25]),
            name=name,
        )
    if kind == "prelu":
        shared = range(1, len(shape)) if len(shape) > 1 and choose.yes(60) else None
        return layers.PReLU(shared_axes=shared and list(shared), name=name)
    return layers.ELU(name=name) if kind == "elu" else layers.Softmax(name=name)


def commuting_activation(choose: Chooser, shape: Shape) -> Any:
    """An activation with f(m x) = m f(x) for all m >= 0, in one of its spellings."""
    spellings = [
        lambda name: layers.ReLU(name=name),
        lambda name: layers.LeakyReLU(0.3, name=name),
        lambda name: layers.Activation("relu", name=name),
        lambda name: layers.Activation("leaky_relu", name=name),
        lambda name: layers.ReLU(negative_slope=0.2, name=name),
        lambda name: layers.PReLU(shared_axes=list(range(1, len(shape))), name=name),
    ]
    return choose.of(spellings)(choose.name("rectified"))
