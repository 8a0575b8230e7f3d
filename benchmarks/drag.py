"""How soon the Thresholds page follows a limit that is dragged.

    python -m benchmarks.drag http://localhost:8501 [--moves 60]

The address is of an app that runs. Each move of the mouse is timed until the rows on screen show
the new limit; the numbers beside them come with the same answer of the server.
"""

from __future__ import annotations

import argparse
import statistics

from playwright.sync_api import sync_playwright

from tools.browser import find_browser

WATCH = """() => {
  window.moved = 0;
  window.delays = [];
  document.addEventListener('pointermove', () => { window.moved = performance.now(); }, true);
  document.addEventListener('labrador:figure', ({ detail }) => {
    if (detail.name !== 'thresholds.rows' || !window.moved) return;
    const moved = window.moved;
    window.moved = 0;
    requestAnimationFrame(() => window.delays.push(performance.now() - moved));
  });
}"""
WHERE = """() => {
  const plot = document.querySelector('.st-key-thresholds-rows .js-plotly-plot');
  const { left, top } = plot.getBoundingClientRect();
  const axis = plot._fullLayout.xaxis2;
  return [left + axis._offset + axis.d2p(0.2), left + axis._offset + axis.d2p(1.8), top + 180];
}"""


def main() -> int:
    """Drag, one move after another, and print the delays."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("address")
    parser.add_argument("--moves", type=int, default=60)
    options = parser.parse_args()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_browser(), args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.goto(f"{options.address}/thresholds?policy=predictive_entropy:0.2")
        page.locator(".st-key-thresholds-rows .bars").first.wait_for(
            state="attached", timeout=60_000
        )
        page.wait_for_timeout(4000)
        start, end, y = page.evaluate(WHERE)
        page.mouse.move(start, y)
        page.mouse.down()
        page.wait_for_timeout(1000)
        page.evaluate(WATCH)
        for step in range(1, options.moves + 1):
            page.mouse.move(start + (end - start) * step / options.moves, y)
            page.wait_for_function(f"window.delays.length >= {step}", timeout=10_000)
        page.mouse.up()
        delays = sorted(page.evaluate("window.delays"))
    late = delays[round(0.95 * (len(delays) - 1))]
    print(
        f"{len(delays)} moves: median {statistics.median(delays):.0f} ms, p95 {late:.0f} ms,"
        f" longest {delays[-1]:.0f} ms"
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
