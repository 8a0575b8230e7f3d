"""What a process that opens a stranger's file may take of the machine, and when it has."""

from __future__ import annotations

import re
from pathlib import Path

try:
    import resource
except ImportError:  # on Windows, where only the parent's clock is left
    resource = None  # type: ignore[assignment]

_MAX_WRITTEN = 2**20  # bytes of any file: the answer, and nothing else, is written
_MAX_OPEN = 256  # files
_OUT_OF_MEMORY = re.compile(r"out of memory|\bOOM\b|unable to allocate|bad_alloc", re.IGNORECASE)
_PAGE_COUNTS = Path("/proc/self/statm")


def limit_process(cpu_seconds: int) -> None:
    """Limit processor time and files of this process from here on.

    How many processes there may be is not limited: that counts all of a user's, and TensorFlow's
    threads among them.
    """
    if resource is None:
        return
    _lower(resource.RLIMIT_CPU, cpu_seconds)
    _lower(resource.RLIMIT_FSIZE, _MAX_WRITTEN)
    _lower(resource.RLIMIT_NOFILE, _MAX_OPEN)
    _lower(resource.RLIMIT_CORE, 0)  # a dump of memory would hold the file


def limit_memory(more_bytes: int) -> None:
    """Limit what this process may take beyond what it has taken."""
    if resource is None or not _PAGE_COUNTS.is_file():
        return
    taken = int(_PAGE_COUNTS.read_text().split()[0]) * resource.getpagesize()
    _lower(resource.RLIMIT_AS, taken + more_bytes)


def is_out_of_memory(error: BaseException | None) -> bool:
    """Whether this is how Python, NumPy or a backend says that there is no memory left."""
    while error is not None:
        if isinstance(error, MemoryError) or type(error).__name__ == "ResourceExhaustedError":
            return True
        if _OUT_OF_MEMORY.search(str(error)):
            return True
        error = error.__cause__ or error.__context__
    return False


def _lower(kind: int, limit: int) -> None:
    hard = resource.getrlimit(kind)[1]
    lowest = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
    resource.setrlimit(kind, (lowest, lowest))
