"""The networks' architecture: the post's two convolutions and a dense layer, with dropout or not.

What the post says the result depends on can be chosen: rate, activation and kind of dropout.

Source:
    Gábor Vecsei, *Experiments with Monte-Carlo dropout for uncertainty estimation*.
"""

from __future__ import annotations

import math
from typing import Literal, get_args

import keras

from ..errors import InvalidInputError
from ..inference.dropblock import DropBlock2D

INPUT_SHAPE = (28, 28, 1)
NUM_CLASSES = 10
DEFAULT_RATE = 0.5

Activation = Literal["relu", "tanh", "elu"]
DropoutKind = Literal["channel", "element", "block"]


def build_mc_network(
    rate: float = DEFAULT_RATE,
    seed: int = 0,
    name: str = "mc",
    *,
    activation: Activation = "relu",
    dropout: DropoutKind = "channel",
) -> keras.Sequential:
    """Return the untrained network with a dropout layer before each of the last three layers.

    It is an ordinary Keras model: it trains and serves with dropout as any other, and only
    `McSampler` makes its passes stochastic.

    Args:
        rate: share of feature maps (convolutions) and of units (dense layer) that one pass drops.
        seed: decides the initial weights and the dropout masks of training.
        name: the model's name.
        activation: of both convolutions and of the dense layer.
        dropout: what is dropped of the feature maps: whole maps ("channel", as in the post), single
            places ("element") or squares of 3x3 places ("block"). Of the dense layer always units.

    Raises:
        InvalidInputError: the rate is not inside (0, 1): at 0 every pass would be the same; or
            there is no such activation or kind of dropout.
    """
    if not (math.isfinite(rate) and 0.0 < rate < 1.0):
        raise InvalidInputError(
            "rate",
            expected="a number between 0 and 1, both excluded",
            received=rate,
            advice="Use build_plain_network for a network without dropout.",
        )
    for argument, value, known in (
        ("activation", activation, get_args(Activation)),
        ("dropout", dropout, get_args(DropoutKind)),
    ):
        if value not in known:
            raise InvalidInputError(argument, expected=f"one of {', '.join(known)}", received=value)
    return _build(rate, seed, name, activation, dropout)


def build_plain_network(seed: int = 0, name: str = "plain") -> keras.Sequential:
    """Return the untrained network of the same shape without a dropout layer.

    Args:
        seed: decides the initial weights.
        name: the model's name.
    """
    return _build(None, seed, name, "relu", "channel")


def describe_architecture(model: keras.Model) -> tuple[str, ...]:
    """Return one readable line a layer: its kind, its settings and its output's shape."""
    return tuple(_describe(layer) for layer in model.layers)


def dropout_rates(model: keras.Model) -> dict[str, float]:
    """Return the rate of each dropout layer by the layer's name, in the order of the layers."""
    return {
        layer.name: float(layer.rate)
        for layer in model.layers
        if isinstance(layer, keras.layers.Dropout | keras.layers.SpatialDropout2D | DropBlock2D)
    }


def _build(
    rate: float | None, seed: int, name: str, activation: Activation, dropout: DropoutKind
) -> keras.Sequential:
    layers = keras.layers
    of_maps = {"channel": layers.SpatialDropout2D, "element": layers.Dropout, "block": DropBlock2D}

    def kernel(position: int) -> keras.initializers.Initializer:
        # Explicit seeds: equal seeds give equal weights whatever Keras drew before.
        return keras.initializers.GlorotUniform(seed=_child_seed(seed, position))

    stack: list[keras.layers.Layer] = [
        keras.Input(INPUT_SHAPE, name="image"),
        layers.Conv2D(32, 3, activation=activation, kernel_initializer=kernel(0), name="conv1"),
        layers.MaxPooling2D(2, name="pool1"),
        layers.Conv2D(64, 3, activation=activation, kernel_initializer=kernel(1), name="conv2"),
        layers.MaxPooling2D(2, name="pool2"),
        layers.Flatten(name="flatten"),
        layers.Dense(128, activation=activation, kernel_initializer=kernel(2), name="dense1"),
        layers.Dense(
            NUM_CLASSES, activation="softmax", kernel_initializer=kernel(3), name="softmax"
        ),
    ]
    if rate is not None:
        # From the back, so that the positions before stay what they are.
        stack.insert(7, layers.Dropout(rate, seed=_child_seed(seed, 12), name="dropout3"))
        stack.insert(5, of_maps[dropout](rate, seed=_child_seed(seed, 11), name="dropout2"))
        stack.insert(3, of_maps[dropout](rate, seed=_child_seed(seed, 10), name="dropout1"))
    return keras.Sequential(stack, name=name)


def _child_seed(seed: int, position: int) -> int:
    """Seeds of different layers must differ, and seeds of neighbouring networks not meet them."""
    return (seed * 1_000 + position) % 2**31


def _describe(layer: keras.layers.Layer) -> str:
    shape = "x".join(str(side) for side in layer.output.shape[1:])
    match layer:
        case keras.layers.Conv2D():
            height, width = layer.kernel_size
            what = f"convolution {height}x{width}, {layer.filters} maps"
        case keras.layers.MaxPooling2D():
            height, width = layer.pool_size
            what = f"max pooling {height}x{width}"
        case DropBlock2D():
            what = f"block dropout {layer.block_size}x{layer.block_size}, {layer.rate:g}"
        case keras.layers.SpatialDropout2D():
            what = f"spatial dropout {layer.rate:g}"
        case keras.layers.Dropout():
            what = f"dropout {layer.rate:g}"
        case keras.layers.Dense():
            what = f"dense {layer.units}"
        case _:
            what = type(layer).__name__.lower()
    activation = getattr(getattr(layer, "activation", None), "__name__", "linear")
    if activation != "linear":
        what += f", {activation}"
    return f"{what} -> {shape}"
