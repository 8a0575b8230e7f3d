"""The parts of a split graph as compiled functions."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import keras
import numpy as np
import numpy.typing as npt

from .backend import Array, compile_function, to_numpy, to_tensor
from .dropout import ALPHA_FLOOR
from .graph import Graph, Shape
from .plan import Split
from .responses import MaskedProduct

_ops = keras.ops


@dataclass(frozen=True, slots=True, eq=False)
class Masks:
    """The masks of T passes, as tensors.

    Attributes:
        features: for each dropout call what its features are multiplied by.
        rows: for each product what its responses are multiplied by, shape (T, M, C_in + 1).
        are_shared: whether all images meet the same masks.
        num_bytes: of them all.
    """

    features: list[Any]
    rows: list[Any]
    are_shared: bool
    num_bytes: int


class CompiledGraph:
    """A split graph, compiled once for any number of passes and images.

    Masks go in as arrays, so another rate or seed is another input, never another trace.
    """

    def __init__(self, graph: Graph, split: Split, variables: Sequence[Any]) -> None:
        self._graph = graph
        self._split = split
        self._variables = variables
        # Two threads that make one function at once would each trace their own.
        self._making = threading.Lock()
        self._functions: dict[str, Callable[..., Any]] = {}
        self._shapes = {
            step.dropout.position: step.input_shapes[0] for step in graph.steps if step.dropout
        }
        # Dropout calls whose masks meet responses: one that features read as well needs both.
        self._products = [
            step.dropout.position for step in split.suffix if isinstance(step, MaskedProduct)
        ]

    def prefix(self, inputs: Sequence[Array]) -> list[Any]:
        """Compute the frontier for inputs of shape (N, ...) each, once for all passes."""
        return list(self._function("prefix", self._prefix)([to_tensor(each) for each in inputs]))

    def prepare(self, masks: Sequence[Array]) -> Masks:
        """Return masks as the passes take them.

        Args:
            masks: for each dropout call shape (T, M, *noise_shape), M is 1 or the number of images.
        """
        spread = [_spread(mask, self._shapes[position]) for position, mask in enumerate(masks)]
        rows = [_with_ones(masks[position]) for position in self._products]
        return Masks(
            [to_tensor(mask) for mask in spread],
            [to_tensor(row) for row in rows],
            are_shared=_are_shared(masks),
            num_bytes=sum(each.nbytes for each in (*spread, *rows)),
        )

    def whole(
        self, inputs: Sequence[Array], chunks: Sequence[Masks], shifts: Array
    ) -> list[npt.NDArray[np.float32]]:
        """Compute the prefix and all chunks of passes in one call, which costs less than several.

        Args:
            inputs: shape (N, ...) each.
            chunks: for each chunk its masks.
            shifts: see `suffix`.

        Returns:
            For each chunk softmax samples, shape (T, N, C).
        """
        shared = chunks[0].are_shared
        function = self._function(f"whole, {shared=}", partial(self._whole, shared=shared))
        samples = function(
            [to_tensor(each) for each in inputs],
            [(masks.features, masks.rows) for masks in chunks],
            to_tensor(shifts),
        )
        return [to_numpy(each) for each in samples]

    def suffix(
        self, frontier: Sequence[Any], masks: Masks, shifts: Array
    ) -> npt.NDArray[np.float32]:
        """Run passes.

        Args:
            frontier: from `prefix`, N images.
            masks: of the passes.
            shifts: for each dropout call what is added after its mask.

        Returns:
            Softmax samples, shape (T, N, C).
        """
        shared = masks.are_shared
        function = self._function(f"suffix, {shared=}", partial(self._suffix, shared=shared))
        return to_numpy(function(list(frontier), masks.features, masks.rows, to_tensor(shifts)))

    def join(self, frontiers: Sequence[Sequence[Any]], images: Sequence[Array]) -> list[Any]:
        """Put some images of several frontiers side by side.

        Args:
            frontiers: from `prefix`.
            images: of each the images to take, whole numbers of shape (n,).
        """
        function = self._function("join", self._join)
        return list(function([list(each) for each in frontiers], [to_tensor(i) for i in images]))

    def frontier_bytes(self, inputs: Sequence[Array]) -> int:
        """Return how much memory the frontier of one image takes, given one image."""
        return sum(to_numpy(value).nbytes for value in self.prefix(inputs))

    def twin(self, inputs: Sequence[Array]) -> npt.NDArray[np.float32]:
        """One pass without dropout, shape (N, C)."""
        return to_numpy(self._function("twin", self._twin)([to_tensor(each) for each in inputs]))

    def dropout_inputs(self, inputs: Sequence[Array]) -> list[npt.NDArray[np.float32]]:
        """What comes into each dropout call in one pass without dropout, shape (N, ...) each."""
        function = self._function("dropout inputs", self._dropout_inputs)
        return [to_numpy(each) for each in function([to_tensor(each) for each in inputs])]

    def _function(self, name: str, body: Callable[..., Any]) -> Callable[..., Any]:
        with self._making:
            if name not in self._functions:
                self._functions[name] = compile_function(body, self._variables)
            return self._functions[name]

    def _whole(
        self, inputs: Sequence[Any], chunks: Sequence[Any], shifts: Any, *, shared: bool
    ) -> list[Any]:
        frontier = self._prefix(inputs)
        return [
            self._suffix(frontier, masks, rows, shifts, shared=shared) for masks, rows in chunks
        ]

    def _prefix(self, inputs: Sequence[Any]) -> list[Any]:
        values = dict(zip(self._graph.inputs, inputs, strict=True))
        for step in self._split.prefix:
            step.call(values)
        return [values[value] for value in self._split.frontier]

    def _join(self, frontiers: Sequence[Sequence[Any]], images: Sequence[Any]) -> list[Any]:
        responses = {
            step.responses for step in self._split.suffix if isinstance(step, MaskedProduct)
        }
        joined = []
        for place, value in enumerate(self._split.frontier):
            axis = 2 if value in responses else 0  # responses are (P, C_in + 1, N, R)
            parts = [
                _ops.take(frontier[place], which, axis=axis)
                for frontier, which in zip(frontiers, images, strict=True)
            ]
            joined.append(parts[0] if len(parts) == 1 else _ops.concatenate(parts, axis=axis))
        return joined

    def _suffix(
        self,
        frontier: Sequence[Any],
        masks: Sequence[Any],
        rows: Sequence[Any],
        shifts: Any,
        *,
        shared: bool,
    ) -> Any:
        passes = _ops.shape(masks[0])[0]
        fixed = dict(zip(self._split.frontier, frontier, strict=True))
        remaining = iter(rows)
        values: dict[int, Any] = {}  # of every pass: passes times images on the first axis
        for step in self._split.suffix:
            if isinstance(step, MaskedProduct):
                responses = fixed[step.responses]
                values[step.output] = step.run(responses, next(remaining), shared=shared)
            elif (spec := step.dropout) is not None:
                (value,), (output,) = step.reads, step.outputs
                apart = (
                    fixed[value][None]
                    if value in fixed
                    else _split_rows(values[value], (passes, -1))
                )
                if spec.is_scaling:
                    dropped = apart * masks[spec.position]
                else:
                    dropped = (apart - ALPHA_FLOOR) * masks[spec.position] + shifts[spec.position]
                values[output] = _join_rows(dropped)
            else:
                for value in fixed.keys() & set(step.reads) - values.keys():
                    features = fixed[value]
                    values[value] = _join_rows(
                        _ops.broadcast_to(features[None], (passes, *_ops.shape(features)))
                    )
                step.call(values)
        return _split_rows(values[self._graph.output], (passes, -1))

    def _twin(self, inputs: Sequence[Any]) -> Any:
        return self._kept(inputs)[self._graph.output]

    def _dropout_inputs(self, inputs: Sequence[Any]) -> list[Any]:
        values = self._kept(inputs)
        return [values[step.reads[0]] for step in self._graph.steps if step.dropout is not None]

    def _kept(self, inputs: Sequence[Any]) -> dict[int, Any]:
        """Compute all values with nothing dropped."""
        values = dict(zip(self._graph.inputs, inputs, strict=True))
        for step in self._graph.steps:
            if step.dropout is None:
                step.call(values)
            else:
                (value,), (output,) = step.reads, step.outputs
                values[output] = values[value]
        return values


def _are_shared(masks: Sequence[Array]) -> bool:
    """Whether all images meet the same masks; one image does either way, and that costs less."""
    return all(mask.shape[1] == 1 for mask in masks)


def _with_ones(mask: Array) -> Array:
    """Return a mask as rows of a product, shape (T, M, C_in + 1); f(0) is always there."""
    flat = mask.reshape(*mask.shape[:2], -1)
    return np.pad(flat, ((0, 0), (0, 0), (0, 1)), constant_values=1.0)


def _spread(mask: Array, shape: Shape) -> Array:
    """Return a mask of volumes, shared along some axes only, as one for each element.

    TensorFlow multiplies over five axes at most, once neighbours that are alike are joined.
    """
    sides = mask.shape[2:]
    if len(sides) < 4 or all(side == 1 for side in sides[:-1]):
        return mask
    return np.broadcast_to(mask, (*mask.shape[:2], *(side or 1 for side in shape)))


def _split_rows(features: Any, rows: tuple[Any, int]) -> Any:
    """Part the first axis into passes and images."""
    return _ops.reshape(features, (*rows, *_ops.shape(features)[1:]))


def _join_rows(features: Any) -> Any:
    """Join passes and images to one axis."""
    return _ops.reshape(features, (-1, *_ops.shape(features)[2:]))
