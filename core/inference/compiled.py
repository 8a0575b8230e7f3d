"""The parts of a split graph as compiled functions."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any

import keras
import numpy as np
import numpy.typing as npt
import tensorflow as tf

from .graph import Graph
from .plan import Split

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
        function = self._function("suffix", self._suffix)
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

    def _suffix(self, frontier: Sequence[Any], masks: Sequence[Any]) -> Any:
        passes, images = keras.ops.shape(masks[0])[0], keras.ops.shape(frontier[0])[0]
        rows = passes * images
        fixed = dict(zip(self._split.frontier, frontier, strict=True))
        values: dict[int, Any] = {}
        for step in self._split.suffix:
            if step.dropout is not None:
                (value,) = step.inputs.values()
                (output,) = step.outputs
                features = (
                    fixed[value][None]
                    if value in fixed
                    else keras.ops.reshape(
                        values[value], (passes, images, *values[value].shape[1:])
                    )
                )
                dropped = features * masks[step.dropout.position]
                values[output] = keras.ops.reshape(dropped, (rows, *dropped.shape[2:]))
                continue
            for value in set(step.inputs.values()) & fixed.keys() - values.keys():
                values[value] = _tile(fixed[value], passes, rows)
            step.call(values)
        samples = values[self._graph.output]
        return keras.ops.reshape(samples, (passes, images, *samples.shape[1:]))

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


def _tile(features: Any, passes: Any, rows: Any) -> Any:
    """Repeat the features of N images for every pass, passes outermost."""
    sides = features.shape[1:]
    tiled = keras.ops.broadcast_to(features[None], (passes, *keras.ops.shape(features)))
    return keras.ops.reshape(tiled, (rows, *sides))
