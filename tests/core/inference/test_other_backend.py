"""All tests of inference once more, on the other backend that Keras may run on."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import keras

from core.images import find_mnist

FOLDER = Path(__file__).parent
ROOT = FOLDER.parents[2]
MODELS = 15  # JAX compiles each operation of each shape, about a second for a model


def test_inference_passes_its_tests_on_the_other_backend():
    other = "tensorflow" if keras.backend.backend() == "jax" else "jax"
    environment = os.environ | {
        "KERAS_BACKEND": other,
        "LABRADOR_RANDOM_MODELS": str(MODELS),
        "CI": "1",  # the same models every time
        # How fast the code of so small models runs does not matter, how fast it is made does.
        "XLA_FLAGS": "--xla_backend_optimization_level=0",
    }
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", f"--ignore={Path(__file__)}", str(FOLDER)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=600,
    )
    report = f"{run.stdout[-6000:]}\n{run.stderr[-2000:]}"
    assert run.returncode == 0, report
    assert f"{MODELS} random models compared with Keras on {other}" in run.stdout, report
    passed = re.search(r"(\d+) passed", run.stdout)
    assert passed and int(passed[1]) >= 180, report
    # What needs MNIST is left out where there is none, and nothing else is.
    assert "skipped" not in run.stdout or find_mnist() is None, report
