from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from core.errors import InvalidInputError
from core.figures.limit_rows import NUM_BINS, LimitGroup, limit_rows_spec
from core.figures.palette import themed


def group(
    name: str = "Right", count: int = 50, limit: float = 0.5, token: str = "ink"
) -> LimitGroup:
    values = np.linspace(0.0, 2.0, count)
    return LimitGroup(name, "answers", token, token, values, values <= limit, "answered")


def named(spec: dict[str, Any]) -> dict[str, Any]:
    return {trace["name"]: trace for trace in spec["data"]}


def test_bars_count_accepted_and_refused_answers() -> None:
    traces = named(limit_rows_spec([group()], "predictive_entropy", 0.5))
    accepted, refused = traces["Right, accepted"], traces["Right, refused"]
    assert sum(accepted["customdata"]) == 13 and sum(refused["customdata"]) == 37
    assert len(accepted["x"]) == NUM_BINS
    together = np.add(accepted["y"], refused["y"])
    assert together.max() == pytest.approx(1.0)  # each group to its own height


def test_line_and_grip_stand_at_the_limit() -> None:
    traces = named(limit_rows_spec([group()], "predictive_entropy", 0.5))
    assert traces["limit"]["x"] == [0.5, 0.5]
    middle = np.mean([min(traces["grip"]["x"]), max(traces["grip"]["x"])])
    assert middle == pytest.approx(112 + (690 - 112 - 122) * 0.5 / np.log(10), abs=0.01)
    assert "0.50 nats" in traces["sides"]["text"][0]
    assert traces["sides"]["text"][1].startswith("←")  # accepted is below
    assert "accepted" in traces["sides"]["text"][1]


def test_confidence_is_accepted_above_its_limit() -> None:
    traces = named(limit_rows_spec([group()], "confidence", 0.5))
    assert traces["sides"]["text"][1] == "accepted →"


@pytest.mark.parametrize("compact", [False, True])
@pytest.mark.parametrize("limit", [0.0, 2.302])
def test_at_the_ends_of_the_axis_grip_and_words_are_whole(compact: bool, limit: float) -> None:
    spec = limit_rows_spec([group()], "predictive_entropy", limit, compact=compact)
    traces, (low, high) = named(spec), spec["layout"]["xaxis"]["range"]
    for name in ("grip", "dots", "sides"):  # Plotly drops points beyond an axis
        assert traces[name].get("xaxis", "x") == "x"
        assert low <= min(traces[name]["x"]) and max(traces[name]["x"]) <= high


def test_on_a_phone_no_word_is_crossed_by_the_line_or_off_the_screen() -> None:
    for limit in (0.0, 0.3, 2.3):
        spec = limit_rows_spec([group(), group("Wrong")], "predictive_entropy", limit, compact=True)
        traces = named(spec)
        line = traces["limit"]["y"]
        pieces = list(zip(line[::3], line[1::3], strict=True))
        assert line[2::3] == [None] * (len(pieces) - 1)
        for y in (*traces["words"]["y"], *traces["sides"]["y"]):
            assert not any(min(piece) - 4 < y < max(piece) + 4 for piece in pieces)
        value, *sides = traces["sides"]["x"]
        assert 14 < value < 344 and sorted(sides) == [14, 344]
        assert traces["sides"]["text"][1:] == ["← accepted", "“I don’t know” →"]


def test_without_a_limit_there_is_no_line_but_the_same_traces() -> None:
    with_limit, without = (limit_rows_spec([group()], "variance", limit) for limit in (0.1, None))
    assert [trace["name"] for trace in with_limit["data"]] == [t["name"] for t in without["data"]]
    assert named(without)["limit"]["x"] == [None, None]


def test_first_trace_holds_the_places_that_the_limit_can_go_to() -> None:
    stops = limit_rows_spec([group()], "variation_ratio", 0.5)["data"][0]
    assert stops["x"][0] == 0.0 and stops["x"][-1] == pytest.approx(0.9)
    assert stops["xaxis"] == "x2"


def test_words_tell_each_group_s_size_and_what_is_let_through() -> None:
    spec = limit_rows_spec([group(), group("Wrong", 10)], "predictive_entropy", 0.5)
    text = " ".join(named(spec)["words"]["text"])
    assert "50 answers" in text and "<b>26.0%</b> accepted" in text and "13 answered" in text
    assert "10 answers" in text


def test_an_empty_group_has_an_empty_row() -> None:
    spec = limit_rows_spec([group(count=0)], "predictive_entropy", 0.5)
    assert "none" in " ".join(named(spec)["words"]["text"])


@pytest.mark.parametrize("compact", [False, True])
def test_dragging_changes_traces_only(compact: bool) -> None:
    one, other = (
        limit_rows_spec([group(limit=x)], "predictive_entropy", x, compact=compact)
        for x in (0.5, 1.2)
    )
    assert one["layout"] == other["layout"]
    assert all(a.keys() == b.keys() for a, b in zip(one["data"], other["data"], strict=True))


def test_spec_is_json_of_tokens() -> None:
    text = json.dumps(limit_rows_spec([group(token="wrong_fill")], "predictive_entropy", 0.5))
    assert "#" not in text
    assert "var(" not in json.dumps(themed(json.loads(text), dark=True))


def test_no_group_or_another_measure_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="groups"):
        limit_rows_spec([], "variance", 0.1)
    with pytest.raises(InvalidInputError, match="measure"):
        limit_rows_spec([group()], "charm", 0.1)
    with pytest.raises(InvalidInputError, match="accepted"):
        LimitGroup("a", "b", "ink", "ink", np.zeros(3), np.zeros(2, dtype=bool), "c")


def test_the_stops_end_where_the_measure_ends_with_so_many_classes() -> None:
    for num_classes in (2, 10, 1000):
        spec = limit_rows_spec([group()], "predictive_entropy", 0.5, num_classes=num_classes)
        assert spec["data"][0]["x"][-1] == pytest.approx(np.log(num_classes), abs=1e-5)
