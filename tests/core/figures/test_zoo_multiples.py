"""The small multiples of the zoo, and how its numbers read."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from core.experiments.zoo_table import BASE, ENSEMBLE
from core.figures import DARK, TOKENS, themed
from core.figures.zoo_multiples import zoo_multiples_figure, zoo_multiples_spec
from core.figures.zoo_text import (
    TIME,
    ZooChange,
    zoo_change,
    zoo_columns,
    zoo_interval,
    zoo_label,
    zoo_range,
    zoo_value,
)
from core.uncertainty import Interval
from tests.core.experiments.zoo_tables import around, made_table, with_difference, with_row

# Members lie 0.2% of a figure apart: 0.002 of accuracy, AUROC 0.002.
TABLE = made_table()
for _name, _figure, _by, _half in (
    ("rate-01", "accuracy", 0.004, 0.001),  # clearly better
    ("rate-01", "aurc", 0.0001, 0.00005),  # more risk: clearly worse
    ("tanh", "accuracy", -0.001, 0.0005),  # clear, and no more than a seed might make
    ("elu", "accuracy", 0.004, 0.005),  # not clear
):
    TABLE = with_difference(TABLE, _name, _figure, around(_by, _half))
NAMES = [row.name for row in TABLE.rows]


def points(spec: dict[str, Any], name: str) -> dict[str, Any]:
    return next(each for each in spec["data"] if each["name"] == name)


def panel_of(spec: dict[str, Any], name: str) -> str:
    """The number of the axes that a figure's panel has: "" for the first."""
    return str(points(spec, name)["xaxis"]).removeprefix("x")


def symbols(spec: dict[str, Any], name: str) -> dict[str, str]:
    return dict(zip(NAMES, points(spec, name)["marker"]["symbol"], strict=True))


def test_every_figure_has_a_panel_with_every_network_s_point_on_its_interval() -> None:
    spec = zoo_multiples_spec(TABLE)
    columns = zoo_columns()
    assert len(columns) == 7 and columns[-1] == TIME
    for name in columns:
        scale = 1000.0 if name == "aurc" else 1.0
        intervals = [row.milliseconds if name == TIME else row.figures[name] for row in TABLE.rows]
        marks = points(spec, name)
        assert marks["y"] == list(range(9))
        assert marks["x"] == pytest.approx([scale * each.value for each in intervals], abs=1e-5)
        bars = points(spec, f"{name}, intervals")
        assert bars["x"][::3] == pytest.approx([scale * each.low for each in intervals], abs=1e-5)
        assert bars["x"][1::3] == pytest.approx([scale * each.high for each in intervals], abs=1e-5)
        assert bars["x"][2::3] == [None] * 9 and bars["y"][::3] == list(range(9))


def test_the_base_is_a_square_and_clear_differences_are_triangles() -> None:
    spec = zoo_multiples_spec(TABLE)
    found = symbols(spec, "accuracy")
    assert found[BASE] == "square" and found["rate-01"] == "triangle-up"
    assert found["tanh"] == "triangle-down"
    marker = points(spec, "accuracy")["marker"]
    for name, fill, outline in zip(NAMES, marker["color"], marker["line"]["color"], strict=True):
        # Hollow: as a seed might make it.
        assert (fill, outline)[:: -1 if name == "tanh" else 1] == (TOKENS.ink, TOKENS.bg)
    assert {found[name] for name in NAMES if name not in (BASE, "rate-01", "tanh")} == {"circle"}
    assert symbols(spec, "aurc")["rate-01"] == "triangle-down"  # more of it is worse
    assert set(symbols(spec, TIME).values()) == {"square", "circle"}


def test_the_base_is_a_band_with_its_value_in_it() -> None:
    spec = zoo_multiples_spec(TABLE)
    base = TABLE.row(BASE).figures["aurc"]
    axis = f"x{panel_of(spec, 'aurc')}"
    band, line = (each for each in spec["layout"]["shapes"] if each["xref"] == axis)
    assert (band["x0"], band["x1"]) == pytest.approx((1000 * base.low, 1000 * base.high))
    assert line["x0"] == line["x1"] == pytest.approx(1000 * base.value)
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
            assert y["range"] == [8.5, -0.5]  # downwards
            assert 2 <= len(x["tickvals"]) <= 4
            assert x["range"][0] <= x["tickvals"][0] < x["tickvals"][-1] <= x["range"][1]
            assert y["showticklabels"] == (x["domain"][0] == 0.0)
            boxes.append((*x["domain"], *y["domain"]))
        assert len({box[0] for box in boxes}) == columns
        for k, (left, right, bottom, top) in enumerate(boxes):
            assert 0.0 <= left < right <= 1.0 + 1e-9 and 0.0 <= bottom < top <= 1.0
            for other in boxes[:k]:
                apart = right <= other[0] or other[1] <= left
                assert apart or top <= other[2] or other[3] <= bottom
        assert layout["yaxis"]["ticktext"][0] == TABLE.row(BASE).title


