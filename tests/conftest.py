"""What several tests need: data that may not be on this machine, and the browser."""

from __future__ import annotations

import os
from pathlib import Path

# Before TensorFlow is imported anywhere: its start-up lines would drown what a test prints.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import hypothesis
import pytest

from tools import browser

# No deadline: how long an example takes depends on what else the machine does.
hypothesis.settings.register_profile("default", deadline=None)
hypothesis.settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") else "default")

_missing_browser = pytest.StashKey[bool]()


@pytest.fixture(scope="session")
def labrador_data() -> Path:
    """The folder that LABRADOR_DATA names."""
    folder = os.environ.get("LABRADOR_DATA")
    if not folder:
        pytest.skip("LABRADOR_DATA is not set: it names the folder with the data sets")
    if not Path(folder).is_dir():
        pytest.fail(f"LABRADOR_DATA={folder} is not a folder")
    return Path(folder)


@pytest.fixture(scope="session")
def mnist_data() -> Path:
    """The file that holds MNIST, where the app itself would find it."""
    from core.images import find_mnist

    path = find_mnist()
    if path is None:
        pytest.skip(
            "MNIST is neither in LABRADOR_DATA nor in Keras' cache: python -m core data gets it"
        )
    return path


@pytest.fixture(scope="session")
def browser_path(request: pytest.FixtureRequest) -> str:
    """The browser to drive; without one the test is skipped, or fails where CI is set."""
    path = browser.find_browser()
    if path is None:
        request.config.stash[_missing_browser] = True
        if os.environ.get("CI"):
            pytest.fail(f"no browser, and CI is set. {browser.ADVICE}")
        pytest.skip(f"no browser. {browser.ADVICE}")
    return path


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say loudly when the browser tests did not run."""
    if terminalreporter.config.stash.get(_missing_browser, False):
        terminalreporter.write_line(
            f"THE BROWSER TESTS DID NOT RUN: no browser was found. {browser.ADVICE}",
            red=True,
            bold=True,
        )
