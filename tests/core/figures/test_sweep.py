import json
import math
from typing import Any

import numpy as np
import pytest

from core.errors import InvalidInputError
from core.experiments.recipe import SweepRecipe
from core.experiments.sweep import SweepResult
from core.figures.overlay import Overlay
from core.figures.palette import DARK, LIGHT, fade, themed
from core.figures.sweep import sweep_figure, sweep_spec
from core.inference.samples import McSummary
from core.uncertainty.measures import (
    mutual_information,
    predictive_entropy,
    variance,
    variation_ratio,
)

CLASSES = 4


def result(
    kind: Any = "rotation",
    labels: tuple[int, ...] = (0,),
    steps: int = 36,
    done: int | None = None,
    **ends: Any,
) -> SweepResult:
    """A committee that leaves class 0 for 1 in the middle of the sweep, and back."""
    rng = np.random.default_rng(0)
    share = np.sin(np.linspace(0, np.pi, steps))
    concentration = 0.05 + np.stack(
        [2 * (1 - share), 2 * share, 0.2 * share, 0.1 * np.ones(steps)], axis=1
    )
    probs = np.stack([rng.dirichlet(alphas, size=40) for alphas in concentration], axis=1)
    twin = probs.mean(axis=0) ** 2
    blank = np.zeros((28, 28, 1), dtype=np.float32)
    originals = 2 if kind == "blending" else 1
    return SweepResult(
        recipe=SweepRecipe(
            kind=kind,
            images=(blank,) * originals,
            labels=(labels * originals)[:originals],
            num_steps=steps,
            num_samples=40,
            **ends,
        ),
        images=rng.random((steps, 28, 28, 1)).astype(np.float32)[:done],
        summary=McSummary.from_samples(probs[:, :done]),
        twin=(twin / twin.sum(axis=1, keepdims=True)).astype(np.float32)[:done],
    )


def named(figure: Any) -> dict[str, Any]:
    return {trace.name: trace for trace in figure.data}


def test_three_panels_show_softmax_entropy_and_variance_over_the_values() -> None:
    sweep = result()
    traces = named(sweep_figure(sweep))
    winners = sweep.summary.mean.max(axis=1)
    assert list(traces["committee"].y) == pytest.approx(winners.tolist(), abs=1e-4)
    assert list(traces["predictive entropy"].y) == pytest.approx(
        predictive_entropy(sweep.summary).tolist(), abs=1e-4
    )
    assert list(traces["variance"].y) == pytest.approx(variance(sweep.summary).tolist(), abs=1e-4)
    assert list(traces["twin"].y) == pytest.approx(sweep.twin.max(axis=1).tolist(), abs=1e-4)
    for name in ("committee", "predictive entropy", "variance", "twin"):
        assert list(traces[name].x) == pytest.approx(sweep.values.tolist())
        assert traces[name].xaxis in (None, "x")


def test_twin_is_a_second_dashed_line_in_the_first_panel() -> None:
    traces = named(sweep_figure(result()))
    assert traces["twin"].yaxis == traces["committee"].yaxis == "y2"
    assert traces["twin"].line.dash and not traces["committee"].line.dash
    assert traces["twin"].line.color == LIGHT.twin
    assert traces["committee"].line.color == LIGHT.ink


def test_axes_are_fixed_by_what_a_measure_can_be() -> None:
    layout = sweep_figure(result()).layout
    assert layout.yaxis2.range == (0.0, 1.0)
    assert layout.yaxis2.ticktext == ("0", "0.5", "1")
    assert layout.yaxis3.range == pytest.approx((0.0, math.log(CLASSES)))
    assert layout.yaxis3.ticktext == ("0", "1")
    assert layout.yaxis4.range == (0.0, 0.25)


def test_panels_stand_one_above_the_other() -> None:
    layout = sweep_figure(result()).layout
    first, second, third = (layout[f"yaxis{n}"].domain for n in (2, 3, 4))
    assert 1 > first[1] > first[0] > second[1] > second[0] > third[1] > third[0] > 0


def texts(figure: Any) -> str:
    return " | ".join(annotation.text for annotation in figure.layout.annotations)


