"""A pen that draws a digit at the pace of a hand, and what the canvas tells the app of it.

`pages/parts/canvas.js` in Python: the same times between messages, the same value in them.
"""

from __future__ import annotations

import asyncio
import itertools
import math
import random
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from core.errors import MissingDataError
from core.images import NUM_VARIANTS, Ink, load_pen_digits, write_digit

# As in canvas.js, seconds.
SEND_EVERY = 0.1
PATIENCE = 0.25
MIN_STEP = 1.5 / 512
GRID = 2048

EVENT_RATE = 120  # pen events a second, as live.py and a mouse send them
_LIFT = 0.09  # seconds between two strokes


@dataclass(frozen=True)
class Digit:
    """A digit as pen events.

    Attributes:
        moves: when the pen moves, in seconds from the first event, in which stroke, and where to.
        ups: when the pen is lifted.
        pen_width: a share of the canvas' side.
    """

    moves: tuple[tuple[float, int, float, float], ...]
    ups: tuple[float, ...]
    pen_width: float


def digits(rng: random.Random, seconds: float) -> Iterator[Digit]:
    """Yield digits without end: those of people where there are any, else the built-in writing.

    Each is slanted a little in a way of its own, so that no image was ever answered before.

    Args:
        rng: chooses.
        seconds: that a digit takes.
    """
    try:
        people = _people()
    except MissingDataError:
        people = []
    while True:
        if people:
            ink = people[rng.randrange(len(people))]
        else:
            ink = write_digit(rng.randrange(10), rng.randrange(NUM_VARIANTS))
        yield timed(_slanted(ink, rng.uniform(-0.2, 0.2)), seconds)


def timed(ink: Ink, seconds: float) -> Digit:
    """Return ink as the events of a pen that takes so long for it, lifts included."""
    lengths = [max(1, len(stroke) - 1) for stroke in ink.strokes]
    writing = max(seconds - _LIFT * (len(lengths) - 1), 0.1)
    moves, ups, start = [], [], 0.0
    for number, (stroke, length) in enumerate(zip(ink.strokes, lengths, strict=True)):
        span = writing * length / sum(lengths)
        count = max(1, round(span * EVENT_RATE))
        last = None
        for event in range(count + 1):
            x, y = _along(stroke, event / count)
            if last is not None and math.dist(last, (x, y)) < MIN_STEP:
                continue
            last = x, y
            moves.append((start + span * event / count, number, x, y))
        ups.append(start + span)
        start += span + _LIFT
    return Digit(tuple(moves), tuple(ups), ink.pen_width)


@dataclass
class Pen:
    """Draws digits through `send`, waits as the canvas waits, and keeps the times.

    Args:
        send: takes one message of the canvas.
        instance: names the canvas.

    Attributes:
        sent: messages so far, of which those up to `counted_from` do not count.
        waits: seconds from each pen move to the histogram that had it.
        updates: when a histogram came.
    """

    send: Callable[[dict[str, Any]], Awaitable[None]]
    instance: str
    sent: int = 0
    counted_from: int = 0
    waits: list[float] = field(default_factory=list)
    updates: list[float] = field(default_factory=list)
    _unanswered: bool = False
    _last_sent: float = -math.inf
    _pending: dict[int, list[float]] = field(default_factory=dict)  # moves, by message
    _answer: asyncio.Event = field(default_factory=asyncio.Event)

    def figure_came(self, tag: str) -> None:
        """Note a histogram with the tag of the ink that it is of."""
        instance, seq, *_ = tag.split(":")
        if instance != self.instance:
            return
        now = time.perf_counter()
        self.updates.append(now)
        for number in [number for number in self._pending if number <= int(seq)]:
            self.waits += [now - moved for moved in self._pending.pop(number)]
        if int(seq) >= self.sent:
            self._unanswered = False
            self._answer.set()

    async def draw(self, digit: Digit) -> tuple[float, float]:
        """Draw, and return when that began and ended; histograms may still be on their way."""
        start = time.perf_counter()
        done, lifted = 0, 0
        while lifted < len(digit.ups):
            up = start + digit.ups[lifted]
            due = up
            if done < len(digit.moves):
                pause = PATIENCE if self._unanswered else SEND_EVERY
                due = min(up, max(start + digit.moves[done][0], self._last_sent + pause))
            if not await self._sleep_until(due):
                continue  # answered: the next message may go earlier
            now = time.perf_counter()
            if now >= up:
                lifted += 1
            moved = []
            while done < len(digit.moves) and (at := start + digit.moves[done][0]) <= now:
                # What comes after a lift is another stroke, and another message.
                if now >= up and at > up:
                    break
                moved.append(at)
                done += 1
            await self._send(_strokes(digit.moves[:done]), digit.pen_width, now < up, moved)
        return start, time.perf_counter()

    async def settled(self, timeout: float) -> bool:
        """Wait until the last message has been answered; whether it has."""
        end = time.perf_counter() + timeout
        while self._unanswered and time.perf_counter() < end:
            await self._sleep_until(end)
        return not self._unanswered

    async def clear(self) -> None:
        """Empty the canvas; no histogram answers that."""
        await self._send([], Ink().pen_width, False, [])

    def forget(self) -> None:
        """Begin to count anew."""
        self.waits.clear()
        self.updates.clear()
        self.counted_from = self.sent

    async def _sleep_until(self, due: float) -> bool:
        """Sleep; whether nothing was answered meanwhile."""
        self._answer.clear()
        try:
            await asyncio.wait_for(self._answer.wait(), max(0.0, due - time.perf_counter()))
        except TimeoutError:
            return True
        return False

    async def _send(
        self, strokes: list[list[list[float]]], pen_width: float, down: bool, moved: list[float]
    ) -> None:
        self.sent += 1
        self._last_sent = time.perf_counter()
        self._unanswered = True
        self._pending[self.sent] = moved
        await self.send(
            {
                "instance": self.instance,
                "seq": self.sent,
                "revision": 0,
                "ask": 0,
                "pen_down": down,
                "replaying": False,
                "strokes": strokes,
                "pen_width": pen_width,
            }
        )


_read: list[Ink] = []


def _people() -> list[Ink]:
    if not _read:
        _read.extend(ink for ink, _ in load_pen_digits(limit=2000))
    return _read


def _slanted(ink: Ink, slant: float) -> Ink:
    return Ink(
        tuple(
            tuple((min(1.0, max(0.0, x + slant * (0.5 - y))), y) for x, y in stroke)
            for stroke in ink.strokes
        ),
        ink.pen_width,
    )


def _along(stroke: tuple[tuple[float, float], ...], part: float) -> tuple[float, float]:
    at = part * (len(stroke) - 1)
    before = min(int(at), len(stroke) - 1)
    after = min(before + 1, len(stroke) - 1)
    (x0, y0), (x1, y1) = stroke[before], stroke[after]
    return x0 + (at - before) * (x1 - x0), y0 + (at - before) * (y1 - y0)


def _strokes(moves: tuple[tuple[float, int, float, float], ...]) -> list[list[list[float]]]:
    return [
        [[round(x * GRID) / GRID, round(y * GRID) / GRID] for _, _, x, y in stroke]
        for _, stroke in itertools.groupby(moves, key=lambda move: move[1])
    ]
