from __future__ import annotations

import json
from dataclasses import fields, replace

import numpy as np
import pytest

from core.errors import InvalidInputError
from core.experiments import Study, load_study
from core.experiments.recipe import KINDS, SweepKind
from core.figures import DARK, LIGHT, study_figure, study_sentence, study_spec, themed
from core.figures.curve_names import curve_name_spots
from core.figures.study_text import difference, findings, point_name, signed
from core.uncertainty.resampling import Interval
from tests.core.experiments.studies import study


@pytest.fixture(scope="module")
def report() -> Study:
    return study()


def _line(spec: dict, name: str, axis: str) -> dict:
    return next(trace for trace in spec["data"] if (trace["name"], trace["yaxis"]) == (name, axis))


@pytest.mark.parametrize("point", ["best", "half", "c99", "c95"])
def test_panels_show_false_accepts_and_coverage_in_percent(report: Study, point: str) -> None:
    spec = study_spec(report, point=point)

    for name, who in (
        ("twin", "twin"),
        ("committee", "predictive_entropy"),
        ("mutual information", "mutual_information"),
    ):
        outcome = report.outcome(point, who)
        for axis, rates in (("y", outcome.false_accepts), ("y2", outcome.coverage)):
            line = _line(spec, name, axis)
            assert line["x"] == report.values.tolist()
            np.testing.assert_allclose(line["y"], 100 * rates.by_step.value, atol=1e-3)
    assert _line(spec, "twin", "y")["line"]["dash"] != "solid"
    assert spec["layout"]["yaxis2"]["range"] == [0.0, 100.0]
    most = spec["layout"]["yaxis"]["range"][1]
    assert max(max(trace["y"]) for trace in spec["data"] if trace["yaxis"] == "y") <= most


def test_bands_are_the_intervals(report: Study) -> None:
    spec = study_spec(report)

    bands = [trace for trace in spec["data"] if trace.get("fill") == "toself"]
    assert [band["yaxis"] for band in bands] == ["y", "y", "y2", "y2"]
    interval = report.outcome("best", "predictive_entropy").coverage.by_step
    expected = 100 * np.concatenate([interval.low, interval.high[::-1]])
    np.testing.assert_allclose(bands[3]["y"], expected, atol=1e-3)


def test_lines_are_named_in_one_panel_and_there_is_no_legend(report: Study) -> None:
    texts = [each["text"] for each in study_spec(report)["layout"]["annotations"]]
    assert sum(text == "twin" for text in texts) == 1
    assert "committee, entropy" in texts and "mutual information" in texts
    assert any("<b>False accepts</b>" in text for text in texts)
    assert any("<b>Coverage</b>" in text for text in texts)
    assert study_spec(report)["layout"]["showlegend"] is False

    compact = study_spec(report, compact=True)
    texts = [each["text"] for each in compact["layout"]["annotations"]]
    assert "committee" in texts and "mutual information" not in texts
    assert not any(trace["name"] == "mutual information" for trace in compact["data"])
    assert compact["layout"]["height"] < study_spec(report)["layout"]["height"]


def test_one_box_under_the_pointer_says_all(report: Study) -> None:
    speaking = [each for each in study_spec(report)["data"] if each["hoverinfo"] != "skip"]

    assert len(speaking) == 1
    text = speaking[0]["customdata"][3]
    assert text.startswith("<b>180°</b>")
    for word in ("false accepts", "difference", "95% interval", "coverage", "right"):
        assert word in text


@pytest.mark.parametrize(
    ("kind", "title"),
    [
        ("rotation", "turned counter-clockwise by"),
        ("blending", "how much of the second image is added, α"),
        ("noise", "share of the pixels replaced by white and black ones"),
    ],
)
def test_axis_says_what_changes(kind: str, title: str) -> None:
    axis = study_spec(study(kind))["layout"]["xaxis"]

    assert axis["title"]["text"] == title
    assert axis["fixedrange"] and len(axis["tickvals"]) == len(axis["ticktext"])


@pytest.mark.parametrize("compact", [False, True])
def test_spec_is_plain_holds_tokens_only_and_suits_plotly(report: Study, compact: bool) -> None:
    spec = study_spec(report, compact=compact)

    text = json.dumps(spec)
    assert not any(getattr(LIGHT, each.name) in text for each in fields(LIGHT))
    assert DARK.ink not in json.dumps(themed(spec, dark=False))
    figure = study_figure(report, compact=compact)
    assert {LIGHT.ink, LIGHT.twin} <= {trace.line.color for trace in figure.data}


def test_unknown_point_is_refused(report: Study) -> None:
    with pytest.raises(InvalidInputError, match="point"):
        study_spec(report, point="c50")


