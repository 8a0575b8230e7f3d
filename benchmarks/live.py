"""Measure, in a real browser, how soon the histograms follow the pen.

    python benchmarks/live.py http://localhost:8501

Draws with real mouse events on the Draw page of a running app and prints, over all strokes:
the time from a pen move to the first figure on screen that has it, the updates per second of
drawing, and the longest gap between two animation frames while the pen was down. Budgets:
median 200 ms, p95 400 ms, at least 5 updates/s, no gap over 100 ms.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import shutil
import statistics
import sys
import time
from typing import Any

from playwright.sync_api import Page, sync_playwright

# Digits as corners; the mouse walks straight from one to the next.
DIGITS: dict[str, list[list[tuple[float, float]]]] = {
    "3": [
        [
            (0.3, 0.22),
            (0.55, 0.15),
            (0.68, 0.3),
            (0.48, 0.47),
            (0.7, 0.62),
            (0.58, 0.83),
            (0.28, 0.78),
        ]
    ],
    "7": [[(0.27, 0.2), (0.73, 0.2), (0.58, 0.5), (0.45, 0.85)], [(0.35, 0.52), (0.66, 0.5)]],
    "0": [
        [
            (0.5, 0.15),
            (0.3, 0.35),
            (0.32, 0.7),
            (0.5, 0.85),
            (0.68, 0.65),
            (0.68, 0.32),
            (0.52, 0.15),
        ]
    ],
}

RECORD = """() => {
  const log = (window.labradorLog = { sent: [], shown: [], frames: [] });
  document.addEventListener("labrador:ink", (e) =>
    log.sent.push({ ...e.detail, at: performance.now() }));
  document.addEventListener("labrador:figure", (e) => {
    const { tag, name } = e.detail;
    // Done in the document; the next frame puts it on the screen.
    requestAnimationFrame(() => log.shown.push({ tag, name, at: performance.now() }));
  });
  const tick = (at) => { log.frames.push(at); requestAnimationFrame(tick); };
  requestAnimationFrame(tick);
}"""


def draw(
    page: Page, strokes: list[list[tuple[float, float]]], duration: float
) -> tuple[float, float]:
    """Draw strokes with the mouse within `duration` seconds; return begin and end in ms."""
    box = page.locator("canvas.ink").bounding_box()
    assert box is not None
    side = min(box["width"], box["height"])
    left, top = box["x"] + (box["width"] - side) / 2, box["y"] + (box["height"] - side) / 2
    steps = sum(len(stroke) - 1 for stroke in strokes)
    per_step = max(8, round(120 * duration / steps))  # some 120 events a second, as a mouse sends
    begin = float(page.evaluate("performance.now()"))
    start, done = time.perf_counter(), 0
    for stroke in strokes:
        page.mouse.move(left + side * stroke[0][0], top + side * stroke[0][1])
        page.mouse.down()
        for (x0, y0), (x1, y1) in itertools.pairwise(stroke):
            for k in range(1, per_step + 1):
                part = k / per_step
                page.mouse.move(
                    left + side * (x0 + part * (x1 - x0)), top + side * (y0 + part * (y1 - y0))
                )
                done += 1
                wait = start + duration * done / (steps * per_step) - time.perf_counter()
                if wait > 0:
                    time.sleep(wait)
        page.mouse.up()
    return begin, float(page.evaluate("performance.now()"))


def settle(page: Page, figure: str) -> None:
    """Wait until the last message has been answered on screen."""
    page.wait_for_function(
        """(name) => {
          const { sent, shown } = window.labradorLog;
          const last = sent.at(-1);
          const tag = last && `${last.instance}:${last.seq}:`;
          return !last || shown.some((s) => s.name === name && s.tag.startsWith(tag));
        }""",
        arg=figure,
        timeout=30_000,
    )


def measures(
    log: dict[str, Any], spans: list[tuple[float, float]], figure: str
) -> dict[str, float]:
    """Turn the browser's log into the figures to report."""
    shown = [(int(s["tag"].split(":")[1]), s["at"]) for s in log["shown"] if s["name"] == figure]
    latencies = []
    for message in log["sent"]:
        on_screen = next((at for seq, at in shown if seq >= message["seq"]), None)
        if on_screen is not None:
            latencies += [on_screen - moved for moved in message["moves"]]
    updates = sum(1 for _, at in shown if any(a <= at <= b for a, b in spans))
    gaps = [
        after - before
        for before, after in itertools.pairwise(log["frames"])
        if any(a <= after <= b for a, b in spans)
    ]
    latencies.sort()
    return {
        "pen moves": len(latencies),
        "median ms": statistics.median(latencies),
        "p95 ms": latencies[int(0.95 * (len(latencies) - 1))],
        "updates per second": updates / (sum(b - a for a, b in spans) / 1000),
        "longest frame gap ms": max(gaps),
        "frame gaps over 100 ms": sum(gap > 100 for gap in gaps),
    }


def main() -> int:
    """Run the strokes and print one line a figure."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("url", nargs="?", default="http://localhost:8501")
    parser.add_argument("--rounds", type=int, default=2, help="how often each digit is drawn")
    parser.add_argument("--seconds", type=float, default=3.0, help="time for one digit")
    parser.add_argument("--figure", default="draw.histograms", help="key of the live figure")
    parser.add_argument("--phone", action="store_true", help="a phone's screen")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM") or shutil.which("chromium"),
            args=["--no-sandbox", "--disable-gpu"],
        )
        width, height = (390, 844) if options.phone else (1440, 900)
        page = browser.new_page(viewport={"width": width, "height": height})
        page.goto(options.url)
        page.wait_for_selector("canvas.ink", timeout=60_000)
        page.evaluate(RECORD)
        draw(page, DIGITS["7"], 1.0)  # the first update compiles what the later ones reuse
        settle(page, options.figure)
        page.evaluate(
            "() => { for (const list of Object.values(window.labradorLog)) list.length = 0; }"
        )
        spans = []
        for _ in range(options.rounds):
            for strokes in DIGITS.values():
                page.get_by_role("button", name="Clear").click()
                page.locator(".lb-empty").wait_for()
                spans.append(draw(page, strokes, options.seconds))
                settle(page, options.figure)
        result = measures(page.evaluate("window.labradorLog"), spans, options.figure)
        browser.close()
    if options.json:
        print(json.dumps(result))
    else:
        for name, value in result.items():
            print(f"{name:24}{value:8.1f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
