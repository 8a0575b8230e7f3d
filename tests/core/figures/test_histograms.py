import itertools
import json
from typing import Any

import numpy as np
import pytest

from core.errors import InvalidInputError
from core.figures.histograms import class_histograms_figure, class_histograms_spec
from core.figures.palette import DARK, LIGHT, TOKENS, fade, themed
from core.inference.samples import McSummary


def summary_of(*rows: list[float]) -> McSummary:
    """Summary of one image from one softmax a pass."""
    return McSummary.from_samples(np.array(rows, dtype=np.float32)[:, None, :])


def random_summary(num_samples: int = 50, num_classes: int = 10, seed: int = 0) -> McSummary:
    rng = np.random.default_rng(seed)
    concentration = np.linspace(0.05, 1.0, num_classes)
    return McSummary.from_samples(rng.dirichlet(concentration, size=(num_samples, 1)))


@pytest.fixture
def split() -> McSummary:
    """Three classes, four passes: three say class 2, one says class 0."""
    return summary_of([0.0, 0.05, 0.95], [0.0, 0.15, 0.85], [0.1, 0.2, 0.7], [0.9, 0.08, 0.02])


def test_bars_are_the_counts_of_passes_by_softmax(split: McSummary) -> None:
    figure = class_histograms_figure(split)
    assert [trace.type for trace in figure.data] == ["bar"] * 3 + ["scatter"] * 2
    assert list(figure.data[0].y) == [2, 1, 0, 0, 0, 0, 0, 0, 0, 1]
    assert list(figure.data[1].y) == [2, 1, 1, 0, 0, 0, 0, 0, 0, 0]
    assert list(figure.data[2].y) == [1, 0, 0, 0, 0, 0, 0, 1, 1, 1]
    assert list(figure.data[0].x) == pytest.approx(np.arange(0.05, 1.0, 0.1).tolist())
    assert figure.layout.bargap == 0


def test_counts_are_plain_integers(split: McSummary) -> None:
    for trace in class_histograms_spec(split)["data"][:3]:
        assert {type(count) for count in trace["y"]} == {int}


def test_all_cells_share_fixed_axes() -> None:
    layout = class_histograms_figure(random_summary(num_samples=50)).layout
    for number in range(2, 12):
        assert layout[f"xaxis{number}"].range == (0.0, 1.0)
        assert layout[f"yaxis{number}"].range == (0, 50)
        assert layout[f"xaxis{number}"].fixedrange is True


def test_cells_keep_their_height_while_passes_come_in() -> None:
    layout = class_histograms_figure(random_summary(num_samples=50), total=1000).layout
    assert layout.yaxis2.range == (0, 1000)


def test_ticks_stand_under_the_bottom_row_only() -> None:
    layout = class_histograms_figure(random_summary()).layout
    shown = [layout[f"xaxis{n}"].showticklabels for n in range(2, 12)]
    assert shown == [False] * 5 + [True] * 5
    assert layout.xaxis11.tickvals == (0.0, 0.5, 1.0)
    assert [text.strip("\u2007") for text in layout.xaxis11.ticktext] == ["0", "0.5", "1"]


def test_favourite_is_solid_and_others_are_pale_with_an_outline(split: McSummary) -> None:
    figure = class_histograms_figure(split, palette=DARK)
    assert figure.data[2].marker.color == DARK.others
    assert figure.data[1].marker.color == fade(DARK.others, 0.32)
    assert figure.data[1].marker.line.color == fade(DARK.others, 0.75)


def test_true_class_is_red_favourite_or_not(split: McSummary) -> None:
    wrong = class_histograms_figure(split, true_labels=[1], palette=LIGHT)
    assert wrong.data[1].marker.color == fade(LIGHT.true_class, 0.32)
    assert wrong.data[2].marker.color == LIGHT.others
    right = class_histograms_figure(split, true_labels=[2], palette=LIGHT)
    assert right.data[2].marker.color == LIGHT.true_class


def test_bins_without_a_pass_have_no_outline(split: McSummary) -> None:
    for trace in class_histograms_figure(split).data[:3]:
        assert [bool(width) for width in trace.marker.line.width] == [y > 0 for y in trace.y]


def texts(figure: Any) -> list[str]:
    return list(figure.data[-1].text)


def test_above_each_cell_stand_the_class_and_its_mean_softmax(split: McSummary) -> None:
    assert texts(class_histograms_figure(split)) == [
        *("0", "1", "<b>2</b>"),
        *("25%", "12%", "<b>63%</b>"),
    ]


def test_rare_classes_read_as_less_than_a_percent_or_none() -> None:
    figure = class_histograms_figure(summary_of([0.9947, 0.005, 0.0003]))
    assert texts(figure)[3:] == ["<b>99%</b>", "<1%", "0%"]


def test_true_labels_are_marked_in_words(split: McSummary) -> None:
    words = texts(class_histograms_figure(split, true_labels=[0, 2]))[:3]
    assert ["true" in word for word in words] == [True, False, True]


