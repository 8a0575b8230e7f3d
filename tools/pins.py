"""Writes constraints.txt: one version for everything that the direct requirements need in turn.

Run by `make constraints` after a change in requirements.txt or requirements-dev.txt. pip resolves
for every supported Python (from wheels alone, without installing), and the versions must agree.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTHONS = ("3.11", "3.12", "3.13")
HEADER = """\
# Versions of everything that requirements.txt and requirements-dev.txt need in turn, so that two
# installations a year apart are the same. Written by `make constraints`; not edited by hand.
"""


def direct_requirements() -> list[str]:
    """Return the lines of both requirement files, without options and comments."""
    lines: list[str] = []
    for name in ("requirements.txt", "requirements-dev.txt"):
        for line in (ROOT / name).read_text(encoding="utf-8").splitlines():
            if line and not line.startswith(("#", "-")):
                lines.append(line)
    return lines


def resolve(requirements: list[str], python: str) -> dict[str, str]:
    """Ask pip which versions it would install for one Python, by canonical name."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "report.json")
        subprocess.run(
            [sys.executable, "-m", "pip", "install", "--quiet", "--dry-run", "--ignore-installed"]
            + ["--only-binary=:all:", f"--python-version={python}", f"--target={folder}/unused"]
            + [f"--report={report}", *requirements],
            check=True,
        )
        installed = json.loads(report.read_text(encoding="utf-8"))["install"]
    return {
        re.sub(r"[-_.]+", "-", item["metadata"]["name"]).lower(): item["metadata"]["version"]
        for item in installed
    }


def main() -> int:
    """Resolve, compare and write; return the exit status."""
    requirements = direct_requirements()
    direct = {re.split(r"[=;\[ ]", line)[0].lower() for line in requirements}
    pins: dict[str, str] = {}
    for python in PYTHONS:
        print(f"Resolving for Python {python} ...", flush=True)
        for name, version in resolve(requirements, python).items():
            if pins.setdefault(name, version) != version:
                print(
                    f"{name}: Python {python} would get {version}, an older one {pins[name]}."
                    f" Pin {name} in requirements.txt to a version that suits all.",
                    file=sys.stderr,
                )
                return 1
    lines = [f"{name}=={version}" for name, version in sorted(pins.items()) if name not in direct]
    (ROOT / "constraints.txt").write_text(HEADER + "\n".join(lines) + "\n", encoding="utf-8")
    print(f"constraints.txt: {len(lines)} packages.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
