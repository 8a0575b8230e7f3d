"""Which layer's output a dropout call masks, for people who know a network by its layers."""

from __future__ import annotations

from .graph import Graph, Step

INPUT = ""  # a dropout call that masks what comes into the model


def masked_layers(graph: Graph) -> tuple[str, ...]:
    """Return for each dropout call, by position, the layer whose output it masks.

    That is the last layer with weights before it: activations, pooling and normalization only
    reshape what such a layer has found. Where several values come together without weights, as in
    a sum, it is what puts them together.

    Returns:
        Names of layers; `INPUT` where there is none before the dropout call.
    """
    writers = {value: step for step in graph.steps for value in step.outputs}
    return tuple(
        _last_with_weights(step, writers) for step in graph.steps if step.dropout is not None
    )


def _last_with_weights(dropout: Step, writers: dict[int, Step]) -> str:
    step = dropout
    while True:
        (value,) = set(step.reads)
        if value not in writers:
            return INPUT
        step = writers[value]
        several = len(set(step.reads)) != 1
        is_norm = type(step.operation).__name__.endswith("Normalization")
        if several or (getattr(step.operation, "weights", None) and not is_norm):
            return step.name
