"""The logits behind a softmax: what one pass says before large numbers become exactly 1."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import keras
import numpy as np
import numpy.typing as npt

from ..errors import InvalidInputError
from .arguments import Inputs, check_inputs
from .endings import is_softmax, last_step
from .graph import Graph, Step, read_graph

_BATCH_SIZE = 500


def twin_logits(model: Any, images: Inputs) -> npt.NDArray[np.float32]:
    """Return the logits of one pass with dropout off: `softmax(logits)` is the model's answer.

    In float32 a softmax is exactly 1 from a logit margin of about 17 on; logits still tell such
    images apart. They are read from the model's own graph, which stays as it is.

    Args:
        model: a built sequential or functional Keras model with one output, of which the last
            layer is a dense layer with a softmax, or a softmax.
        images: shape (N, *input shape); for a model with several inputs one such array for each.

    Returns:
        Shape (N, C).

    Raises:
        InvalidInputError: no such model, or images of another shape.
    """
    graph = read_graph(model)
    last = softmax_step(graph)
    parts = [
        keras.ops.convert_to_numpy(before_softmax(last, values))
        for values in values_before(last, graph, images)
    ]
    return np.concatenate(parts).astype(np.float32)


def twin_logits_or_logs(model: Any, images: Inputs) -> npt.NDArray[np.float32]:
    """Return what `twin_logits` returns, and of a model that has no such end its softmax's logs.

    A model of one probability p, which is shown as 1 - p and p, or one whose softmax is no layer,
    keeps its logits to itself. Then the logarithms of its answer stand for them, which they are up
    to one number an image, but for what float32 cannot tell: from a softmax of 1 on images tie,
    and a 0 counts as the smallest number above it.

    Args:
        model: a built sequential or functional Keras model with one output, a softmax.
        images: shape (N, *input shape).

    Returns:
        Shape (N, C).

    Raises:
        InvalidInputError: images of another shape.
    """
    graph = read_graph(model)
    try:
        softmax_step(graph)
    except InvalidInputError:
        pass
    else:
        return twin_logits(model, images)
    (batch,) = check_inputs(images, graph.input_shapes)
    parts = [
        keras.ops.convert_to_numpy(model(batch[start : start + _BATCH_SIZE], training=False))
        for start in range(0, len(batch), _BATCH_SIZE)
    ]
    answers = np.concatenate(parts).astype(np.float32)
    return np.log(np.clip(answers, np.finfo(np.float32).tiny, 1.0))


def softmax_step(graph: Graph) -> Step:
    """Return the step that makes the softmax, if nothing but a softmax can be taken off it.

    Raises:
        InvalidInputError: the graph ends in something else.
    """
    last = last_step(graph)
    layer = last.operation
    if len(last.reads) != 1 or not is_softmax(last):
        activation = getattr(getattr(layer, "activation", None), "__name__", None)
        raise InvalidInputError(
            "model",
            expected="a model whose last layer is a softmax, or a dense layer with one",
            received=f"the last layer {last.name}, {type(layer).__name__}"
            + (f" with {activation}" if activation else ""),
            advice="Its logits cannot be told from its answer.",
        )
    return last


def values_before(last: Step, graph: Graph, images: Inputs) -> Iterator[dict[int, Any]]:
    """Walk through all steps but the last, with dropout off, a batch of images at a time.

    Args:
        last: the step to leave out.
        graph: that it is the last of.
        images: shape (N, *input shape); for several inputs one such array for each.

    Yields:
        The graph's values of each batch, by number.

    Raises:
        InvalidInputError: images of another shape.
    """
    steps = [step for step in graph.steps if step is not last]
    inputs = check_inputs(images, graph.input_shapes)
    for start in range(0, len(inputs[0]), _BATCH_SIZE):
        values: dict[int, Any] = {
            value: keras.ops.convert_to_tensor(each[start : start + _BATCH_SIZE])
            for value, each in zip(graph.inputs, inputs, strict=True)
        }
        for step in steps:
            step.call(values)
        yield values


def before_softmax(last: Step, values: dict[int, Any]) -> Any:
    """Return the logits that the step of the softmax makes of `values`, or finds there."""
    (read,) = last.reads
    layer = last.operation
    if type(layer) is not keras.layers.Dense:
        return values[read]
    logits = keras.ops.matmul(values[read], layer.kernel)
    return logits if layer.bias is None else keras.ops.add(logits, layer.bias)
