"""Points, and the band that is fitted through them."""

from __future__ import annotations

import numpy as np
import pytest

from core.errors import InvalidInputError
from core.experiments.regression import (
    POINT_SETS,
    X_RANGE,
    CurveBand,
    CurvePoints,
    fit_band,
)
from core.inference import RegressionSummary
from core.limits import MAX_CURVE_POINTS


def band_of(points: CurvePoints, low: float = -1.0, high: float = 1.0) -> CurveBand:
    """A band whose passes are parallel lines from `low` to `high`, over three places."""
    lines = np.linspace(low, high, 401)
    summary = RegressionSummary.from_samples(np.tile(lines[:, None, None], (1, 3, 1)))
    return CurveBand(points, 0.1, np.array([-6.0, 0.0, 6.0]), summary, np.zeros(3), 1.0)


@pytest.fixture(scope="module")
def network():
    from core.networks.regression import CurveNetwork

    return CurveNetwork()


def test_band_through_points_is_near_them_and_in_their_units(network):
    x = np.linspace(-3.0, 3.0, 25)
    points = CurvePoints(tuple(x), tuple(0.3 * x + 1.5))
    told: list[tuple[int, int]] = []
    band = fit_band(network, points, lambda *done: told.append(done), num_samples=50, updates=200)
    assert band.points == points and band.rate == 0.1 and told[-1] == (200, 200)
    assert (band.x[0], band.x[-1], len(band.x)) == (*X_RANGE, 121)
    assert (band.summary.num_samples, band.summary.mean.shape) == (50, (121, 1))
    # Standardised y would be around 0: scale and mean are back.
    at_points = np.interp(points.x, band.x, band.summary.mean[:, 0])
    np.testing.assert_allclose(at_points, points.y, atol=0.25)
    np.testing.assert_allclose(np.interp(points.x, band.x, band.twin), points.y, atol=0.25)
    assert (band.width > 0.0).all()


def test_width_and_points_within_are_known_in_closed_form():
    points = CurvePoints((0.0, 1.0, 2.0, 3.0), (0.0, 0.9, 0.96, -2.0))
    band = band_of(points)
    # 95% of lines that lie evenly between -1 and 1.
    np.testing.assert_allclose(band.width, 1.9)
    assert band.width_at(1.234) == pytest.approx(1.9)
    assert band.width_at_points == pytest.approx(1.9)
    assert band.points_within == 2


def test_fewer_than_two_points_are_refused(network):
    with pytest.raises(InvalidInputError, match="2 points or more"):
        fit_band(network, CurvePoints((1.0,), (1.0,)))


def test_two_points_in_one_place_make_a_band(network):
    points = CurvePoints((1.0, 1.0), (0.5, 0.5))
    band = fit_band(network, points, num_samples=20, updates=200)
    assert np.isfinite(band.width).all()
    assert np.interp(1.0, band.x, band.twin) == pytest.approx(0.5, abs=0.3)


@pytest.mark.parametrize("name", POINT_SETS)
def test_ready_made_points_are_the_same_each_time_and_leave_room_beside_them(name):
    points = POINT_SETS[name]()
    assert points == POINT_SETS[name]() and 30 <= len(points) <= 40
    assert min(points.x) > -4.0 and max(points.x) < 4.0
    inside = [x for x in points.x if abs(x) < 0.9]
    assert bool(inside) == (name == "Wave")


def test_points_are_added_and_taken_in_order():
    points = CurvePoints().and_one(1.005, -0.004).and_one(2, 1)
    assert (points.x, points.y) == ((1.0, 2.0), (0.0, 1.0)) and len(points) == 2
    assert str(points.y[0]) == "0.0"  # not -0.0
    assert points.but_last() == CurvePoints((1.0,), (0.0,))
    assert CurvePoints().but_last() == CurvePoints()


@pytest.mark.parametrize(
    ("x", "y", "name"),
    [
        ((6.1,), (0.0,), "x"),
        ((0.0,), (-3.01,), "y"),
        ((float("nan"),), (0.0,), "x"),
        ((0.0,), (float("inf"),), "y"),
        ((0.0, 1.0), (0.0,), "points"),
        ((0.0,) * (MAX_CURVE_POINTS + 1), (0.0,) * (MAX_CURVE_POINTS + 1), "points"),
    ],
)
def test_points_outside_the_picture_or_too_many_are_refused(x, y, name):
    with pytest.raises(InvalidInputError) as caught:
        CurvePoints(x, y)
    assert caught.value.argument == name
