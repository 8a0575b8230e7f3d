"""Says after a long comparison of random models what it has covered."""

from __future__ import annotations

import os

import pytest

from tests.core.inference.tally import TALLY


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Report the models compared, where their number was asked for."""
    if TALLY.models and "LABRADOR_RANDOM_MODELS" in os.environ:
        terminalreporter.section("random models")
        for line in TALLY.lines():
            terminalreporter.write_line(line)
