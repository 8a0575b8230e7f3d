from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
_START = (
    "import sys\n"
    "from core.commands.quiet import start_tensorflow\n"
    "print(start_tensorflow())\n"
    "print('still heard', file=sys.stderr)\n"
)


def _start(level: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", _START],
        cwd=ROOT,
        env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": level},
        capture_output=True,
        text=True,
        check=True,
    )


def test_start_is_quiet_and_leaves_stderr_as_it_was() -> None:
    done = _start("2")

    assert done.stdout.startswith(("CPU, ", "GPU, "))
    assert done.stderr == "still heard\n"


def test_who_asks_for_tensorflows_log_gets_it() -> None:
    done = _start("0")

    assert done.stderr.endswith("still heard\n")
    assert len(done.stderr.splitlines()) > 1
