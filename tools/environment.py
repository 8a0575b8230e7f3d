"""Makes a virtual environment that holds exactly what a requirements file asks for.

    python3 tools/environment.py [--folder .venv] [--python PYTHON] requirements.txt

When the environment is already there and made from the same requirements, nothing is run: a
stamp inside it, written last, holds a digest of the requirement files. So an interrupted
installation is taken up again, and a changed requirement is installed.

It may be started by a Python that is too old for Labrador (it looks for a newer one), so it
keeps to the syntax of Python 3.8 and to the standard library.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

OLDEST, NEWEST = (3, 11), (3, 13)
CANDIDATES = ("python3", "python3.13", "python3.12", "python3.11", "python")
STAMP = "labrador-installed.json"

# Prints the version, and fails where the standard library came without what `venv` needs.
_PROBE = "import sys; print(*sys.version_info[:2]); import venv, ensurepip"


class EnvironmentUnfitError(Exception):
    """Something that the person at the keyboard has to put right; the message says what."""


def environment_python(folder: Path) -> Path:
    """Return where the interpreter of an environment is, whether or not it exists yet."""
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def included_files(requirements: Path, options: tuple[str, ...] = ("-r", "-c")) -> list[Path]:
    """Return a requirements file and all that it names with these options, each once."""
    files = [requirements]
    for file in files:  # grows while it is walked
        for line in file.read_text(encoding="utf-8").splitlines():
            words = line.split()
            if len(words) == 2 and words[0] in options:
                other = file.parent / words[1]
                if other not in files:
                    files.append(other)
    return files


def requirements_digest(requirements: Path) -> str:
    """Return a digest of a requirements file and of the files it includes."""
    digest = hashlib.sha256()
    for file in included_files(requirements):
        digest.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()


def find_python(wanted: str | None) -> str:
    """Return the command of a Python that Labrador runs on.

    Args:
        wanted: the only command to try, or None for the usual names.

    Raises:
        EnvironmentUnfitError: there is none; the message says what was found instead.
    """
    supported = f"Python {version_text(OLDEST)} to {version_text(NEWEST)}"
    seen: list[str] = []
    for command in [wanted] if wanted else CANDIDATES:
        probe = _probe(command)
        if probe is None:
            if wanted:
                seen.append(f"{command} does not start")
            continue
        version, complete = probe
        if not OLDEST <= version <= NEWEST:
            seen.append(f"{command} is Python {version_text(version)}")
        elif not complete:
            seen.append(
                f"{command} is Python {version_text(version)} without its venv module"
                f" (on Debian or Ubuntu: apt-get install python{version_text(version)}-venv)"
            )
        else:
            return command
    raise EnvironmentUnfitError(
        f"Labrador needs {supported}. Found: {'; '.join(seen) or 'no Python that starts'}."
        " Install one, or name one that is not on the PATH: make ... PYTHON=/path/to/python3.12"
    )


def _probe(command: str) -> tuple[tuple[int, ...], bool] | None:
    """Return (version, has venv and pip) of a Python command; None if it does not start."""
    try:
        result = subprocess.run(
            [command, "-c", _PROBE], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False
        )
        version = tuple(int(part) for part in result.stdout.split())
    except (OSError, ValueError):
        return None
    # pyenv puts names on the PATH that only print an error.
    return (version, result.returncode == 0) if len(version) == 2 else None


def version_text(version: tuple[int, ...]) -> str:
    """Return a version as people write it."""
    return ".".join(str(part) for part in version)


def ensure_environment(folder: Path, requirements: Path, python: str | None = None) -> bool:
    """Make the environment, or bring it up to date.

    Args:
        folder: where it is or will be.
        requirements: what it has to hold.
        python: the interpreter to make it from; None keeps the one it has, or finds one.

    Returns:
        Whether anything was done.

    Raises:
        EnvironmentUnfitError: no suitable Python, or an installation that failed.
    """
    interpreter = environment_python(folder)
    stamp = folder / STAMP
    probe = _probe(str(interpreter))
    usable = probe is not None and OLDEST <= probe[0] <= NEWEST
    if usable and python is not None:
        wanted = _probe(find_python(python))
        usable = wanted is not None and probe is not None and wanted[0] == probe[0]
    installed = _read_stamp(stamp) if usable else {}
    digest = requirements_digest(requirements)
    if usable and installed.get(requirements.name) == digest:
        return False

    if not usable or not _runs([str(interpreter), "-m", "pip", "--version"]):
        command = find_python(python)
        print(f"Making {folder} with {command} ...", flush=True)
        _run_or_explain([command, "-m", "venv", "--clear", str(folder)], "making the environment")
        installed = {}
    stamp.unlink(missing_ok=True)
    print(
        f"Installing {requirements.name} into {folder}; the first time this takes a few minutes"
        " (TensorFlow alone is about 270 MB) ...",
        flush=True,
    )
    quiet = [] if sys.stdout.isatty() else ["--quiet"]
    _run_or_explain(
        [str(interpreter), "-m", "pip", "install", "--disable-pip-version-check"]
        + [*quiet, "-r", str(requirements)],
        f"installing {requirements.name}",
    )
    # A file that includes another with -r satisfies both.
    for file in included_files(requirements, ("-r",)):
        installed[file.name] = requirements_digest(file)
    stamp.write_text(json.dumps(installed, indent=2) + "\n", encoding="utf-8")
    return True


def _read_stamp(stamp: Path) -> dict[str, str]:
    try:
        return dict(json.loads(stamp.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return {}


def _runs(command: list[str]) -> bool:
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def _run_or_explain(command: list[str], what: str) -> None:
    status = subprocess.run(command, check=False).returncode
    if status != 0:
        raise EnvironmentUnfitError(
            f"Something went wrong while {what}; the lines above say what. Nothing is half-used:"
            " the next run starts this step again."
        )


def main(arguments: list[str] | None = None) -> int:
    """Run from the command line; return the exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("requirements", type=Path)
    parser.add_argument("--folder", type=Path, default=Path(".venv"))
    parser.add_argument("--python", default=None, help="the interpreter to make it from")
    options = parser.parse_args(arguments)
    try:
        ensure_environment(options.folder, options.requirements, options.python or None)
    except EnvironmentUnfitError as problem:
        print(f"\n{problem}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
