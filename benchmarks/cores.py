"""The cores that a process may use; asked without loading a library that would count them first."""

from __future__ import annotations

import os

from benchmarks.contender import LeftOutError


def num_cores() -> int:
    """Return how many cores this process may use, which can be less than what the machine has."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def use_cores(count: int | None) -> None:
    """Keep this process on its first cores, before a library counts them.

    Raises:
        LeftOutError: the system knows no such thing, or has fewer cores.
    """
    if count is None:
        return
    if not hasattr(os, "sched_setaffinity"):
        raise LeftOutError("This system does not let a process choose its cores.")
    cores = sorted(os.sched_getaffinity(0))
    if count > len(cores):
        raise LeftOutError(f"This machine has no {count} cores.")
    os.sched_setaffinity(0, cores[:count])
