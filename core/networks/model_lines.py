"""A Keras model in words: one line a layer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import keras

from ..limits import MAX_MODEL_NAME, MAX_REPORT_LINES
from .one_line import one_line

# What a line tells of a layer where it has it, and how.
_SETTINGS = {
    "units": "{}",
    "filters": "{} maps",
    "kernel_size": "{}",
    "pool_size": "{}",
    "size": "{}",
    "rate": "rate {:g}",
}


def model_lines(model: Any) -> tuple[str, ...]:
    """Return one readable line a layer or operation, those of models inside indented."""
    lines = list(_lines(model, ""))
    if len(lines) > MAX_REPORT_LINES:
        more = len(lines) - MAX_REPORT_LINES + 1
        lines = [*lines[: MAX_REPORT_LINES - 1], f"and {more:,} more"]
    return tuple(lines)


def layer_kinds(model: Any) -> str:
    """Return the kinds of layers that a model has, each once, in their order."""
    kinds = dict.fromkeys(
        type(layer).__name__ for layer in model.layers if type(layer).__name__ != "InputLayer"
    )
    return one_line(", ".join(kinds), 2 * MAX_MODEL_NAME)


def _lines(model: Any, indent: str) -> Iterator[str]:
    # A functional model's operations are its layers and what keras.ops did between them.
    steps = model.layers if isinstance(model, keras.Sequential) else model.operations
    for step in steps:
        yield indent + _describe(step)
        if isinstance(step, keras.Model):
            yield from _lines(step, f"{indent}  ")


def _describe(step: Any) -> str:
    words = [type(step).__name__]
    for name, form in _SETTINGS.items():
        value = getattr(step, name, None)
        if isinstance(value, tuple | list):
            words.append(form.format("x".join(map(str, value))))
        elif isinstance(value, int | float) and not isinstance(value, bool):
            words.append(form.format(value))
    activation = getattr(getattr(step, "activation", None), "__name__", "linear")
    if activation != "linear":
        words.append(activation)
    line = f"{one_line(step.name)}: {', '.join(words)}"
    try:
        sides = tuple(step.output.shape[1:])
    except (AttributeError, ValueError):  # called twice, or with several outputs
        return line
    return f"{line} -> {'x'.join('?' if side is None else str(side) for side in sides) or '1'}"
