"""A Keras model as a flat list of steps, nested models laid out among them."""

from __future__ import annotations

import inspect
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import keras
from keras.src.models import Functional  # what keras.Model(inputs, outputs) makes

from ..errors import InvalidInputError, UnsupportedLayerError
from .dropout import DropoutSpec, describe_dropout, is_dropout, refuse_hidden_dropout

Shape = tuple[int | None, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """One call of a layer or operation.

    Values are numbered, one number for each tensor of the laid-out graph: a nested model
    that is called twice uses the same Keras tensors twice, but different values.

    Attributes:
        operation: the Keras layer or operation.
        arguments: Keras' record of the call, to be filled in with real tensors.
        inputs: from the ids of the record's tensors to values.
        outputs: values that come out.
        input_shapes: of one image, for each input of the record, as in `outputs`.
        output_shapes: of one image, for each output; None for a side that may vary.
        dropout: what the step drops; None for a step that is the same in every pass.
    """

    operation: Any
    arguments: Any
    inputs: Mapping[int, int]
    outputs: tuple[int, ...]
    input_shapes: tuple[Shape, ...]
    output_shapes: tuple[Shape, ...]
    dropout: DropoutSpec | None = None

    @property
    def name(self) -> str:
        """Name of the layer, or of the operation."""
        return str(self.operation.name)

    @property
    def reads(self) -> tuple[int, ...]:
        """Values that are read."""
        return tuple(self.inputs.values())

    @property
    def output_size(self) -> int:
        """Elements of all outputs together for one image; sides that may vary count as one."""
        return sum(size(shape) for shape in self.output_shapes)

    def apply(self, features: Any) -> Any:
        """Return what a step with one input and one output makes of `features`."""
        (value,), (output,) = set(self.reads), self.outputs
        values = {value: features}
        self.call(values)
        return values[output]

    def call(self, values: dict[int, Any]) -> None:
        """Run in inference mode on `values`, and put what comes out among them."""
        args, kwargs = self.arguments.fill_in(
            {tensor: values[value] for tensor, value in self.inputs.items()}
        )
        # Whatever the model says of it: BatchNorm in training mode would mix the images.
        if "training" in inspect.signature(self.operation.call).parameters:
            kwargs["training"] = False
        results = keras.tree.flatten(self.operation(*args, **kwargs))
        values.update(zip(self.outputs, results, strict=True))


@dataclass(frozen=True, slots=True)
class Graph:
    """A model's steps, nested models laid out among them, in an order in which they can run.

    Attributes:
        steps: the calls.
        inputs: values that hold the images, one for each input of the model.
        output: value that holds what comes out.
        input_shapes: of one image, for each input; None for a side that may vary.
        output_shape: of one image.
    """

    steps: tuple[Step, ...]
    inputs: tuple[int, ...]
    output: int
    input_shapes: tuple[Shape, ...]
    output_shape: Shape

    @property
    def dropouts(self) -> tuple[DropoutSpec, ...]:
        """The dropout calls, by position."""
        return tuple(step.dropout for step in self.steps if step.dropout is not None)

    @property
    def readers(self) -> dict[int, list[Step]]:
        """The steps that read each value; the graph's output is read by no step."""
        readers: dict[int, list[Step]] = {}
        for step in self.steps:
            for value in dict.fromkeys(step.reads):
                readers.setdefault(value, []).append(step)
        return readers


def size(shape: Shape) -> int:
    """Return the elements of a shape; sides that may vary count as one."""
    return math.prod(side or 1 for side in shape)


def read_graph(model: Any) -> Graph:
    """Lay a functional or sequential Keras model out as steps.

    Raises:
        InvalidInputError: not a built functional or sequential model with one output.
        UnsupportedLayerError: a layer hides dropout where it cannot be made active.
    """
    functional = _functional(model)
    if functional is None:
        raise InvalidInputError(
            "model",
            expected="a built Sequential or functional Keras model",
            received=f"{type(model).__module__}.{type(model).__qualname__}",
            advice="Start it with keras.Input(shape), so that Keras knows its graph; a model with"
            " a `call` of its own has none.",
        )
    if len(functional.outputs) != 1:
        raise InvalidInputError(
            "model",
            expected="a model with one output",
            received=f"{len(functional.outputs)} outputs",
            advice="Sample the part of it that ends in the one that you mean:"
            " keras.Model(model.inputs, model.outputs[0]).",
        )
    layout = _Layout()
    scope = {id(tensor): layout.new_value() for tensor in functional.inputs}
    layout.add(functional, scope)
    return Graph(
        tuple(layout.steps),
        inputs=tuple(scope[id(tensor)] for tensor in functional.inputs),
        output=scope[id(functional.outputs[0])],
        input_shapes=tuple(tuple(tensor.shape[1:]) for tensor in functional.inputs),
        output_shape=tuple(functional.outputs[0].shape[1:]),
    )


@dataclass(slots=True)
class _Layout:
    """Steps laid out so far."""

    steps: list[Step] = field(default_factory=list)
    num_values: int = 0
    num_dropouts: int = 0

    def new_value(self) -> int:
        self.num_values += 1
        return self.num_values - 1

    def add(self, functional: Any, scope: dict[int, int]) -> None:
        """Lay `functional` out; `scope` maps tensor ids of this call to values."""
        # Keras keeps the graph of a functional model here, deepest nodes first; clone_model
        # walks it too, but only by building a second model.
        nodes_by_depth = functional._nodes_by_depth
        for depth in sorted(nodes_by_depth, reverse=True):
            for node in nodes_by_depth[depth]:
                if not node.is_input:
                    self._add_node(node, scope)

    def _add_node(self, node: Any, scope: dict[int, int]) -> None:
        layer, inputs = node.operation, node.arguments.keras_tensors
        nested = _functional(layer)
        if nested is not None and _ranks(nested.inputs) == _ranks(inputs):
            inner = {
                id(inside): scope[id(outside)]
                for inside, outside in zip(nested.inputs, inputs, strict=True)
            }
            self.add(nested, inner)
            for inside, outside in zip(nested.outputs, node.outputs, strict=True):
                scope[id(outside)] = inner[id(inside)]
            return
        dropout = None
        if is_dropout(layer):
            dropout = describe_dropout(layer, inputs[0].shape, self.num_dropouts)
            self.num_dropouts += 1
        else:
            refuse_hidden_dropout(layer)
            _refuse_masking(layer)
        for tensor in node.outputs:
            scope[id(tensor)] = self.new_value()
        self.steps.append(
            Step(
                operation=layer,
                arguments=node.arguments,
                inputs={id(tensor): scope[id(tensor)] for tensor in inputs},
                outputs=tuple(scope[id(tensor)] for tensor in node.outputs),
                input_shapes=tuple(tuple(tensor.shape[1:]) for tensor in inputs),
                output_shapes=tuple(tuple(tensor.shape[1:]) for tensor in node.outputs),
                dropout=dropout,
            )
        )


def _ranks(tensors: Iterable[Any]) -> list[int]:
    """Numbers of axes: Keras adds one to what it hands to a model where that is missing."""
    return [len(tensor.shape) for tensor in tensors]


def _functional(model: Any) -> Any:
    """Return the functional model behind `model`, or None where its graph is not all it does."""
    if isinstance(model, keras.Sequential):
        return model._functional if type(model).call is keras.Sequential.call else None
    if not isinstance(model, keras.Model) or not getattr(model, "_nodes_by_depth", None):
        return None
    # A subclass may have a `call` of its own.
    return model if type(model).call is Functional.call else None


def _refuse_masking(layer: Any) -> None:
    """Raise for layers that say which time steps to skip: the passes would lose that."""
    if isinstance(layer, keras.layers.Masking) or getattr(layer, "mask_zero", False):
        raise UnsupportedLayerError(
            f"layer {layer.name}",
            expected="a model without masks of time steps",
            received=f"{type(layer).__name__}, which makes the layers after it skip steps",
            advice="Leave the mask out, or cut the sequences to their length.",
        )
