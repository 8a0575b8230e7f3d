"""Runs every check that is not a test: lint rules, format, types, import contracts."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# Through `-m` or a line of code, never through the scripts in bin/: those hold the absolute path
# of the environment and break when its folder is moved.
CHECKS = {
    "lint": ["-m", "ruff", "check", "."],
    "format": ["-m", "ruff", "format", "--check", "."],
    "types": ["-m", "mypy"],
    "imports": ["-c", "from importlinter.cli import lint_imports_command as run; run()"],
}


def main() -> int:
    """Run all checks, even after one has failed; return the exit status."""
    failed = []
    for name, arguments in CHECKS.items():
        print(f"--- {name}", flush=True)
        if subprocess.run([sys.executable, *arguments], cwd=ROOT, check=False).returncode != 0:
            failed.append(name)
    if failed:
        print(f"\nFAILED: {', '.join(failed)}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
