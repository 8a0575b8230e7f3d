"""What a classifier ends in: a softmax, or what a softmax is put behind here."""

from __future__ import annotations

from typing import Any, Literal, get_args

import keras

from ..errors import InvalidInputError
from .graph import Graph, Step, read_graph

Outputs = Literal["softmax", "logits", "sigmoid"]


def classifier_graph(model: Any, outputs: Outputs) -> Graph:
    """Lay a classifier out as steps, the last of which gives distributions over classes.

    Args:
        model: a built functional or sequential Keras model with one output.
        outputs: what comes out of it, see `McSampler`.

    Raises:
        InvalidInputError: not such a model, or `outputs` cannot be what it gives.
        UnsupportedLayerError: see `read_graph`.
    """
    if outputs not in get_args(Outputs):
        raise InvalidInputError(
            "outputs", expected='"softmax", "logits" or "sigmoid"', received=outputs
        )
    graph = read_graph(model)
    shape, wanted = graph.output_shape, "(1,)" if outputs == "sigmoid" else "(C,), C at least 2"
    if (
        len(shape) != 1
        or shape[0] is None
        or (shape[0] == 1) != (outputs == "sigmoid")
        or shape[0] == 0
    ):
        raise InvalidInputError(
            "model",
            expected=f"one whose {outputs} {'is' if outputs == 'softmax' else 'are'}"
            f" of shape {wanted}, for one image",
            received=f"an output of shape {shape}",
            advice=_ADVICE_ONE if shape == (1,) else "",
        )
    if outputs == "logits" and is_softmax(last_step(graph)):
        raise InvalidInputError(
            "outputs",
            expected='"softmax" for a model that ends in one',
            received=f"{outputs}, and the last layer {last_step(graph).name}",
            advice="A second softmax would make every answer look unsure.",
        )
    return graph if outputs == "softmax" else read_graph(_with_distributions(model, outputs))


_ADVICE_ONE = (
    'For the probability of the second of two classes give outputs="sigmoid" (and a model that'
    " ends in one); for a number that is no score of a class take McRegressor."
)


def last_step(graph: Graph) -> Step:
    """Return the step that makes what comes out."""
    return next(step for step in graph.steps if graph.output in step.outputs)


def is_softmax(step: Step) -> bool:
    """Whether a step is a softmax over the last axis, or a dense layer with one."""
    layer = step.operation
    if type(layer) is keras.layers.Softmax:
        return layer.axis in (-1, len(step.output_shapes[0]))
    return (
        type(layer) in (keras.layers.Dense, keras.layers.Activation)
        and layer.activation is keras.activations.softmax
    )


def _with_distributions(model: Any, outputs: Outputs) -> Any:
    """Return a model that goes on from the output of `model`; every step before is its own."""
    (scores,) = model.outputs
    return keras.Model(model.inputs, distributions(scores, outputs))


def distributions(scores: Any, outputs: Outputs) -> Any:
    """Return distributions over classes, made of what comes out of a model.

    Args:
        scores: a Keras tensor, shape (N, C), or (N, 1) for a sigmoid.
        outputs: what they are, see `McSampler`.
    """
    if outputs == "logits":
        # In float32 whatever the model computes in: half precision would round the tails away.
        return keras.layers.Softmax(dtype="float32")(scores)
    if outputs == "sigmoid":
        return keras.ops.concatenate([1.0 - scores, scores], axis=-1)
    return scores
