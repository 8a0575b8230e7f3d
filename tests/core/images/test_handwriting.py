"""The built-in handwriting: many hands, the same every time."""

from __future__ import annotations

import numpy as np
import pytest

from core.errors import InvalidInputError
from core.images import NUM_VARIANTS, ink_image, write_digit
from core.images.templates import TEMPLATES

EVERY = [(digit, variant) for digit in range(10) for variant in range(0, NUM_VARIANTS, 7)]


@pytest.mark.parametrize("digit", range(10))
def test_templates_show_three_or_more_ways_of_each_digit(digit: int) -> None:
    assert len(set(TEMPLATES[digit])) >= 3


@pytest.mark.parametrize("digit", range(10))
def test_write_digit_can_be_written_at_every_variant(digit: int) -> None:
    inks = {write_digit(digit, variant) for variant in range(NUM_VARIANTS)}
    assert len(inks) == NUM_VARIANTS


def test_write_digit_is_the_same_every_time() -> None:
    assert write_digit(4, 9) == write_digit(4, 9)
    assert write_digit(4, 9) != write_digit(4, 10)


@pytest.mark.parametrize(("digit", "variant"), EVERY)
def test_write_digit_moves_like_a_pen(digit: int, variant: int) -> None:
    for stroke in write_digit(digit, variant).strokes:
        steps = np.hypot(*np.diff(np.array(stroke), axis=0).T)
        assert 18 <= len(stroke) <= 60
        # Dense enough to be watched being written: no step jumps.
        assert steps.max() < 0.12


def test_write_digit_slows_down_at_a_corner() -> None:
    # The corner of a 7 is at its upper right.
    for variant in (0, 4, 8, 12):
        points = np.array(write_digit(7, variant).strokes[0])
        steps = np.hypot(*np.diff(points, axis=0).T)
        corner = int(np.argmax(points[:, 0] - points[:, 1]))
        assert steps[corner - 1 : corner + 1].mean() < np.median(steps)


def test_write_digit_varies_in_shape_slant_width_and_pen() -> None:
    inks = [write_digit(0, 4 * number) for number in range(NUM_VARIANTS // 4)]
    points = [np.concatenate([np.array(stroke) for stroke in ink.strokes]) for ink in inks]
    sizes = np.array([np.ptp(drawn, axis=0) for drawn in points])
    slants = [np.polyfit(drawn[:, 1], drawn[:, 0], 1)[0] for drawn in points]
    assert np.std([ink.pen_width for ink in inks]) > 0.005
    assert np.std(sizes[:, 1]) > 0.03
    assert np.std(sizes[:, 0] / sizes[:, 1]) > 0.05
    assert np.std(slants) > 0.03


def test_write_digit_digits_differ_more_than_their_writings() -> None:
    means = [np.mean([ink_image(write_digit(d, v)) for v in range(20)], axis=0) for d in range(10)]
    right = [
        int(np.argmin([np.square(ink_image(write_digit(d, v)) - mean).sum() for mean in means]))
        == d
        for d in range(10)
        for v in range(20, 40)
    ]
    assert np.mean(right) > 0.8


@pytest.mark.parametrize(("digit", "variant"), [(-1, 0), (10, 0), (3, -1), (3, NUM_VARIANTS)])
def test_write_digit_refuses_what_there_is_not(digit: int, variant: int) -> None:
    with pytest.raises(InvalidInputError, match="from 0 to"):
        write_digit(digit, variant)
