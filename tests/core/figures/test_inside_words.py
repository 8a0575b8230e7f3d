"""What dropout layers drop, in words."""

from __future__ import annotations

import pytest

from core.figures.inside_words import layer_words, map_words, q_words, sort_of_units


@pytest.mark.parametrize(
    ("shape", "kind", "masked", "words"),
    [
        ((1, 1, 32), "SpatialDropout2D", "conv1", "32 feature maps after conv1"),
        ((64, 1, 1), "SpatialDropout2D", "conv2", "64 feature maps after conv2"),
        ((1, 16), "SpatialDropout1D", "conv", "16 channels after conv"),
        ((128,), "Dropout", "dense1", "128 units after dense1"),
        ((1,), "Dropout", "dense1", "1 unit after dense1"),
        ((13, 13, 32), "Dropout", "conv1", "5,408 places of 32 maps after conv1"),
        ((28, 28, 1), "Dropout", "", "784 places of 1 map of the image"),
        (
            (13, 13, 32),
            "DropBlock2D",
            "conv1",
            "5,408 places of 32 maps, in blocks, after conv1",
        ),
        ((128,), "GaussianDropout", "dense1", "noise on 128 units after dense1"),
    ],
)
def test_layer_is_told_by_what_it_drops(shape, kind, masked, words):
    assert layer_words(shape, kind, masked) == words


@pytest.mark.parametrize(
    ("shape", "index", "words"),
    [
        ((1, 1, 32), 12, "map 12 of conv"),
        ((13, 13, 32), 12, "map 12 of conv"),
        ((9, 32), 12, "channel 12 of conv"),
        ((32,), 12, "unit 12 of conv"),
    ],
)
def test_map_is_called_by_its_number_and_layer(shape, index, words):
    assert map_words(shape, "conv", index) == words
    assert map_words(shape, "", index) == words.replace("conv", "the image")


def test_a_single_map_is_a_map():
    assert sort_of_units((1, 1, 1)) == "map"


@pytest.mark.parametrize(("q", "words"), [(0.0, "<0.001"), (0.0034, "0.003"), (0.041, "0.04")])
def test_q_is_read_with_the_decimals_that_it_needs(q, words):
    assert q_words(q) == words
