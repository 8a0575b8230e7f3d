import json

import numpy as np
import pytest

from core.errors import InvalidInputError
from core.figures.palette import DARK, LIGHT, fade
from core.figures.softmax_bars import softmax_bars_figure, softmax_bars_spec
from core.inference.samples import McSummary


def summary_of(*rows: list[float]) -> McSummary:
    return McSummary.from_samples(np.array(rows, dtype=np.float32)[:, None, :])


SUMMARY = summary_of([0.2, 0.5, 0.3], [0.4, 0.3, 0.3])
TWIN = np.array([0.1, 0.75, 0.15], dtype=np.float32)


def test_committee_stands_beside_the_twin() -> None:
    committee, twin = softmax_bars_figure(SUMMARY, TWIN).data
    assert list(committee.y) == pytest.approx([0.3, 0.4, 0.3], abs=1e-5)
    assert list(twin.y) == pytest.approx([0.1, 0.75, 0.15], abs=1e-5)
    assert (committee.name, twin.name) == ("mean of 2 passes", "the twin")


def test_committee_is_solid_ink_and_twin_is_hollow() -> None:
    committee, twin = softmax_bars_figure(SUMMARY, TWIN, palette=DARK).data
    assert committee.marker.color == DARK.ink
    assert twin.marker.color == fade(DARK.twin, 0.22)
    assert twin.marker.line.color == DARK.twin
    assert twin.marker.line.width > 0


def test_axis_is_a_softmax_axis() -> None:
    layout = softmax_bars_figure(SUMMARY, TWIN).layout
    assert layout.yaxis.ticktext == ("0", "0.5", "1")
    assert layout.yaxis.tickvals == (0.0, 0.5, 1.0)
    assert layout.yaxis.range[0] == 0.0
    assert 1.0 <= layout.yaxis.range[1] < 1.05
    assert layout.xaxis.ticktext == ("0", "1", "2")


def test_key_names_both_in_their_colours() -> None:
    summary = McSummary.from_samples(np.full((1000, 1, 3), 1 / 3))
    (key,) = softmax_bars_figure(summary, TWIN).layout.annotations
    assert "mean of 1,000 passes" in key.text and "the twin" in key.text
    assert LIGHT.ink in key.text and LIGHT.twin in key.text


def test_two_results_differ_in_heights_only() -> None:
    one = softmax_bars_spec(SUMMARY, TWIN)
    other = softmax_bars_spec(summary_of([0.9, 0.1, 0.0], [0.7, 0.2, 0.1]), TWIN[::-1])
    for spec in (one, other):
        for trace in spec["data"]:
            assert trace.pop("y")
    assert one == other


def test_spec_is_json_and_names_classes() -> None:
    spec = softmax_bars_spec(SUMMARY, TWIN[None, :], class_names=["cat", "<dog>", "fox"])
    assert json.loads(json.dumps(spec))["layout"]["xaxis"]["ticktext"] == [
        "cat",
        "&lt;dog&gt;",
        "fox",
    ]


def test_twin_of_other_classes_or_several_images_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="over 3 classes"):
        softmax_bars_spec(SUMMARY, np.array([0.5, 0.5]))
    with pytest.raises(InvalidInputError, match="2 images"):
        softmax_bars_spec(McSummary.from_samples(np.full((4, 2, 3), 1 / 3)), TWIN)
    with pytest.raises(InvalidInputError, match="class_names"):
        softmax_bars_spec(SUMMARY, TWIN, class_names=["cat"])


NAMED = ("cat", "sausage dog", "<b>x</b>", "Labrador", "%{x}", "fox", "wolf")


def test_longer_names_stand_over_bars_that_lie_largest_first() -> None:
    mean = np.array([0.02, 0.5, 0.2, 0.03, 0.15, 0.06, 0.04])
    twin = np.array([0.1, 0.4, 0.01, 0.3, 0.09, 0.05, 0.05])
    figure = softmax_bars_figure(summary_of(mean.tolist()), twin, class_names=NAMED)
    committee, hollow, words = figure.data
    order = [1, 3, 2, 4, 0]
    assert committee.orientation == hollow.orientation == "h"
    assert list(committee.x) == pytest.approx(mean[order].tolist(), abs=1e-4)
    assert list(hollow.x) == pytest.approx(twin[order].tolist(), abs=1e-4)
    assert list(words.text[:3]) == ["sausage dog", "Labrador", "&lt;b&gt;x&lt;/b&gt;"]
    assert "%{x}" not in "".join(words.text)
    # A pair stands under its name, the committee over its twin, as y runs downwards.
    assert all(a < b < c for a, b, c in zip(words.y, committee.y, hollow.y, strict=True))
    low, high = figure.layout.yaxis.range
    assert low > high


def test_many_classes_are_five_pairs_that_change_in_place() -> None:
    rng = np.random.default_rng(0)
    specs = [
        softmax_bars_spec(
            McSummary.from_samples(rng.dirichlet(np.full(100, 0.1), size=(9, 1))),
            rng.dirichlet(np.full(100, 0.1)),
        )
        for _ in range(2)
    ]
    assert specs[0]["layout"] is specs[1]["layout"]
    for one, other in zip(specs[0]["data"], specs[1]["data"], strict=True):
        assert one.keys() == other.keys()
        assert {key for key in one if one[key] != other[key]} <= {"x", "text", "customdata"}
    assert specs[0]["data"][2]["text"] != specs[1]["data"][2]["text"]


def test_two_short_names_stand_under_upright_bars() -> None:
    spec = softmax_bars_spec(
        summary_of([0.3, 0.7]), np.array([0.4, 0.6]), class_names=["no", "yes"]
    )
    assert spec["layout"]["xaxis"]["ticktext"] == ["no", "yes"]
    assert [trace["y"] for trace in spec["data"]] == [[0.3, 0.7], [0.4, 0.6]]
