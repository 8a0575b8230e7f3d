"""The best settings of a contender, found by trying them."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

Run = Callable[[], object]

_TRIES = 5
_HOPELESS = 3.0  # this many times slower than the best one: not tried again


def fastest(options: Mapping[str, Run], tries: int = _TRIES) -> tuple[str, Run]:
    """Return the name and the run whose best of a few tries is shortest.

    Args:
        options: by what they are called in the table. Each is run once before, untimed.
        tries: interleaved; the best one counts, because what disturbs a run only makes it longer.
    """
    for run in options.values():
        run()
    best = dict.fromkeys(options, float("inf"))
    for _ in range(tries):
        for name in list(best):
            start = time.perf_counter()
            options[name]()
            best[name] = min(best[name], time.perf_counter() - start)
        limit = _HOPELESS * min(best.values())
        best = {name: seconds for name, seconds in best.items() if seconds <= limit}
    name = min(best, key=lambda each: best[each])
    return name, options[name]
