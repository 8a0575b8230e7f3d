"""The README's example runs as it stands."""

from __future__ import annotations

import re
from pathlib import Path

from core.experiments import load_sweep
from tests.examples import ROOT, python_examples, run_examples


def test_library_example_runs_as_written(tmp_path: Path) -> None:
    (example,) = python_examples(ROOT / "README.md")
    (printed,) = run_examples([example], tmp_path)
    # Most of ten digits are known, each at its place.
    answers = re.findall(r"\d", printed.partition("]")[0])
    assert len(answers) == 10 and sum(map(str.__eq__, answers, "0123456789")) >= 8
    sweep = load_sweep(tmp_path / "turn.npz")
    assert (sweep.kind, sweep.num_steps, sweep.labels) == ("rotation", 36, (3,))
    assert sweep.predicted[0] == 3