def test_titles_say_what_is_shown_and_in_what_unit() -> None:
    words = texts(sweep_figure(result()))
    assert "<b>Mean softmax</b>" in words and "of the answer" in words
    assert "<b>Predictive entropy</b>" in words and "nats, at most ln 4 = 1.39" in words
    assert "<b>Variance</b>" in words
    assert "committee" in words and "twin" in words


def test_x_axis_is_in_degrees_or_in_shares_of_the_second_image() -> None:
    turned = sweep_figure(result()).layout.xaxis
    assert turned.ticktext[:4] == ("0°", "30°", "60°", "90°")
    assert turned.title.text == "turned counter-clockwise by"
    blended = sweep_figure(result("blending", (0, 1))).layout.xaxis
    assert blended.ticktext[::5] == ("0", "0.5", "1")
    assert "α" in blended.title.text
    assert blended.range[0] < 0 and blended.range[1] > 1


def test_compact_axis_has_fewer_ticks() -> None:
    assert sweep_figure(result(), compact=True).layout.xaxis.ticktext == (
        *("0°", "90°", "180°", "270°"),
    )
    blended = sweep_figure(result("blending", (0, 1)), compact=True).layout.xaxis
    assert blended.ticktext == ("0", "0.25", "0.5", "0.75", "1")


def test_right_is_a_teal_circle_and_wrong_a_plum_diamond() -> None:
    sweep = result()
    assert sweep.right is not None and 0 < sweep.right.sum() < 36
    for name in ("committee", "predictive entropy", "variance"):
        marker = named(sweep_figure(sweep, palette=DARK))[name].marker
        assert list(marker.symbol) == ["circle" if right else "diamond" for right in sweep.right]
        assert list(marker.color) == [
            DARK.accepted_fill if right else DARK.wrong_fill for right in sweep.right
        ]


def test_right_in_a_blending_is_either_class() -> None:
    marker = named(sweep_figure(result("blending", (0, 1))))["committee"].marker
    assert set(marker.symbol) == {"circle"}


def test_without_a_label_marks_are_ink_and_there_is_no_key() -> None:
    figure = sweep_figure(result(labels=()))
    traces = named(figure)
    assert set(traces["committee"].marker.color) == {LIGHT.ink}
    assert traces["twin"].mode == "lines"
    assert not {"right", "wrong"} & traces.keys()


def test_key_names_the_marks() -> None:
    traces = named(sweep_figure(result()))
    assert traces["right"].marker.color == LIGHT.accepted_fill
    assert traces["wrong"].marker.symbol == "diamond"
    assert traces["right"].showlegend is not False
    assert all(traces[name].showlegend is False for name in ("committee", "twin", "variance"))


def test_twin_has_a_diamond_where_it_is_wrong_and_accepted() -> None:
    sweep = result()
    assert sweep.twin_right is not None
    sizes = named(sweep_figure(sweep))["twin"].marker.size
    assert [size > 0 for size in sizes] == (~sweep.twin_right).tolist()
    none = named(sweep_figure(sweep, twin_accepted=[False] * 36))["twin"].marker.size
    assert set(none) == {0}


def test_answers_that_are_not_accepted_are_hollow() -> None:
    sweep = result()
    assert sweep.right is not None
    figure = sweep_figure(sweep, accepted=[step < 18 for step in range(36)])
    marker = named(figure)["committee"].marker
    for step, right in enumerate(sweep.right):
        solid = step < 18
        assert marker.symbol[step] == ("circle" if right else "diamond" if solid else "x-thin")
        outline = LIGHT.accepted_fill if right else LIGHT.wrong_fill
        assert (marker.line.color[step] == outline) == (not solid)
    assert "wrong, “I don’t know”" in named(figure)


def test_marks_of_a_policy_differ_in_shape_and_are_named_on_a_phone_too() -> None:
    sweep = result()
    for compact in (False, True):
        figure = sweep_figure(sweep, accepted=[True] * 36, compact=compact)
        marks = {
            (trace.marker.symbol, trace.marker.color == LIGHT.bg): trace.name
            for trace in figure.data
            if trace.showlegend is not False
        }
        assert marks == {
            ("circle", False): "right, accepted",
            ("circle", True): "right, “I don’t know”",
            ("diamond", False): "wrong, accepted",
            ("x-thin", True): "wrong, “I don’t know”",
        }
        assert figure.layout.legend.y == (0.0 if compact else pytest.approx(0.84, abs=0.05))


