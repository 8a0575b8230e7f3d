"""The small multiples of the zoo, and how its numbers read."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from core.experiments.zoo_table import BASE, ENSEMBLE
from core.figures import DARK, themed
from core.figures.zoo_multiples import zoo_multiples_figure, zoo_multiples_spec
from core.figures.zoo_text import (
    ALIKE,
    BETTER,
    TIME,
    WORSE,
    zoo_change,
    zoo_columns,
    zoo_interval,
    zoo_label,
    zoo_number,
    zoo_range,
)
from core.uncertainty import Interval
from tests.core.figures.zoo_example import around, example_table

TABLE = example_table()


def points(spec: dict[str, Any], name: str) -> dict[str, Any]:
    return next(each for each in spec["data"] if each["name"] == name)


def panel_of(spec: dict[str, Any], name: str) -> str:
    """The number of the axes that a figure's panel has: "" for the first."""
    return points(spec, name)["xaxis"].removeprefix("x")


def test_every_figure_has_a_panel_with_every_network_s_point_on_its_interval() -> None:
    spec = zoo_multiples_spec(TABLE)
    columns = zoo_columns()
    assert len(columns) == 7 and columns[-1] == TIME
    for name in columns:
        scale = {"aurc": 1000.0, "nll": 1.0, TIME: 1.0}.get(name, 100.0)
        intervals = [
            row.milliseconds if name == TIME else row.figures[name] for row in TABLE.rows
        ]
        marks = points(spec, name)
        assert marks["y"] == [0, 1, 2, 3, 4]
        assert marks["x"] == pytest.approx([scale * each.value for each in intervals], abs=1e-5)
        bars = points(spec, f"{name}, intervals")
        assert bars["x"][::3] == pytest.approx([scale * each.low for each in intervals], abs=1e-5)
        assert bars["x"][1::3] == pytest.approx([scale * each.high for each in intervals], abs=1e-5)
        assert bars["x"][2::3] == [None] * 5 and bars["y"][::3] == [0, 1, 2, 3, 4]


def test_the_base_is_a_square_with_a_band_and_clear_differences_are_triangles() -> None:
    spec = zoo_multiples_spec(TABLE)
    assert points(spec, "auroc")["marker"]["symbol"] == [
        "square",
        "triangle-up",  # more of it is better
        "circle",
        "triangle-down",
        "triangle-up",
    ]
    assert points(spec, "aurc")["marker"]["symbol"][1::2] == ["triangle-down", "triangle-up"]
    assert points(spec, TIME)["marker"]["symbol"] == ["square", *["circle"] * 4]
    base = TABLE.row(BASE).figures["auroc"]
    axis = f"x{panel_of(spec, 'auroc')}"
    band, line = (each for each in spec["layout"]["shapes"] if each["xref"] == axis)
    assert (band["x0"], band["x1"]) == pytest.approx((100 * base.low, 100 * base.high))
    assert line["x0"] == line["x1"] == pytest.approx(100 * base.value)
    assert (band["yref"], band["y0"], band["y1"]) == (f"y{axis[1:]} domain", 0, 1)


def test_panels_hold_all_they_show_and_do_not_lie_on_each_other() -> None:
    for compact, columns in ((False, 4), (True, 1)):
        spec = zoo_multiples_spec(TABLE, compact=compact)
        layout = spec["layout"]
        boxes = []
        for name in zoo_columns():
            number = panel_of(spec, name)
            x, y = layout[f"xaxis{number}"], layout[f"yaxis{number}"]
            shown = [each for each in points(spec, f"{name}, intervals")["x"] if each is not None]
            assert x["range"][0] < min(shown) and max(shown) < x["range"][1]
            assert y["range"] == [4.5, -0.5]  # downwards
            assert y["showticklabels"] == (x["domain"][0] == 0.0)
            boxes.append((*x["domain"], *y["domain"]))
        assert len({box[0] for box in boxes}) == columns
        for k, (left, right, bottom, top) in enumerate(boxes):
            assert 0.0 <= left < right <= 1.0 + 1e-9 and 0.0 <= bottom < top <= 1.0
            for other in boxes[:k]:
                apart = right <= other[0] or other[1] <= left
                assert apart or top <= other[2] or other[3] <= bottom
    assert "Rate 0.1" in layout["yaxis"]["ticktext"]


