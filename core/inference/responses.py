"""A channel mask before a convolution, as one matrix product.

With m >= 0 a mask of channels, h the feature maps and W the kernel,

    conv(m * h, W) = sum_c m_c conv(h_c, W_c).

The *responses* conv(h_c, W_c) do not depend on the pass: one depthwise convolution for each image
gives them all, and a pass is then a row of the product of masks (T x C_in) with responses
(C_in x H W C_out). For a 3x3 kernel that is nine times less arithmetic.

Layers between mask and convolution commute with the mask if f(m x) = m f(x) for every m >= 0.
A max pooling after the convolution comes before its bias and activation if that never falls, and
the responses are laid out so that the pooling is a maximum of whole rows.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import keras

from ..limits import MAX_RESPONSE_BYTES
from .graph import DropoutSpec, Step

_POOLINGS = (keras.layers.MaxPooling2D, keras.layers.AveragePooling2D)
_NEVER_FALLING = frozenset(
    {"linear", "relu", "leaky_relu", "relu6", "sigmoid", "tanh", "elu", "selu", "softplus"}
)
_FLOAT_BYTES = 4


@dataclass(frozen=True, slots=True, eq=False)
class ResponseStep:
    """Compute the responses, once for each image.

    Attributes:
        features: value that comes in, shape (N, H, W, C_in).
        output: value that comes out, shape (C_in, N, R): R runs over the places of a pooling
            window, then rows, columns and C_out of what is left.
        convolution: the Keras layer.
        pooling: sides of the windows of the max pooling that follows; (1, 1) without.
    """

    name: str
    features: int
    output: int
    convolution: Any
    pooling: tuple[int, int]

    def call(self, values: dict[int, Any]) -> None:
        """Run on `values`, and put the responses among them."""
        layer = self.convolution
        responses = keras.ops.depthwise_conv(
            values[self.features],
            layer.kernel,
            strides=layer.strides,
            padding=layer.padding,
            data_format="channels_last",
            dilation_rate=layer.dilation_rate,
        )
        channels, filters = layer.kernel.shape[2:]
        height, width = responses.shape[1:3]
        (down, across), (rows, columns) = self.pooling, self.pooled_sides((height, width))
        # What the pooling never reads is never computed again.
        responses = responses[:, : rows * down, : columns * across]
        responses = keras.ops.reshape(
            responses, (-1, rows, down, columns, across, channels, filters)
        )
        responses = keras.ops.transpose(responses, (5, 0, 2, 4, 1, 3, 6))
        values[self.output] = keras.ops.reshape(
            responses, (channels, -1, down * across * rows * columns * filters)
        )

    def pooled_sides(self, sides: tuple[int, int]) -> tuple[int, int]:
        """Rows and columns after the pooling."""
        return sides[0] // self.pooling[0], sides[1] // self.pooling[1]


@dataclass(frozen=True, slots=True, eq=False)
class MaskedProduct:
    """A dropout layer, a convolution and perhaps a max pooling, as masks times responses.

    Attributes:
        responses: value from the `ResponseStep`.
        output: value that comes out, shape (passes * images, rows, columns, C_out).
        output_sides: rows and columns of it.
        dropout: what is dropped.
        convolution: the Keras layer.
        windows: places in a pooling window, 1 without pooling.
    """

    name: str
    responses: int
    output: int
    output_sides: tuple[int, int]
    dropout: DropoutSpec
    convolution: Any
    windows: int

    @property
    def inputs(self) -> Sequence[int]:
        """Values that are read."""
        return (self.responses,)

    @property
    def output_size(self) -> int:
        """Elements of the product for one image in one pass."""
        return self.windows * math.prod(self.output_sides) * int(self.convolution.filters)

    def run(self, responses: Any, mask: Any, *, shared: bool) -> Any:
        """Run passes.

        Args:
            responses: shape (C_in, N, R).
            mask: shape (T, M, 1, 1, C_in).
            shared: whether M is 1, one mask for all images.

        Returns:
            Shape (T * N, rows, columns, C_out).
        """
        channels, size = responses.shape[0], responses.shape[2]
        if shared:
            flat = keras.ops.reshape(responses, (channels, -1))
            product = keras.ops.matmul(keras.ops.reshape(mask, (-1, channels)), flat)
        else:
            product = keras.ops.einsum("tnc,cnr->tnr", mask[:, :, 0, 0], responses)
        # Slices instead of a reduction over a short axis, which is several times slower.
        product = keras.ops.reshape(product, (-1, size))
        part = size // self.windows
        pooled = product[:, :part]
        for window in range(1, self.windows):
            pooled = keras.ops.maximum(pooled, product[:, window * part : (window + 1) * part])
        layer = self.convolution
        result = keras.ops.reshape(pooled, (-1, *self.output_sides, layer.filters))
        if layer.use_bias:
            result = result + layer.bias
        return layer.activation(result)


@dataclass(frozen=True, slots=True)
class Match:
    """A place where the rewrite applies.

    Attributes:
        replaced: the dropout step and those after it that the rewrite stands for.
        before: of these, the steps between mask and convolution: they run once for each image.
        first: what is computed once.
        then: what is computed in every pass.
    """

    replaced: tuple[Step, ...]
    before: tuple[Step, ...]
    first: ResponseStep
    then: MaskedProduct


def match_responses(dropout: Step, followers: dict[int, list[Step]], new_value: int) -> Match | str:
    """Find the rewrite that starts at a dropout step, or say why there is none.

    Args:
        dropout: a step that drops units of features that no earlier dropout changed.
        followers: the steps that read each value.
        new_value: an unused number, for the responses.

    Returns:
        The match, or the reason as the end of a sentence.
    """
    spec = dropout.dropout
    if spec is None or len(spec.noise_shape) != 3 or spec.noise_shape[:2] != (1, 1):
        return "its mask is not one of channels"
    (value,) = dropout.outputs
    chain: list[Step] = []
    while True:
        readers = followers.get(value, [])
        if len(readers) != 1:
            return "not exactly one layer reads what it leaves"
        (step,) = readers
        if type(step.operation) is keras.layers.Conv2D:
            break
        if not _commutes(step.operation):
            return f"{step.name} does not commute with a mask"
        chain.append(step)
        (value,) = step.outputs
    if reason := _unfit(step.operation):
        return f"{step.name} {reason}"
    return _build(dropout, spec, tuple(chain), step, followers, new_value)


def _build(
    dropout: Step,
    spec: DropoutSpec,
    chain: tuple[Step, ...],
    convolution: Step,
    followers: dict[int, list[Step]],
    new_value: int,
) -> Match | str:
    layer = convolution.operation
    height, width = convolution.output_shapes[0][:2]
    if height is None or width is None:
        return "the size of its images may vary"
    (output,) = convolution.outputs
    pooling, replaced = (1, 1), (dropout, *chain, convolution)
    readers = followers.get(output, [])
    if len(readers) == 1 and _folds(readers[0].operation, layer):
        pooling = tuple(readers[0].operation.pool_size)
        (output,) = readers[0].outputs
        replaced = (*replaced, readers[0])
    # The chain runs on undropped features.
    (features,) = dropout.inputs.values()
    before = []
    for step in chain:
        before.append(replace(step, inputs=dict.fromkeys(step.inputs, features)))
        (features,) = step.outputs
    first = ResponseStep(f"responses of {layer.name}", features, new_value, layer, pooling)
    sides = first.pooled_sides((height, width))
    then = MaskedProduct(
        f"masks x responses of {layer.name}",
        new_value,
        output,
        sides,
        spec,
        layer,
        math.prod(pooling),
    )
    if then.output_size * spec.num_units * _FLOAT_BYTES > MAX_RESPONSE_BYTES:
        return f"the responses would be larger than {MAX_RESPONSE_BYTES >> 20} MiB an image"
    return Match(replaced, tuple(before), first, then)


def _commutes(layer: Any) -> bool:
    """Whether layer(m x) = m layer(x) for every mask of channels m >= 0."""
    if type(layer) in _POOLINGS:
        return bool(layer.data_format == "channels_last")
    if type(layer) is keras.layers.ReLU:
        return layer.max_value is None and not layer.threshold
    if type(layer) is keras.layers.Activation:
        return getattr(layer.activation, "__name__", "") in ("relu", "leaky_relu", "linear")
    return type(layer) is keras.layers.LeakyReLU


def _unfit(layer: Any) -> str:
    """Why responses cannot stand for a convolution, or nothing."""
    if layer.data_format != "channels_last":
        return "has its channels first"
    if layer.groups != 1:
        return "works in groups of channels"
    if math.prod(layer.kernel_size) == 1:
        return "has a 1x1 kernel, which responses would not save anything on"
    if layer.strides[0] != layer.strides[1]:
        return "has strides of two sizes"
    if getattr(layer, "quantization_mode", None) or getattr(layer, "lora_enabled", False):
        return "has a kernel that is not one plain array"
    return ""


def _folds(pooling: Any, convolution: Any) -> bool:
    """Whether a pooling may come before the convolution's bias and activation, as a maximum."""
    return (
        type(pooling) is keras.layers.MaxPooling2D
        and pooling.data_format == "channels_last"
        and pooling.padding == "valid"
        and tuple(pooling.pool_size) == tuple(pooling.strides)
        and getattr(convolution.activation, "__name__", "") in _NEVER_FALLING
    )
