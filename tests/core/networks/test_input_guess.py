"""Frames and ranges that a model may mean, by its shape and its first layers."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest
from keras import layers

from core.errors import InvalidInputError
from core.images import Frame
from core.inference.graph import read_graph
from core.networks.input_guess import guess_frame, guess_range


@pytest.mark.parametrize(
    ("shape", "first", "is_guess"),
    [
        ((28, 28, 1), Frame(28, 28), False),
        ((20, 30, 3), Frame(20, 30, 3), False),
        ((None, None, 1), Frame(28, 28), True),
        ((None, None, 3), Frame(32, 32, 3), True),
        ((None, 40, 3), Frame(40, 40, 3), True),
        ((28, 28), Frame(28, 28), False),
        ((20, 30), Frame(20, 30), True),
        ((None, None), Frame(28, 28), True),
        ((784,), Frame(28, 28), True),
        ((3072,), Frame(32, 32, 3), True),
        ((64,), Frame(8, 8), True),
        ((49,), None, False),
        ((192,), None, False),
        ((65**2,), None, False),
        ((30,), None, False),
        ((100, 6), None, False),
        ((16, 16, 8), None, False),
        ((2, 2, 1), None, False),
        ((None, 7), None, False),
        ((4, 20, 20, 3), None, False),
        ((), None, False),
    ],
)
def test_the_likeliest_frame_of_a_shape(
    shape: tuple[int | None, ...], first: Frame | None, is_guess: bool
) -> None:
    guess = guess_frame(shape)

    assert (guess.frames[0] if guess.frames else None) == first
    assert guess.is_guess == is_guess


@pytest.mark.parametrize("shape", [(513, 20, 1), (20, 5_000, 3)])
def test_images_that_are_too_large_are_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(InvalidInputError, match="sides from 4 to 512 pixels"):
        guess_frame(shape)


def _span(*front: Any) -> tuple[tuple[float, float], str]:
    model = keras.Sequential([keras.Input((8, 8, 3)), *front, layers.Flatten(), layers.Dense(2)])
    return guess_range(read_graph(model))


def _norm(mean: float) -> Any:
    layer = layers.BatchNormalization()
    layer.build((None, 8, 8, 3))
    layer.moving_mean.assign(np.full(3, mean))
    return layer


@pytest.mark.parametrize(
    ("front", "high", "told"),
    [
        ([layers.Rescaling(1 / 255)], 255.0, "multiplies by 0.00392"),
        ([layers.Rescaling(1 / 127.5, -1)], 255.0, "multiplies by 0.00784"),
        ([layers.Rescaling(2.0, -1)], 1.0, "multiplies by 2"),
        ([layers.Rescaling([1 / 58, 1 / 57, 1 / 57])], 255.0, "multiplies by 0.0174"),
        ([layers.Normalization(mean=127.0, variance=9.0)], 255.0, "takes 127 away"),
        ([layers.Normalization(mean=0.5, variance=0.1)], 1.0, "takes 0.5 away"),
        ([layers.RandomFlip(), layers.Resizing(6, 6), layers.Rescaling(1 / 255)], 255.0, "multi"),
        ([_norm(100.0)], 255.0, "takes 100 away"),
        ([_norm(0.0)], 1.0, "takes 0 away"),
        ([layers.Conv2D(2, 3), layers.Rescaling(1 / 255)], 1.0, "No layer at its front"),
        ([], 1.0, "No layer at its front"),
    ],
)
def test_the_range_is_told_by_the_first_layer_that_changes_it(
    front: list[Any], high: float, told: str
) -> None:
    span, why = _span(*front)

    assert span == (0.0, high)
    assert told in why and why.endswith(".")


@pytest.mark.parametrize(
    ("prepared", "high"),
    [
        (lambda x: x / 255.0, 255.0),
        (lambda x: x * (1 / 255.0), 255.0),
        (lambda x: x / 2.0, 1.0),
        (lambda x: x - 0.5, 1.0),
    ],
)
def test_the_range_is_told_by_operations_too(prepared: Any, high: float) -> None:
    images = keras.Input((8, 8, 1))
    model = keras.Model(images, layers.Dense(2)(layers.Flatten()(prepared(images))))

    assert guess_range(read_graph(model))[0] == (0.0, high)
