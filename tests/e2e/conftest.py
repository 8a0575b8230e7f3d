"""A real server and a real browser for the tests in this folder."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
WIDE = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
SLOW = 60_000  # milliseconds; the network may still be loading


@pytest.fixture(scope="session")
def browser(browser_path: str) -> Iterator[Any]:
    """Chromium, or what `browser_path` found instead."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=browser_path,
            args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
        )
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def serve(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., str]]:
    """Start `streamlit run SCRIPT` on a free port, once a script, and return its address."""
    running: dict[tuple[Any, ...], tuple[subprocess.Popen[bytes], str]] = {}

    def start(script: str, **environment: str) -> str:
        key = (script, *sorted(environment.items()))
        if key not in running:
            with socket.socket() as free:
                free.bind(("127.0.0.1", 0))
                port = free.getsockname()[1]
            log = tmp_path_factory.mktemp("server") / "log.txt"
            with log.open("wb") as output:
                process = subprocess.Popen(
                    [sys.executable, "-m", "streamlit", "run", script]
                    + ["--server.port", str(port), "--server.address", "127.0.0.1"],
                    cwd=ROOT,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    env={
                        **os.environ,
                        "PYTHONPATH": str(ROOT),
                        "TF_CPP_MIN_LOG_LEVEL": "2",
                        **environment,
                    },
                )
            url = f"http://127.0.0.1:{port}"
            running[key] = process, url
            _wait_until_healthy(process, url, log)
        return running[key][1]

    yield start
    for process, _ in running.values():
        process.terminate()
    for process, _ in running.values():
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()


def _wait_until_healthy(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        if process.poll() is not None:
            pytest.fail(f"The server stopped:\n{log.read_text(errors='replace')[-4000:]}")
        try:
            with urllib.request.urlopen(f"{url}/_stcore/health", timeout=2) as response:
                if response.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    pytest.fail(f"No server after 60 s:\n{log.read_text(errors='replace')[-4000:]}")


@pytest.fixture(scope="session")
def address(serve: Callable[..., str]) -> str:
    """The running app."""
    return serve("app.py")


@pytest.fixture
def new_page(browser: Any) -> Iterator[Callable[..., Any]]:
    """Open a page in a context of its own; the test fails if any of them had a console error."""
    contexts: list[Any] = []
    errors: list[str] = []

    def open_page(**options: Any) -> Any:
        context = browser.new_context(**{"viewport": WIDE, "locale": "en-GB", **options})
        contexts.append(context)
        page = context.new_page()
        page.on(
            "console",
            lambda m: errors.append(f"{m.text} ({m.location})") if _is_ours(m) else None,
        )
        page.on("pageerror", lambda error: errors.append(str(error)))
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not errors, f"The browser's console had errors: {errors}"


def _is_ours(message: Any) -> bool:
    """Whether a message is an error, but not one of Streamlit's own probes.

    Opened at /rotate, Streamlit's front end first asks for /rotate/_stcore/health, to find out
    whether it is served below a path of its own; the answer 404 is the right one.
    """
    probe = re.search(
        r"/(rotate|blend|noise|inside|thresholds|models|batch)/_stcore/(health|host-config)",
        str(message.location),
    )
    return message.type == "error" and not probe


@pytest.fixture
def page(new_page: Callable[..., Any]) -> Any:
    """One wide page."""
    return new_page()
