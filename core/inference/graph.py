"""A Keras model as a flat list of steps, with its dropout layers found or refused by name."""

from __future__ import annotations

import inspect
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import keras

from ..errors import InvalidInputError, UnsupportedLayerError

_ELEMENTWISE = keras.layers.Dropout
_SPATIAL = (
    keras.layers.SpatialDropout1D,
    keras.layers.SpatialDropout2D,
    keras.layers.SpatialDropout3D,
)
_REFUSED = (keras.layers.GaussianDropout, keras.layers.AlphaDropout)


@dataclass(frozen=True, slots=True)
class DropoutSpec:
    """What one dropout layer drops.

    Attributes:
        position: among the dropout layers of the graph, in the order of the walk.
        name: of the layer.
        kind: class of the layer.
        rate: share of units dropped in training.
        noise_shape: shape of one image's mask; 1 where the mask is shared along an axis.
    """

    position: int
    name: str
    kind: str
    rate: float
    noise_shape: tuple[int, ...]

    @property
    def num_units(self) -> int:
        """Independent units: the size of one image's mask."""
        return math.prod(self.noise_shape)


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
        output_shapes: of one image, for each output; None for a side that may vary.
        dropout: what the step drops; None for a step that is the same in every pass.
    """

    operation: Any
    arguments: Any
    inputs: Mapping[int, int]
    outputs: tuple[int, ...]
    output_shapes: tuple[tuple[int | None, ...], ...]
    dropout: DropoutSpec | None = None

    @property
    def name(self) -> str:
        """Name of the layer, or of the operation."""
        return str(self.operation.name)

    @property
    def output_size(self) -> int:
        """Elements of all outputs together for one image; sides that may vary count as one."""
        return sum(math.prod(side or 1 for side in shape) for shape in self.output_shapes)

    def call(self, values: dict[int, Any]) -> None:
        """Run in inference mode on `values`, and put what comes out among them."""
        args, kwargs = self.arguments.fill_in(
            {tensor: values[value] for tensor, value in self.inputs.items()}
        )
        if "training" in inspect.signature(self.operation.call).parameters:
            kwargs["training"] = False
        results = keras.tree.flatten(self.operation(*args, **kwargs))
        values.update(zip(self.outputs, results, strict=True))


@dataclass(frozen=True, slots=True)
class Graph:
    """A model's steps, nested models laid out among them, in an order in which they can run.

    Attributes:
        steps: the calls.
        input: value that holds the images.
        output: value that holds the softmax.
        input_shape: of one image; None for a side that may vary.
    """

    steps: tuple[Step, ...]
    input: int
    output: int
    input_shape: tuple[int | None, ...]

    @property
    def dropouts(self) -> tuple[DropoutSpec, ...]:
        """The dropout layers, by position."""
        return tuple(step.dropout for step in self.steps if step.dropout is not None)


def read_graph(model: Any) -> Graph:
    """Lay a functional or sequential Keras model out as steps.

    Raises:
        InvalidInputError: not a built functional or sequential model with one input and output.
        UnsupportedLayerError: a layer hides dropout where it cannot be made active.
    """
    functional = _functional(model)
    if functional is None:
        raise InvalidInputError(
            "model",
            expected="a built Sequential or functional Keras model",
            received=f"{type(model).__module__}.{type(model).__qualname__}",
            advice="Start it with keras.Input(shape), so that Keras knows its graph.",
        )
    if len(functional.inputs) != 1 or len(functional.outputs) != 1:
        raise InvalidInputError(
            "model",
            expected="a model with one input and one output",
            received=f"{len(functional.inputs)} inputs and {len(functional.outputs)} outputs",
            advice="Sample the part of it that ends in the softmax.",
        )
    layout = _Layout()
    scope = {id(functional.inputs[0]): layout.new_value()}
    layout.add(functional, scope)
    return Graph(
        tuple(layout.steps),
        input=scope[id(functional.inputs[0])],
        output=scope[id(functional.outputs[0])],
        input_shape=tuple(functional.inputs[0].shape[1:]),
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
        if nested is not None and _has_dropout(layer):
            inner = {
                id(inside): scope[id(outside)]
                for inside, outside in zip(nested.inputs, inputs, strict=True)
            }
            self.add(nested, inner)
            for inside, outside in zip(nested.outputs, node.outputs, strict=True):
                scope[id(outside)] = inner[id(inside)]
            return
        dropout = self._dropout(layer, inputs[0].shape) if inputs else None
        for tensor in node.outputs:
            scope[id(tensor)] = self.new_value()
        self.steps.append(
            Step(
                operation=layer,
                arguments=node.arguments,
                inputs={id(tensor): scope[id(tensor)] for tensor in inputs},
                outputs=tuple(scope[id(tensor)] for tensor in node.outputs),
                output_shapes=tuple(tuple(tensor.shape[1:]) for tensor in node.outputs),
                dropout=dropout,
            )
        )

    def _dropout(self, layer: Any, shape: tuple[int | None, ...]) -> DropoutSpec | None:
        if type(layer) is not _ELEMENTWISE and type(layer) not in _SPATIAL:
            _refuse_hidden_dropout(layer)
            return None
        noise_shape = _noise_shape(layer, shape)
        if None in noise_shape:
            raise UnsupportedLayerError(
                f"layer {layer.name}",
                expected="dropout on features of a known shape",
                received=f"features of shape {tuple(shape[1:])}",
                advice="Give keras.Input the full shape of one image.",
            )
        self.num_dropouts += 1
        return DropoutSpec(
            position=self.num_dropouts - 1,
            name=layer.name,
            kind=type(layer).__name__,
            rate=float(layer.rate),
            noise_shape=tuple(side for side in noise_shape if side is not None),
        )


def _functional(model: Any) -> Any:
    """Return the functional model behind `model`, or None where Keras knows no graph."""
    if isinstance(model, keras.Sequential):
        return model._functional
    if isinstance(model, keras.Model) and getattr(model, "_nodes_by_depth", None):
        return model
    return None


def _noise_shape(layer: Any, shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
    """Shape of the mask of one image."""
    sides = tuple(shape[1:])
    if type(layer) is _ELEMENTWISE:
        asked = (None,) * len(sides) if layer.noise_shape is None else layer.noise_shape[1:]
        return tuple(
            side if wanted is None else wanted for side, wanted in zip(sides, asked, strict=True)
        )
    # SpatialDropout1D has no data format: its channels are always last.
    if getattr(layer, "data_format", "channels_last") == "channels_first":
        return (sides[0], *(1 for _ in sides[1:]))
    return (*(1 for _ in sides[:-1]), sides[-1])


def _has_dropout(layer: Any) -> bool:
    return any(
        isinstance(inner, (_ELEMENTWISE, *_REFUSED)) or _recurrent_rate(inner) > 0
        for inner in layer._flatten_layers()
    )


def _recurrent_rate(layer: Any) -> float:
    """Dropout that recurrent layers hold as a number instead of a layer."""
    rates = (getattr(layer, name, 0) for name in ("dropout", "recurrent_dropout"))
    return max((float(rate) for rate in rates if isinstance(rate, (int, float))), default=0.0)


def _refuse_hidden_dropout(layer: Any) -> None:
    """Raise if a layer would hide dropout that inference mode turns off silently."""
    if not isinstance(layer, keras.layers.Layer) or not _has_dropout(layer):
        return
    kind = type(layer).__name__
    raise UnsupportedLayerError(
        f"layer {layer.name}",
        expected="dropout as Dropout or SpatialDropout layers of the model's own graph",
        received=f"{kind}, which is or hides another kind of dropout",
        advice="Replace it by a Dropout layer of its own, or set its rate to 0.",
    )
