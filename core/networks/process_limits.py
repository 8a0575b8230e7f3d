"""What a process that opens a stranger's file may take of the machine: told to the kernel."""

from __future__ import annotations

from pathlib import Path

try:
    import resource
except ImportError:  # on Windows, where only the parent's clock is left
    resource = None  # type: ignore[assignment]

_MAX_WRITTEN = 2**20  # bytes of any file: the answer, and nothing else, is written
_MAX_OPEN = 256  # files
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


def _lower(kind: int, limit: int) -> None:
    hard = resource.getrlimit(kind)[1]
    lowest = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
    resource.setrlimit(kind, (lowest, lowest))
