"""Which layers let a mask through: what a Keras layer does to m * x, told by its kind.

With m a mask and x the features it multiplies, a layer is

* *affine*, channel by channel: f(m x) = m (f(x) - f(0)) + f(0) for every mask m of channels;
* *homogeneous*, channel by channel: f(m x) = m f(x) for every mask m >= 0 of channels;
* *affine*, whatever it mixes: f(x + y) - f(0) = (f(x) - f(0)) + (f(y) - f(0)).
"""

from __future__ import annotations

from typing import Any

import keras

from .graph import Step, size

_layers = keras.layers

# An element that is read and written costs about as much time as this many multiplications
# inside a matrix product.
ELEMENT_COST = 16

_MAX_POOLINGS = (_layers.MaxPooling1D, _layers.MaxPooling2D, _layers.MaxPooling3D)
_KEEP_CHANNELS = (
    _layers.AveragePooling1D,
    _layers.AveragePooling2D,
    _layers.AveragePooling3D,
    _layers.GlobalAveragePooling1D,
    _layers.GlobalAveragePooling2D,
    _layers.GlobalAveragePooling3D,
    _layers.ZeroPadding1D,
    _layers.ZeroPadding2D,
    _layers.ZeroPadding3D,
    _layers.Cropping1D,
    _layers.Cropping2D,
    _layers.Cropping3D,
    _layers.UpSampling1D,
    _layers.UpSampling2D,
    _layers.UpSampling3D,
)
_CHANNEL_MAXIMA = (
    *_MAX_POOLINGS,
    _layers.GlobalMaxPooling1D,
    _layers.GlobalMaxPooling2D,
    _layers.GlobalMaxPooling3D,
)
_WEIGHTED = (
    _layers.Conv1D,
    _layers.Conv2D,
    _layers.Conv3D,
    _layers.DepthwiseConv1D,
    _layers.DepthwiseConv2D,
    _layers.SeparableConv1D,
    _layers.SeparableConv2D,
    _layers.Conv1DTranspose,
    _layers.Conv2DTranspose,
    _layers.Conv3DTranspose,
    _layers.Dense,
)
_PARTED = (_layers.Conv1D, _layers.Conv2D, _layers.Conv3D, _layers.Dense)
_SHAPING = (_layers.Flatten, _layers.Reshape, _layers.Permute)
_NEVER_FALLING = frozenset(
    {"linear", "relu", "leaky_relu", "relu6", "sigmoid", "tanh", "elu", "selu", "softplus"}
)


def activation_name(layer: Any) -> str:
    """Name of a layer's activation if it is one of Keras'; "linear" where it has none."""
    activation = getattr(layer, "activation", None)
    if activation is None:
        return "linear"
    name = str(getattr(activation, "__name__", ""))
    # A function of somebody's own may be called relu as well.
    return name if getattr(keras.activations, name, None) is activation else "not one of Keras'"


def keeps_channels_affine(step: Step) -> bool:
    """Whether a step multiplies and shifts each channel on its own, and mixes none."""
    layer = step.operation
    if type(layer) in _KEEP_CHANNELS:
        return bool(getattr(layer, "data_format", "channels_last") == "channels_last")
    if type(layer) is _layers.BatchNormalization:
        return layer.axis in (-1, len(step.input_shapes[0]))
    if type(layer) is _layers.Activation:
        return activation_name(layer) == "linear"
    return type(layer) in (_layers.Identity, _layers.Rescaling)


def adds_constant(step: Step) -> bool:
    """Whether a step may make something of nothing: f(0) is not 0."""
    return type(step.operation) in (_layers.BatchNormalization, _layers.Rescaling)


def keeps_channels_homogeneous(step: Step) -> bool:
    """Whether f(m x) = m f(x) for every mask m >= 0 of channels."""
    layer = step.operation
    if type(layer) in _CHANNEL_MAXIMA:
        return bool(layer.data_format == "channels_last")
    if type(layer) is _layers.ReLU:
        return layer.max_value is None and not layer.threshold
    if type(layer) is _layers.Activation:
        return activation_name(layer) in ("relu", "leaky_relu")
    return type(layer) in (_layers.LeakyReLU, _layers.PReLU)


def is_affine(step: Step) -> bool:
    """Whether a step is affine but for its activation, whatever it mixes."""
    layer = step.operation
    if getattr(layer, "compute_dtype", "float32") != "float32":
        return False
    if type(layer) in _WEIGHTED:
        # Kernels that are not one plain array compute something else as well, and only of some
        # layers can what comes before the activation be had: see `before_activation`.
        return not (
            getattr(layer, "quantization_mode", None)
            or getattr(layer, "lora_enabled", False)
            or (activation_name(layer) != "linear" and not _can_be_parted(layer))
        )
    return type(layer) in _SHAPING or keeps_channels_affine(step)


def _can_be_parted(layer: Any) -> bool:
    """Whether `before_activation` knows what a layer computes before its activation."""
    return type(layer) in _PARTED and getattr(layer, "padding", "") != "causal"


def before_activation(step: Step, features: Any) -> Any:
    """Return what an affine step makes of `features`, its activation left out."""
    layer = step.operation
    if activation_name(layer) == "linear":
        return step.apply(features)
    if type(layer) is _layers.Dense:
        result = keras.ops.matmul(features, layer.kernel)
    else:
        result = layer.convolution_op(features, layer.kernel)
    if not layer.use_bias:
        return result
    channels_first = getattr(layer, "data_format", "channels_last") == "channels_first"
    sides = (1,) * (len(step.output_shapes[0]) - 1)
    shape = (1, -1, *sides) if channels_first else (1, *sides, -1)
    return result + keras.ops.reshape(layer.bias, shape)


def is_never_falling(step: Step) -> bool:
    """Whether a step is elementwise, and larger inputs never give smaller outputs."""
    layer = step.operation
    if type(layer) is _layers.ReLU:
        return bool(not layer.threshold and layer.negative_slope >= 0)
    if type(layer) is _layers.LeakyReLU:
        return bool(layer.negative_slope >= 0)
    return type(layer) is _layers.Activation and is_activation_never_falling(layer)


def is_activation_never_falling(layer: Any) -> bool:
    """Whether a layer's activation is elementwise and never falls."""
    return activation_name(layer) in _NEVER_FALLING


def pooling_windows(step: Step) -> tuple[int, ...] | None:
    """Sides of the windows of a max pooling that parts its input without overlap; else None."""
    layer, sides = step.operation, step.input_shapes[0][:-1]
    if type(layer) not in _MAX_POOLINGS or layer.data_format != "channels_last" or None in sides:
        return None
    windows = tuple(int(side) for side in layer.pool_size)
    padded = layer.padding == "same" and any(
        (side or 0) % part for side, part in zip(sides, windows, strict=True)
    )
    return None if padded or windows != tuple(layer.strides) else windows


def multiplications(step: Step) -> int:
    """Multiplications of a step for one image in one pass, roughly."""
    if type(step.operation) not in _WEIGHTED:
        return ELEMENT_COST * step.output_size
    kernels = sum(size(w.shape) for w in step.operation.weights if len(w.shape) > 1)
    # A transposed convolution spreads each input place, the others gather each output place.
    spread = "Transpose" in type(step.operation).__name__
    shape = step.input_shapes[0] if spread else step.output_shapes[0]
    return kernels * size(shape[:-1])