def test_titles_say_what_is_measured_and_which_way_is_better() -> None:
    texts = [each["text"] for each in zoo_multiples_spec(TABLE)["layout"]["annotations"]]
    assert len(texts) == 7
    ways = {"Accuracy": "better →", "NLL": "← better", "AUROC": "better →", "Time": "← better"}
    for label, way in ways.items():
        assert way in next(text for text in texts if f"<b>{label}</b>" in text)
    assert "ms" in texts[-1] and "nats" in texts[1]
    scaled = zoo_multiples_spec(TABLE, scaled=True)
    assert points(scaled, "ece_scaled")["x"][0] == pytest.approx(0.3)
    assert any("NLL, scaled" in each["text"] for each in scaled["layout"]["annotations"])


def test_one_pass_shows_twins_and_leaves_the_ensemble_s_row_empty() -> None:
    spec = zoo_multiples_spec(TABLE, one_pass=True)
    marks = points(spec, "nll")
    assert marks["y"] == [0, 1, 2, 3]  # the plain network is one pass itself
    assert marks["x"][0] == pytest.approx(TABLE.row(BASE).twin["nll"].value, abs=1e-6)
    assert marks["x"][3] == pytest.approx(TABLE.row("plain").figures["nll"].value, abs=1e-6)
    assert set(marks["marker"]["symbol"]) == {"square", "circle"}
    assert points(spec, TIME)["x"][0] == 0.4
    band = spec["layout"]["shapes"][0]
    assert band["x0"] == pytest.approx(100 * TABLE.row(BASE).twin["accuracy"].low)


def test_hover_says_value_interval_and_the_difference_from_the_base() -> None:
    text = points(zoo_multiples_spec(TABLE), "auroc")["customdata"]
    assert "<b>Rate 0.1</b>" in text[1] and "86.25%" in text[1]
    assert "82.50 to 90.00" in text[1]
    assert "less the base: +11.25 (3.75 to 18.75), better" in text[1]
    assert "no clear difference" in text[2]
    assert "less the base" not in text[0]
    assert "middle half of the runs" in points(zoo_multiples_spec(TABLE), TIME)["customdata"][0]


def test_a_table_without_its_base_and_of_one_network_still_shows() -> None:
    table = dataclasses.replace(TABLE, rows=(TABLE.row("plain"),))
    spec = zoo_multiples_spec(table)
    assert spec["layout"]["shapes"] == []
    assert points(spec, "accuracy")["y"] == [0]
    alone = dataclasses.replace(
        TABLE, rows=(dataclasses.replace(TABLE.row("plain"), milliseconds=Interval(0, 0, 0)),)
    )
    low, high = zoo_multiples_spec(alone)["layout"]["xaxis7"]["range"]
    assert low < 0 < high


def test_titles_of_networks_are_text_and_tokens_become_colours() -> None:
    odd = dataclasses.replace(TABLE.row("tanh"), title="<b>%{x}")
    figure = zoo_multiples_figure(
        dataclasses.replace(TABLE, rows=(*TABLE.rows, odd)), palette=DARK
    )
    assert "<b>%{x}" not in str(figure.layout.yaxis.ticktext)
    dark = themed(zoo_multiples_spec(TABLE), dark=True)
    assert dark["layout"]["annotations"][0]["font"]["color"] == "rgba(237,233,226,1)"
    assert "var(" not in str(dark)


def test_numbers_read_in_their_units() -> None:
    assert zoo_number("accuracy", 0.99214) == "99.21%"
    assert zoo_number("aurc", 0.00061234) == "0.612"
    assert zoo_number("nll", -0.00123) == "−0.0012"
    assert zoo_number("nll", -0.00001) == "0.0000"  # no rounded -0
    assert zoo_number(TIME, 12.34) == "12.3"
    assert zoo_range("ece", around(0.01, 0.002)) == "0.80 to 1.20"
    assert zoo_label("nll_scaled") == "NLL, scaled" and zoo_label(TIME) == "Time"


def test_a_change_is_clear_only_where_its_interval_leaves_zero_out() -> None:
    rate, tanh = TABLE.row("rate-01"), TABLE.row("tanh")
    assert zoo_change(rate, "accuracy") == BETTER and zoo_change(rate, "nll") == WORSE
    assert zoo_change(tanh, "accuracy") == ALIKE
    assert zoo_change(rate, TIME) == ALIKE and zoo_change(rate, "nll", one_pass=True) == ALIKE
    assert zoo_change(TABLE.row(BASE), "nll") == ALIKE
    assert zoo_interval(TABLE.row(ENSEMBLE), "nll", one_pass=True) is None
