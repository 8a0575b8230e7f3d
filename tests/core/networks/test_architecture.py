from typing import Any

import keras
import numpy as np
import pytest

from core.errors import InvalidInputError
from core.networks.architecture import (
    build_mc_network,
    build_plain_network,
    describe_architecture,
    dropout_rates,
)


def test_mc_network_is_the_posts_stack_with_three_dropout_layers() -> None:
    model = build_mc_network()

    assert [type(layer).__name__ for layer in model.layers] == [
        "Conv2D",
        "MaxPooling2D",
        "SpatialDropout2D",
        "Conv2D",
        "MaxPooling2D",
        "SpatialDropout2D",
        "Flatten",
        "Dense",
        "Dropout",
        "Dense",
    ]
    assert model.input_shape == (None, 28, 28, 1)
    assert model.output_shape == (None, 10)
    assert model.get_layer("flatten").output.shape == (None, 1600)
    assert model.count_params() == 225_034


def test_plain_network_is_the_same_without_dropout() -> None:
    mc, plain = build_mc_network(), build_plain_network()

    without = [layer for layer in mc.layers if not isinstance(layer, keras.layers.Dropout)]
    without = [layer for layer in without if "Dropout" not in type(layer).__name__]
    assert [layer.name for layer in plain.layers] == [layer.name for layer in without]
    for mine, other in zip(plain.get_weights(), mc.get_weights(), strict=True):
        np.testing.assert_array_equal(mine, other)
    assert dropout_rates(plain) == {}


def test_build_with_equal_seeds_gives_equal_weights_whatever_keras_drew_before() -> None:
    first = build_mc_network(seed=7).get_weights()
    keras.utils.set_random_seed(3)
    second = build_mc_network(seed=7).get_weights()
    other = build_mc_network(seed=8).get_weights()

    for one, same in zip(first, second, strict=True):
        np.testing.assert_array_equal(one, same)
    assert not np.array_equal(first[0], other[0])


def test_rate_reaches_every_dropout_layer() -> None:
    assert dropout_rates(build_mc_network(rate=0.3)) == {
        "dropout1": 0.3,
        "dropout2": 0.3,
        "dropout3": 0.3,
    }


@pytest.mark.parametrize("rate", [0.0, 1.0, -0.1, 1.5, float("nan"), float("inf")])
def test_rate_out_of_range_is_refused(rate: float) -> None:
    with pytest.raises(InvalidInputError, match="rate"):
        build_mc_network(rate=rate)


def test_description_names_layers_settings_and_shapes() -> None:
    assert describe_architecture(build_mc_network(rate=0.25)) == (
        "convolution 3x3, 32 maps, relu -> 26x26x32",
        "max pooling 2x2 -> 13x13x32",
        "spatial dropout 0.25 -> 13x13x32",
        "convolution 3x3, 64 maps, relu -> 11x11x64",
        "max pooling 2x2 -> 5x5x64",
        "spatial dropout 0.25 -> 5x5x64",
        "flatten -> 1600",
        "dense 128, relu -> 128",
        "dropout 0.25 -> 128",
        "dense 10, softmax -> 10",
    )


@pytest.mark.parametrize(
    ("varied", "line", "layer"),
    [
        ({"activation": "tanh"}, "convolution 3x3, 32 maps, tanh -> 26x26x32", "SpatialDropout2D"),
        ({"activation": "elu"}, "dense 128, elu -> 128", "SpatialDropout2D"),
        ({"dropout": "element"}, "dropout 0.5 -> 13x13x32", "Dropout"),
        ({"dropout": "block"}, "block dropout 3x3, 0.5 -> 5x5x64", "DropBlock2D"),
    ],
)
def test_variants_differ_in_one_thing_and_start_from_the_same_weights(
    varied: dict[str, Any], line: str, layer: str
) -> None:
    model, base = build_mc_network(seed=2, **varied), build_mc_network(seed=2)

    assert line in describe_architecture(model)
    assert type(model.get_layer("dropout2")).__name__ == layer
    assert dropout_rates(model) == dropout_rates(base)
    for mine, other in zip(model.get_weights(), base.get_weights(), strict=True):
        if mine.dtype == np.float32:  # the rest are states of random numbers
            np.testing.assert_array_equal(mine, other)


@pytest.mark.parametrize("varied", [{"activation": "relu6"}, {"dropout": "weights"}])
def test_unknown_variants_are_refused(varied: dict[str, Any]) -> None:
    with pytest.raises(InvalidInputError, match=next(iter(varied))):
        build_mc_network(**varied)