def test_band_ends_over_the_key_of_a_phone() -> None:
    figure = sweep_figure(result(), selected=9, accepted=[True] * 36, compact=True)
    assert max(named(figure)["selected step"].y) < figure.layout.height - 40


def test_a_limit_without_a_panel_gets_one() -> None:
    sweep = result()
    limits = {"predictive_entropy": 1.0, "mutual_information": 0.2, "variation_ratio": 0.3}
    figure = sweep_figure(sweep, limits=limits)
    traces = named(figure)
    for name, axis, measure in (
        ("mutual information", "y5", mutual_information),
        ("variation ratio", "y6", variation_ratio),
    ):
        curve = measure(sweep.summary)
        assert traces[name].yaxis == axis
        assert list(traces[name].y) == pytest.approx(curve.tolist(), abs=1e-5)
        assert traces[name].marker.symbol == traces["variance"].marker.symbol
        low, high = figure.layout[f"yaxis{axis[1:]}"].range
        assert low == 0.0 and curve.max() <= high <= 2 * curve.max() + 0.5
    lines = {shape.yref: shape.y0 for shape in figure.layout.shapes if shape.type == "line"}
    assert lines == {"y3": 1.0, "y5": 0.2, "y6": 0.3}
    assert "<b>Mutual information</b>" in texts(figure)
    assert figure.layout.xaxis.anchor == "y6"


def test_a_limit_on_one_of_the_two_parts_stands_in_their_panel() -> None:
    figure = sweep_figure(result(), limits={"mutual_information": 0.2}, parts=True)
    assert "yaxis6" not in figure.layout
    assert [shape.yref for shape in figure.layout.shapes] == ["y5", "y5"]
    assert [trace.name for trace in figure.data].count("mutual information") == 1


def test_the_axis_of_a_limit_reaches_it_however_lax_it_is() -> None:
    figure = sweep_figure(result(), limits={"variation_ratio": 0.75})
    assert figure.layout.yaxis5.range == (0.0, 0.75)
    assert figure.layout.yaxis5.ticktext == ("0", "0.5")


def test_strip_shows_each_image_over_its_step_framed_in_its_verdict() -> None:
    sweep = result()
    assert sweep.right is not None
    images = sweep_figure(sweep).layout.images
    assert [image.x for image in images] == pytest.approx(sweep.values.tolist())
    right, wrong = fade(LIGHT.accepted_fill, 1.0), fade(LIGHT.wrong_fill, 1.0)
    for image, is_right in zip(images, sweep.right, strict=True):
        assert (f"stroke='{right}'" in image.source) == is_right
        assert (f"stroke='{wrong}'" in image.source) == (not is_right)


def test_compact_strip_of_a_turn_keeps_to_every_third_image() -> None:
    images = sweep_figure(result(), compact=True).layout.images
    assert [image.x for image in images] == [30.0 * k for k in range(12)]


@pytest.mark.parametrize("steps", [2, 3, 12, 36, 38, 100, 360])
@pytest.mark.parametrize("compact", [False, True])
def test_strip_of_a_blending_has_both_ends_and_room(steps: int, compact: bool) -> None:
    figure = sweep_figure(result("blending", (0, 1), steps=steps), compact=compact)
    places = [image.x for image in figure.layout.images]
    assert (places[0], places[-1]) == (0.0, 1.0)
    assert 2 <= len(places) <= (62 if not compact else 18)
    assert len(set(places)) == len(places)


def test_under_each_image_stands_the_answer_in_the_colour_of_its_verdict() -> None:
    sweep = result()
    assert sweep.right is not None
    answers = named(sweep_figure(sweep))["answers"]
    assert list(answers.text) == [f"<b>{label}</b>" for label in sweep.predicted]
    assert list(answers.textfont.color) == [
        LIGHT.accepted_text if right else LIGHT.wrong_text for right in sweep.right
    ]


