"""The built-in handwriting: many hands, the same every time."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from core.errors import InvalidInputError
from core.images import NUM_VARIANTS, Ink, ink_image, stroke_distance, write_digit
from core.images.pen_motion import POINT_RATE
from core.images.templates import TEMPLATES

EVERY = [(digit, variant) for digit in range(10) for variant in range(0, NUM_VARIANTS, 7)]
IN_A_ROW = 30
LEAST_DISTANCE = 0.01  # heights of the digit; see `stroke_distance`
PROMISED = 0.97
HAND_TIME = (0.3, 1.6)  # seconds that a hand has its pen down for a digit, a plain 1 the least


@pytest.mark.parametrize("digit", range(10))
def test_templates_show_four_or_more_ways_of_each_digit(digit: int) -> None:
    assert len(set(TEMPLATES[digit])) == len(TEMPLATES[digit]) >= 4


@pytest.mark.parametrize(
    ("digit", "has", "count"),
    [(1, "two strokes", 1), (4, "one stroke", 2), (5, "one stroke", 2), (7, "two strokes", 2)],
)
def test_templates_include_bars_and_lifts_that_only_some_people_make(
    digit: int, has: str, count: int
) -> None:
    strokes = [len(template) for template in TEMPLATES[digit]]
    assert count <= strokes.count(2 if has == "two strokes" else 1) < len(strokes)


@pytest.mark.parametrize("digit", range(10))
def test_write_digit_any_30_writings_in_a_row_are_apart(digit: int) -> None:
    inks = [write_digit(digit, variant) for variant in range(NUM_VARIANTS)]
    for first in range(NUM_VARIANTS):
        for second in range(first + 1, min(first + IN_A_ROW, NUM_VARIANTS)):
            distance = stroke_distance(inks[first], inks[second])
            assert distance > LEAST_DISTANCE, (first, second)


def test_write_digit_spreads_as_far_as_people_do(pen_digits: list[tuple[Ink, int]]) -> None:
    for digit in range(10):
        people = [ink for ink, label in pen_digits if label == digit][:: 700 // IN_A_ROW][:IN_A_ROW]
        ours = [write_digit(digit, variant) for variant in range(IN_A_ROW)]
        theirs = np.median([stroke_distance(a, b) for a, b in combinations(people, 2)])
        assert np.median([stroke_distance(a, b) for a, b in combinations(ours, 2)]) > 0.7 * theirs


def test_write_digit_is_the_same_every_time() -> None:
    assert write_digit(4, 9) == write_digit(4, 9)
    assert write_digit(4, 9) != write_digit(4, 10)


@pytest.mark.parametrize(("digit", "variant"), EVERY)
def test_write_digit_moves_like_a_pen(digit: int, variant: int) -> None:
    ink = write_digit(digit, variant)
    shortest, longest = HAND_TIME
    assert shortest < ink.num_points / POINT_RATE < longest
    for stroke in ink.strokes:
        steps = np.hypot(*np.diff(np.array(stroke), axis=0).T)
        # Dense enough to be watched being written: no step jumps.
        assert len(stroke) >= 6 and steps.max() < 0.08


def test_write_digit_slows_down_at_a_corner() -> None:
    # The corner of the first 7 is at its upper right.
    for variant in range(0, 35, len(TEMPLATES[7])):
        points = np.array(write_digit(7, variant).strokes[0])
        steps = np.hypot(*np.diff(points, axis=0).T)
        corner = int(np.argmax(points[:, 0] - points[:, 1]))
        assert steps[corner - 1 : corner + 1].mean() < np.median(steps)


def test_write_digit_varies_in_shape_slant_width_size_and_pen() -> None:
    ways = len(TEMPLATES[0])
    inks = [write_digit(0, variant) for variant in range(0, NUM_VARIANTS, ways)]
    points = [np.concatenate([np.array(stroke) for stroke in ink.strokes]) for ink in inks]
    sizes = np.array([np.ptp(drawn, axis=0) for drawn in points])
    slants = [np.polyfit(drawn[:, 1], drawn[:, 0], 1)[0] for drawn in points]
    assert np.std([ink.pen_width for ink in inks]) > 0.01
    assert np.std(sizes[:, 1]) > 0.05
    assert np.std(sizes[:, 0] / sizes[:, 1]) > 0.08
    assert np.std(slants) > 0.1


def test_write_digit_is_classified_as_promised() -> None:
    from core.inference import McSampler
    from core.networks import load_network

    images = np.stack([ink_image(write_digit(d, v)) for d in range(10) for v in range(200)])
    labels = np.repeat(np.arange(10), 200)
    assert len(images) == 2_000
    summary = McSampler(load_network("mc").model).summarise(images, num_samples=10)
    assert (summary.mean.argmax(axis=1) == labels).mean() >= PROMISED


@pytest.mark.parametrize(("digit", "variant"), [(-1, 0), (10, 0), (3, -1), (3, NUM_VARIANTS)])
def test_write_digit_refuses_what_there_is_not(digit: int, variant: int) -> None:
    with pytest.raises(InvalidInputError, match="from 0 to"):
        write_digit(digit, variant)
