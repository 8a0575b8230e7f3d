"""The files that name packages agree with one another."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def requirements(name):
    """Return the package names of a requirements file with the version they are pinned to."""
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    packages = (
        re.match(r"([A-Za-z][\w.-]*)(?:\[[\w-]+\])?(?:==([\w.]+))?", line) for line in lines
    )
    return {found[1]: found[2] for found in packages if found}


def test_every_requirement_is_pinned_exactly():
    for name in ("requirements.txt", "requirements-dev.txt", "constraints.txt"):
        pins = requirements(name)
        assert pins
        assert [package for package, version in pins.items() if version is None] == []


def test_constraints_do_not_repeat_direct_requirements():
    direct = requirements("requirements.txt") | requirements("requirements-dev.txt")

    assert not direct.keys() & requirements("constraints.txt").keys()


def test_gpu_requirements_are_the_apps_with_another_tensorflow():
    app, gpu = requirements("requirements.txt"), requirements("requirements-gpu.txt")

    assert gpu.keys() == app.keys() - {"tensorflow-cpu"}
    assert gpu["tensorflow"] == app["tensorflow"] == app["tensorflow-cpu"]


def test_library_asks_for_the_packages_the_app_pins_but_streamlit_and_tensorflow():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked_for = [*project["dependencies"], *project["optional-dependencies"]["parquet"]]
    ranges = dict(item.split(">=") for item in asked_for)
    pins = requirements("requirements.txt")

    assert ranges.keys() == pins.keys() - {"streamlit", "tensorflow", "tensorflow-cpu"}
    for package, oldest in ranges.items():
        at_least = [int(part) for part in oldest.split(".")]
        assert at_least <= [int(part) for part in pins[package].split(".")]


def test_installed_library_has_every_room():
    tool = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
    folders = (file.parent for file in (ROOT / "core").rglob("*.py"))
    rooms = {".".join(folder.relative_to(ROOT).parts) for folder in folders}

    assert set(tool["setuptools"]["packages"]) == {
        room.replace("core", "labrador", 1) for room in rooms
    }
