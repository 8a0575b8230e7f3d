"""The library as it is installed: whole, under its own name, and docs/library.md true of it."""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from core.uncertainty import load_policy
from tests.examples import ROOT, python_examples, run_examples

CORE = ROOT / "core"
PAGE = ROOT / "docs" / "library.md"


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder into which `pip install .` has put the library; nothing is downloaded."""
    if importlib.util.find_spec("setuptools") is None:
        pytest.skip("setuptools, which builds the library, is not installed here")
    source = tmp_path_factory.mktemp("source")
    # A copy: a build leaves files behind, and would take up those of the last one.
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    shutil.copytree(CORE, source / "core", ignore=shutil.ignore_patterns("__pycache__"))
    target = tmp_path_factory.mktemp("target")
    options = ["--quiet", "--no-deps", "--no-build-isolation", "--no-index", "--no-compile"]
    run = subprocess.run(
        [sys.executable, "-m", "pip", "install", *options, "--target", str(target), str(source)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr[-4000:]
    return target


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the examples run: not in the repository."""
    return tmp_path_factory.mktemp("library")


@pytest.fixture(scope="module")
def printed(installed: Path, folder: Path) -> dict[str, str]:
    """What the examples print, by the headings that they stand under."""
    under, heading = [], ""
    for line in re.findall(r"^## .*$|^```python$", PAGE.read_text("utf-8"), re.MULTILINE):
        if line.startswith("## "):
            heading = line.removeprefix("## ")
        else:
            under.append(heading)
    where = "import labrador\n\nprint(labrador.__file__)\n"
    *texts, file = run_examples([*python_examples(PAGE), where], folder, python_path=installed)
    assert Path(file.strip()).is_relative_to(installed)
    together: dict[str, str] = {}
    for heading, text in zip(under, texts, strict=True):
        together[heading] = together.get(heading, "") + text
    return together


def test_packages_that_are_installed_are_those_of_the_tree() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    folders = [path.parent.relative_to(CORE) for path in CORE.rglob("__init__.py")]
    names = {".".join(("labrador", *folder.parts)) for folder in folders}
    assert set(settings["tool"]["setuptools"]["packages"]) == names


def test_every_file_of_the_library_is_installed(installed: Path) -> None:
    places = [
        {
            path.relative_to(library).as_posix()
            for path in library.rglob("*")
            if path.is_file() and "__pycache__" not in path.parts
        }
        for library in (installed / "labrador", CORE)
    ]
    assert places[0] == places[1]


def shares(text: str) -> list[float]:
    """The percentages of a text, as shares."""
    return [float(each) / 100.0 for each in re.findall(r"([\d.]+)%", text)]


def test_ten_lines_are_ten_lines_and_refusing_helps(printed: dict[str, str]) -> None:
    ours = python_examples(PAGE)[1]
    assert len([line for line in ours.splitlines() if line]) <= 10
    right, accepted, right_of_accepted = shares(printed["In ten lines"])
    assert right > 0.9 and 0.3 < accepted < 1.0
    assert right_of_accepted >= right


def test_measures_are_all_told_with_their_errors(printed: dict[str, str]) -> None:
    lines = printed["What the passes say"].splitlines()
    assert len(lines) == 6 and all(" ± " in line for line in lines)
    value = {line.split(":")[0]: float(line.split(":")[1].split()[0]) for line in lines}
    assert value["Predictive entropy"] == pytest.approx(
        value["Expected entropy"] + value["Mutual information"], abs=0.0021
    )


def test_units_are_told_with_what_dropping_them_does(printed: dict[str, str]) -> None:
    lines = printed["Which units did the passes drop"].splitlines()
    assert lines[0].startswith("spatial_dropout2d") and "(1000, 16), 30% dropped" in lines[0]
    assert "(1000, 64), 50% dropped" in lines[1]
    clear, told = map(int, re.findall(r"\d+", lines[2])[:2])
    assert told == 80 and 3 <= clear <= 60
    for line in lines[3:6]:
        effect, low, high = map(float, re.findall(r"[+-]\d\.\d+", line))
        assert low <= effect <= high and low * high > 0.0
    assert re.fullmatch(r"\d+ passes, which vote for \[[\d ]+\]", lines[6])
    whole = float(re.findall(r"[\d.]+", lines[7])[0])
    assert len(lines) == 10
    for line in lines[8:]:
        alone, without = map(float, re.findall(r"\d\.\d+", line))
        assert 0.0 < alone < whole and 0.0 < without < whole


def test_policy_keeps_its_promise_on_test_data_and_as_a_file(
    printed: dict[str, str], folder: Path
) -> None:
    text = printed["A policy that keeps a promise"]
    wrong, accepted = map(int, re.findall(r"(\d+) of (\d+) wrong", text)[0])
    # Promised for all such data: in these few a little more may be wrong.
    assert accepted > 100 and wrong <= 0.06 * accepted
    policy = load_policy(folder / "policy.json")
    assert policy.name == "At most 3% wrong" and list(policy.limits) == ["predictive_entropy"]


def test_fewer_passes_are_enough_for_most_images(printed: dict[str, str]) -> None:
    text = printed["No more passes than needed"]
    assert float(text.split()[0]) < 700
    assert shares(text)[0] > 0.7


def test_rows_of_a_table_are_refused_in_words(printed: dict[str, str]) -> None:
    refused = printed["Rows of a table"].splitlines()
    assert refused and all("I don't know. " in line and "class_" in line for line in refused)


def test_other_models_are_taken(printed: dict[str, str]) -> None:
    assert printed["Several inputs"].strip() == "(78, 3)"
    sums, shape = printed["Logits, or one probability"].strip().splitlines()
    assert [float(each) for each in sums.strip("[]").split()] == pytest.approx([1.0] * 5)
    assert shape == "(5, 2)"


def test_values_come_with_a_band_that_holds_what_it_should(printed: dict[str, str]) -> None:
    text = printed["Values instead of classes"]
    low, high = map(float, re.findall(r"from (-?[\d.]+) to (-?[\d.]+)", text)[0])
    assert low < float(text.split()[1]) < high
    assert 0.75 < shares(text)[1] <= 1.0


def test_plan_and_refusal_say_what_they_should(printed: dict[str, str]) -> None:
    assert "Computed once for each image: conv2d" in printed["How the passes run"]
    assert "keras.layers.Dropout(0.5)" in printed["A model that has no dropout"]
