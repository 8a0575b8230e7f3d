"""The figure of a band, and what is said of it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core.experiments.regression import X_RANGE, Y_RANGE, CurveBand, CurvePoints
from core.figures.palette import DARK, LIGHT, TOKENS, themed
from core.figures.regression import curve_figure, curve_spec, near_points
from core.figures.regression_text import coverage_sentence, width_sentences
from core.inference import RegressionSummary

POINTS = CurvePoints((-1.0, -0.9, 2.0), (0.1, -0.2, 1.4))


def band_of(points: CurvePoints, wide: float = 1.0) -> CurveBand:
    """A band that opens to the right: lines through (-6, 0), their ends at most `wide` away."""
    x = np.linspace(-6.0, 6.0, 13)
    ends = np.linspace(-wide, wide, 401)
    summary = RegressionSummary.from_samples((ends[:, None] * (x + 6.0) / 12.0)[:, :, None])
    return CurveBand(points, 0.1, x, summary, 0.1 * x, 1.2)


def test_figure_shows_bands_twin_mean_and_points():
    band = band_of(POINTS)
    figure = curve_figure(POINTS, band)
    wide, narrow, twin, mean, points = figure.data
    assert [trace.name for trace in figure.data] == [
        "95% of the passes", "50% of the passes", "twin", "mean of the passes", "points",
    ]  # fmt: skip
    for trace, low, high in ((wide, 0.025, 0.975), (narrow, 0.25, 0.75)):
        np.testing.assert_allclose(trace.x[:13], band.x)
        np.testing.assert_allclose(trace.x[13:], band.x[::-1])
        np.testing.assert_allclose(trace.y[:13], band.summary.quantile(high)[:, 0], atol=1e-3)
        np.testing.assert_allclose(trace.y[:12:-1], band.summary.quantile(low)[:, 0], atol=1e-3)
        assert trace.fill == "toself"
    np.testing.assert_allclose(twin.y, band.twin)
    np.testing.assert_allclose(mean.y, band.summary.mean[:, 0], atol=1e-3)
    assert twin.line.dash and mean.line.dash is None and mean.line.color == "rgba(31,36,43,1)"
    assert (points.x, points.y) == (POINTS.x, POINTS.y)
    assert set(points.marker.color) == {LIGHT.ink}
    assert figure.layout.xaxis.range == X_RANGE and figure.layout.yaxis.range == Y_RANGE


def test_ground_is_shaded_where_points_are_near():
    assert near_points(POINTS) == [pytest.approx((-1.25, -0.65)), pytest.approx((1.75, 2.25))]
    assert near_points(CurvePoints((-6.0,), (0.0,))) == [(-6.0, -5.75)]
    shapes = curve_spec(POINTS)["layout"]["shapes"]
    assert [(each["x0"], each["x1"]) for each in shapes] == near_points(POINTS)
    assert curve_spec(CurvePoints())["layout"]["shapes"] == []


def test_band_of_other_points_is_pale_and_the_new_point_hollow():
    more = POINTS.and_one(4.0, 0.5)
    fitted, waiting = (curve_figure(points, band_of(POINTS)) for points in (POINTS, more))
    for trace, old in zip(fitted.data[:4], waiting.data[:4], strict=True):
        colours = [each.fillcolor or each.line.color for each in (trace, old)]
        solid, pale = (float(each.split(",")[-1].rstrip(")")) for each in colours)
        assert pale == pytest.approx(0.4 * solid, rel=1e-2)
    marker = waiting.data[-1].marker
    assert marker.color == (*[LIGHT.ink] * 3, LIGHT.bg)
    assert marker.line.color == (*[LIGHT.bg] * 3, LIGHT.ink)


def test_traces_are_the_same_whatever_is_known():
    # The live figure changes such a figure in place.
    whole = curve_spec(POINTS, band_of(POINTS))["data"]
    for points, band in ((POINTS, None), (CurvePoints(), None), (POINTS, band_of(CurvePoints()))):
        data = curve_spec(points, band, narrow=True)["data"]
        for ours, theirs in zip(data, whole, strict=True):
            assert ours.keys() == theirs.keys()
    curve_figure(CurvePoints())  # Plotly takes it


def test_figure_follows_the_theme_by_tokens():
    spec = curve_spec(POINTS, band_of(POINTS), palette=TOKENS)
    dark = themed(spec, dark=True)
    assert dark["data"][-1]["marker"]["color"][0].lower() in (
        DARK.ink.lower(),
        "rgba(237,233,226,1)",
    )
    assert "var(" not in str(dark)


def test_widths_are_told_at_the_points_and_at_the_ends_without_any():
    # The band's width is 95% of 2 * (x + 6) / 12.
    said = width_sentences(band_of(POINTS))
    assert "95% band of 401 passes is <b>0.81</b> wide where the points are" in said
    assert "<b>0.00</b> at x = −6 and <b>1.90</b> at x = 6, where there are none." in said
    right = CurvePoints((5.8,), (0.0,))
    assert "(median) and <b>0.00</b> at x = −6, where" in width_sentences(band_of(right))
    ends = CurvePoints((-5.8, 5.8), (0.0, 0.0))
    assert width_sentences(band_of(ends)).endswith("(median).")


@pytest.mark.parametrize(
    ("wide", "words"),
    [
        (0.5, "narrowed the band there from 1.58 to 0.79"),
        (2.0, "widened the band there from 1.58 to 3.17"),
        (1.05, "about as wide as it was: 1.58, now 1.66"),
    ],
)
def test_what_the_newest_point_did_is_told_whatever_it_did(wide, words):
    before = band_of(POINTS)
    now = band_of(POINTS.and_one(4.0, 0.5), wide)
    assert f"The new point at x = 4 {words}" in width_sentences(now, before).replace(
        "left the band there ", ""
    )
    # Of other points, or another rate, nothing follows for this one.
    for other in (band_of(POINTS.but_last()), replace(before, rate=0.2), now):
        assert "new point" not in width_sentences(now, other)


def test_points_within_are_counted():
    points = CurvePoints((0.0, 0.0, 6.0), (0.4, 0.9, 0.9))
    assert coverage_sentence(band_of(points)).startswith("2 of the 3 points lie within")
    both = CurvePoints((0.0, 3.0), (0.4, -0.2))
    assert coverage_sentence(band_of(both)).startswith("All 2 points lie within")
