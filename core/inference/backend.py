"""The compiler and the arrays of the backend that Keras runs on."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import keras
import numpy as np
import numpy.typing as npt
from cachetools import LRUCache

from ..errors import InvalidInputError

Array = npt.NDArray[Any]

_TRACES = 256  # shapes of arguments of one function whose trace is remembered


def compile_function(body: Callable[..., Any], variables: Sequence[Any]) -> Callable[..., Any]:
    """Return `body` compiled, for arguments that are arrays or lists of them, of any size.

    Args:
        body: a function of tensors, written in `keras.ops`.
        variables: Keras' variables that it reads; what they hold at a call is what counts.

    Raises:
        InvalidInputError: Keras runs on a backend that no compiler is known for.
    """
    if _backend() == "tensorflow":
        return _tensorflow_function(body)
    import jax

    def with_values(values: list[Any], *arguments: Any) -> Any:
        # Captured as they are, they would be constants of the compiled function.
        with keras.StatelessScope(state_mapping=list(zip(variables, values, strict=True))):
            return body(*arguments)

    compiled = jax.jit(with_values)
    return lambda *arguments: compiled([v.value for v in variables], *arguments)


def runs_on_gpu() -> bool:
    """Whether the backend computes on a GPU.

    Raises:
        InvalidInputError: see `compile_function`.
    """
    if _backend() == "tensorflow":
        import tensorflow as tf

        return bool(tf.config.list_logical_devices("GPU"))
    import jax

    return bool(jax.default_backend() != "cpu")


def gpu_bytes() -> int | None:
    """Return how much memory of its GPU the backend may use; None where it computes on a CPU.

    Raises:
        InvalidInputError: see `compile_function`.
    """
    if not runs_on_gpu():
        return None
    if _backend() == "tensorflow":
        from tensorflow.python.client import device_lib

        limits = [
            int(device.memory_limit)
            for device in device_lib.list_local_devices()
            if device.device_type == "GPU"
        ]
    else:
        import jax

        limits = [int((jax.devices()[0].memory_stats() or {}).get("bytes_limit", 0))]
    return max(limits, default=0)


def runs_branches_at_once() -> bool:
    """Whether parts of one compiled function that do not need each other run side by side."""
    return _backend() == "tensorflow"


def _backend() -> str:
    name = str(keras.backend.backend())
    if name not in ("tensorflow", "jax"):
        raise InvalidInputError(
            "KERAS_BACKEND",
            expected="tensorflow or jax",
            received=name,
            advice="Set the environment variable KERAS_BACKEND before Keras is imported.",
        )
    return name


def _tensorflow_function(body: Callable[..., Any]) -> Callable[..., Any]:
    """Compile without TensorFlow's remapper, which joins operations to kernels that are wrong.

    In TensorFlow 2.21 a convolution, its bias, an addition and a leaky ReLU become one oneDNN
    kernel that falls by 0.2 below zero whatever slope was asked for: a residual block ending in
    `LeakyReLU(0.3)` comes out wrong in every compiled call, Keras' own `predict` included. Others
    fail at run time. What the remapper saves was not to be measured here.
    """
    import tensorflow as tf
    from tensorflow.python.eager import context

    # Variables are captured by reference. A partial's keywords would be asked for at each call.
    compiled = tf.function(
        lambda *arguments: body(*arguments), reduce_retracing=True, autograph=False
    )
    traces: LRUCache[Any, Any] = LRUCache(_TRACES)
    lock = threading.Lock()

    def call(*arguments: Any) -> Any:
        # Which trace fits is found by shapes here; `compiled` would take ten times as long to see.
        key = _shapes(arguments)
        with lock:
            trace = traces.get(key)
        if trace is None:
            trace = compiled.get_concrete_function(*arguments)
            with lock:
                traces[key] = trace
        current = context.context()
        before = current.function_call_options
        # Of this thread only; `tf.config.optimizer` would set it for the whole process.
        current.function_call_options = _without_remapper()
        try:
            return trace(*arguments)
        finally:
            current.function_call_options = before

    return call


def _shapes(value: Any) -> Any:
    """Return the shapes and types of tensors in lists."""
    if isinstance(value, list | tuple):
        return tuple(map(_shapes, value))
    return tuple(value.shape), value.dtype


@cache
def _without_remapper() -> Any:
    from tensorflow.core.protobuf import rewriter_config_pb2
    from tensorflow.python.eager import context

    config = context.context().config
    config.graph_options.rewrite_options.remapping = rewriter_config_pb2.RewriterConfig.OFF
    return context.FunctionCallOptions(config_proto=config)


def to_tensor(array: Array) -> Any:
    """Return an array as a tensor of the backend."""
    return keras.ops.convert_to_tensor(array)


def to_numpy(tensor: Any) -> Array:
    """Return a tensor as an array."""
    return np.asarray(tensor)
