from __future__ import annotations

import numpy as np

from core.figures.shown_classes import classes_of_sweep, shown_classes
from core.inference.samples import McSummary

T, N, C = 5, 3, 27


def test_up_to_twenty_classes_are_all_shown_in_their_order() -> None:
    assert shown_classes(np.full(20, 0.05), (3,), (7, 2)) == list(range(20))


def test_of_more_the_ten_with_the_largest_mean_are_shown_largest_first() -> None:
    mean = np.arange(C) / (C * (C - 1) / 2)
    assert shown_classes(mean) == list(range(C - 1, C - 11, -1))


def test_of_classes_with_as_much_the_lowest_come_first() -> None:
    assert shown_classes(np.full(C, 1 / C)) == list(range(10))


def test_true_classes_take_the_last_places() -> None:
    mean = np.arange(C) / (C * (C - 1) / 2)
    assert shown_classes(mean, (0, 25, 0)) == [*range(26, 17, -1), 0]
    assert shown_classes(mean, (0, 1)) == [*range(26, 18, -1), 0, 1]


def test_preferred_classes_keep_their_places_and_the_favourite_is_always_there() -> None:
    mean = np.zeros(C)
    mean[4], mean[20] = 0.9, 0.1
    assert shown_classes(mean, (), range(10)) == list(range(10))
    mean[4], mean[20] = 0.1, 0.9
    assert shown_classes(mean, (), range(10)) == [*range(9), 20]
    assert shown_classes(mean, (2, 25), range(10)) == [*range(8), 20, 25]


def test_a_sweep_shows_what_rises_at_any_of_its_steps() -> None:
    p = np.full((T, N, C), 0.1 / (C - 1))
    for step, winner in enumerate((26, 3, 17)):
        p[:, step, winner] = 0.9
    p /= p.sum(axis=2, keepdims=True)
    shown = classes_of_sweep(McSummary.from_samples(p), (12,))
    assert shown is not None and set(shown[:3]) == {3, 17, 26}
    assert 12 in shown and len(shown) == 10
    assert classes_of_sweep(McSummary.from_samples(np.full((T, N, 20), 0.05))) is None
