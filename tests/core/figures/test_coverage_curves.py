from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from core.errors import InvalidInputError
from core.figures.coverage_curves import CoverageCurve, coverage_curve_spec
from core.figures.palette import TOKENS

COVERAGE = np.linspace(0.0, 1.0, 101)


def curve(**changes: Any) -> CoverageCurve:
    parts: dict[str, Any] = {
        "title": "Wrong",
        "about": "by coverage",
        "coverage": COVERAGE,
        "committee": 0.04 * COVERAGE**2,
        "twin": 0.05 * COVERAGE**2,
        "low": 0.03 * COVERAGE**2,
        "high": 0.05 * COVERAGE**2,
        "point": (0.8, 0.0256),
        "twin_point": (0.8, 0.032),
    }
    return CoverageCurve(**{**parts, **changes})


def named(spec: dict[str, Any]) -> dict[str, Any]:
    return {trace["name"]: trace for trace in spec["data"]}


def test_lines_are_in_percent_from_forty_up() -> None:
    traces = named(coverage_curve_spec(curve()))
    assert traces["committee"]["x"][0] == pytest.approx(40.0)
    assert traces["committee"]["y"][-1] == pytest.approx(4.0)
    assert traces["twin"]["line"]["dash"] and "dash" not in traces["committee"]["line"]


def test_a_policy_that_accepts_little_is_on_the_axis_as_well() -> None:
    spec = coverage_curve_spec(curve(point=(0.14, 0.001), twin_point=(0.14, 0.002)))
    assert spec["layout"]["xaxis"]["range"][0] == 0.0
    assert named(spec)["committee"]["x"][0] == 0.0
    assert spec["layout"]["xaxis"]["ticktext"][-1] == "100%"


def test_policy_is_a_filled_dot_and_the_twin_a_hollow_one() -> None:
    traces = named(coverage_curve_spec(curve()))
    policy, twin = traces["committee, now"], traces["twin, now"]
    assert (policy["x"], policy["y"]) == ([80.0], [2.56])
    assert policy["marker"]["color"] == TOKENS.ink and twin["marker"]["color"] == TOKENS.bg


def test_axis_holds_the_curve_where_it_is_judged_and_the_policy_s_point() -> None:
    steep = np.where(COVERAGE > 0.95, 1.0, 0.01)
    low = coverage_curve_spec(curve(committee=steep, twin=steep, point=(0.8, 0.01)))
    assert low["layout"]["yaxis"]["range"][1] == 4.0  # the twin's point is at 3.2%
    high = coverage_curve_spec(curve(committee=steep, twin=steep, point=(0.97, 0.3)))
    assert high["layout"]["yaxis"]["range"][1] == 40.0


def test_without_an_interval_there_is_no_band() -> None:
    assert named(coverage_curve_spec(curve(low=None, high=None)))["95% band"]["x"] == [None]


def test_curves_of_different_lengths_are_refused() -> None:
    with pytest.raises(InvalidInputError, match="curves"):
        curve(twin=np.zeros(3))
