"""Reports as JSON, from a process that has opened a stranger's file: every value is checked."""

from __future__ import annotations

import dataclasses
import math
import typing
from typing import Any

from ..errors import DamagedFileError
from ..images.frame import Frame
from ..limits import MAX_MODEL_NAME, MAX_REPORT_LINES
from .model_report import Ending, ModelReport, StochasticLayer

_MAX_TEXT = 20_000  # characters of a plan


def report_as_json(report: ModelReport) -> dict[str, Any]:
    """Return a report as values that JSON can hold."""
    return dataclasses.asdict(report)


def report_from_json(values: Any) -> ModelReport:
    """Return the report that such values are.

    Raises:
        DamagedFileError: they are none.
    """
    try:
        return _report(values)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise DamagedFileError("The inspection of the model gave no report.") from error


def _report(values: dict[str, Any]) -> ModelReport:
    if values.keys() != {field.name for field in dataclasses.fields(ModelReport)}:
        raise ValueError("fields")
    frame, ending = values["frame"], values["ending"]
    low, high = values["input_range"]
    if ending not in typing.get_args(Ending):
        raise ValueError("ending")
    return ModelReport(
        name=_text(values["name"], MAX_MODEL_NAME),
        sha256=_text(values["sha256"]),
        num_bytes=_count(values["num_bytes"]),
        num_parameters=_count(values["num_parameters"]),
        architecture=tuple(_text(line) for line in values["architecture"][:MAX_REPORT_LINES]),
        input_shape=tuple(None if side is None else _count(side) for side in values["input_shape"]),
        frame=None if frame is None else Frame(*map(_count, map(frame.get, _FRAME_FIELDS))),
        frame_is_guess=_flag(values["frame_is_guess"]),
        input_range=(_number(low), _number(high)),
        range_why=_text(values["range_why"]),
        ending=ending,
        num_classes=_count(values["num_classes"]),
        stochastic=tuple(
            StochasticLayer(
                _text(layer["name"]),
                _text(layer["kind"]),
                _number(layer["rate"]),
                _count(layer["num_units"]),
            )
            for layer in values["stochastic"]
        ),
        passes_differ=_flag(values["passes_differ"]),
        num_batch_norms=_count(values["num_batch_norms"]),
        batch_norm_still=_flag(values["batch_norm_still"]),
        plan=_text(values["plan"]),
        milliseconds=_maybe_number(values["milliseconds"]),
        tiled_milliseconds=_maybe_number(values["tiled_milliseconds"]),
        refusal=_text(values["refusal"]),
    )


_FRAME_FIELDS = tuple(field.name for field in dataclasses.fields(Frame))


def _text(value: Any, limit: int = _MAX_TEXT) -> str:
    if not isinstance(value, str) or not value.replace("\n", "").isprintable():
        raise TypeError("a text")
    return value[:limit]


def _count(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise TypeError("a count")
    return value


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise TypeError("a number")
    return float(value)


def _maybe_number(value: Any) -> float | None:
    return None if value is None else _number(value)


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError("yes or no")
    return value