def test_longer_class_names_stand_once_under_the_steps_with_that_answer() -> None:
    sweep = result()
    traces = named(sweep_figure(sweep, class_names=["cat", "<dog>", "fox", "owl"]))
    answers = traces["answers"]
    assert list(answers.text) == ["<b>cat</b>", "<b>&lt;dog&gt;</b>", "<b>cat</b>"]
    turns = np.flatnonzero(np.diff(sweep.predicted)).tolist()
    assert list(answers.x) == [
        5.0 * (a + b) for a, b in ((0, turns[0]), (turns[0] + 1, turns[1]), (turns[1] + 1, 35))
    ]
    assert any("&lt;dog&gt;" in text for text in traces["committee"].customdata)


def test_hover_tells_the_numbers_of_the_step() -> None:
    sweep = result()
    text = named(sweep_figure(sweep))["committee"].customdata[9]
    entropy = predictive_entropy(sweep.summary)[9]
    assert "90°" in text and f"entropy {entropy:.2f} nats" in text
    assert f"variance {variance(sweep.summary)[9]:.3f}" in text
    assert "twin" in text


def test_band_lies_around_the_selected_step_through_everything() -> None:
    figure = sweep_figure(result(), selected=9)
    band = named(figure)["selected step"]
    assert min(band.x) == pytest.approx(85, abs=0.2)
    assert max(band.x) == pytest.approx(95, abs=0.2)
    height = figure.layout.height
    assert min(band.y) < 5 and max(band.y) > height - 5
    assert figure.layout.yaxis.range == (height, 0)


@pytest.mark.parametrize("compact", [False, True])
def test_selecting_another_step_moves_the_band_only(compact: bool) -> None:
    sweep = result()
    one = sweep_spec(sweep, selected=3, compact=compact)
    for selected in (30, None):
        other = sweep_spec(sweep, selected=selected, compact=compact)
        assert one["layout"] == other["layout"]
        assert one["data"][:-1] == other["data"][:-1]
        assert one["data"][-1] != other["data"][-1]
        assert one["data"][-1].keys() == other["data"][-1].keys()


def test_live_sweep_is_json_of_tokens_that_both_themes_have() -> None:
    spec = sweep_spec(result(), selected=4, accepted=[True] * 36)
    text = json.dumps(spec)
    assert "#" not in text
    for dark in (False, True):
        coloured = json.dumps(themed(spec, dark=dark))
        assert "var(" not in coloured
        assert "#" not in coloured


