"""The pen of the load measurement: every move is told once, and every answer is counted once."""

from __future__ import annotations

import asyncio
import itertools
import math
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import pytest

from benchmarks.pen import MIN_STEP, Digit, Pen, timed
from core.images import Ink

Result = TypeVar("Result")
ANGLE = Ink((((0.2, 0.2), (0.8, 0.2), (0.8, 0.8)), ((0.3, 0.5), (0.6, 0.5))))


def test_timed_digit_takes_its_time_and_lifts_once_a_stroke():
    digit = timed(ANGLE, 3.0)
    assert digit.ups[-1] == pytest.approx(3.0)
    assert len(digit.ups) == 2
    times = [at for at, *_ in digit.moves]
    assert times == sorted(times)
    assert [stroke for _, stroke, *_ in digit.moves] == sorted(
        stroke for _, stroke, *_ in digit.moves
    )
    assert digit.moves[0] == pytest.approx((0.0, 0, 0.2, 0.2), abs=MIN_STEP)
    assert digit.moves[-1][2:] == pytest.approx((0.6, 0.5), abs=MIN_STEP)


def test_timed_digit_has_no_moves_that_the_canvas_would_leave_out():
    moves = timed(ANGLE, 60.0).moves
    for (_, stroke, *before), (_, following, *after) in itertools.pairwise(moves):
        assert stroke != following or math.dist(before, after) >= MIN_STEP


def at_once(work: Coroutine[Any, Any, Result]) -> Result:
    """Run it in a thread of its own: a browser test before may have left a loop in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()


def draw(digit: Digit, answering: bool) -> tuple[Pen, list[dict[str, Any]]]:
    """Draw with an app that answers each message at once, or the last one only."""
    messages: list[dict[str, Any]] = []

    async def run() -> Pen:
        async def send(message: dict[str, Any]) -> None:
            messages.append(message)
            if answering:
                pen.figure_came(f"mine:{message['seq']}:0")

        pen = Pen(send, "mine")
        await pen.draw(digit)
        pen.figure_came(f"other:{pen.sent}:0")
        if not answering:
            assert not pen.waits
            assert not await pen.settled(0.01)
            pen.figure_came(f"mine:{pen.sent}:0")
        assert await pen.settled(0.01)
        return pen

    return at_once(run()), messages


@pytest.mark.parametrize("answering", [True, False])
def test_pen_tells_every_move_once_and_times_it_once(answering):
    digit = timed(ANGLE, 0.4)
    pen, messages = draw(digit, answering)
    assert [message["seq"] for message in messages] == list(range(1, pen.sent + 1))
    assert len(pen.waits) == len(digit.moves)
    assert min(pen.waits) >= 0.0
    assert len(pen.updates) == (pen.sent if answering else 1)
    last = messages[-1]
    assert last["pen_down"] is False
    assert sum(map(len, last["strokes"])) == len(digit.moves)
    assert [len(message["strokes"]) for message in messages if not message["pen_down"]] == [1, 2]


def test_pen_answer_to_an_earlier_message_leaves_the_newest_unanswered():
    async def take(_: dict[str, Any]) -> None:
        pass

    async def run() -> None:
        pen = Pen(take, "mine")
        await pen.clear()
        await pen.clear()
        pen.figure_came("mine:1:0")
        assert not await pen.settled(0.01)
        pen.figure_came("mine:2:0")
        assert await pen.settled(0.01)

    at_once(run())


def test_pen_that_forgets_counts_anew():
    pen, _ = draw(timed(ANGLE, 0.4), True)
    pen.forget()
    assert (pen.waits, pen.updates, pen.counted_from) == ([], [], pen.sent)
