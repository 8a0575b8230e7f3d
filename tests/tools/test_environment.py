"""The environment is made once, again when the requirements change, and never half."""

import json
import os
import shutil
import subprocess
import sys

import pytest

from tools import environment
from tools.environment import EnvironmentUnfitError

# A distribution that pip installs from this folder: the real thing, without a network.
PROJECT = """\
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]
"""
BACKEND = """\
import zipfile
from pathlib import Path

FILES = {
    "sausage.py": "dog = True",
    "sausage-1.0.dist-info/METADATA": "Metadata-Version: 2.1\\nName: sausage\\nVersion: 1.0\\n",
    "sausage-1.0.dist-info/WHEEL": "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\n",
    "sausage-1.0.dist-info/RECORD": "",
}

def build_wheel(folder, config_settings=None, metadata_directory=None):
    name = "sausage-1.0-py3-none-any.whl"
    with zipfile.ZipFile(Path(folder, name), "w") as wheel:
        for path, content in FILES.items():
            wheel.writestr(path, content)
    return name
"""


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A folder with a space in its name, and in it the package that the tests install."""
    folder = tmp_path / "a newcomer's folder"
    (folder / "sausage").mkdir(parents=True)
    (folder / "sausage" / "pyproject.toml").write_text(PROJECT)
    (folder / "sausage" / "backend.py").write_text(BACKEND)
    (folder / "requirements.txt").write_text("# nothing\n")
    (folder / "requirements-dev.txt").write_text("-r requirements.txt\n./sausage\n")
    monkeypatch.chdir(folder)
    return folder


def imports(folder, module):
    python = environment.environment_python(folder / ".venv")
    command = [str(python), "-I", "-c", f"import {module}"]  # -I: not from this folder
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def test_environment_is_made_once_and_again_only_for_new_requirements(place):
    def ensure(name):
        return environment.ensure_environment(place / ".venv", place / name)

    assert ensure("requirements.txt") is True
    assert not imports(place, "sausage")
    assert ensure("requirements.txt") is False

    assert ensure("requirements-dev.txt") is True
    assert imports(place, "sausage")
    assert ensure("requirements-dev.txt") is False
    assert ensure("requirements.txt") is False, "it is part of what was installed"

    (place / "requirements.txt").write_text("# nothing, but another nothing\n")
    assert ensure("requirements-dev.txt") is True, "an included file has changed"
    assert ensure("requirements.txt") is False


def test_failed_installation_is_said_and_taken_up_again(place):
    (place / "sausage").rename(place / "away")
    with pytest.raises(EnvironmentUnfitError, match="the next run starts this step again"):
        environment.ensure_environment(place / ".venv", place / "requirements-dev.txt")

    (place / "away").rename(place / "sausage")

    assert environment.ensure_environment(place / ".venv", place / "requirements-dev.txt") is True
    assert imports(place, "sausage")


def test_environment_without_its_python_is_made_anew_whatever_its_stamp_says(place):
    stamp = place / ".venv" / environment.STAMP
    says = {"requirements.txt": environment.requirements_digest(place / "requirements.txt")}
    stamp.parent.mkdir()
    stamp.write_text(json.dumps(says))

    assert environment.ensure_environment(place / ".venv", place / "requirements.txt") is True

    assert imports(place, "pip")
    assert json.loads(stamp.read_text()) == says


def test_included_files_follow_chains_and_keep_constraints_apart(tmp_path):
    (tmp_path / "requirements-dev.txt").write_text("-r requirements.txt\npytest\n")
    (tmp_path / "requirements.txt").write_text("-c constraints.txt\n-r requirements-dev.txt\n")
    (tmp_path / "constraints.txt").write_text("six==1.0\n")
    dev = tmp_path / "requirements-dev.txt"

    names = [file.name for file in environment.included_files(dev)]
    installed = [file.name for file in environment.included_files(dev, ("-r",))]

    assert names == ["requirements-dev.txt", "requirements.txt", "constraints.txt"]
    assert installed == ["requirements-dev.txt", "requirements.txt"]


def make_python(folder, name, version, *, complete=True):
    """Put a command into a folder that answers the probe as another Python would."""
    command = folder / name
    command.write_text(f"#!/bin/sh\necho {version}\nexit {0 if complete else 1}\n")
    command.chmod(0o755)


@pytest.mark.skipif(os.name == "nt", reason="makes commands of shell scripts")
def test_find_python_passes_by_what_does_not_fit(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    make_python(tmp_path, "python3", "3 10")
    make_python(tmp_path, "python3.13", "3 13", complete=False)
    make_python(tmp_path, "python3.12", "")  # a name that only prints an error
    (tmp_path / "sh").symlink_to(shutil.which("sh", path=os.defpath) or "/bin/sh")

    with pytest.raises(EnvironmentUnfitError) as caught:
        environment.find_python(None)

    assert "Labrador needs Python 3.11 to 3.13" in str(caught.value)
    assert "python3 is Python 3.10" in str(caught.value)
    assert "apt-get install python3.13-venv" in str(caught.value)
    assert "PYTHON=" in str(caught.value)

    make_python(tmp_path, "python3.11", "3 11")
    assert environment.find_python(None) == "python3.11"
    assert environment.find_python("python3.11") == "python3.11"


@pytest.mark.parametrize(("version", "found"), [("3 10", "3.10"), ("3 14", "3.14"), ("2 7", "2.7")])
@pytest.mark.skipif(os.name == "nt", reason="makes commands of shell scripts")
def test_find_python_wanted_one_of_another_age_is_refused(tmp_path, version, found):
    make_python(tmp_path, "mine", version)

    with pytest.raises(EnvironmentUnfitError, match=f"mine is Python {found}"):
        environment.find_python(str(tmp_path / "mine"))


def test_find_python_wanted_one_that_is_not_there_is_named():
    with pytest.raises(EnvironmentUnfitError, match="python9 does not start"):
        environment.find_python("python9")


def test_command_line_prints_the_problem_as_a_sentence(place):
    script = environment.__file__
    command = [sys.executable, script, "--python", "python9", "requirements.txt"]

    result = subprocess.run(command, capture_output=True, text=True, check=False)

    assert result.returncode == 1
    assert "python9 does not start" in result.stderr
    assert "Traceback" not in result.stderr
