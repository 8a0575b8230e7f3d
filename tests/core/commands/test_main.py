from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from core.commands.main import SUBCOMMANDS, main

ROOT = Path(__file__).parents[3]


def _python(
    *arguments: str, folder: Path = ROOT, **environment: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_help_lists_every_subcommand() -> None:
    done = _python("-m", "core", "--help")

    assert done.returncode == 0 and done.stderr == ""
    assert done.stdout.startswith("usage: python -m core")
    for name, summary in SUBCOMMANDS.items():
        # After a long name argparse breaks the line.
        assert f"\n    {name}" in done.stdout and summary in done.stdout


@pytest.mark.parametrize("name", SUBCOMMANDS)
def test_help_of_a_subcommand_loads_no_tensorflow(name: str) -> None:
    done = _python("-X", "importtime", "-m", "core", name, "--help")

    assert done.returncode == 0 and f"python -m core {name}" in done.stdout
    imported = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert "core.commands.main" in imported
    assert not imported & {"tensorflow", "keras"}


def test_installed_package_is_called_by_its_own_name(tmp_path: Path) -> None:
    (tmp_path / "labrador").symlink_to(ROOT / "core", target_is_directory=True)

    done = _python("-m", "labrador", "--help", folder=tmp_path)

    assert done.returncode == 0
    assert done.stdout.startswith("usage: python -m labrador")


@pytest.mark.parametrize("arguments", [[], ["bark"], ["predict"], ["predict", "x", "--seed", "a"]])
def test_wrong_usage_ends_with_2_and_says_how(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)

    assert ended.value.code == 2
    assert "usage: python -m core" in capsys.readouterr().err


def test_our_errors_are_one_paragraph_without_a_traceback(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    code = main(["score", "--network", "../mc", "--folder", str(tmp_path)])

    captured = capsys.readouterr()
    assert code == 2 and captured.out == ""
    assert captured.err.startswith("Invalid value for network.")
    assert captured.err.count("\n") == 1


def test_terminal_that_cannot_show_a_character_gets_its_code() -> None:
    done = _python("-m", "core", "--help", PYTHONIOENCODING="ascii")

    assert done.returncode == 0 and r"\u201c" in done.stdout


def test_reader_that_leaves_early_is_no_error(tmp_path: Path) -> None:
    # `true` is gone long before there is anything to read.
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", f'"$0" -m core info --folder "{tmp_path}" | true']
        + [sys.executable],
        cwd=ROOT,
        env={**os.environ, "PYTHONUNBUFFERED": ""},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0 and done.stderr == ""
