from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from core.errors import InvalidInputError
from core.figures.uncertainty_map import MapGroup, uncertainty_map_spec

GROUP = MapGroup(
    "right", "accepted_fill", "circle", np.array([0.1, 0.9]), np.array([0.2, 3.0]), ["a", "b"]
)


def refused(limits: dict[str, float], expected: float, mutual: float) -> bool:
    region: dict[str, Any] = uncertainty_map_spec([GROUP], limits)["data"][0]
    x = int(np.abs(np.array(region["x"]) - expected).argmin())
    y = int(np.abs(np.array(region["y"]) - mutual).argmin())
    return bool(region["z"][y][x])


def test_points_stand_at_the_two_parts_and_carry_their_keys() -> None:
    trace = uncertainty_map_spec([GROUP], {})["data"][1]
    assert trace["x"] == [0.1, 0.9] and trace["y"][0] == 0.2
    assert trace["y"][1] == 1.6  # what is off the map stands at its edge
    assert trace["customdata"] == ["a", "b"]


def test_a_limit_on_a_part_is_a_straight_border() -> None:
    limits = {"mutual_information": 0.3}
    assert not refused(limits, 1.5, 0.2) and refused(limits, 0.1, 0.4)
    limits = {"expected_entropy": 0.3}
    assert not refused(limits, 0.2, 1.5) and refused(limits, 0.4, 0.1)


def test_a_limit_on_the_whole_entropy_is_a_diagonal() -> None:
    limits = {"predictive_entropy": 0.6}
    assert not refused(limits, 0.2, 0.3) and refused(limits, 0.4, 0.3)
    assert not refused(limits, 0.5, 0.05) and refused(limits, 0.05, 0.6)


def test_limits_on_other_measures_have_no_place_here() -> None:
    assert not refused({"confidence": 0.99, "variance": 0.0}, 1.5, 1.5)


def test_groups_of_different_lengths_are_refused() -> None:
    with pytest.raises(InvalidInputError):
        MapGroup("right", "ink", "circle", np.zeros(2), np.zeros(2), ["a"])
