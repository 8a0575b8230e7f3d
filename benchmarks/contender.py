"""A contender: a way to run the passes, and what its worker process is to make of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any


class LeftOutError(Exception):
    """A contender that cannot run here; the message is the sentence that says why."""


@dataclass(frozen=True, slots=True)
class Task:
    """Something ready to be timed.

    Attributes:
        run: does the work once, its result ready in memory at the end.
        share: of the work asked for that one run does, in (0, 1]; its seconds are divided by it.
        note: what was chosen, for the table.
        warm_up: done before the first timed run, `run` itself if None.
    """

    run: Callable[[], object]
    share: float = 1.0
    note: str = ""
    warm_up: Callable[[], object] | None = None


@dataclass(frozen=True, slots=True)
class Contender:
    """A named task, made in a process of its own.

    Attributes:
        name: in the table.
        make: returns the task; a function of a module, which imports what it needs itself, so
            that only the worker loads it. What the module's `load` imports, workers load side by
            side; tasks are made one at a time, since they may try settings.
        arguments: of `make`, as JSON can hold them.
        cores: how many cores the process may use; all of them if None.
        group: contenders of one group stand in one table and are compared with each other.
        share: of the work that the table tells of which the task does; seconds are divided by it.
    """

    name: str
    make: Callable[..., Task]
    arguments: Mapping[str, Any] = field(default_factory=dict)
    cores: int | None = None
    group: str = ""
    share: float = 1.0

    def recipe(self) -> str:
        """Return what a worker needs to know, as one line of JSON."""
        return json.dumps(
            {
                "make": f"{self.make.__module__}:{self.make.__name__}",
                "arguments": dict(self.arguments),
                "cores": self.cores,
            }
        )


def load_libraries(recipe: Mapping[str, Any]) -> None:
    """Import what the task of a recipe will need."""
    module = import_module(recipe["make"].split(":")[0])
    if hasattr(module, "load"):
        module.load()


def make_task(recipe: Mapping[str, Any]) -> Task:
    """Make the task of a recipe, in this process."""
    module, name = recipe["make"].split(":")
    task: Task = getattr(import_module(module), name)(**recipe["arguments"])
    return task
