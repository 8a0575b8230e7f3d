"""A mask of channels before layers that add up, as one matrix product.

With m a mask of channels, h the feature maps and f an affine layer (a convolution, say),

    f(m * h) = sum_c m_c r_c + f(0),    r_c = f(e_c h) - f(0),

where e_c h is h with all channels but c put to 0. The *responses* r_c do not depend on the pass:
they are computed once for each image, and a pass is then a row of the product of masks (T x C_in)
with responses (C_in x size of the output). For a 3x3 convolution that is nine times less
arithmetic. f(0), the bias with all that follows, is one more row, and its mask is always 1.

Layers between mask and f may be there if they treat each channel on its own and let a mask
through. A max pooling after f comes before activations that never fall, as a maximum of products.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

import keras

from .dropout import DropoutSpec
from .graph import Step, size
from .linear import (
    ELEMENT_COST,
    adds_constant,
    before_activation,
    multiplications,
)

_ops = keras.ops


@dataclass(frozen=True, slots=True, eq=False)
class ResponseStep:
    """Compute the responses, once for each image.

    Attributes:
        features: value that comes in, shape (N, ..., C_in).
        output: value that comes out, shape (P, C_in + 1, N, R): P places in a pooling window,
            R elements of what is left after the pooling.
        keeping: steps that treat each channel on its own.
        adding: affine steps after them; the last one's activation is left out.
        windows: sides of the windows of the max pooling that follows; empty without.
        channels: C_in.
    """

    name: str
    features: int
    output: int
    keeping: tuple[Step, ...]
    adding: tuple[Step, ...]
    windows: tuple[int, ...]
    channels: int

    def call(self, values: dict[int, Any]) -> None:
        """Run on `values`, and put the responses among them."""
        features = values[self.features]
        # What comes out for no features at all, of one image; None while that is nothing.
        constant = None
        for step in self.keeping:
            if constant is not None:
                constant = step.apply(constant)
            if adds_constant(step):
                nothing = step.apply(_nothing_like(features))
                features = step.apply(features) - nothing
                constant = nothing if constant is None else constant
            else:
                features = step.apply(features)
        first, *rest = self.adding
        rows = _expand(first, features, self.channels)
        constant = _constant(first, constant, rows)
        for step in rest:
            nothing = before_activation(step, _nothing_like(rows))
            rows = before_activation(step, rows) - nothing
            constant = before_activation(step, constant)
        num_images, shape = _ops.shape(features)[0], tuple(rows.shape[1:])
        rows = self._part(_ops.reshape(rows, (self.channels, num_images, *shape)), shape)
        constant = self._part(constant[None], shape)
        constant = _ops.broadcast_to(constant, (constant.shape[0], 1, num_images, rows.shape[-1]))
        values[self.output] = _ops.concatenate([rows, constant], axis=1)

    def _part(self, rows: Any, shape: tuple[int, ...]) -> Any:
        """Part rows (C_in, N, *shape) by places in a pooling window: (P, C_in, N, R)."""
        units = rows.shape[0]
        if not self.windows:
            return _ops.reshape(rows, (1, units, -1, math.prod(shape)))
        sides = [side // part for side, part in zip(shape, self.windows, strict=False)]
        pairs = list(zip(sides, self.windows, strict=True))
        # What the pooling never reads is not kept.
        rows = rows[(slice(None), slice(None), *(slice(0, n * p) for n, p in pairs))]
        split = [number for pair in pairs for number in pair]
        rows = _ops.reshape(rows, (units, -1, *split, shape[-1]))
        axes = range(2, 2 + len(split))
        rows = _ops.transpose(rows, (*axes[1::2], 0, 1, *axes[::2], 2 + len(split)))
        places, length = math.prod(self.windows), math.prod(sides) * shape[-1]
        return _ops.reshape(rows, (places, units, -1, length))


@dataclass(frozen=True, slots=True, eq=False)
class MaskedProduct:
    """A dropout layer and what follows, as masks times responses.

    Attributes:
        responses: value from the `ResponseStep`.
        output: value that comes out, shape (passes * images, *output_shape).
        output_shape: of one image.
        num_places: places in a pooling window, 1 without pooling.
        dropout: what is dropped.
        activations: applied to what comes out, in this order.
    """

    name: str
    responses: int
    output: int
    output_shape: tuple[int, ...]
    num_places: int
    dropout: DropoutSpec
    activations: tuple[Callable[[Any], Any], ...]

    @property
    def reads(self) -> tuple[int, ...]:
        """Values that are read."""
        return (self.responses,)

    @property
    def output_size(self) -> int:
        """Elements of the products for one image in one pass."""
        return self.num_places * math.prod(self.output_shape)

    def run(self, responses: Any, mask: Any, *, shared: bool) -> Any:
        """Run passes.

        Args:
            responses: shape (P, C_in + 1, N, R).
            mask: shape (T, M, C_in + 1), the last column 1.
            shared: whether M is 1, one mask for all images.

        Returns:
            Shape (T * N, *output_shape).
        """
        products = [
            self._product(responses[place], mask, shared=shared) for place in range(self.num_places)
        ]
        # Pairwise, instead of a reduction over a short axis, which is several times slower.
        while len(products) > 1:
            pairs = zip_longest(products[::2], products[1::2])
            products = [a if b is None else _ops.maximum(a, b) for a, b in pairs]
        result = _ops.reshape(products[0], (-1, *self.output_shape))
        for activation in self.activations:
            result = activation(result)
        return result

    def _product(self, responses: Any, mask: Any, *, shared: bool) -> Any:
        units, length = self.dropout.num_units + 1, responses.shape[2]
        if not shared:
            return _ops.einsum("tnc,cnr->tnr", mask, responses)
        rows = _ops.matmul(_ops.reshape(mask, (-1, units)), _ops.reshape(responses, (units, -1)))
        return _ops.reshape(rows, (-1, length))


def _nothing_like(features: Any) -> Any:
    """Zeros of the shape of one image's features."""
    return _ops.zeros((1, *_ops.shape(features)[1:]), features.dtype)


