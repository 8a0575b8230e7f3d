"""Random Keras layers that fit features of a given shape, drawn by hypothesis.

Shapes are those of one image, channels last: (C,), (L, C), (H, W, C) or (D, H, W, C). Sides are
small and uneven, because what is wrong at 7 x 5 is wrong at 700 x 500.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import keras

from tests.core.inference.chooser import Chooser
from tests.core.inference.random_activations import Shape, activation, function
from tests.core.inference.random_maps import (
    convolution,
    frame,
    other_convolution,
    pooling,
    rearrangement,
)

layers = keras.layers

LARGEST = 500  # elements of one image's features: more would test nothing new, slowly
RATES = (0.5, 0.25, 0.1, 0.6, 0.4)


def dropout(choose: Chooser, shape: Shape) -> Any:
    """A dropout layer of any kind."""
    dims = len(shape) - 1
    kinds = ["Dropout", "Dropout", *["Spatial"] * (5 if 1 <= dims <= 3 else 0)]
    if choose.signed:
        kinds += ["GaussianDropout", "AlphaDropout"]
    kind = choose.of(kinds)
    rate = 0.0 if choose.yes(7) else choose.of(RATES)
    if kind == "Spatial":
        options = {} if dims == 1 or not choose.yes(10) else {"data_format": "channels_first"}
        spatial = getattr(layers, f"SpatialDropout{dims}D")
        return spatial(rate, name=choose.name("spatial"), **options)
    if kind == "GaussianDropout":
        return layers.GaussianDropout(rate, name=choose.name("gaussian"))
    noise_shape = None
    if dims and choose.yes(50):
        # By far the commonest of them is the mask of channels.
        sides = (1,) * dims if choose.yes(50) else [choose.of([1, None, n]) for n in shape[:-1]]
        noise_shape = (choose.of([None, None, 1]), *sides, choose.of([None, shape[-1], 1]))
    kept = layers.AlphaDropout if kind == "AlphaDropout" else layers.Dropout
    return kept(rate, noise_shape=noise_shape, name=choose.name(kind.lower()))


def channel_dropout(choose: Chooser, shape: Shape) -> Any:
    """Dropout of whole channels of feature maps, in either of its two spellings."""
    rate, dims = choose.of(RATES), len(shape) - 1
    if choose.yes(75):
        return getattr(layers, f"SpatialDropout{dims}D")(rate, name=choose.name("spatial"))
    noise_shape = (None, *[1] * dims, None)
    return layers.Dropout(rate, noise_shape=noise_shape, name=choose.name("dropout"))


def normalisation(choose: Chooser, shape: Shape) -> Any:
    """A normalisation in inference mode; epsilon is such that rounding is not blown up."""
    axis = -1 if choose.yes(85) else choose.whole(1, len(shape))
    if choose.yes(20):
        return layers.LayerNormalization(
            axis=axis,
            epsilon=0.1,
            center=choose.yes(80),
            scale=choose.yes(80),
            name=choose.name("layer_norm"),
        )
    return layers.BatchNormalization(
        axis=axis,
        epsilon=choose.of([0.001, 0.1]),
        center=choose.yes(80),
        scale=choose.yes(80),
        name=choose.name("batch_norm"),
    )


def dense(choose: Chooser, units: int | None = None) -> Any:
    """A dense layer, which acts on the last axis of any features."""
    units = units or choose.of([4, 3, 5])
    return layers.Dense(
        units,
        activation=function(choose, units) if choose.yes(75) else None,
        use_bias=choose.yes(80),
        name=choose.name("dense"),
    )


def keeping_layer(choose: Chooser, shape: Shape) -> Any:
    """A layer, no dropout, whose output has the shape of its input."""
    kinds = ["activation", "normalisation", "dense", "rescaling"]
    kind = choose.of(["convolution", *kinds] if len(shape) > 1 else kinds)
    if kind == "convolution":
        return convolution(choose, shape, keep=True)
    if kind == "activation":
        return activation(choose, shape)
    if kind == "normalisation":
        return normalisation(choose, shape)
    if kind == "dense":
        return dense(choose, shape[-1])
    return layers.Rescaling(
        choose.of([0.7, -1.1]), choose.of([0.0, 0.2]), name=choose.name("rescaling")
    )


def any_layer(choose: Chooser, shape: Shape) -> Any:
    """A layer, no dropout, that fits the shape and does not make it too large."""
    kinds: list[Callable[[Chooser, Shape], Any]] = [keeping_layer]
    if len(shape) == 1:
        kinds += [lambda choose, shape: dense(choose)]
    if 2 <= len(shape) <= 4:
        kinds += [convolution, convolution, pooling, frame, rearrangement]
    if len(shape) == 3:
        kinds += [other_convolution]
    layer = choose.of(kinds)(choose, shape)
    grown = layer.compute_output_shape((None, *shape))[1:]
    fits = all(side and side > 0 for side in grown) and math.prod(grown) <= LARGEST
    return layer if fits else activation(choose, shape)
