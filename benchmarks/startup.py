"""From server start to the first page, canvas included, and to the first prediction, in a browser.

python -m benchmarks.startup [--rounds 3]
"""

from __future__ import annotations

import argparse
import os
import shutil
import socket
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.request

from playwright.sync_api import Browser, sync_playwright

from core.images import encode_ink, write_digit


def main() -> int:
    """Start the server anew in each round, and print the medians."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    rounds = parser.parse_args().rounds
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM") or shutil.which("chromium"),
            args=["--no-sandbox", "--disable-gpu"],
        )
        times = [_measure(browser) for _ in range(rounds)]
        browser.close()
    for name, values in zip(
        ("first page", "first prediction"), zip(*times, strict=True), strict=True
    ):
        print(f"server start to {name}: median {statistics.median(values):.1f} s   {values}")
    return 0


def _measure(browser: Browser) -> tuple[float, float]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    start = time.perf_counter()
    server = subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        page = browser.new_page()
        _wait(f"http://127.0.0.1:{port}/_stcore/health")
        page.goto(f"http://127.0.0.1:{port}/?image=ink:{encode_ink(write_digit(3, 17))}")
        page.get_by_role("heading", name="Draw").wait_for(timeout=60_000)
        page.locator("canvas.ink").wait_for(timeout=60_000)
        first_page = time.perf_counter() - start
        page.locator(".lb-verdict").wait_for(timeout=60_000)
        page.locator(".js-plotly-plot .bars").first.wait_for(timeout=60_000, state="attached")
        first_prediction = time.perf_counter() - start
        page.close()
    finally:
        server.terminate()
        server.wait()
    return round(first_page, 2), round(first_prediction, 2)


def _wait(url: str) -> None:
    while True:
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)


if __name__ == "__main__":
    raise SystemExit(main())
