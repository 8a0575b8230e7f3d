"""How fast a sweep plays in a real browser, and whether a frame is ever blank.

    python -m benchmarks.play http://localhost:8501 [--seconds 8]

The address is of an app that runs. Every step of a play is asked for by the browser, sent by the
server and drawn before the next one is asked for.
"""

from __future__ import annotations

import argparse
import itertools
import statistics
from typing import Any

from playwright.sync_api import sync_playwright

from tools.browser import find_browser

WATCH = """() => {
  Object.assign(window, { shown: [], gaps: [], blank: 0 });
  document.addEventListener('labrador:figure', ({ detail }) => {
    if (detail.name === 'rotate.histograms') window.shown.push(performance.now());
  });
  let last = performance.now();
  const look = () => {
    const now = performance.now();
    window.gaps.push(now - last);
    last = now;
    const bars = '.st-key-rotate-histograms .js-plotly-plot .bars path';
    if (!document.querySelector(bars)) window.blank += 1;
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}"""


def main() -> int:
    """Play at every speed and print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("address")
    parser.add_argument("--seconds", type=float, default=8.0)
    options = parser.parse_args()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_browser(), args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.goto(f"{options.address}/rotate?image=hand:1-0")
        page.locator(".lb-verdict").wait_for(timeout=60_000)
        page.locator(".st-key-rotate-histograms .bars").first.wait_for(state="attached")
        page.wait_for_timeout(3000)
        page.evaluate(WATCH)
        for speed in ("2", "5", "10"):
            _play(page, speed, options.seconds)
    return 0


def _play(page: Any, speed: str, seconds: float) -> None:
    page.get_by_label("Speed").select_option(speed)
    page.evaluate("Object.assign(window, { shown: [], gaps: [], blank: 0 })")
    page.get_by_role("button", name="Play").click()
    page.wait_for_timeout(1000 * seconds)
    shown, gaps, blank = page.evaluate("[window.shown, window.gaps, window.blank]")
    page.get_by_role("button", name="Pause").click()
    page.wait_for_timeout(1000)
    between = [after - before for before, after in itertools.pairwise(shown)]
    print(
        f"{speed:>2} a second: {1000 / statistics.median(between):.1f} a second shown, slowest step"
        f" {max(between):.0f} ms, longest gap between frames {max(gaps):.0f} ms, blank {blank}"
    )


if __name__ == "__main__":
    raise SystemExit(main())
