"""The browser for the tests is one that starts."""

import os
import subprocess
import sys

import pytest

from tools import browser

pytestmark = pytest.mark.skipif(os.name == "nt", reason="makes commands of shell scripts")


def make_command(path, status):
    path.write_text(f"#!/bin/sh\necho Chromium 1\nexit {status}\n")
    path.chmod(0o755)
    return str(path)


def test_named_browser_is_taken(tmp_path, monkeypatch):
    mine = make_command(tmp_path / "my browser", 0)
    monkeypatch.setenv(browser.VARIABLE, mine)

    assert browser.find_browser() == mine


def test_named_browser_that_does_not_start_is_not_replaced_by_another(tmp_path, monkeypatch):
    monkeypatch.setenv(browser.VARIABLE, make_command(tmp_path / "broken", 1))

    assert browser.find_browser() is None


def test_command_that_does_not_start_is_passed_by(tmp_path, monkeypatch):
    make_command(tmp_path / "chromium", 1)  # as Ubuntu's, which only says what to install
    chrome = make_command(tmp_path / "google-chrome", 0)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv(browser.VARIABLE, raising=False)

    assert browser.find_browser() == chrome


def test_command_line_without_a_browser_says_how_to_get_one(tmp_path):
    environment = {**os.environ, browser.VARIABLE: str(tmp_path / "none")}
    command = [sys.executable, browser.__file__]

    result = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)

    assert result.returncode == 1
    assert result.stderr.startswith("NO BROWSER.")
    assert browser.VARIABLE in result.stderr
