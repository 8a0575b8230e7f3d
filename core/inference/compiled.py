"""The parts of a split graph as compiled functions."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import keras
import numpy as np
import numpy.typing as npt
import tensorflow as tf

from .graph import Graph
from .plan import Split
from .responses import MaskedProduct

Array = npt.NDArray[Any]


class CompiledGraph:
    """A split graph, compiled once for any number of passes and images.

    Masks go in as arrays, so another rate or seed is another input, never another trace.
    """

    def __init__(self, graph: Graph, split: Split) -> None:
        self._graph = graph
        self._split = split
        # Two threads that trace one function at once would build Keras' graph twice.
        self._tracing = threading.Lock()
        self._functions: dict[str, Callable[..., Any]] = {}

    def prefix(self, images: Array) -> list[Any]:
        """Compute the frontier for images of shape (N, ...), once for all passes."""
        return list(self._function("prefix", self._prefix)(tf.convert_to_tensor(images)))

    def suffix(self, frontier: Sequence[Any], masks: Sequence[Array]) -> npt.NDArray[np.float32]:
        """Run passes.

        Args:
            frontier: from `prefix`, N images.
            masks: for each dropout layer shape (T, M, *noise_shape), M is 1 or N.

        Returns:
            Softmax samples, shape (T, N, C).
        """
        # One image meets the same masks either way, and a shared mask costs less.
        shared = all(mask.shape[1] == 1 for mask in masks)
        function = self._function(f"suffix, {shared=}", partial(self._suffix, shared=shared))
        return np.asarray(function(list(frontier), [tf.convert_to_tensor(mask) for mask in masks]))

    def twin(self, images: Array) -> npt.NDArray[np.float32]:
        """One pass without dropout, shape (N, C)."""
        return np.asarray(self._function("twin", self._twin)(tf.convert_to_tensor(images)))

    def _function(self, name: str, body: Callable[..., Any]) -> Callable[..., Any]:
        with self._tracing:
            if name not in self._functions:
                self._functions[name] = tf.function(body, reduce_retracing=True)
            return self._functions[name]

    def _prefix(self, images: Any) -> list[Any]:
        values = {self._graph.input: images}
        for step in self._split.prefix:
            step.call(values)
        return [values[value] for value in self._split.frontier]

    def _suffix(self, frontier: Sequence[Any], masks: Sequence[Any], *, shared: bool) -> Any:
        passes = keras.ops.shape(masks[0])[0]
        fixed = dict(zip(self._split.frontier, frontier, strict=True))
        values: dict[int, Any] = {}  # of every pass: passes times images on the first axis
        for step in self._split.suffix:
            if isinstance(step, MaskedProduct):
                mask = masks[step.dropout.position]
                values[step.output] = step.run(fixed[step.responses], mask, shared=shared)
            elif step.dropout is not None:
                (value,), (output,) = step.inputs.values(), step.outputs
                apart = (
                    fixed[value][None]
                    if value in fixed
                    else _split_rows(values[value], (passes, -1))
                )
                values[output] = _join_rows(apart * masks[step.dropout.position])
            else:
                for value in fixed.keys() & step.inputs.values() - values.keys():
                    features = fixed[value]
                    values[value] = _join_rows(
                        keras.ops.broadcast_to(features[None], (passes, *keras.ops.shape(features)))
                    )
                step.call(values)
        return _split_rows(values[self._graph.output], (passes, -1))

    def _twin(self, images: Any) -> Any:
        values = {self._graph.input: images}
        for step in self._graph.steps:
            if step.dropout is None:
                step.call(values)
            else:
                (value,) = step.inputs.values()
                (output,) = step.outputs
                values[output] = values[value]
        return values[self._graph.output]


def _split_rows(features: Any, rows: tuple[Any, int]) -> Any:
    """Part the first axis into passes and images."""
    return keras.ops.reshape(features, (*rows, *keras.ops.shape(features)[1:]))


def _join_rows(features: Any) -> Any:
    """Join passes and images to one axis."""
    return keras.ops.reshape(features, (-1, *keras.ops.shape(features)[2:]))