def _constant(step: Step, constant: Any, rows: Any) -> Any:
    """Return what the first adding step makes of no features, of one image."""
    if constant is not None:
        return before_activation(step, constant)
    constant = _nothing_like(rows)
    bias = getattr(step.operation, "bias", None)
    if bias is None:
        return constant
    channels_first = getattr(step.operation, "data_format", "") == "channels_first"
    sides = [1] * (len(rows.shape) - 2)
    return constant + _ops.reshape(bias, (1, -1, *sides) if channels_first else (1, *sides, -1))


def _expand(step: Step, features: Any, channels: int) -> Any:
    """Return the responses of the first adding step, shape (C_in * N, ...)."""
    layer = step.operation
    if _fits_depthwise(layer):
        # The kernel as it stands is that of a depthwise convolution with C_out maps a channel.
        responses = _ops.depthwise_conv(
            features,
            layer.kernel,
            strides=layer.strides,
            padding=layer.padding,
            data_format="channels_last",
            dilation_rate=layer.dilation_rate,
        )
        sides = tuple(responses.shape[1:-1])
        axes = len(sides)
        responses = _ops.reshape(responses, (-1, *sides, channels, layer.filters))
        responses = _ops.transpose(responses, (axes + 1, 0, *range(1, axes + 1), axes + 2))
        return _ops.reshape(responses, (-1, *sides, layer.filters))
    if type(layer) is keras.layers.Dense and len(features.shape) == 2:
        responses = _ops.transpose(features)[:, :, None] * layer.kernel[:, None, :]
        return _ops.reshape(responses, (-1, layer.units))
    # Any other layer: run it on one channel at a time, each channel an image of its own.
    one_hot = _ops.eye(channels, dtype=features.dtype)
    one_hot = _ops.reshape(one_hot, (channels, *(1 for _ in features.shape[:-1]), channels))
    shape = tuple(features.shape[1:])
    apart = _ops.reshape(features[None] * one_hot, (-1, *shape))
    nothing = before_activation(step, _nothing_like(features))
    return before_activation(step, apart) - nothing


def costs_once(step: Step, channels: int) -> int:
    """Multiplications, roughly, for the responses of a first adding step for one image."""
    layer = step.operation
    if _fits_depthwise(layer):
        return multiplications(step) + ELEMENT_COST * channels * size(step.output_shapes[0])
    if type(layer) is keras.layers.Dense and len(step.input_shapes[0]) == 1:
        return ELEMENT_COST * multiplications(step)
    return channels * (multiplications(step) + ELEMENT_COST * size(step.input_shapes[0]))


def _fits_depthwise(layer: Any) -> bool:
    return (
        type(layer) in (keras.layers.Conv1D, keras.layers.Conv2D)
        and layer.data_format == "channels_last"
        and layer.groups == 1
        and len(set(layer.strides)) == 1
        and layer.padding in ("valid", "same")
    )
