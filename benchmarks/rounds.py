"""Contenders measured in interleaved rounds, each in a process of its own, one at a time."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.contender import Contender
from benchmarks.timing import Results, Timing

ROOT = Path(__file__).resolve().parent.parent
_ENVIRONMENT = {"TF_CPP_MIN_LOG_LEVEL": "3"}


class WorkerFailedError(Exception):
    """A contender's process broke; the message holds what it said."""


def measure(contenders: Sequence[Contender], rounds: int) -> Results:
    """Time every contender once in each round, in an order drawn anew for each round.

    Args:
        contenders: all their processes live until the end, and wait while another one runs.
        rounds: how many.

    Raises:
        WorkerFailedError: a contender broke; one that cannot run here is left out instead.
    """
    workers = [_Worker(contender) for contender in contenders]  # they load side by side
    try:
        running: list[_Worker] = []
        left_out: list[tuple[Contender, str]] = []
        for worker in workers:
            # All have loaded what they need before one tries its settings.
            worker.wait()
        for worker in workers:
            if reason := worker.reason_to_leave_out():
                left_out.append((worker.contender, reason))
            else:
                running.append(worker)
        for worker in running:
            worker.ask("warm")
        seconds: dict[int, list[float]] = {id(worker): [] for worker in running}
        order = random.Random(0)
        for _ in range(rounds):
            for worker in order.sample(running, len(running)):
                run = worker.ask("time")["seconds"]
                seconds[id(worker)].append(run / worker.contender.share)
        timings = tuple(
            Timing(worker.contender, tuple(seconds[id(worker)]), **worker.ask("report"))
            for worker in running
        )
    finally:
        for worker in workers:
            worker.stop()
    return Results(timings, tuple(left_out))


class _Worker:
    """A contender's process, seen from outside."""

    def __init__(self, contender: Contender) -> None:
        self.contender = contender
        self._reason: str | None = None
        self._said = tempfile.TemporaryFile(  # noqa: SIM115 - closed when the worker is stopped
            mode="w+", encoding="utf-8", errors="replace"
        )
        self._process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.worker", contender.recipe()],
            cwd=ROOT,
            env={**_ENVIRONMENT, **os.environ},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._said,
            encoding="utf-8",
        )

    def wait(self) -> None:
        """Wait until its libraries are loaded, or it has said why it cannot run here."""
        self._reason = self._answer().get("left_out")

    def reason_to_leave_out(self) -> str | None:
        """Make its task; return why that cannot be, None if it is made."""
        if self._reason is None:
            self._reason = self.ask("make").get("left_out")
        return self._reason

    def ask(self, word: str) -> dict[str, Any]:
        """Have it do something and return its answer."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{word}\n")
        self._process.stdin.flush()
        return self._answer()

    def stop(self) -> None:
        """End it."""
        self._process.kill()
        self._process.communicate()
        self._said.close()

    def _answer(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        answer: dict[str, Any] = json.loads(line) if line else {"failed": self._last_words()}
        if "failed" in answer:
            raise WorkerFailedError(f"{self.contender.name}: {answer['failed']}")
        return answer

    def _last_words(self) -> str:
        self._said.seek(0)
        return f"the process ended with status {self._process.wait()}. {self._said.read()[-2000:]}"