def test_titles_say_what_is_measured_and_which_way_is_better() -> None:
    texts = [each["text"] for each in zoo_multiples_spec(TABLE)["layout"]["annotations"]]
    assert len(texts) == 7
    ways = {"Accuracy": "better →", "NLL": "← better", "AUROC": "better →", "Time": "← better"}
    for label, way in ways.items():
        assert way in next(text for text in texts if f"<b>{label}</b>" in text)
    assert "ms" in texts[-1] and "nats" in texts[1]
    scaled = zoo_multiples_spec(TABLE, scaled=True)
    assert points(scaled, "ece_scaled")["x"][0] == pytest.approx(0.002)
    assert any("NLL, scaled" in each["text"] for each in scaled["layout"]["annotations"])


def test_one_pass_shows_twins_and_leaves_the_ensemble_s_row_empty() -> None:
    table = with_row(TABLE, BASE, twin={"nll": around(0.05, 0.01)})
    spec = zoo_multiples_spec(table, one_pass=True)
    marks = points(spec, "nll")
    assert marks["y"] == list(range(8)) and NAMES[8] == ENSEMBLE
    assert marks["x"][0] == 0.05
    # The plain network is one pass itself.
    assert marks["x"][7] == pytest.approx(table.row("plain").figures["nll"].value, abs=1e-6)
    assert set(marks["marker"]["symbol"]) == {"square", "circle"}
    assert points(spec, TIME)["x"][:2] == [0.5, 0.5]
    axis = f"x{panel_of(spec, 'nll')}"
    band = next(each for each in spec["layout"]["shapes"] if each["xref"] == axis)
    assert (band["x0"], band["x1"]) == pytest.approx((0.04, 0.06))


def test_hover_says_value_interval_and_the_difference_from_the_base() -> None:
    texts = points(zoo_multiples_spec(TABLE), "accuracy")["customdata"]
    assert "99.10%" in texts[1] and "98.90 to 99.30" in texts[1]
    assert "less the base: +0.40 (+0.30 to +0.50), better" in texts[1]
    assert "−0.10 (−0.15 to −0.05), worse, as a seed might make it" in texts[NAMES.index("tanh")]
    assert "no clear difference" in texts[NAMES.index("elu")]
    assert "less the base" not in texts[0]
    assert "middle half of the runs" in points(zoo_multiples_spec(TABLE), TIME)["customdata"][0]


def test_a_table_without_its_base_and_of_one_network_still_shows() -> None:
    plain = dataclasses.replace(TABLE.row("plain"), differences={}, milliseconds=Interval(0, 0, 0))
    spec = zoo_multiples_spec(dataclasses.replace(TABLE, rows=(plain,)))
    assert spec["layout"]["shapes"] == []
    assert points(spec, "accuracy")["y"] == [0]
    low, high = spec["layout"]["xaxis7"]["range"]
    assert low < 0 < high


def test_titles_of_networks_are_text_and_tokens_become_colours() -> None:
    odd = with_row(TABLE, "tanh", title="<b>%{x}")
    figure = zoo_multiples_figure(odd, palette=DARK)
    assert "<b>%{x}" not in str(figure.layout.yaxis.ticktext)
    assert DARK.ink in str(figure.layout)
    assert "var(" not in str(themed(zoo_multiples_spec(TABLE), dark=True))


def test_numbers_read_in_their_units() -> None:
    assert zoo_value("accuracy", 0.99214) == "99.21%"
    assert zoo_value("aurc", 0.00061234) == "0.612"
    assert zoo_value(TIME, 12.34) == "12 ms"
    assert zoo_range("ece", around(0.01, 0.002)) == "0.80 to 1.20"
    assert zoo_range("auroc", around(0.98, 0.01)) == "0.9700 to 0.9900"
    assert zoo_range(TIME, around(0.5, 0.1)) == "0.40 to 0.60"
    assert zoo_label("nll_scaled") == "NLL, scaled" and zoo_label(TIME) == "Time"


def test_a_change_is_clear_only_where_its_interval_leaves_zero_out() -> None:
    rate, tanh, elu = (TABLE.row(name) for name in ("rate-01", "tanh", "elu"))
    assert zoo_change(TABLE, rate, "accuracy") == ZooChange(True, False)
    assert zoo_change(TABLE, tanh, "accuracy") == ZooChange(False, True)
    assert zoo_change(TABLE, elu, "accuracy") is None
    assert zoo_change(TABLE, rate, TIME) is None
    assert zoo_change(TABLE, rate, "accuracy", one_pass=True) is None
    assert zoo_interval(TABLE.row(ENSEMBLE), "nll", one_pass=True) is None
    alone = dataclasses.replace(TABLE, members={})
    assert zoo_change(alone, tanh, "accuracy") == ZooChange(False, False)
