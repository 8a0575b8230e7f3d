"""Runs the Python examples of a page as they stand, one after the other in one interpreter."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
_END = "\x1e"  # between what one example prints and what the next one does


def python_examples(page: Path) -> list[str]:
    """Return the Python blocks of a page of Markdown."""
    return re.findall(r"^```python\n(.*?)^```$", page.read_text("utf-8"), re.DOTALL | re.MULTILINE)


def run_examples(
    examples: Sequence[str], folder: Path, python_path: Path = ROOT, script: str = "examples.py"
) -> list[str]:
    """Run examples and return what each printed.

    Args:
        examples: as a page has them; each goes on from the ones before.
        folder: an empty one, where they run.
        python_path: where their library is found.
        script: name of the file that they are put into.
    """
    (folder / script).write_text(f"print({_END!r})\n".join(examples), encoding="utf-8")
    ran = subprocess.run(
        [sys.executable, script],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(python_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, f"{ran.stdout[-3000:]}\n{ran.stderr[-6000:]}"
    return ran.stdout.split(f"{_END}\n")