def box(figure: Any, label: int) -> tuple[float, float, float, float]:
    """Left, right, top and bottom of a class's bars, in pixels of the figure's first axes."""
    layout = figure.layout
    width, height = layout.xaxis.range[1], layout.yaxis.range[0]
    across, up = layout[f"xaxis{label + 2}"].domain, layout[f"yaxis{label + 2}"].domain
    return across[0] * width, across[1] * width, (1 - up[1]) * height, (1 - up[0]) * height


@pytest.mark.parametrize("favourite", [0, 6])
def test_frame_goes_closely_around_the_favourite(favourite: int) -> None:
    row = [0.05] * 7
    row[favourite] = 0.7
    figure = class_histograms_figure(summary_of(row))
    frame = figure.data[7]
    left, right, top, bottom = box(figure, favourite)
    assert left - 5 < min(frame.x) < left and right < max(frame.x) < right + 5
    assert top - 5 < min(frame.y) < top and bottom < max(frame.y) < bottom + 5
    assert frame.line.color == LIGHT.ink2
    assert frame.fillcolor == LIGHT.bg


def test_cells_have_a_ground_of_their_own() -> None:
    (ground,) = class_histograms_figure(random_summary()).layout.shapes
    assert ground.fillcolor == LIGHT.surf
    assert ground.path.count("M") == ground.path.count("Z") == 10


@pytest.mark.parametrize(
    ("num_classes", "rows", "columns"),
    [(2, 1, 2), (3, 1, 3), (5, 1, 5), (6, 2, 3), (7, 2, 4), (10, 2, 5), (12, 3, 4), (16, 4, 4)],
)
@pytest.mark.parametrize("compact", [False, True])
def test_cells_fill_a_grid_without_overlapping(
    num_classes: int, rows: int, columns: int, compact: bool
) -> None:
    layout = class_histograms_figure(
        random_summary(num_classes=num_classes), compact=compact
    ).layout
    numbers = range(2, num_classes + 2)
    across = sorted({layout[f"xaxis{n}"].domain for n in numbers})
    up = sorted({layout[f"yaxis{n}"].domain for n in numbers})
    assert (len(up), len(across)) == (rows, columns)
    for domains in (across, up):
        assert all(a[1] < b[0] for a, b in itertools.pairwise(domains))
        assert domains[0][0] >= 0.0
        assert domains[-1][1] <= 1.0


def test_class_names_stand_above_the_cells_cut_and_escaped() -> None:
    names = ["cat", "<b>dog", "a very long name for a sausage dog that nobody has room for"]
    words = texts(class_histograms_figure(summary_of([0.2, 0.5, 0.3]), class_names=names))[:3]
    assert words[:2] == ["cat", "<b>&lt;b&gt;dog</b>"]
    assert words[2].startswith("a very long") and words[2].endswith("…")


def test_two_results_differ_only_in_what_plotly_can_move() -> None:
    one = class_histograms_spec(random_summary(seed=1), true_labels=[3])
    other = class_histograms_spec(random_summary(seed=2))
    assert one["layout"] == other["layout"]
    may_change = {"x", "y", "width", "marker", "text", "textfont"}
    assert len(one["data"]) == len(other["data"])
    for a, b in zip(one["data"], other["data"], strict=True):
        assert a.keys() == b.keys()
        assert {key for key in a if a[key] != b[key]} <= may_change
    assert one["data"][0]["x"] == other["data"][0]["x"]
    assert one["data"][9]["y"] != other["data"][9]["y"]


def test_favourite_and_its_score_are_in_ink_the_rest_is_quieter(split: McSummary) -> None:
    words = class_histograms_figure(split, palette=DARK).data[-1]
    assert list(words.textfont.color) == [DARK.ink2, DARK.ink2, DARK.ink] * 2


def test_building_a_second_figure_leaves_the_first_as_it_was() -> None:
    first = class_histograms_spec(random_summary(seed=1))
    before = json.dumps(first)
    class_histograms_spec(random_summary(seed=2), true_labels=[0])
    assert json.dumps(first) == before


def test_live_figures_hold_tokens_and_no_fixed_colour() -> None:
    text = json.dumps(class_histograms_spec(random_summary(), true_labels=[1], palette=TOKENS))
    assert "var(--true_class/0.32)" in text
    assert "#" not in text and "rgb" not in text
    assert "var(" not in json.dumps(themed(json.loads(text), dark=True))


def test_several_images_are_refused() -> None:
    summary = McSummary.from_samples(np.full((4, 2, 3), 1 / 3))
    with pytest.raises(InvalidInputError, match="2 images"):
        class_histograms_spec(summary)


def test_labels_and_names_of_other_classes_are_refused(split: McSummary) -> None:
    with pytest.raises(InvalidInputError, match="true_labels"):
        class_histograms_spec(split, true_labels=[3])
    with pytest.raises(InvalidInputError, match="class_names"):
        class_histograms_spec(split, class_names=["cat", "dog"])
