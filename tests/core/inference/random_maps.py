"""Random Keras layers for feature maps: convolutions, poolings, and what changes the sides.

Shapes are those of one image, channels last: (L, C), (H, W, C) or (D, H, W, C).
"""

from __future__ import annotations

import math
from typing import Any

import keras

from tests.core.inference.chooser import Chooser
from tests.core.inference.random_activations import Shape, function

layers = keras.layers


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
        # TensorFlow 2.21 reads what it never wrote where strides differ and one place is left:
        # tf.nn.conv2d(ones(1, 9, 5, 1), ones(1, 4, 1, 1), [1, 1, 2, 1], "VALID").
        places = [(s - n) // step + 1 for s, n, step in zip(shape, kernel, strides, strict=False)]
        even = choose.yes(50) or min(places) < 2
        steps["strides"] = strides[:1] * dims if even else strides
    elif dims < 3 and choose.yes(20):
        # A dilated kernel has to fit as well; the CPU kernels dilate no volumes.
        dilations = [
            choose.whole(1, 3) if 3 * (n - 1) < s else 1
            for n, s in zip(kernel, shape[:-1], strict=True)
        ]
        steps["dilation_rate"] = [min(dilations)] * dims if choose.yes(50) else dilations
    groups = shape[-1] if dims < 3 and choose.yes(7) else 1
    filters = (
        shape[-1] if keep else groups * choose.whole(1, 2) if groups > 1 else choose.of([3, 2, 4])
    )
    if dims == 1 and not keep and choose.yes(10):
        padding = "causal"
    return getattr(layers, f"Conv{dims}D")(
        filters,
        kernel,
        padding=padding,
        groups=groups,
        use_bias=choose.yes(75),
        activation=function(choose, filters) if choose.yes(80) else None,
        name=choose.name("conv"),
        **steps,
    )


def pooled_convolution(choose: Chooser, shape: Shape) -> list[Any]:
    """A convolution with an activation that falls somewhere, and a max pooling in tiles.

    The pooling may not come before such an activation, which shows only where all of a tile is
    in the part that falls: too rare to be left to chance.
    """
    found = convolution(choose, shape)
    falling = ["gelu", "silu"] if found.filters == 1 else ["softmax", "gelu", "silu"]
    found.activation = keras.activations.get(choose.of(falling))
    sides = found.compute_output_shape((None, *shape))[1:-1]
    tile = [min(2, side) for side in sides]
    pool = getattr(layers, f"MaxPooling{len(sides)}D")
    return [found, pool(tile, name=choose.name("max_pool"))] if all(sides) else []


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
    if choose.yes(60):
        window = [min(2, *shape[:-1])] * dims
    else:
        window = [choose.whole(1, min(3, side)) for side in shape[:-1]]
    strides = [choose.whole(1, 3) for _ in window] if choose.yes(15) else None
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
