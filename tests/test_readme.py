"""The README's example runs as it stands."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from core.experiments import load_sweep

ROOT = Path(__file__).resolve().parents[1]


def test_library_example_runs_as_written(tmp_path: Path) -> None:
    (example,) = re.findall(
        r"^```python\n(.*?)^```$", (ROOT / "README.md").read_text("utf-8"), re.DOTALL | re.MULTILINE
    )
    (tmp_path / "example.py").write_text(example, encoding="utf-8")
    ran = subprocess.run(
        [sys.executable, "example.py"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    # Most of ten digits are known, each at its place.
    answers = re.findall(r"\d", ran.stdout.partition("]")[0])
    assert len(answers) == 10 and sum(map(str.__eq__, answers, "0123456789")) >= 8
    sweep = load_sweep(tmp_path / "turn.npz")
    assert (sweep.kind, sweep.num_steps, sweep.labels) == ("rotation", 36, (3,))
    assert sweep.predicted[0] == 3
