from __future__ import annotations

import pytest

from core.commands.pace import Pace, duration


class _Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_words_tell_count_rate_elapsed_and_remaining() -> None:
    clock = _Clock()
    pace = Pace("images", clock)

    clock.now += 4.0
    assert pace.words(1_000, 10_000) == "1,000/10,000, 0:04"  # one moment has no rate
    clock.now += 10.0
    # 1,000 images in the 10 seconds since the first words; 8,000 are left.
    assert pace.words(2_000, 10_000) == "2,000/10,000, 100/s, 0:14, 1:20 left"
    clock.now += 80.0
    assert pace.words(10_000, 10_000) == "10,000 images, 100/s, 1:34"


def test_what_was_done_before_does_not_count_as_fast() -> None:
    clock = _Clock()
    pace = Pace("images", clock)

    pace.words(9_000, 10_000)  # loaded from a file
    clock.now += 100.0

    assert pace.words(9_100, 10_000) == "9,100/10,000, 1.0/s, 1:40, 15:00 left"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.4, "0:00"), (59.6, "1:00"), (65.0, "1:05"), (3_599.0, "59:59"), (7_265.0, "2:01:05")],
)
def test_duration_in_minutes_or_hours(seconds: float, words: str) -> None:
    assert duration(seconds) == words
