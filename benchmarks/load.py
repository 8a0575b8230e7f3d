"""Measure how the app serves many people who draw at once.

    python -m benchmarks.load http://localhost:8501 --sessions 1 5 20 50 --seconds 60

Each session is a real one: a websocket that speaks Streamlit's messages (`session.py`), with a
hand behind it that draws one digit after another at the pace and with the messages of the canvas
(`pen.py`). A histogram has come when its message is read here; what a browser takes to draw it is
not in the figures. `--browser` makes one of the sessions a Chromium (`live.py`): what a person sees
among the others.

All sessions run in this one process and thread, which takes a part of the processor that the app
has to do without; the column "client" says how much of one core.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import math
import os
import random
import statistics
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from streamlit.proto.Element_pb2 import Element

from benchmarks.pen import Digit, Pen, digits
from benchmarks.server_process import ServerProcess
from benchmarks.session import Session

CANVAS, FIGURE = "draw", "draw.histograms"
_PATIENCE = 30.0  # seconds after which a drawing without its histogram is an error


@dataclass(frozen=True)
class Task:
    """What the sessions are to do.

    Attributes:
        url: of the app.
        sessions: how many, the Chromium included.
        seconds: for which they draw; with a Chromium, until it has drawn for about as long.
        digit_time: seconds for one digit.
        seed: of the digits.
        browser: whether one of the sessions is a Chromium.
    """

    url: str
    sessions: int
    seconds: float
    digit_time: float
    seed: int
    browser: bool


@dataclass
class Person:
    """What one session has to report.

    Attributes:
        pen: with its waits.
        errors: what went wrong.
        spans: when the pen was at work.
    """

    pen: Pen
    errors: list[str] = field(default_factory=list)
    spans: list[tuple[float, float]] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Updates in a second of drawing, as live.py counts them."""
        drawing = sum(end - start for start, end in self.spans)
        within = sum(any(a <= at <= b for a, b in self.spans) for at in self.pen.updates)
        return within / drawing if drawing else 0.0

    @property
    def asked(self) -> int:
        """Messages that ask for a histogram: all but the clears, one a digit."""
        return self.pen.sent - self.pen.counted_from - len(self.spans)


@dataclass
class Course:
    """Where a measurement stands: all wait at `ready`, and draw from `begin` to `end`."""

    ready: asyncio.Barrier
    begin: asyncio.Event
    end: float = math.inf


@dataclass(frozen=True)
class Result:
    """How one number of sessions was served; times in seconds, memory in MB.

    Attributes:
        seconds: from the first pen move to the last answer.
        updates: histograms that came.
        each: updates of one session in a second of drawing, the mean over the sessions.
        p50: of the times from a pen move to the first histogram with it; likewise p95, longest.
        worst_p95: p95 of the session that was served worst.
        skipped: share of the messages that newer ink overtook.
        errors: exceptions that the app showed, closed sockets, answers that never came.
        memory: of the server, once a minute from the start, and at the end.
        work: of the server's processor time, seconds for one update.
        client: share of one core that this client took.
        load: the machine's load average at the end.
        browser: what `live.py` says of the Chromium among the sessions.
    """

    sessions: int
    seconds: float
    updates: int
    each: float
    p50: float
    p95: float
    longest: float
    worst_p95: float
    skipped: float
    errors: list[str]
    memory: list[float]
    work: float
    client: float
    load: float
    browser: dict[str, float] | None


async def measure(task: Task) -> Result:
    """Let the sessions draw."""
    count = task.sessions - task.browser
    course = Course(asyncio.Barrier(count + 1), asyncio.Event())
    people = [Person(Pen(_nowhere, f"load{task.seed % 1000}-{n}")) for n in range(count)]
    visits = [asyncio.create_task(_visit(task, n, people[n], course)) for n in range(count)]
    await course.ready.wait()
    server, memory = ServerProcess(task.url), list[float]()
    watching = asyncio.create_task(_watch_memory(server, memory))
    start, used, worked = time.perf_counter(), time.process_time(), server.processor_time()
    course.end = math.inf if task.browser else start + task.seconds
    course.begin.set()
    seen = await _chromium(task) if task.browser else None
    course.end = min(course.end, max(time.perf_counter(), start + task.seconds))
    await asyncio.gather(*visits)
    took = time.perf_counter() - start
    client, worked = time.process_time() - used, server.processor_time() - worked
    watching.cancel()
    updates = sum(len(person.pen.updates) for person in people)
    asked = sum(person.asked for person in people)
    waits = sorted(wait for person in people for wait in person.pen.waits)
    return Result(
        sessions=task.sessions,
        seconds=took,
        updates=updates,
        each=sum(person.rate for person in people) / max(count, 1),
        p50=statistics.median(waits) if waits else math.nan,
        p95=_p95(waits),
        longest=max(waits, default=math.nan),
        worst_p95=max((_p95(sorted(person.pen.waits)) for person in people), default=math.nan),
        skipped=1.0 - updates / asked if asked else 0.0,
        errors=[error for person in people for error in person.errors],
        memory=[*memory, server.memory()],
        work=worked / updates if updates else math.nan,
        client=client / took,
        load=os.getloadavg()[0],
        browser=seen,
    )


