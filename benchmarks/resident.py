"""How much memory this process holds and has held, in bytes."""

from __future__ import annotations

import contextlib
import ctypes
import sys
from pathlib import Path

_STATUS = Path("/proc/self/status")
_CLEAR = Path("/proc/self/clear_refs")


def resident_bytes() -> int:
    """Return what is in memory now, or its peak where the system tells no more."""
    return _field("VmRSS") or peak_bytes()


def peak_bytes() -> int:
    """Return the most that was in memory since the start, or since `forget_peak`."""
    # Not `ru_maxrss` where it can be avoided: it begins with what the parent process held.
    if peak := _field("VmHWM"):
        return peak
    try:
        import resource
    except ImportError:  # Windows
        return 0
    largest = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return largest if sys.platform == "darwin" else 1024 * largest


def forget_peak() -> None:
    """Give memory back and measure the peak from here on, where the system lets one."""
    with contextlib.suppress(OSError, AttributeError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)
    with contextlib.suppress(OSError):
        _CLEAR.write_text("5", encoding="ascii")


def _field(name: str) -> int:
    try:
        lines = _STATUS.read_text(encoding="ascii").splitlines()
    except OSError:
        return 0
    return next((1024 * int(line.split()[1]) for line in lines if line.startswith(name)), 0)
