"""The section about values: what it says, fits, keeps and refuses. Clicking is in tests/e2e."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core.errors import LabradorError
from core.experiments.regression import POINT_SETS, CurveBand, CurvePoints
from core.inference import RegressionSummary
from core.limits import MAX_CURVE_POINTS
from pages.parts import regression
from pages.parts.live_figure import new_places

Fits = list[tuple[CurvePoints, float]]
GATE = threading.Event()  # fits that take no time wait here until the test has seen the page


def fake_band(points: CurvePoints, rate: float) -> CurveBand:
    """A band as wide as there are points, times the rate."""
    ends = np.linspace(-1.0, 1.0, 401) * len(points) * rate / 2
    summary = RegressionSummary.from_samples(np.tile(ends[:, None, None], (1, 3, 1)))
    return CurveBand(points, rate, np.array([-6.0, 0.0, 6.0]), summary, np.zeros(3), 1.5)


@pytest.fixture
def fits(monkeypatch: pytest.MonkeyPatch) -> Iterator[Fits]:
    """Bands that take no time, and what was fitted."""
    done: Fits = []

    def fit(question: tuple[CurvePoints, float], note: Callable[[int, int], None]) -> CurveBand:
        assert GATE.wait(10)
        note(1, 1)
        done.append(question)
        return fake_band(*question)

    monkeypatch.setattr(regression, "_fit", fit)
    regression._bands.clear()
    yield done
    regression._bands.clear()


def section() -> None:
    from pages.parts.regression import show_regression

    show_regression()


def start() -> AppTest:
    return AppTest.from_function(section, default_timeout=30).run()


def settled(app: AppTest) -> AppTest:
    """Run until nothing is at work, as the bar does in a browser."""
    state = app.session_state["regression"]
    GATE.set()
    if state.job is not None:
        state.job.wait(10)
        app.run()
    GATE.clear()
    return app


def texts(app: AppTest) -> str:
    return " ".join(str(each.proto.body) for each in app.get("html"))


def button(app: AppTest, label: str) -> Any:
    return next(each for each in app.button if each.label == label)


def test_first_band_is_fitted_and_measured(fits: Fits) -> None:
    app = start()
    assert "The first band is on its way." in texts(app)
    assert button(app, "Stop")
    app = settled(app)
    assert not app.exception
    assert fits == [(POINT_SETS["Two clusters"](), 0.1)]
    # 30 points at a rate of 10%: lines 3 apart, 95% of them 2.85.
    assert "The 95% band of 401 passes is <b>2.85</b> wide where the points are" in texts(app)
    assert "Fitted from scratch, and 401 passes at 3 places, in 1.5 s." in texts(app)
    assert "By itself it is not calibrated" in texts(app)


def test_point_added_by_numbers_is_fitted_beside_the_old_band(fits: Fits) -> None:
    app = settled(start())
    app.number_input[0].set_value(4.5).run()
    app.number_input[1].set_value(-1.25).run()
    button(app, "Add point").click().run()
    assert "lb-older" in texts(app)  # what is still said is of the band before
    app = settled(app)
    points = POINT_SETS["Two clusters"]().and_one(4.5, -1.25)
    assert fits[-1] == (points, 0.1)
    assert "The new point at x = 4.5 left the band there about as wide" in texts(app)
    button(app, "Remove last").click().run()
    settled(app)
    assert fits[-1][0] == points.but_last()


def test_another_rate_is_another_fit_of_the_same_points(fits: Fits) -> None:
    app = settled(start())
    app.selectbox[0].set_value(0.2).run()
    app = settled(app)
    assert fits[-1] == (POINT_SETS["Two clusters"](), 0.2)
    assert "<b>5.70</b> wide" in texts(app)
    assert "The new point" not in texts(app)


def test_start_again_empties_the_picture_and_a_set_fills_it(fits: Fits) -> None:
    app = settled(start())
    button(app, "Start again").click().run()
    assert "A curve needs two points or more" in texts(app)
    assert button(app, "Remove last").disabled
    button(app, "Add point").click().run()
    assert len(fits) == 1  # one point makes no curve
    button(app, "A gap").click().run()
    app = settled(app)
    assert fits[-1] == (POINT_SETS["A gap"](), 0.1)
    assert not app.exception


def test_stopped_fit_leaves_the_old_band_and_can_be_asked_for_again(
    fits: Fits, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = settled(start())
    quick = regression._fit

    def slow(question: Any, note: Callable[[int, int], None]) -> CurveBand:
        done = 0
        while True:
            time.sleep(0.01)
            note(done := done + 1, 10**9)

    monkeypatch.setattr(regression, "_fit", slow)
    button(app, "Add point").click().run()
    button(app, "Stop").click().run()
    app = settled(app)
    assert "Not fitted to these points." in texts(app) and "2.85" in texts(app)
    app.run()
    assert app.session_state["regression"].job is None  # it stays stopped
    monkeypatch.setattr(regression, "_fit", quick)
    button(app, "Fit").click().run()
    app = settled(app)
    assert len(fits[-1][0]) == 31 and "Fitted from scratch" in texts(app)


@pytest.mark.parametrize(
    ("error", "words"),
    [(LabradorError("Too *few* points."), "few"), (ValueError("a stack"), "could not be fitted")],
)
def test_fit_that_fails_is_told_in_words(
    error: Exception, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(question: Any, note: Any) -> CurveBand:
        raise error

    monkeypatch.setattr(regression, "_fit", fail)
    app = settled(start())
    assert not app.exception
    assert words in app.info[0].value and "a stack" not in app.info[0].value


def test_points_beyond_the_limit_are_refused_and_the_rest_is_kept(fits: Fits) -> None:
    app = start()
    app.session_state["regression"].points = CurvePoints(
        (1.0,) * MAX_CURVE_POINTS, (1.0,) * MAX_CURVE_POINTS
    )
    button(app.run(), "Add point").click().run()
    app = settled(app)
    assert f"holds {MAX_CURVE_POINTS} points" in app.info[0].value
    assert len(app.session_state["regression"].points) == MAX_CURVE_POINTS


def test_band_that_somebody_had_fitted_is_not_fitted_again(monkeypatch: pytest.MonkeyPatch) -> None:
    for points in (POINT_SETS["Two clusters"](), POINT_SETS["Wave"]()):
        regression._bands[points, 0.1] = fake_band(points, 0.1)
    monkeypatch.setattr(regression, "_network", lambda rate: pytest.fail("no network is needed"))
    app = start()
    button(app, "Wave").click().run()
    assert app.session_state["regression"].is_fitted
    regression._bands.clear()


def test_new_places_are_the_clicks_that_are_not_known() -> None:
    clicks = [[1, 0.5, 1.0], [2, -1, 2.5], [3, 0.0, 0.0]]
    assert new_places(clicks, 0) == [(1, (0.5, 1.0)), (2, (-1.0, 2.5)), (3, (0.0, 0.0))]
    assert new_places(clicks, 2) == [(3, (0.0, 0.0))]
    assert new_places(clicks, 3) == []


@pytest.mark.parametrize(
    "clicks",
    [None, "here", [[1, 2.0]], [["1", 0.0, 0.0]], [[True, 0.0, 0.0]], [[0, 1.0, 1.0]],
     [[1, float("nan"), 0.0]], [[1, "x", 0.0]], [[1, None, 0.0]], [{"x": 1}]],
)  # fmt: skip
def test_what_is_no_click_is_left_out(clicks: object) -> None:
    assert new_places(clicks, 0) == []


def test_clicks_that_come_twice_count_once() -> None:
    assert new_places([[2, 0.0, 0.0], [2, 1.0, 1.0], [1, 2.0, 2.0]], 0) == [(2, (0.0, 0.0))]
