"""The process of one contender: makes it ready, then does as it is told, line by line.

It reads words from its standard input and answers each with a line of JSON on what was its
standard output. Between two words it waits, so that one contender runs at a time.
"""

from __future__ import annotations

import gc
import json
import os
import statistics
import sys
import time
import traceback
from typing import Any

from benchmarks.contender import LeftOutError, Task, load_libraries, make_task
from benchmarks.cores import use_cores
from benchmarks.resident import forget_peak, peak_bytes, resident_bytes

TURN_SECONDS = 0.2  # runs shorter than this are repeated until it is over
_WARM_RUNS = 3


def main() -> int:
    """Serve until the input ends; return the exit status."""
    # Libraries print as they like: nothing of theirs may come between the answers.
    channel = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)

    def answer(**values: Any) -> None:
        channel.write(json.dumps(values) + "\n")
        channel.flush()

    recipe = json.loads(sys.argv[1])
    served: _Served | None = None
    try:
        use_cores(recipe["cores"])
        load_libraries(recipe)
        loaded = resident_bytes()
        answer(ready=True)
        for line in sys.stdin:
            word = line.strip()
            if word == "make":
                served = _Served(make_task(recipe), loaded)
                answer(made=True)
            elif served is None:
                answer(failed=f"told to {word} before there was a task")
            else:
                answer(**served.do(word))
    except LeftOutError as error:
        answer(left_out=str(error))
    except Exception:
        answer(failed=traceback.format_exc())
        return 1
    return 0


class _Served:
    """A task with what is measured about it."""

    def __init__(self, task: Task, loaded: int) -> None:
        self._task = task
        self._loaded = loaded
        self._run_seconds = 0.0
        self._idle_since = (time.perf_counter(), time.process_time())
        self._idle_seconds = 0.0
        self._idle_burnt = 0.0

    def do(self, word: str) -> dict[str, Any]:
        """Do one thing and return the answer."""
        wall, burnt = time.perf_counter(), time.process_time()
        self._idle_seconds += wall - self._idle_since[0]
        self._idle_burnt += burnt - self._idle_since[1]
        answer = {"warm": self._warm, "time": self._time, "report": self._report}[word]()
        self._idle_since = (time.perf_counter(), time.process_time())
        return answer

    def _warm(self) -> dict[str, Any]:
        for _ in range(_WARM_RUNS):
            start = time.perf_counter()
            (self._task.warm_up or self._task.run)()
            self._run_seconds = time.perf_counter() - start
            if self._run_seconds > TURN_SECONDS:
                break
        gc.collect()
        gc.freeze()
        forget_peak()
        return {}

    def _time(self) -> dict[str, Any]:
        if self._run_seconds < TURN_SECONDS:
            self._task.run()  # others have had the caches meanwhile
        runs: list[float] = []
        begin = time.perf_counter()
        while not runs or time.perf_counter() - begin < TURN_SECONDS:
            start = time.perf_counter()
            self._task.run()
            runs.append(time.perf_counter() - start)
        self._run_seconds = statistics.median(runs)
        return {"seconds": self._run_seconds / self._task.share}

    def _report(self) -> dict[str, Any]:
        return {
            "peak": peak_bytes(),
            "loaded": self._loaded,
            "idle_share": self._idle_burnt / max(self._idle_seconds, 1e-9),
            "note": self._task.note,
        }


if __name__ == "__main__":
    sys.exit(main())