async def _visit(task: Task, number: int, person: Person, course: Course) -> None:
    """Open the page, draw until the end, and leave."""
    choose = digits(random.Random(1000 * task.seed + number), task.digit_time)
    cleared, pen = asyncio.Event(), person.pen

    def look(element: Element) -> None:
        kind = element.WhichOneof("type")
        if kind == "bidi_component" and element.bidi_component.id.endswith(f"-{FIGURE}"):
            pen.figure_came(_tag(element.bidi_component.json))
        elif kind == "html" and "lb-empty" in element.html.body:
            cleared.set()

    session = Session(task.url, look)
    waited_for = True
    try:
        await asyncio.sleep(0.1 * number)  # people do not come in one moment
        async with session:
            await session.run_page()
            pen.send = lambda ink: session.send(CANVAS, {"ink": ink})
            await _draw_one(pen, next(choose), cleared)  # what is compiled is compiled now
            pen.forget()
            waited_for = False
            await course.ready.wait()
            await course.begin.wait()
            await asyncio.sleep(task.digit_time * number / task.sessions)
            while time.perf_counter() < course.end and not session.closed.is_set():
                person.spans.append(await _draw_one(pen, next(choose), cleared))
            if not pen.updates:
                person.errors.append("no update came")
    except (OSError, RuntimeError, KeyError) as error:
        person.errors.append(f"{type(error).__name__}: {error}")
    finally:
        person.errors += session.errors
        if waited_for:
            await course.ready.wait()


async def _draw_one(pen: Pen, digit: Digit, cleared: asyncio.Event) -> tuple[float, float]:
    """Draw a digit, wait for its histogram, clear; return when the pen was at work."""
    span = await pen.draw(digit)
    if not await pen.settled(_PATIENCE):
        raise TimeoutError(f"no histogram came in {_PATIENCE:.0f} s")
    cleared.clear()
    await pen.clear()
    await asyncio.wait_for(cleared.wait(), _PATIENCE)
    return span


async def _nowhere(_: dict[str, Any]) -> None:
    raise RuntimeError("the page is not open yet")


def _tag(text: str) -> str:
    """Return the tag of a figure from its data, which need not be parsed for that."""
    return str(json.loads(text[text.rindex('"tag":') + 6 :].split(",", 1)[0].rstrip("}")))


def _p95(ordered: Sequence[float]) -> float:
    return ordered[int(0.95 * (len(ordered) - 1))] if ordered else math.nan


async def _chromium(task: Task) -> dict[str, float]:
    """Let a Chromium draw among the sessions; empty if it failed."""
    rounds = max(1, round(task.seconds / (3 * (task.digit_time + 1))))  # of three digits each
    options = ["--json", "--rounds", str(rounds), "--seconds", str(task.digit_time)]
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "benchmarks.live", task.url, *options),
        stdout=asyncio.subprocess.PIPE,
        cwd=Path(__file__).parent.parent,
    )
    output, _ = await process.communicate()
    found: dict[str, float] = json.loads(output) if process.returncode == 0 else {}
    return found


async def _watch_memory(server: ServerProcess, memory: list[float]) -> None:
    while True:
        memory.append(server.memory())
        await asyncio.sleep(60)


HEAD = (
    "            updates/s                      worst                             server, MB"
    "   CPU ms\nsessions     all   each  p50 ms  p95 ms  p95 ms  longest  skipped  errors"
    "   start     end  /update  client   load"
)


def row(result: Result) -> str:
    """Return one line of the table, and what there is to say besides."""
    memory = [f"{value:,.0f}" for value in result.memory]
    lines = [
        f"{result.sessions:8}{result.updates / result.seconds:8.1f}{result.each:7.2f}"
        f"{1000 * result.p50:8.0f}{1000 * result.p95:8.0f}{1000 * result.worst_p95:8.0f}"
        f"{1000 * result.longest:9.0f}{result.skipped:9.0%}{len(result.errors):8}"
        f"{memory[0]:>8}{memory[-1]:>8}{1000 * result.work:9.1f}{result.client:8.0%}"
        f"{result.load:7.1f}"
    ]
    if len(memory) > 3:
        lines.append(f"         memory, MB, once a minute: {' '.join(memory)}")
    if result.browser is not None:
        said = ", ".join(f"{name} {value:.1f}" for name, value in result.browser.items())
        lines.append(f"         the browser among them: {said or 'it failed'}")
    for error, count in Counter(result.errors).most_common(5):
        lines.append(f"         {count} x {error[:160]}")
    return "\n".join(lines)


def main() -> int:
    """Run each number of sessions; the exit status is 1 after an error."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("url", nargs="?", default="http://localhost:8501")
    parser.add_argument("--sessions", type=int, nargs="+", default=[1, 5, 20, 50])
    parser.add_argument("--seconds", type=float, default=60.0, help="that each number draws")
    parser.add_argument("--digit", type=float, default=3.0, help="seconds for one digit")
    parser.add_argument("--seed", type=int, help="of the digits; by default new ones each time")
    parser.add_argument("--browser", action="store_true", help="make one session a Chromium")
    parser.add_argument("--json", type=Path, help="a file for the figures")
    options = parser.parse_args()
    seed = int(time.time()) if options.seed is None else options.seed
    results = []
    print(HEAD, flush=True)
    for turn, sessions in enumerate(options.sessions):
        task = Task(
            options.url, sessions, options.seconds, options.digit, seed + turn, options.browser
        )
        result = asyncio.run(measure(task))
        print(row(result), flush=True)
        results.append(result)
    if options.json:
        options.json.write_text(json.dumps([asdict(result) for result in results], indent=1) + "\n")
    failed = any(result.errors or result.browser == {} for result in results)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
