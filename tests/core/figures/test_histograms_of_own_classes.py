"""Histograms of other classes than ten digits: their names, and which of many are shown."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from core.figures.class_text import text_width
from core.figures.histogram_grid import histogram_grid
from core.figures.histograms import class_histograms_figure, class_histograms_spec
from core.figures.palette import LIGHT
from core.inference.samples import McSummary

PETS = ("cat", "sausage dog", "<b>x</b>", "Labrador, yellow", "%{x}")
MANY = tuple(f"breed of dog {k}" for k in range(97)) + ("<a href='//x'>y</a>", "cat", "fox")


def summary(num_classes: int, *winners: int, seed: int = 0) -> McSummary:
    rng = np.random.default_rng(seed)
    concentration = np.full(num_classes, 0.2 / num_classes)
    for place, winner in enumerate(winners):
        concentration[winner] = 2.0 / (1 + place)
    return McSummary.from_samples(rng.dirichlet(concentration, size=(30, 1)))


def words(spec: dict[str, Any]) -> list[str]:
    texts: list[str] = spec["data"][-1]["text"]
    return texts


def cells(spec: dict[str, Any]) -> int:
    return sum(trace["type"] == "bar" for trace in spec["data"])


@pytest.mark.parametrize("compact", [False, True])
@pytest.mark.parametrize(("num_classes", "shown"), [(2, 2), (7, 7), (20, 20), (21, 10), (1000, 10)])
def test_up_to_twenty_cells_or_ten(num_classes: int, shown: int, compact: bool) -> None:
    spec = class_histograms_spec(summary(num_classes, 1), compact=compact)
    assert cells(spec) == shown
    assert len(words(spec)) == 2 * shown + (num_classes > 20)
    class_histograms_figure(summary(num_classes, 1), compact=compact)  # Plotly takes it


def test_of_many_classes_the_largest_are_shown_and_the_rest_is_told() -> None:
    passes = summary(100, 99, 97, 5)
    spec = class_histograms_spec(passes, class_names=MANY, true_labels=(50,))
    assert words(spec)[0] == "<b>fox</b>"
    assert words(spec)[1].startswith("&lt;a href='//x'&gt;")
    mean = passes.mean[0]
    shown = np.sort(mean)[::-1][:9].sum() + mean[50]
    assert words(spec)[-1] == f"The other 90 classes together: {100 * (1 - shown):.1f}%"
    assert spec["data"][9]["marker"]["line"]["color"] == "var(--true_class/0.75)"
    for trace, label in zip(spec["data"], (99, 97), strict=False):
        assert trace["y"] == passes.histogram[0, label].tolist()
    assert spec["data"][0]["name"] == "fox"


def test_another_result_shows_other_classes_in_place() -> None:
    one = class_histograms_spec(summary(100, 99, 97), class_names=MANY)
    other = class_histograms_spec(summary(100, 3, 4, 5, seed=1), class_names=MANY)
    assert one["layout"] is other["layout"]
    assert words(one)[0] != words(other)[0] == "<b>breed of dog 3</b>"
    for a, b in zip(one["data"], other["data"], strict=True):
        assert a.keys() == b.keys()
        assert all(a[key] == b[key] for key in ("type", "xaxis", "yaxis") if key in a)


def test_preferred_classes_stay_in_their_cells() -> None:
    shown = list(range(90, 100))
    for winner in (99, 95):
        spec = class_histograms_spec(summary(100, winner), class_names=MANY, shown=shown)
        assert [trace["name"] for trace in spec["data"][8:10]] == ["cat", "fox"]
    outside = class_histograms_spec(summary(100, 3), class_names=MANY, shown=shown)
    assert words(outside)[9] == "<b>breed of dog 3</b>"


def test_no_name_is_markup_anywhere() -> None:
    text = json.dumps(class_histograms_spec(summary(5, 2), class_names=PETS, true_labels=(2, 4)))
    assert "<b>x" not in text and "%{x}" not in text
    assert "&lt;b&gt;x&lt;/b&gt;" in text
    many = json.dumps(class_histograms_spec(summary(100, 97), class_names=MANY))
    assert "<a" not in many


@pytest.mark.parametrize("compact", [False, True])
def test_names_fit_beside_their_numbers(compact: bool) -> None:
    for names in (PETS, MANY, tuple(map(str, range(1000))), ("no", "yes"), ("N" * 60, "o" * 60)):
        grid = histogram_grid(names, 100, LIGHT, compact=compact)
        width = grid.layout["xaxis"]["range"][1]
        left, right = grid.words["x"][0], grid.words["x"][len(grid.bars)]
        size = grid.words["textfont"]["size"]
        beside = text_width("100%", size[len(grid.bars)])
        assert right <= width
        for name in grid.names:
            plain = name.replace("&lt;", "<").replace("&gt;", ">").replace("&#123;", "{")
            assert text_width(plain, size[0]) + beside < right - left


def test_all_short_names_are_whole() -> None:
    cifar = (
        "airplane",
        "automobile",
        "bird",
        "cat",
        "deer",
        "dog",
        "frog",
        "horse",
        "ship",
        "truck",
    )
    for compact in (False, True):
        assert histogram_grid(cifar, 100, LIGHT, compact=compact).names == cifar
        assert "sausage dog" in histogram_grid(PETS, 100, LIGHT, compact=compact).names


def test_a_true_class_with_a_long_name_still_says_so() -> None:
    names = ("cat", "Labrador, yellow with a brown nose")
    for compact in (False, True):
        spec = class_histograms_spec(
            summary(2, 0), class_names=names, true_labels=(1,), compact=compact
        )
        assert "<b>true</b>" in words(spec)[1] and "Labrador" in words(spec)[1]


def test_true_classes_whose_names_begin_alike_stay_apart() -> None:
    for compact in (False, True):
        spec = class_histograms_spec(
            summary(100, 1), class_names=MANY, true_labels=(41, 42), compact=compact
        )
        marked = [text for text in words(spec) if "<b>true</b>" in text]
        assert len(set(marked)) == 2
        assert all(f"{end}" in text for text, end in zip(marked, ("41", "42"), strict=True))


def test_the_sentence_about_the_rest_stands_under_the_grid() -> None:
    spec = class_histograms_spec(summary(21, 1))
    ticks_end = (
        min(spec["layout"][f"yaxis{number}"]["domain"][0] for number in range(2, 12))
        * spec["layout"]["height"]
    )
    assert spec["data"][-1]["y"][-1] == spec["layout"]["height"]
    assert ticks_end > 40  # for ticks and the sentence
