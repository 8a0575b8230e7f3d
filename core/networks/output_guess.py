"""What comes out of a model: told by its last layers, and held against numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from ..inference.graph import Graph, Step
from .model_report import Ending

_SUM_TOLERANCE = 1e-3  # float16 is content with it
_PASSED = ("Reshape", "Flatten", "Identity", "Cast", "Squeeze")
# Layers and operations that are an activation; any other is as linear as its own activation.
_BENT = (
    "ReLU LeakyReLU PReLU ELU Relu Relu6 LeakyRelu Elu Selu Gelu Silu Tanh Softplus Softsign"
    " HardSigmoid HardSilu HardTanh Celu Glu Sparsemax LogSigmoid Exp"
)
_ACTIVATIONS = {
    "Softmax": "softmax",
    "LogSoftmax": "log_softmax",
    "Sigmoid": "sigmoid",
    **{name: name.lower() for name in _BENT.split()},
}


def guess_ending(graph: Graph, outputs: npt.NDArray[np.floating[Any]]) -> tuple[Ending, int]:
    """Return what comes out, and the number of classes that it scores, 0 where it scores none.

    Args:
        graph: of the model.
        outputs: for a few inputs, shape (N, ...).
    """
    if outputs.ndim != 2:
        return "values", 0
    activation = last_activation(graph)
    num_scores = outputs.shape[1]
    lowest, highest = float(outputs.min()), float(outputs.max())
    if num_scores == 1:
        is_probability = activation == "sigmoid" and lowest >= 0.0 and highest <= 1.0
        return ("sigmoid", 2) if is_probability else ("values", 0)
    sums = outputs.astype(np.float64).sum(axis=1)
    if lowest >= 0.0 and bool((np.abs(sums - 1.0) < _SUM_TOLERANCE).all()):
        return "softmax", num_scores
    if activation in ("linear", "log_softmax"):
        return "logits", num_scores
    return "values", 0


def last_activation(graph: Graph) -> str:
    """Return the name of the last activation, "linear" where there is none at the end."""
    writers: dict[int, Step] = {value: step for step in graph.steps for value in step.outputs}
    value = graph.output
    while value in writers:
        step = writers[value]
        kind = type(step.operation).__name__
        if kind in _ACTIVATIONS:
            return _ACTIVATIONS[kind]
        activation = getattr(step.operation, "activation", None)
        name = getattr(activation, "__name__", "linear") if activation is not None else "linear"
        if name != "linear" or kind not in (*_PASSED, "Activation"):
            return str(name)
        value = step.reads[0]
    return "linear"
