"""Measure how the app serves many people who draw at once.

    python -m benchmarks.load http://localhost:8501 --sessions 1 5 20 50 --seconds 60

Each session is a real one: a websocket that speaks Streamlit's messages (`session.py`), with a
hand behind it that draws one digit after another at the pace and with the messages of the canvas
(`pen.py`). A histogram has come when its message is read here; what a browser takes to draw it is
not in the figures. `--browser` makes one of the sessions a Chromium (`live.py`): what a person sees
among the others.

All sessions run in this one process and thread, which takes a part of the processor that the app
has to do without; the table says how much. The memory is that of the process that listens on the
port, where /proc tells (Linux, on this machine).
"""

from __future__ import annotations

import argparse
import asyncio
import json
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
from urllib.parse import urlsplit

from streamlit.proto.Element_pb2 import Element

from benchmarks.pen import Pen, digits
from benchmarks.session import Session

CANVAS, FIGURE = "draw", "draw.histograms"
_ANSWER_TIME = 30.0  # seconds after which a drawing without its histogram is an error


@dataclass
class Person:
    """What one session has to report.

    Attributes:
        pen: with its waits.
        errors: what went wrong.
        spans: when the pen was at work.
        skipped: messages that no histogram of their own answered, since newer ink overtook them.
    """

    pen: Pen
    errors: list[str] = field(default_factory=list)
    spans: list[tuple[float, float]] = field(default_factory=list)
    skipped: int = 0


@dataclass(frozen=True)
class Result:
    """How one number of sessions was served; times in seconds, memory in MB.

    Attributes:
        per_second: updates of all sessions in a second of drawing.
        worst_p95: p95 of the session that was served worst.
        skipped: share of the messages that newer ink overtook.
        updates: histograms that came.
        work: of the server's processor time, seconds for one update; NaN if unknown.
        client: share of one core that this client took.
        memory: of the server, once a minute from the start, and at the end.
        browser: what `live.py` says of the Chromium among the sessions.
    """

    sessions: int
    seconds: float
    updates: int
    per_second: float
    p50: float
    p95: float
    longest: float
    worst_p95: float
    skipped: float
    errors: list[str]
    memory: list[float]
    work: float
    load_average: float
    client: float
    browser: dict[str, float] | None


async def measure(
    url: str, sessions: int, seconds: float, digit_time: float, seed: int, browser: bool
) -> Result:
    """Let so many sessions draw for so long."""
    ready, begin = asyncio.Barrier(sessions + 1), asyncio.Event()
    people = [Person(Pen(_nowhere, f"load{seed % 1000:03}-{number}")) for number in range(sessions)]
    end = [0.0]
    tasks = [
        asyncio.create_task(_visit(url, person, number, ready, begin, end, digit_time, seed))
        for number, person in enumerate(people)
    ]
    await ready.wait()
    start, used = time.perf_counter(), time.process_time()
    end[0] = start + seconds
    begin.set()
    process = _server_process(url)
    worked, memory = _processor_time(process), list[float]()
    watching = asyncio.create_task(_watch_memory(process, memory))
    chromium = asyncio.create_task(_live(url, seconds, digit_time)) if browser else None
    await asyncio.gather(*tasks)
    took, client = time.perf_counter() - start, time.process_time() - used
    seen = await chromium if chromium else None
    watching.cancel()
    memory += _resident(process)
    worked = _processor_time(process) - worked
    updates = sum(len(person.pen.updates) for person in people)
    waits = sorted(wait for person in people for wait in person.pen.waits)
    per_second = sum(_rate(person) for person in people)
    sent = sum(person.pen.sent - person.pen.counted_from for person in people)
    return Result(
        sessions=sessions + browser,
        seconds=round(took, 1),
        updates=updates,
        per_second=per_second,
        p50=statistics.median(waits) if waits else float("nan"),
        p95=_p95(waits),
        longest=max(waits, default=float("nan")),
        worst_p95=max(_p95(sorted(person.pen.waits)) for person in people),
        skipped=sum(person.skipped for person in people) / max(sent, 1),
        errors=[error for person in people for error in person.errors],
        memory=memory,
        work=worked / max(updates, 1),
        load_average=os.getloadavg()[0],
        client=client / took,
        browser=seen,
    )


async def _visit(
    url: str,
    person: Person,
    number: int,
    ready: asyncio.Barrier,
    begin: asyncio.Event,
    end: list[float],
    digit_time: float,
    seed: int,
) -> None:
    """Open the page, draw until the end, and leave."""
    rng = random.Random(1000 * seed + number)
    cleared = asyncio.Event()
    pen = person.pen

    def look(element: Element) -> None:
        kind = element.WhichOneof("type")
        if kind == "bidi_component" and element.bidi_component.id.endswith(f"-{FIGURE}"):
            pen.figure_came(_tag(element.bidi_component.json))
        elif kind == "html" and "lb-empty" in element.html.body:
            cleared.set()

    session = Session(url, look)
    entered = False
    try:
        await asyncio.sleep(0.1 * number)  # people do not come in one moment
        async with session:
            await session.run_page()
            pen.send = lambda ink: session.send(CANVAS, {"ink": ink})
            choose = digits(rng, digit_time)
            await _draw_one(session, pen, next(choose), cleared)  # nothing is compiled after that
            pen.forget()
            entered = True
            await ready.wait()
            await begin.wait()
            await asyncio.sleep(rng.uniform(0.0, 1.0))
            while time.perf_counter() < end[0] and not session.closed.is_set():
                person.spans.append(await _draw_one(session, pen, next(choose), cleared))
            asked = pen.sent - pen.counted_from - len(person.spans)  # a clear asks for none
            person.skipped = asked - len(pen.updates)
            if not pen.updates:
                person.errors.append("no update came")
    except (OSError, TimeoutError, RuntimeError) as error:
        person.errors.append(f"{type(error).__name__}: {error}")
    finally:
        person.errors += session.errors
        if not entered:
            await ready.wait()


