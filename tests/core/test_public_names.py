"""The library's front door: a few names, and an import that loads nothing heavy."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import core

ROOT = Path(core.__file__).parent.parent
HEAVY = {"keras", "tensorflow", "plotly", "PIL", "scipy", "sklearn", "streamlit", "numpy"}


def run_fresh(code: str) -> str:
    """Run code in an interpreter of its own; what pytest has imported must not count."""
    return subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout


def test_import_core_loads_no_heavy_package():
    loaded = json.loads(run_fresh("import core, sys, json; print(json.dumps(list(sys.modules)))"))

    assert "core" in loaded
    assert not HEAVY & set(loaded)


@pytest.mark.parametrize(
    "name",
    ["MEASURES", "Classes", "Ink", "McSummary", "Policy", "list_networks", "measures", "normalise"],
)
def test_names_without_a_model_load_no_tensorflow(name):
    code = f"import core, sys, json; core.{name}; print(json.dumps(list(sys.modules)))"
    loaded = json.loads(run_fresh(code))

    assert not {"tensorflow", "keras", "plotly", "streamlit"} & set(loaded)


@pytest.mark.parametrize("name", core.__all__)
def test_public_name_resolves_and_is_its_rooms_own(name):
    value = getattr(core, name)

    room = next(
        room
        for room in ("experiments", "images", "inference", "networks", "uncertainty")
        if name in getattr(__import__(f"core.{room}", fromlist=["__all__"]), "__all__", ())
    )
    assert value is getattr(sys.modules[f"core.{room}"], name)
    assert name in dir(core)


def test_public_names_are_few_and_each_has_its_room():
    assert len(core.__all__) == len(set(core.__all__)) == 14
    assert set(core._ROOMS) == set(core.__all__)


def test_measures_are_functions_of_a_summary():
    sure = np.zeros((4, 2, 3), dtype=np.float32)
    sure[..., 0] = 1.0
    summary = core.McSummary.from_samples(sure)
    assert core.measures.predictive_entropy(summary).tolist() == [0.0, 0.0]
    for name in core.MEASURES:
        assert getattr(core.measures, name)(summary).shape == (2,)


def test_unknown_name_raises_attribute_error_that_names_it():
    with pytest.raises(AttributeError, match="'core' has no attribute 'mc_sampler'"):
        _ = core.mc_sampler


def test_palette_and_numbers_load_no_heavy_package():
    code = "import core.figures.numbers, sys, json; print(json.dumps(list(sys.modules)))"
    loaded = json.loads(run_fresh(code))

    assert not HEAVY & set(loaded)


def test_every_name_of_figures_resolves():
    figures = __import__("core.figures", fromlist=["__all__"])
    assert all(getattr(figures, name) is not None for name in figures.__all__)
    with pytest.raises(AttributeError, match="has no attribute 'pie'"):
        _ = figures.pie
