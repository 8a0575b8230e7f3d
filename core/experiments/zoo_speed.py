"""How long the networks of the zoo take, side by side on this machine."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

import numpy as np

from ..uncertainty import Interval

ROUNDS = 60
_WARM_UP = 5


def measure_speed(
    answers: Mapping[str, Callable[[], object]], rounds: int = ROUNDS
) -> dict[str, Interval]:
    """Return the median time of each in milliseconds, with the middle half as its interval.

    They take turns, so that whatever else the machine does falls on all of them.

    Args:
        answers: by name, what is timed.
        rounds: runs of each, after a few that are not counted.
    """
    taken: dict[str, list[float]] = {name: [] for name in answers}
    for place in range(-_WARM_UP, rounds):
        for name, answer in answers.items():
            start = time.perf_counter()
            answer()
            if place >= 0:
                taken[name].append(1e3 * (time.perf_counter() - start))
    quartiles = {name: np.quantile(each, [0.5, 0.25, 0.75]) for name, each in taken.items()}
    return {name: Interval(*map(float, each)) for name, each in quartiles.items()}