@pytest.mark.parametrize(
    ("arguments", "argument"),
    [
        ({"selected": 36}, "selected"),
        ({"selected": -1}, "selected"),
        ({"accepted": [True]}, "accepted"),
        ({"twin_accepted": [True] * 37}, "twin_accepted"),
        ({"class_names": ["cat"]}, "class_names"),
    ],
)
def test_arguments_of_another_sweep_are_refused(arguments: dict[str, Any], argument: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        sweep_spec(result(), **arguments)
    assert caught.value.argument == argument


def test_noise_is_told_in_percent_of_the_pixels() -> None:
    axis = sweep_figure(result("noise")).layout.xaxis
    assert axis.ticktext == tuple(f"{k}%" for k in range(0, 100, 10))
    assert "pixels" in axis.title.text
    text = named(sweep_figure(result("noise")))["committee"].customdata[-1]
    assert "<b>90% noise" in text


def test_ticks_of_another_range_are_round_and_inside_it() -> None:
    turned = sweep_figure(result(steps=13, start=-30.0, stop=30.0)).layout.xaxis
    assert turned.ticktext == ("−30°", "−20°", "−10°", "0°", "10°", "20°", "30°")
    blended = sweep_figure(result("blending", (0, 1), steps=20, start=0.3, stop=0.8)).layout.xaxis
    assert blended.tickvals[0] == 0.3 and blended.tickvals[-1] == 0.8
    assert len(blended.tickvals) <= 12


def test_fourth_panel_shows_the_two_parts_of_the_entropy_on_demand() -> None:
    sweep = result()
    assert "mutual information" not in named(sweep_figure(sweep))
    assert "yaxis5" not in sweep_figure(sweep).layout
    figure = sweep_figure(sweep, parts=True)
    traces = named(figure)
    information, expected = traces["mutual information"], traces["expected entropy"]
    assert information.yaxis == expected.yaxis == "y5"
    total = np.array(information.y) + np.array(expected.y)
    assert total.tolist() == pytest.approx(list(traces["predictive entropy"].y), abs=1e-4)
    assert figure.layout.yaxis5.range == pytest.approx((0.0, math.log(CLASSES)))
    assert figure.layout.xaxis.anchor == "y5"
    assert figure.layout.yaxis4.domain[0] > figure.layout.yaxis5.domain[1] > 0
    assert figure.layout.height > sweep_figure(sweep).layout.height
    assert "mutual information" in texts(figure) and "expected entropy" in texts(figure)


def test_threshold_is_a_line_and_leaves_diamonds_only_on_what_is_believed() -> None:
    sweep = result()
    assert sweep.twin_right is not None
    traces = named(sweep_figure(sweep, threshold=0.8))
    assert list(traces["threshold"].y) == [0.8, 0.8]
    believed = sweep.twin.max(axis=1) > 0.8
    feared = [size > 0 for size in traces["twin"].marker.size]
    assert feared == (believed & ~sweep.twin_right).tolist()
    assert 0 < sum(feared) < (~sweep.twin_right).sum()
    assert "threshold" not in named(sweep_figure(sweep))


def test_plain_network_has_a_line_of_its_own_where_it_was_asked() -> None:
    sweep = result()
    assert "plain network" not in named(sweep_figure(sweep))
    plain = np.roll(sweep.twin, 5, axis=0)
    figure = sweep_figure(sweep.with_plain(plain), threshold=0.5)
    line = named(figure)["plain network"]
    assert list(line.y) == pytest.approx(plain.max(axis=1).tolist(), abs=1e-4)
    assert line.yaxis == "y2" and line.line.dash != named(figure)["twin"].line.dash
    assert "plain network" in texts(figure)
    assert "plain network: " in named(figure)["committee"].customdata[0]


def test_overlays_lie_over_the_first_three_panels_and_are_named() -> None:
    other = result(steps=12)
    pinned = Overlay.of(other, "<b>mine</b>")
    figure = sweep_figure(result(), overlays=[pinned])
    traces = named(figure)
    for axis, what, of_ours in (
        ("y2", "mean softmax", "committee"),
        ("y3", "predictive entropy", "predictive entropy"),
        ("y4", "variance", "variance"),
    ):
        line = traces[f"<b>mine</b>, {what}"]
        assert line.yaxis == axis and list(line.x) == pytest.approx(other.values.tolist())
        assert line.line.color != traces[of_ours].line.color
    assert "&lt;b&gt;mine" in texts(figure)


def test_two_overlays_are_named_apart() -> None:
    sweep = result()
    overlays = [Overlay.of(result(steps=steps), f"sweep of {steps}") for steps in (12, 18)]
    places = {
        note.text: note.x
        for note in sweep_figure(sweep, overlays=overlays).layout.annotations
        if note.text.startswith("sweep of")
    }
    assert places["sweep of 12"] < 180 <= places["sweep of 18"]


def test_overlay_of_different_lengths_is_refused() -> None:
    curve = np.zeros(3)
    with pytest.raises(InvalidInputError, match="curves"):
        Overlay("mine", np.zeros(4), curve, curve, curve)


@pytest.mark.parametrize("compact", [False, True])
@pytest.mark.parametrize("done", [1, 2, 20])
def test_a_growing_sweep_keeps_the_axes_of_the_whole(done: int, compact: bool) -> None:
    whole, part = (
        sweep_spec(sweep, compact=compact, parts=True, selected=30)
        for sweep in (result(), result(done=done))
    )
    assert part["layout"]["xaxis"] == whole["layout"]["xaxis"]
    assert part["layout"]["height"] == whole["layout"]["height"]
    assert len(part["data"][0]["x"]) == done
    shown = [image["x"] for image in part["layout"]["images"]]
    assert shown == [image["x"] for image in whole["layout"]["images"]][: len(shown)]
    assert all(x < 10 * done for x in shown)
    assert part["data"][-1] == whole["data"][-1]  # the band stands where it will be
