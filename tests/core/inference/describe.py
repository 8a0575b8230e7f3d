"""A Keras model in words, for the report of a difference."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import keras

_UNSAID = ("trainable", "dtype", "seed")


def describe(model: keras.Model) -> str:
    """The calls of a model, one a line, for the report of a difference."""
    lines: list[str] = []

    def add(part: Any, indent: str) -> None:
        for layer in part.operations if hasattr(part, "operations") else part.layers:
            config = layer.get_config() if not isinstance(layer, keras.Model) else {}
            said = {
                key: value
                for key, value in config.items()
                if not isinstance(value, dict) and value is not None and key not in _UNSAID
            }
            read = [[tensor.name for tensor in node.input_tensors] for node in layer._inbound_nodes]
            lines.append(f"{indent}{type(layer).__name__} {said} reads {read}")
            if isinstance(layer, keras.Model):
                add(layer, indent + "  ")

    add(model, "")
    return "\n".join(lines)


def operations_of(model: Any) -> Iterator[Any]:
    """The layers and operations of a model and of the models in it."""
    for operation in model.operations if hasattr(model, "operations") else model.layers:
        if isinstance(operation, keras.Model):
            yield from operations_of(operation)
        yield operation