async def _draw_one(
    session: Session, pen: Pen, digit: Any, cleared: asyncio.Event
) -> tuple[float, float]:
    span = await pen.draw(digit)
    if not await pen.settled(_ANSWER_TIME):
        raise TimeoutError(f"no histogram came in {_ANSWER_TIME:.0f} s")
    cleared.clear()
    await pen.clear()
    await asyncio.wait_for(cleared.wait(), _ANSWER_TIME)
    return span


async def _nowhere(_: dict[str, Any]) -> None:
    raise RuntimeError("the page is not open yet")


def _tag(text: str) -> str:
    """Return the tag of a figure from its data, which need not be parsed for that."""
    return str(json.loads(text[text.rindex('"tag":') + 6 :].split(",", 1)[0].rstrip("}")))


def _rate(person: Person) -> float:
    """Return the updates per second of drawing, as live.py counts them."""
    drawing = sum(end - start for start, end in person.spans)
    within = sum(any(a <= at <= b for a, b in person.spans) for at in person.pen.updates)
    return within / drawing if drawing else 0.0


def _p95(ordered: Sequence[float]) -> float:
    return ordered[int(0.95 * (len(ordered) - 1))] if ordered else float("nan")


async def _live(url: str, seconds: float, digit_time: float) -> dict[str, float]:
    """Let a Chromium draw among the sessions."""
    rounds = max(1, round(seconds / (3 * (digit_time + 1))))
    arguments = ["-m", "benchmarks.live", url, "--json", "--rounds", str(rounds)]
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *arguments,
        "--seconds",
        str(digit_time),
        stdout=asyncio.subprocess.PIPE,
        cwd=Path(__file__).parent.parent,
    )
    output, _ = await process.communicate()
    found: dict[str, float] = json.loads(output) if process.returncode == 0 else {}
    return found


async def _watch_memory(process: int | None, memory: list[float]) -> None:
    while True:
        memory += _resident(process)
        await asyncio.sleep(60)


def _server_process(url: str) -> int | None:
    """Return the process on this machine that listens on the port of a URL; None if not found."""
    port = urlsplit(url).port or 80
    sockets = set()
    for table in (Path("/proc/net/tcp"), Path("/proc/net/tcp6")):
        if table.is_file():
            for line in table.read_text().splitlines()[1:]:
                fields = line.split()
                if fields[3] == "0A" and int(fields[1].rpartition(":")[2], 16) == port:
                    sockets.add(f"socket:[{fields[9]}]")
    for folder in Path("/proc").glob("[0-9]*/fd"):
        try:
            if any(str(file.readlink()) in sockets for file in folder.iterdir()):
                return int(folder.parent.name)
        except OSError:
            continue  # another user's, or gone
    return None


def _resident(process: int | None) -> list[float]:
    """Return the resident memory of a process in MB, as a list that is empty if unknown."""
    try:
        text = Path(f"/proc/{process}/status").read_text()
    except OSError:
        return []
    return [int(line.split()[1]) / 1024 for line in text.splitlines() if line.startswith("VmRSS:")]


def _processor_time(process: int | None) -> float:
    """Return the seconds that a process has computed so far; NaN if unknown."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return float("nan")
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def print_row(result: Result) -> None:
    """Print one line of the table, and what there is to say besides."""
    memory = [f"{value:,.0f}" for value in result.memory]
    start, end = (memory[0], memory[-1]) if memory else ("-", "-")
    print(
        f"{result.sessions:8}{result.per_second:10.1f}{result.per_second / result.sessions:9.2f}"
        f"{1000 * result.p50:8.0f}{1000 * result.p95:8.0f}{1000 * result.worst_p95:8.0f}"
        f"{1000 * result.longest:9.0f}{result.skipped:9.0%}{len(result.errors):8}"
        f"{start:>9}{end:>8}{1000 * result.work:9.1f}"
        f"{result.client:8.0%}{result.load_average:7.1f}",
        flush=True,
    )
    if len(memory) > 3:
        print("         memory, MB, each minute:", *memory, flush=True)
    if result.browser is not None:
        print("         the browser among them:", result.browser or "failed", flush=True)
    for error, count in Counter(result.errors).most_common(5):
        print(f"         {count} x {error[:160]}", flush=True)


HEAD = (
    f"{'':8}{'updates/s':>19}{'':8}{'':8}{'worst':>8}{'':9}{'':9}{'':8}{'server MB':>17}"
    f"{'CPU ms':>9}\n"
    f"{'sessions':>8}{'all':>10}{'each':>9}{'p50 ms':>8}{'p95 ms':>8}{'p95 ms':>8}{'longest':>9}"
    f"{'skipped':>9}{'errors':>8}{'start':>9}{'end':>8}{'/update':>9}{'client':>8}{'load':>7}"
)


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
    print(HEAD)
    for turn, sessions in enumerate(options.sessions):
        result = asyncio.run(
            measure(
                options.url,
                max(1, sessions - options.browser),
                options.seconds,
                options.digit,
                seed + turn,
                options.browser,
            )
        )
        print_row(result)
        results.append(asdict(result))
    if options.json:
        options.json.write_text(json.dumps(results, indent=1) + "\n")
    return int(any(result["errors"] for result in results))


if __name__ == "__main__":
    sys.exit(main())
