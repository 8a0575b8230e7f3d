"""Reports from another process: whole, or not at all."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import DamagedFileError, LabradorError
from core.images import Frame
from core.networks.model_report import ModelReport, StochasticLayer
from core.networks.report_json import report_as_json, report_from_json

REPORT = ModelReport(
    name="<b>mine</b>",
    sha256="a" * 64,
    num_bytes=1_234,
    num_parameters=99,
    architecture=("flatten: Flatten -> 784", "dense: Dense, 10 -> 10"),
    input_shape=(28, None, 1),
    frame=Frame(28, 28),
    frame_is_guess=True,
    input_range=(0.0, 255.0),
    range_why="Its layer rescaling multiplies by 0.00392.",
    ending="logits",
    num_classes=10,
    stochastic=(StochasticLayer("drop", "Dropout", 0.5, 784),),
    passes_differ=True,
    num_batch_norms=2,
    batch_norm_still=True,
    plan="Stochastic layers:\n  drop",
    milliseconds=7.5,
    tiled_milliseconds=None,
    refusal="",
)


def through_json(report: ModelReport) -> Any:
    return json.loads(json.dumps(report_as_json(report)))


def test_a_report_comes_back_as_it_was() -> None:
    assert report_from_json(through_json(REPORT)) == REPORT


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", 3),
        ("name", "a\x1b[31m"),
        ("sha256", None),
        ("num_bytes", -1),
        ("num_bytes", True),
        ("num_parameters", 1.5),
        ("architecture", "lines"),
        ("architecture", [1]),
        ("architecture", None),
        ("input_shape", [28, "28"]),
        ("frame", {"height": 28, "width": 28}),
        ("frame", {"height": 28, "width": 28, "channels": 2}),
        ("frame", [28, 28, 1]),
        ("frame_is_guess", 1),
        ("input_range", [0]),
        ("input_range", [0, float("nan")]),
        ("ending", "shell"),
        ("ending", ["softmax"]),
        ("stochastic", [{"name": "drop"}]),
        ("stochastic", {"name": "drop"}),
        ("milliseconds", "fast"),
        ("milliseconds", float("inf")),
        ("refusal", None),
    ],
)
def test_a_value_that_cannot_be_is_refused(field: str, value: object) -> None:
    values = {**through_json(REPORT), field: value}

    if field == "architecture" and value == "lines":  # each character a line: harmless
        assert report_from_json(values).architecture == tuple("lines")
        return
    with pytest.raises(DamagedFileError, match="gave no report"):
        report_from_json(values)


def test_fields_are_those_of_a_report() -> None:
    values = through_json(REPORT)

    less = {key: value for key, value in values.items() if key != "plan"}
    wrongs: list[Any] = [{**values, "more": 1}, less, [], 1]
    for wrong in wrongs:
        with pytest.raises(DamagedFileError):
            report_from_json(wrong)


@given(
    st.sampled_from(sorted(through_json(REPORT))),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    ),
)
def test_changed_reports_raise_nothing_but_our_errors(field: str, value: object) -> None:
    try:
        report_from_json({**through_json(REPORT), field: value})
    except LabradorError:
        return
