"""What a stranger's model file holds, found out where it can do no harm: in a process of its own.

The file's archive and config are checked first, here, in plain Python. Its weights, which a
library in C reads, and the model itself, which may be larger than the machine or take for ever,
are opened and tried out by `inspector`, with limits on time and memory, an environment without
secrets and a folder of its own. It runs as the same user, without a sandbox of the kernel's.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

from ..errors import DamagedFileError, InvalidInputError
from ..limits import INSPECTION_BYTES, INSPECTION_SECONDS, INSPECTIONS_AT_ONCE
from .checked_model import CheckedModel, about_file, check_model
from .model_report import ModelReport
from .report_json import report_from_json

_THREADS = 2
_MAX_ANSWER = 2**20  # bytes
_ANSWER, _FILE = "answer.json", "model.keras"
# What a process cannot do without, on one system or another.
_KEPT = ("PATH", "LD_LIBRARY_PATH", "SYSTEMROOT", "LANG", "LC_ALL", "TZ")
_ROOT = Path(__file__).resolve().parents[2]  # of the package, under whatever name
_LIBRARY = "What is too large for a page can be sampled with the library: see docs/library.md."

_places = threading.BoundedSemaphore(INSPECTIONS_AT_ONCE)


def inspect_model(
    source: bytes | Path,
    name: str = _FILE,
    *,
    seconds: float = INSPECTION_SECONDS,
    memory_bytes: int = INSPECTION_BYTES,
) -> ModelReport:
    """Return what is found out about a model file without trusting it.

    Waits while others are inspected; a few seconds at best, since TensorFlow is started anew.

    Args:
        source: the content of a `.keras` file, or where it is.
        name: what errors call it.
        seconds: after which the process is ended.
        memory_bytes: that it may take beyond what TensorFlow takes itself.

    Returns:
        A report. A model that is honest and of no use here is told in its `refusal`.

    Raises:
        InvalidInputError: the file is refused, or goes beyond a limit.
        DamagedFileError: it breaks off, was changed, or Keras cannot load it.
    """
    with about_file(name):
        return inspect_checked(check_model(source), seconds=seconds, memory_bytes=memory_bytes)


def inspect_checked(
    checked: CheckedModel,
    *,
    seconds: float = INSPECTION_SECONDS,
    memory_bytes: int = INSPECTION_BYTES,
) -> ModelReport:
    """Do as `inspect_model` with a file whose archive and config are checked already."""
    with _places, tempfile.TemporaryDirectory(prefix="labrador-") as folder:
        answer = _ask(checked, Path(folder), seconds, memory_bytes)
    report = _read(answer, memory_bytes)
    # These are known here; the other process only says so.
    return replace(report, sha256=checked.sha256, num_bytes=checked.num_bytes)


def _ask(checked: CheckedModel, folder: Path, seconds: float, memory_bytes: int) -> bytes:
    """Have the model inspected in a process that sees this folder, and return its answer."""
    (folder / _FILE).write_bytes(checked.archive.packed())
    request = {
        "path": _FILE,
        "sha256": checked.sha256,
        "num_bytes": checked.num_bytes,
        "cpu_seconds": int(seconds * _THREADS) + 1,
        "memory_bytes": memory_bytes,
    }
    with (folder / _ANSWER).open("wb") as answer:
        process = subprocess.Popen(
            [sys.executable, "-P", "-B", "-W", "ignore", "-m", f"{__package__}.inspector"],
            stdin=subprocess.PIPE,
            stdout=answer,
            stderr=subprocess.DEVNULL,
            cwd=folder,
            env=_environment(folder),
            start_new_session=True,
        )
        try:
            process.communicate(json.dumps(request).encode(), timeout=seconds)
        except subprocess.TimeoutExpired:
            raise _beyond(f"{seconds:g} s", "one that takes longer") from None
        finally:
            _end(process)
    if process.returncode != 0:
        raise _ended(process.returncode, seconds, memory_bytes)
    with (folder / _ANSWER).open("rb") as written:
        return written.read(_MAX_ANSWER)


def _environment(folder: Path) -> dict[str, str]:
    """Return an environment without secrets, without a GPU, and with a home that is empty."""
    home = str(folder)
    paths = [str(_ROOT), *(path for path in sys.path if path)]
    return {
        **{name: os.environ[name] for name in _KEPT if name in os.environ},
        "HOME": home,
        "USERPROFILE": home,
        "TMPDIR": home,
        "TEMP": home,
        "KERAS_HOME": home,
        "KERAS_BACKEND": _backend(),
        "PYTHONPATH": os.pathsep.join(dict.fromkeys(paths)),
        "CUDA_VISIBLE_DEVICES": "",
        "JAX_PLATFORMS": "cpu",
        "OMP_NUM_THREADS": str(_THREADS),
        "TF_NUM_INTRAOP_THREADS": str(_THREADS),
        "TF_NUM_INTEROP_THREADS": str(_THREADS),
        "TF_CPP_MIN_LOG_LEVEL": "3",
        # Each arena of the allocator would count as memory taken, used or not.
        "MALLOC_ARENA_MAX": str(_THREADS),
    }


def _backend() -> str:
    """Return the backend that this process uses, or would."""
    keras = sys.modules.get("keras")
    if keras is not None:
        return str(keras.backend.backend())
    return os.environ.get("KERAS_BACKEND", "tensorflow")


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a process, with whatever it has started."""
    if process.poll() is None:
        if hasattr(os, "killpg"):
            # Its own group, made with it: nothing else is in there.
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    process.wait()


def _read(answer: bytes, memory_bytes: int) -> ModelReport:
    """Return the report of an answer, or raise what it tells."""
    try:
        values: Any = json.loads(answer)
    except ValueError:
        values = {}
    match values:
        case {"report": report}:
            return report_from_json(report)
        case {"refused": {"argument": "model file", "expected": str(expected), **rest}}:
            received, advice = str(rest.get("received", "")), str(rest.get("advice", ""))
            raise InvalidInputError(
                "model file", expected=expected, received=received, advice=advice
            )
        case {"damaged": str(message)}:
            raise DamagedFileError(message)
        case {"out_of_memory": True}:
            raise _beyond_memory(memory_bytes)
    failed = values.get("failed", "") if isinstance(values, dict) else ""
    raise DamagedFileError(
        f"The model file could not be inspected{f' ({failed})' if failed else ''}."
        " Save it again with model.save('name.keras')."
    )


def _ended(code: int, seconds: float, memory_bytes: int) -> InvalidInputError:
    """Tell why a process was ended that gave no answer."""
    if hasattr(signal, "SIGXCPU") and code == -signal.SIGXCPU:
        return _beyond(f"{seconds * _THREADS:g} s of a processor", "one that takes longer")
    if code < 0:  # a signal: allocations that fail inside TensorFlow end it by one
        return _beyond_memory(memory_bytes)
    return _beyond("a process of its own", "one whose inspection broke off")


def _beyond_memory(memory_bytes: int) -> InvalidInputError:
    return _beyond(f"{memory_bytes / 2**20:,.0f} MiB of memory", "one that takes more")


def _beyond(limit: str, received: str) -> InvalidInputError:
    return InvalidInputError(
        "model file",
        expected=f"a model that can be loaded and tried out in {limit}",
        received=received,
        advice=_LIBRARY,
    )
