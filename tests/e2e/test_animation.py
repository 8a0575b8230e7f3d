"""The animation of a sweep, opened from disk in a real browser."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.experiments.recipe import SweepRecipe
from core.experiments.sweep import SweepResult
from core.figures import LIGHT, animation_html
from core.inference.samples import McSummary

pytestmark = pytest.mark.e2e

STEPS, PASSES = 6, 50
SLOW = 60_000  # milliseconds


@pytest.fixture
def sweep() -> SweepResult:
    """Answers that change from step to step, of which all passes are sure."""
    rng = np.random.default_rng(0)
    p = rng.dirichlet(np.full(10, 0.05), size=(PASSES, STEPS))
    p[:, np.arange(STEPS), np.arange(STEPS)] += 2.0
    p /= p.sum(axis=2, keepdims=True)
    return SweepResult(
        recipe=SweepRecipe(
            kind="rotation",
            images=(np.zeros((28, 28, 1), dtype=np.float32),),
            labels=(3,),
            references=("mnist:5",),
            num_steps=STEPS,
            num_samples=PASSES,
            network="mc",
        ),
        images=rng.random((STEPS, 28, 28, 1)).astype(np.float32),
        summary=McSummary.from_samples(p),
        twin=np.roll(p.mean(axis=0), 1, axis=1).astype(np.float32),
    )


@pytest.fixture
def opened(page: Any, tmp_path: Path, sweep: SweepResult) -> Any:
    """The file in a browser that has no network."""
    path = tmp_path / "sweep.html"
    path.write_text(animation_html(sweep), encoding="utf-8")
    page.context.set_offline(True)
    page.goto(path.as_uri())
    page.locator("#play:not([disabled])").wait_for(timeout=SLOW)
    return page


def bars(page: Any) -> list[list[int]]:
    """Passes that the bars on the screen show, by class and bin; a pass is two pixels high."""
    heights = page.evaluate("""() => {
      const plot = document.getElementById("plot");
      return [...plot.querySelectorAll(".barlayer")].map((layer, label) => {
        const axis = plot._fullLayout[`yaxis${label + 2}`];
        return [...layer.querySelectorAll(".point")].map((point) => {
          const box = point.querySelector("path")?.getBBox();
          return box ? box.height / axis._length : 0;
        });
      });
    }""")
    return [[round(height * PASSES) for height in cell] for cell in heights]


def until(page: Any, condition: str) -> None:
    """Wait for a condition; the page's own policy forbids Playwright's way, which is `eval`."""
    end = time.monotonic() + SLOW / 1000
    while not page.evaluate(condition):
        assert time.monotonic() < end, f"never: {condition}"
        page.wait_for_timeout(20)


def test_slider_shows_each_steps_bars_image_and_words(opened: Any, sweep: SweepResult) -> None:
    assert bars(opened) == sweep.summary.histogram[0].tolist()
    for step in (4, 1):
        opened.locator("#step").fill(str(step))
        opened.get_by_text(f"step {step + 1} of {STEPS}").wait_for(timeout=SLOW)
        assert bars(opened) == sweep.summary.histogram[step].tolist()
        assert opened.locator("#answer").inner_text() == str(sweep.predicted[step])
        twin = sweep.twin[step]
        assert opened.locator("#twin").inner_text() == f"{twin.argmax()}, {twin.max():.2f}"
        assert opened.locator("#change").inner_text() == f"Rotation by {60 * step}°"
        assert opened.evaluate("document.getElementById('image').complete")


def test_solid_bars_are_those_of_the_answer(opened: Any) -> None:
    opened.locator("#step").fill("3")
    opened.get_by_text(f"step 4 of {STEPS}").wait_for(timeout=SLOW)
    fills = opened.evaluate("""() => [...document.querySelectorAll("#plot .barlayer")]
      .map((layer) => getComputedStyle(layer.querySelector(".point path")))
      .map((style) => [style.fill, style.fillOpacity])""")
    red = ", ".join(str(int(LIGHT.true_class[start : start + 2], 16)) for start in (1, 3, 5))
    assert fills[3] == [f"rgb({red})", "1"]
    assert all(opacity != "1" for label, (_, opacity) in enumerate(fills) if label != 3)


def test_play_moves_bars_and_slider_until_pause_and_is_never_blank(opened: Any) -> None:
    opened.evaluate("""() => {
      window.lost = 0;
      window.seen = new Set();
      const plot = document.getElementById("plot");
      new MutationObserver((changes) => {
        const { value } = document.getElementById("step");
        if (value === "0" && !seen.has("1")) return; // not yet on its way
        seen.add(value);
        changes.forEach(({ removedNodes }) => removedNodes.forEach(
          (node) => (lost += Boolean(node.matches?.(".main-svg, .subplot, .trace, .point")))));
      }).observe(plot, { childList: true, subtree: true, attributes: true });
    }""")
    before = bars(opened)
    (button,) = opened.get_by_role("button").all()
    filled = button.evaluate("(button) => getComputedStyle(button).backgroundColor")
    assert button.inner_text() == "Play"
    button.click()
    assert button.inner_text() == "Pause"
    assert button.evaluate("(button) => getComputedStyle(button).backgroundColor") != filled
    until(opened, "document.getElementById('step').value >= '2'")
    assert bars(opened) != before
    # Past the end it starts again.
    until(opened, f"seen.has('{STEPS - 1}') && seen.has('0')")
    button.click()
    assert button.inner_text() == "Play"
    assert button.evaluate("(button) => getComputedStyle(button).backgroundColor") == filled
    opened.wait_for_timeout(700)  # what was under way arrives
    stopped = opened.locator("#step").input_value()
    opened.wait_for_timeout(700)
    assert opened.locator("#step").input_value() == stopped
    assert opened.evaluate("lost") == 0


def test_page_fits_a_phone(opened: Any) -> None:
    opened.set_viewport_size({"width": 390, "height": 844})
    assert opened.evaluate("document.documentElement.scrollWidth") <= 390
    assert opened.locator("#twin").bounding_box()["x"] < 390
