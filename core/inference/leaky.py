"""Leaky ReLU in other words, where TensorFlow would compute another one.

TensorFlow 2.21 joins convolution, bias, addition and leaky ReLU to one kernel of oneDNN whenever a
function is compiled, and that kernel falls below zero by 0.2 x whatever slope was asked for. A
residual block that ends in `LeakyReLU(0.3)` comes out wrong by that in every compiled call, Keras'
own `predict` included; layer by layer it is right, and so it is here.
"""

from __future__ import annotations

from typing import Any

import keras


def leaky_slope(operation: Any) -> float | None:
    """Return the slope below zero of a leaky ReLU, layer or operation; None for all others."""
    if isinstance(operation, keras.layers.ReLU):
        simple = operation.max_value is None and not operation.threshold
        return float(operation.negative_slope) if simple and operation.negative_slope else None
    # `keras.ops.leaky_relu` on symbolic tensors makes an operation of a class that is not public.
    if type(operation).__name__ in ("LeakyReLU", "LeakyRelu"):
        return float(operation.negative_slope)
    return None


def leaky_relu(features: Any, slope: float) -> Any:
    """Return x where x > 0, and slope times x elsewhere, without the kernel's name."""
    return keras.ops.where(features > 0, features, slope * features)
