from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from core.errors import InvalidInputError
from core.figures.uncertainty_map import MapGroup, accepted_corners, uncertainty_map_spec

GROUP = MapGroup(
    "right",
    "accepted_fill",
    "circle",
    np.array([0.1, 0.9]),
    np.array([0.2, 3.0]),
    np.array([True, False]),
    ["a", "b"],
)


def named(limits: dict[str, float], **kwargs: Any) -> dict[str, Any]:
    return {
        trace["name"]: trace for trace in uncertainty_map_spec([GROUP], limits, **kwargs)["data"]
    }


def test_points_stand_at_the_two_parts_and_carry_their_keys() -> None:
    traces = named({})
    accepted, refused = traces["right"], traces["right, refused"]
    assert (accepted["x"], accepted["y"], accepted["customdata"]) == ([0.1], [0.2], ["a"])
    assert refused["y"] == [1.6]  # what is off the map stands at its edge
    assert refused["customdata"] == ["b"]


def test_what_is_refused_is_hollow_whichever_limit_refuses_it() -> None:
    traces = named({"confidence": 0.99})
    assert traces["right"]["marker"]["symbol"] == "circle"
    assert traces["right, refused"]["marker"]["symbol"] == "circle-open"


def test_a_limit_on_a_part_is_a_straight_border() -> None:
    assert accepted_corners({"mutual_information": 0.3}) == [(0, 0), (1.6, 0), (1.6, 0.3), (0, 0.3)]
    assert accepted_corners({"expected_entropy": 0.3}) == [(0, 0), (0.3, 0), (0.3, 1.6), (0, 1.6)]


def test_a_limit_on_the_whole_entropy_is_a_diagonal() -> None:
    corners = accepted_corners({"predictive_entropy": 0.6})
    assert set(corners) == {(0, 0), (0.6, 0), (0, 0.6)}
    both = accepted_corners({"predictive_entropy": 0.6, "mutual_information": 0.2})
    assert both == [(0, 0), (0.6, 0), (0.6, 0), (pytest.approx(0.4), 0.2), (0, 0.2)]
    # One part's limit alone is stricter than the diagonal.
    loose = accepted_corners({"predictive_entropy": 3.1, "mutual_information": 0.2})
    assert loose == accepted_corners({"mutual_information": 0.2})


def test_limits_on_other_measures_tint_nothing() -> None:
    layout = uncertainty_map_spec([GROUP], {"confidence": 0.99, "variance": 0.0})["layout"]
    assert layout["shapes"] == [] and layout["annotations"] == []
    layout = uncertainty_map_spec([GROUP], {"predictive_entropy": 0.6})["layout"]
    assert len(layout["shapes"]) == 1 and "I don’t know" in layout["annotations"][0]["text"]


@pytest.mark.parametrize(
    "limits",
    [
        {"predictive_entropy": 0.65},
        {"predictive_entropy": 0.65, "mutual_information": 0.6},
        {"mutual_information": 0.3},
        {"expected_entropy": 0.4, "predictive_entropy": 1.0},
    ],
)
def test_what_a_limit_refuses_is_tinted_and_nothing_else(limits: dict[str, float]) -> None:
    shape = uncertainty_map_spec([GROUP], limits)["layout"]["shapes"][0]
    assert shape["fillrule"] == "evenodd"
    outlines = [
        np.array([[float(number) for number in point.split(",")] for point in part.split(" L")])
        for part in shape["path"].replace("M", "").replace(" Z", "|").split("|")[:2]
    ]
    rng = np.random.default_rng(0)
    for expected, mutual in [(0.0, 0.0), *rng.uniform(0.0, 1.6, (300, 2)).tolist()]:
        tinted = sum(inside(outline, expected, mutual) for outline in outlines) % 2
        values = {
            "expected_entropy": expected,
            "mutual_information": mutual,
            "predictive_entropy": expected + mutual,
        }
        assert bool(tinted) == any(values[name] > limit for name, limit in limits.items())


def inside(outline: np.ndarray, x: float, y: float) -> bool:
    """Whether a point is in a polygon: a ray from it crosses the outline an odd number of times."""
    crossings = 0
    for (x1, y1), (x2, y2) in zip(outline, np.roll(outline, -1, axis=0), strict=True):
        if (y1 > y) != (y2 > y) and x < x1 + (y - y1) / (y2 - y1) * (x2 - x1):
            crossings += 1
    return crossings % 2 == 1


def test_the_answer_that_is_looked_at_has_a_ring() -> None:
    ring = named({}, marked=(0.4, 9.0))["looked at"]
    assert (ring["x"], ring["y"]) == ([0.4], [1.6])
    assert named({})["looked at"]["x"] == [None]


def test_groups_of_different_lengths_are_refused() -> None:
    with pytest.raises(InvalidInputError):
        MapGroup("right", "ink", "circle", np.zeros(2), np.zeros(2), np.ones(2, bool), ["a"])


@pytest.mark.parametrize(
    ("num_classes", "end", "ticks"),
    [
        (2, 0.693, [0.0, 0.2, 0.4, 0.6]),
        (5, 1.6, [0.0, 0.4, 0.8, 1.2, 1.6]),
        (10, 1.6, [0.0, 0.4, 0.8, 1.2, 1.6]),
        (100, 3.2, [0.0, 1.0, 2.0, 3.0]),
        (1000, 4.8, [0.0, 2.0, 4.0]),
    ],
)
def test_axes_reach_as_far_as_so_many_classes_can_be_unsure(
    num_classes: int, end: float, ticks: list[float]
) -> None:
    limits = {"expected_entropy": end}
    layout = uncertainty_map_spec([GROUP], limits, num_classes=num_classes)["layout"]
    for axis in ("xaxis", "yaxis"):
        assert layout[axis]["range"][1] == pytest.approx(end, abs=1e-3)
        assert layout[axis]["tickvals"] == pytest.approx(ticks)
    refused = uncertainty_map_spec([GROUP], limits, num_classes=num_classes)["data"][0]
    assert refused["y"] == [pytest.approx(min(3.0, end), abs=1e-3)]
