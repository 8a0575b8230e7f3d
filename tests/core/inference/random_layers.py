"""Random Keras layers that fit features of a given shape, drawn by hypothesis.

Shapes are those of one image, channels last: (C,), (L, C), (H, W, C) or (D, H, W, C). Sides are
small and uneven, because what is wrong at 7 x 5 is wrong at 700 x 500.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import keras
from hypothesis import strategies as st

layers = keras.layers
Shape = tuple[int, ...]
Choice = TypeVar("Choice")

LARGEST = 500  # elements of one image's features: more would test nothing new, slowly
ACTIVATIONS = (
    *("relu", "relu", "relu", "linear", "leaky_relu", "tanh", "elu", "gelu", "sigmoid", "silu"),
    *("softmax", "softplus", "relu6", "selu", "hard_sigmoid", "softsign"),
)
RATES = (0.5, 0.25, 0.1, 0.6, 0.4)


# Enough for the largest models; what comes after the last byte is always the simplest choice.
CHOICES = st.binary(min_size=400, max_size=400)


class Chooser:
    """Turns bytes into choices, and names layers so that no two have the same name.

    All choices are one draw of hypothesis: of a model drawn choice by choice it would make five
    near copies by repeating parts of it, and most of the models compared would be the same.
    The smaller a byte, the simpler the choice, so that a failing model still shrinks.

    Args:
        choices: one byte for each choice.
        signed: whether GaussianDropout and AlphaDropout are among the dropout layers.
    """

    def __init__(self, choices: bytes, *, signed: bool = True) -> None:
        self._choices = iter(choices)
        self._names: Counter[str] = Counter()
        self.signed = signed

    def whole(self, low: int, high: int) -> int:
        """A whole number from `low` to `high`, at most 255 more; the lowest is the simplest."""
        return low + next(self._choices, 0) * (high - low + 1) // 256

    def of(self, choices: Sequence[Choice]) -> Choice:
        """One of the choices; the first is the simplest."""
        return choices[self.whole(0, len(choices) - 1)]

    def yes(self, percent: int) -> bool:
        """True in about so many of a hundred cases; False is the simpler."""
        return self.whole(0, 99) >= 100 - percent

    def name(self, kind: str) -> str:
        """A name that no other layer of this model has."""
        self._names[kind] += 1
        return f"{kind}_{self._names[kind]}"


def dropout(choose: Chooser, shape: Shape) -> Any:
    """A dropout layer of any kind."""
    dims = len(shape) - 1
    kinds = ["Dropout", *["Spatial"] * (4 if 1 <= dims <= 3 else 0)]
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


def function(choose: Chooser, size: int) -> str:
    """The name of an activation of features whose last axis has this size."""
    name = choose.of(ACTIVATIONS)
    return "tanh" if name == "softmax" and size == 1 else name


def activation(choose: Chooser, shape: Shape) -> Any:
    """An activation as a layer."""
    kind = choose.of(["relu", "relu", "named", "leaky", "leaky", "capped", "prelu", "elu", "softmax"])
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


def convolution(choose: Chooser, shape: Shape, *, keep: bool = False) -> Any:
    """A convolution with one kernel; `keep` for one that leaves the shape as it is."""
    dims = len(shape) - 1
    padding = "same" if keep else choose.of(["valid", "same"])
    if choose.yes(60):  # square, as most are
        kernel = [min(choose.of([3, 2, 3, 1, 4]), *shape[:-1])] * dims
    else:
        kernel = [choose.whole(1, min(4, side)) for side in shape[:-1]]
    steps = {}
    if not keep and choose.yes(30):
        strides = [choose.whole(1, 3) for _ in kernel]
        steps["strides"] = strides[:1] * dims if choose.yes(50) else strides
    elif dims < 3 and choose.yes(20):
        # A dilated kernel has to fit as well; the CPU kernels dilate no volumes.
        dilations = [choose.whole(1, 3) if 3 * (n - 1) < s else 1 for n, s in zip(kernel, shape)]
        steps["dilation_rate"] = [min(dilations)] * dims if choose.yes(50) else dilations
    groups = shape[-1] if dims < 3 and choose.yes(7) else 1
    filters = shape[-1] if keep else groups * choose.whole(1, 2) if groups > 1 else choose.of(
        [3, 2, 4]
    )
    if dims == 1 and not keep and choose.yes(10):
        padding = "causal"
    return getattr(layers, f"Conv{dims}D")(
        filters,
        kernel,
        padding=padding,
        groups=groups,
        use_bias=choose.yes(75),
        activation=function(choose, filters) if choose.yes(60) else None,
        name=choose.name("conv"),
        **steps,
    )


def other_convolution(choose: Chooser, shape: Shape) -> Any:
    """A depthwise, separable or transposed convolution on images."""
    size = choose.whole(1, min(3, *shape[:2]))
    options: dict[str, Any] = {
        "padding": choose.of(["valid", "same"]),
        "use_bias": choose.yes(75),
        "activation": function(choose, shape[-1]) if choose.yes(50) else None,
        "strides": choose.of([1, 1, 2]),
    }
    kind = choose.of(["depthwise", "separable", "transposed"])
    name = choose.name(kind)
    if kind == "depthwise":
        return layers.DepthwiseConv2D(
            size, depth_multiplier=choose.whole(1, 2), name=name, **options
        )
    if kind == "separable":
        return layers.SeparableConv2D(choose.of([3, 2]), size, name=name, **options)
    return layers.Conv2DTranspose(choose.of([3, 2]), size, name=name, **options)


def pooling(choose: Chooser, shape: Shape) -> Any:
    """A pooling over windows, of equal or unequal sides, often without overlap."""
    dims = len(shape) - 1
    window = [choose.whole(1, min(3, side)) for side in shape[:-1]]
    if choose.yes(60):
        window = [min(2, *shape[:-1])] * dims
    strides = [choose.whole(1, 3) for _ in window] if choose.yes(25) else None
    kind = choose.of(["Max", "Max", "Average"])
    return getattr(layers, f"{kind}Pooling{dims}D")(
        window,
        strides=strides,
        padding="same" if choose.yes(30) else "valid",
        name=choose.name(f"{kind.lower()}_pool"),
    )


def frame(choose: Chooser, shape: Shape) -> Any:
    """Zero padding, cropping or upsampling."""
    dims = len(shape) - 1
    kind = choose.of(["ZeroPadding", "Cropping", "UpSampling"])
    name = choose.name(kind.lower())
    if kind == "UpSampling":
        size = choose.of([2, 1]) if dims == 1 else [choose.whole(1, 2) for _ in range(dims)]
        smooth = {"interpolation": "bilinear"} if dims == 2 and choose.yes(50) else {}
        return getattr(layers, f"UpSampling{dims}D")(size, name=name, **smooth)
    edges = [
        tuple(choose.whole(0, 1 if side > 3 or kind == "ZeroPadding" else 0) for _ in "ab")
        for side in shape[:-1]
    ]
    return getattr(layers, f"{kind}{dims}D")(edges[0] if dims == 1 else edges, name=name)


def rearrangement(choose: Chooser, shape: Shape) -> Any:
    """The same numbers in another order or shape."""
    kind = choose.of(["permute", "reshape"])
    if kind == "permute":
        axes = choose.of([(2, 1), (1, 2)] if len(shape) == 2 else [(2, 1, 3), (3, 1, 2), (1, 3, 2)])
        axes = (*axes, 4) if len(shape) == 4 else axes
        return layers.Permute(axes, name=choose.name("permute"))
    first, *rest = shape
    wanted = choose.of([(first * rest[0], *rest[1:]), (first, math.prod(rest)), (*rest, first)])
    return layers.Reshape(wanted, name=choose.name("reshape"))


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
