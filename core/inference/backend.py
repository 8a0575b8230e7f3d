"""The compiler and the arrays of the backend that Keras runs on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import keras
import numpy as np
import numpy.typing as npt

from ..errors import InvalidInputError

Array = npt.NDArray[Any]


def compile_function(body: Callable[..., Any], variables: Sequence[Any]) -> Callable[..., Any]:
    """Return `body` compiled, for arguments that are arrays or lists of them, of any size.

    Args:
        body: a function of tensors, written in `keras.ops`.
        variables: Keras' variables that it reads; what they hold at a call is what counts.

    Raises:
        InvalidInputError: Keras runs on a backend that no compiler is known for.
    """
    name = keras.backend.backend()
    if name == "tensorflow":
        import tensorflow as tf

        # Variables are captured by reference.
        return tf.function(body, reduce_retracing=True, autograph=False)  # type: ignore[no-any-return]
    if name == "jax":
        import jax

        def with_values(values: list[Any], *arguments: Any) -> Any:
            # Captured as they are, they would be constants of the compiled function.
            with keras.StatelessScope(state_mapping=list(zip(variables, values, strict=True))):
                return body(*arguments)

        compiled = jax.jit(with_values)
        return lambda *arguments: compiled([v.value for v in variables], *arguments)
    raise InvalidInputError(
        "KERAS_BACKEND",
        expected="tensorflow or jax",
        received=name,
        advice="Set the environment variable KERAS_BACKEND before Keras is imported.",
    )


def to_tensor(array: Array) -> Any:
    """Return an array as a tensor of the backend."""
    return keras.ops.convert_to_tensor(array)


def to_numpy(tensor: Any) -> Array:
    """Return a tensor as an array."""
    return np.asarray(tensor)