def test_names_stand_off_their_curves_and_each_other() -> None:
    steps = np.arange(36.0)
    curves = [30 + 20 * np.sin(steps / 6), 20 + 12 * np.sin(steps / 6), 15 + 0 * steps]

    spots = curve_name_spots(curves, reaches=[2, 3, 3], half_height=3.0, ceiling=60.0)

    for spot, curve in zip(spots, curves, strict=True):
        distances = [abs(other[spot.step] - spot.y) for other in curves]
        assert min(distances) == abs(curve[spot.step] - spot.y) >= 3.0
        assert 3.0 <= spot.y <= 57.0
    for first, second in ((0, 1), (0, 2), (1, 2)):
        apart = abs(spots[first].step - spots[second].step), abs(spots[first].y - spots[second].y)
        assert apart[0] > 4 or apart[1] >= 6.0


def _with(report: Study, fewer: Interval, price: Interval) -> Study:
    outcomes = tuple(
        each
        if each.more_false_accepts is None
        else replace(
            each,
            more_false_accepts=replace(each.more_false_accepts, overall=fewer),
            more_right_accepted=price,
        )
        for each in report.outcomes
    )
    return replace(report, outcomes=outcomes)


FEWER, MORE = Interval(-0.022, -0.026, -0.018), Interval(0.014, 0.01, 0.02)
UNCLEAR = Interval(-0.001, -0.004, 0.002)


def test_sentence_says_fewer_and_what_it_costs(report: Study) -> None:
    text = study_sentence(_with(report, FEWER, FEWER))

    assert "Over 40 test digits turned all the way round, the twin at its best threshold" in text
    assert "2.2 points fewer (95% interval 1.8 to 2.6)" in text
    assert "It accepts fewer right answers" in text


def test_sentence_says_that_there_is_no_clear_difference(report: Study) -> None:
    text = study_sentence(_with(report, UNCLEAR, UNCLEAR), "c95")

    assert "a threshold that accepts 95% of upright digits" in text
    assert "no clear difference (95% interval −0.4 to +0.2 points)" in text
    assert "Both accept about as many right answers" in text
    assert "fewer" not in text


@pytest.mark.parametrize(
    ("kind", "digits"),
    [("rotation", "upright digits"), ("blending", "unblended digits"), ("noise", "clean digits")],
)
def test_images_as_they_are_have_a_name_of_their_kind(kind: str, digits: str) -> None:
    made = study(kind)

    assert f"a threshold that accepts 99% of {digits} gives" in study_sentence(made, "c99")
    assert f"accepting as many {digits}, " in study_sentence(made)
    assert point_name(made, "c95").startswith(f"95% of {digits} accepted")
    texts = [study_sentence(made, "c95"), point_name(made, "c99"), *findings(made)]
    named = {word for text in texts for word in ("upright", "unblended", "clean") if word in text}
    assert named == {digits.split()[0]}


def test_sentence_says_that_the_twin_does_better(report: Study) -> None:
    text = study_sentence(_with(report, MORE, MORE), "half")

    assert "1.4 points more (95% interval 1.0 to 2.0), so the twin does better" in text
    assert "It accepts more right answers" in text


def test_findings_sort_measures_into_better_unclear_and_worse(report: Study) -> None:
    def at_best(fewer: Interval, price: Interval) -> str:
        return findings(_with(report, fewer, price))[1]

    assert at_best(FEWER, FEWER).count("−2.2 points") == 6
    assert "All of them pay for it" in at_best(FEWER, FEWER)
    assert "None of them accepts clearly fewer right answers" in at_best(FEWER, UNCLEAR)
    assert "No clear difference with confidence" in at_best(UNCLEAR, FEWER)
    assert "Fewer" not in at_best(UNCLEAR, FEWER)
    assert "The twin is better than confidence (+1.4 points)" in at_best(MORE, UNCLEAR)


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0221, "+2.2"), (-0.004, "−0.4"), (0.0, "0.0"), (-0.0001, "0.0"), (0.0001, "0.0")],
)
def test_signed_differences(value: float, text: str) -> None:
    assert signed(value) == text


def test_interval_that_touches_zero_is_no_clear_difference() -> None:
    assert difference(Interval(0.01, 0.0, 0.02)).startswith("no clear difference")


@pytest.mark.parametrize("kind", KINDS)
def test_shipped_studies_can_be_drawn_and_told(kind: SweepKind) -> None:
    shipped = load_study(kind)

    for point in ("best", "half", "c99", "c95"):
        sentence = study_sentence(shipped, point)
        assert sentence.startswith("Over 1,000 test digits") and sentence.endswith(".")
        assert "nan" not in json.dumps(study_spec(shipped, point=point)).lower()
    assert len(findings(shipped)) == 6
