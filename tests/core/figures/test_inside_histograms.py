"""The histograms with a bar picked: the mark is around the right column of the right cell."""

from __future__ import annotations

import json

import numpy as np
import pytest

from core.figures.histograms import class_histograms_spec
from core.figures.inside_histograms import label_of_trace, picked_histograms_spec
from core.inference.samples import McSummary

DIGITS = tuple(map(str, range(10)))


def summary_of(num_classes: int = 10) -> McSummary:
    rng = np.random.default_rng(0)
    p = rng.random((60, 1, num_classes)) ** 6
    return McSummary.from_samples((p / p.sum(axis=2, keepdims=True)).astype(np.float32))


def column_of(spec: dict, trace: int, bar: int) -> tuple[float, float, float, float]:
    """Left, right, top and bottom of a bar's column, from its cell's own axes, in pixels."""
    number = spec["data"][trace]["xaxis"][1:]
    width, height = (spec["layout"][axis]["range"] for axis in ("xaxis", "yaxis"))
    start, end = spec["layout"][f"xaxis{number}"]["domain"]
    below, above = spec["layout"][f"yaxis{number}"]["domain"]
    left, right = ((start + (end - start) * at / 10) * width[1] for at in (bar, bar + 1))
    return left, right, (1 - above) * height[0], (1 - below) * height[0]


@pytest.mark.parametrize("compact", [False, True])
@pytest.mark.parametrize("picked", [(0, 0), (3, 9), (9, 4)])
def test_the_mark_is_around_the_column_of_the_picked_bar(picked, compact):
    spec = picked_histograms_spec(summary_of(), picked, class_names=DIGITS, compact=compact)
    mark = spec["data"][-1]
    left, right, top, bottom = column_of(spec, *picked)
    assert (min(mark["x"]), max(mark["x"])) == pytest.approx((left, right), abs=0.1)
    assert (min(mark["y"]), max(mark["y"])) == pytest.approx((top, bottom), abs=3)
    assert mark["x"][0] == mark["x"][-1] and mark["y"][0] == mark["y"][-1]


def test_what_is_picked_changes_the_mark_alone():
    none, one, other = (
        picked_histograms_spec(summary_of(), picked, class_names=DIGITS)
        for picked in (None, (3, 9), (4, 2))
    )
    assert none["data"][-1]["x"] == []
    marks = [spec["data"].pop() for spec in (none, one, other)]
    assert none == one == other
    for mark in marks:
        del mark["x"], mark["y"]
    assert marks[0] == marks[1] == marks[2]
    assert none == class_histograms_spec(summary_of(), class_names=DIGITS)


def test_of_many_classes_a_trace_is_the_class_that_it_shows():
    summary = summary_of(30)
    names = tuple(f"class {number}" for number in range(30))
    spec = picked_histograms_spec(summary, None, class_names=names)
    for trace in range(10):
        label = label_of_trace(summary, trace)
        assert label is not None
        assert spec["data"][trace]["y"] == summary.histogram[0, label].tolist()
    assert label_of_trace(summary, 10) is None and label_of_trace(summary, -1) is None
    likeliest = int(summary.mean[0].argmax())
    assert picked_histograms_spec(summary, (likeliest, 3), class_names=names)["data"][-1]["x"]
    least = int(summary.mean[0].argmin())
    assert picked_histograms_spec(summary, (least, 3), class_names=names)["data"][-1]["x"] == []
    assert json.dumps(spec)
