"""Finds the browser that the browser tests drive, and installs one where there is none.

python tools/browser.py            prints its path, or fails
python tools/browser.py --install  gets one first if it has to
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

VARIABLE = "CHROMIUM"
COMMANDS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
APPLICATIONS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
ADVICE = (
    f"Install Chromium or Chrome, or name one with {VARIABLE}=, or run"
    " `python -m playwright install chromium` in the environment."
)


def find_browser() -> str | None:
    """Return the path of a Chromium or Chrome that starts, or None.

    The variable CHROMIUM, if it is set, names the only one tried; else the system's come first,
    then Playwright's own.
    """
    chosen = os.environ.get(VARIABLE)
    if chosen:
        return chosen if _starts(chosen) else None
    return next((path for path in _candidates() if _starts(path)), None)


def _candidates() -> Iterator[str]:
    for command in COMMANDS:
        path = shutil.which(command)
        if path:
            yield path
    yield from (path for path in APPLICATIONS if Path(path).exists())
    if sys.platform == "win32":
        for variable in ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA"):
            yield str(Path(os.environ.get(variable, "")) / "Google/Chrome/Application/chrome.exe")
    own = _playwright_browser()
    if own:
        yield own


def _playwright_browser() -> str | None:
    """Return where Playwright keeps (or would keep) its own Chromium."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        return None
    # In a process of its own: Playwright's synchronous interface refuses to run inside an event
    # loop, and whoever asks may be in one.
    del sync_playwright
    code = (
        "from playwright.sync_api import sync_playwright as s\n"
        "with s() as p: print(p.chromium.executable_path)"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False
    )
    return result.stdout.strip() or None


def _starts(path: str) -> bool:
    """Whether a browser is there and runs: Ubuntu's `chromium-browser` may be an empty shell."""
    if sys.platform == "win32":  # Chrome opens a window there instead of printing its version
        return Path(path).is_file()
    try:
        return (
            subprocess.run(
                [path, "--version"], capture_output=True, timeout=60, check=False
            ).returncode
            == 0
        )
    except (OSError, subprocess.TimeoutExpired):
        return False


def install_browser() -> None:
    """Install Chromium: Debian's when root on Debian, else (or if that fails) Playwright's."""
    if _is_debian() and hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get"):
        print("No browser found: installing Debian's chromium ...", flush=True)
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for command in (["update", "-q"], ["install", "-y", "-q", "chromium"]):
            subprocess.run(
                ["apt-get", *command], env=environment, check=False, stdout=subprocess.DEVNULL
            )
        if find_browser():
            return
    print("No browser found: installing Playwright's chromium ...", flush=True)
    subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)


def _is_debian() -> bool:
    try:
        return platform.freedesktop_os_release().get("ID") == "debian"
    except OSError:
        return False


def main(arguments: list[str] | None = None) -> int:
    """Run from the command line; return the exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--install", action="store_true", help="get a browser if none is found")
    options = parser.parse_args(arguments)
    browser = find_browser()
    if browser is None and options.install:
        install_browser()
        browser = find_browser()
    if browser is None:
        print(f"NO BROWSER. {ADVICE}", file=sys.stderr)
        return 1
    print(browser)
    return 0


if __name__ == "__main__":
    sys.exit(main())
