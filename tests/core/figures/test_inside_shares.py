"""Every layer's share: the figure's bars, and sentences that no error bar contradicts."""

from __future__ import annotations

import json

import plotly.graph_objects as go
import pytest

from core.experiments.layer_shares import Estimate, LayerShares
from core.figures.inside_shares import layer_shares_spec
from core.figures.inside_shares_text import shares_sentences
from core.figures.palette import LIGHT, fade

NAMES = ("32 feature maps after conv1", "64 feature maps after conv2", "128 units after <b>")


def shares(
    whole: float, alone: tuple[float, ...], without: tuple[float, ...], error: float = 0.01
) -> LayerShares:
    names = tuple(f"dropout{number}" for number in range(1, len(alone) + 1))
    return LayerShares(
        names,
        (0.5,) * len(alone),
        Estimate(whole, error),
        tuple(Estimate(value, error) for value in alone),
        tuple(Estimate(value, error) for value in without),
    )


CLEAR = shares(0.34, (0.05, 0.08, 0.21), (0.3, 0.28, 0.1))


def test_figure_shows_all_layers_together_then_each_alone_and_left_out():
    whole, alone, without, line, words = go.Figure(layer_shares_spec(CLEAR, NAMES)).data
    assert list(whole.x) == [0.34]
    assert list(alone.x) == [0.05, 0.08, 0.21] and list(without.x) == [0.3, 0.28, 0.1]
    assert alone.name == "on alone" and without.name == "left out, the others on"
    assert list(alone.error_x.array) == [0.02] * 3  # two standard errors
    assert list(line.x) == [0.34, 0.34]
    assert words.text == (
        "all layers together",
        *NAMES[:2],
        "128 units after &lt;b&gt;",
    )


def test_figure_is_solid_where_a_layer_is_on_and_has_room_for_every_bar():
    spec = layer_shares_spec(CLEAR, NAMES, palette=LIGHT)
    _, alone, without, *_ = go.Figure(spec).data
    assert alone.marker.color == LIGHT.ink and without.marker.color == fade(LIGHT.twin, 0.22)
    assert spec["layout"]["xaxis"]["range"] == [0.0, 0.5]
    assert "nats" in spec["layout"]["annotations"][0]["text"]
    assert json.loads(json.dumps(spec)) == spec
    assert layer_shares_spec(shares(0.5, (0.5,), (0.0,), 0.1), NAMES[:1])["layout"]["xaxis"][
        "range"
    ] == [0.0, 0.75]


def test_figure_grows_with_its_layers():
    few, many = (
        layer_shares_spec(shares(0.3, (0.1,) * n, (0.2,) * n), NAMES[:1] * n)["layout"]["height"]
        for n in (3, 12)
    )
    assert many > 2 * few


def test_the_layer_that_makes_most_is_named_with_what_is_left_without_it():
    said, _ = shares_sentences(CLEAR, NAMES)
    assert said == (
        "Most of the disagreement comes from 128 units after <b>: alone it makes 0.210 ± 0.010 of"
        " 0.340 nats, and without it 0.100 ± 0.010 are left."
    )


def test_more_than_others_but_not_half_is_not_most():
    said, _ = shares_sentences(shares(0.6, (0.05, 0.08, 0.21), (0.3, 0.28, 0.1)), NAMES)
    assert said.startswith("More of the disagreement comes from 128 units")


def test_overlapping_errors_name_no_winner():
    said, _ = shares_sentences(shares(0.34, (0.05, 0.2, 0.21), (0.3, 0.2, 0.1)), NAMES)
    assert said.startswith("No layer clearly makes most of the 0.340 nats")
    assert "128 units after <b> (0.210 ± 0.010) and 64 feature maps after conv2" in said
    assert "conv1" not in said


@pytest.mark.parametrize(
    ("whole", "words"),
    [
        (0.2, "more than together"),
        (0.6, "less than together"),
        (0.34, "about what they make together"),
    ],
)
def test_it_is_said_how_the_shares_fail_to_add_up(whole, words):
    _, said = shares_sentences(shares(whole, (0.05, 0.08, 0.21), (0.1,) * 3), NAMES)
    assert words in said and "0.340 in all" in said


def test_where_passes_agree_there_is_nothing_to_share_out():
    (said,) = shares_sentences(shares(0.001, (0.0, 0.001, 0.0), (0.0,) * 3, 0.0005), NAMES)
    assert "nothing to share out" in said and "Most" not in said


def test_a_single_layer_makes_all_of_it():
    (said,) = shares_sentences(shares(0.3, (0.3,), (0.0,)), NAMES[:1])
    assert said == "There is one dropout layer, so all of the 0.300 ± 0.010 nats come from it."
