"""Turns: a few threads at a time, in the order in which they came; nobody hangs."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest

from pages.parts.turns import Turns

PATIENCE = 10.0  # seconds until a test gives up


def until(condition: Callable[[], bool]) -> None:
    """Wait for what other threads bring about."""
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, "it never came about"
        time.sleep(0.001)


class Runs:
    """Threads that take a turn, note it, and work until they are let go."""

    def __init__(self, turns: Turns) -> None:
        self.turns = turns
        self.began: list[int] = []
        self.go = [threading.Event() for _ in range(8)]
        self.threads: list[threading.Thread] = []

    def start(self, number: int) -> None:
        waiting = self.turns.waiting
        thread = threading.Thread(target=self._run, args=(number,), daemon=True)
        self.threads.append(thread)
        thread.start()
        # In line, or at work already, before the next one comes.
        until(lambda: number in self.began or self.turns.waiting > waiting)

    def _run(self, number: int) -> None:
        self.turns.take()
        self.began.append(number)
        self.go[number].wait(PATIENCE)
        self.turns.give_back()

    def end(self) -> None:
        for event in self.go:
            event.set()
        for thread in self.threads:
            thread.join(PATIENCE)
            assert not thread.is_alive()


@pytest.mark.parametrize("at_once", [1, 2, 3])
def test_turns_more_threads_than_turns_wait_in_order(at_once):
    runs = Runs(Turns(at_once, longest=3600.0))
    for number in range(6):
        runs.start(number)
    until(lambda: runs.began == list(range(at_once)))
    until(lambda: runs.turns.waiting == 6 - at_once)
    runs.go[at_once - 1].set()  # whoever ends, the one that waits longest is next
    until(lambda: runs.began == list(range(at_once + 1)))
    runs.end()
    assert sorted(runs.began) == list(range(6))
    assert runs.turns.waiting == 0


def test_turns_thread_that_works_for_long_keeps_nobody_waiting():
    now = [0.0]
    turns = Turns(1, longest=0.3, clock=lambda: now[0])
    runs = Runs(turns)
    runs.start(0)
    until(lambda: runs.began == [0])
    now[0] = 0.31
    runs.start(1)
    until(lambda: runs.began == [0, 1])
    runs.end()


def test_turns_end_of_a_long_run_does_not_end_the_turn_of_another():
    now = [0.0]
    runs = Runs(Turns(1, longest=0.3, clock=lambda: now[0]))
    runs.start(0)
    until(lambda: runs.began == [0])
    now[0] = 0.31
    runs.start(1)
    until(lambda: runs.began == [0, 1])
    runs.go[0].set()
    runs.threads[0].join(PATIENCE)
    runs.start(2)
    until(lambda: runs.turns.waiting == 1)
    assert runs.began == [0, 1]
    runs.end()


def test_turns_taken_again_by_the_same_thread_is_one_turn():
    turns = Turns(1, longest=3600.0)
    turns.take()
    turns.take()
    turns.give_back()
    runs = Runs(turns)
    runs.start(0)
    until(lambda: runs.began == [0])
    runs.end()


def test_turns_thread_that_died_with_its_turn_blocks_nobody_for_long():
    turns = Turns(1, longest=0.01)
    thread = threading.Thread(target=turns.take)
    thread.start()
    thread.join(PATIENCE)
    runs = Runs(turns)
    runs.start(0)
    until(lambda: runs.began == [0])
    runs.end()
