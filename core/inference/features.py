"""Penultimate features: what one pass hands to the last dense layer, beside the logits it makes."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import numpy.typing as npt

from ..errors import InvalidInputError
from .arguments import Inputs
from .graph import Graph, Step, read_graph
from .linear import activation_name
from .logits import before_softmax, softmax_step, values_before

Singles = npt.NDArray[np.float32]


def twin_features(model: Any, images: Inputs) -> tuple[Singles, Singles]:
    """Return penultimate features and logits of one pass with dropout off.

    The features are what comes into the last dense layer. Dropout before it is the identity in
    inference, so nothing of them is dropped. Both are read in one walk of the model's own graph,
    which stays as it is.

    Args:
        model: a built sequential or functional Keras model with one output, of which the last
            layer is a dense layer with a softmax, or a dense layer with a softmax behind it.
        images: shape (N, *input shape); for a model with several inputs one such array for each.

    Returns:
        Features of shape (N, F) and logits of shape (N, C), which are those of `twin_logits`.

    Raises:
        InvalidInputError: no such model, or images of another shape.
    """
    graph = read_graph(model)
    last = softmax_step(graph)
    dense = _last_dense(graph, last)
    (into_dense,) = dense.reads
    features, logits = [], []
    for values in values_before(last, graph, images):
        features.append(keras.ops.convert_to_numpy(values[into_dense]))
        logits.append(keras.ops.convert_to_numpy(before_softmax(last, values)))
    return (
        np.concatenate(features).astype(np.float32),
        np.concatenate(logits).astype(np.float32),
    )


def _last_dense(graph: Graph, last: Step) -> Step:
    """Return the dense layer that makes the logits, if its features are one row an image."""
    dense = last
    if type(last.operation) is not keras.layers.Dense:
        dense = next((step for step in graph.steps if last.reads[0] in step.outputs), last)
    layer = dense.operation
    # A dense layer makes the logits if it has no activation but the softmax that is taken off.
    plain = dense is last or activation_name(layer) == "linear"
    if (
        type(layer) is not keras.layers.Dense
        or not plain
        or len(dense.reads) != 1
        or len(dense.input_shapes[0]) != 1
    ):
        raise InvalidInputError(
            "model",
            expected="a model whose last layer is a dense layer with a softmax, of one row of"
            " features an image",
            received=f"{dense.name}, {type(layer).__name__} of shape {dense.input_shapes[0]},"
            " before the softmax",
            advice="What comes into another layer is no row of features that logits are made of.",
        )
    return dense
