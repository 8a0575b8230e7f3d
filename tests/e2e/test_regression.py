"""The section about values in a real browser: a click or a tap adds a point, the band follows."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.e2e.conftest import PHONE, SLOW

pytestmark = pytest.mark.e2e

# Where a place of the axes is on the screen.
PIXEL = """([x, y]) => {
  const plot = document.querySelector(".lb-figure .js-plotly-plot");
  const { left, top } = plot.getBoundingClientRect();
  const { xaxis, yaxis } = plot._fullLayout;
  return [left + xaxis._offset + xaxis.d2p(x), top + yaxis._offset + yaxis.d2p(y)];
}"""
# Width of the 95% band at a place, as it is drawn: the band's outline goes there and back.
WIDTH = """(x) => {
  const [band] = document.querySelector(".lb-figure .js-plotly-plot").data;
  const half = band.x.length / 2;
  const at = band.x.findIndex((each) => each >= x - 1e-6);
  return band.y[at] - band.y[2 * half - 1 - at];
}"""
POINTS = """() => {
  const { x, y } = document.querySelector(".lb-figure .js-plotly-plot").data[4];
  return x.map((each, i) => [each, y[i]]);
}"""


@pytest.fixture(scope="module")
def section(serve: Callable[..., str]) -> str:
    """The section alone."""
    return serve("tests/e2e/apps/regression.py")


def wait_for(page: Any, state: str) -> None:
    page.locator(f".lb-figure[data-tag='{state}']").wait_for(timeout=SLOW)


def test_click_adds_a_point_and_the_band_there_gets_narrower(page: Any, section: str) -> None:
    page.goto(section)
    page.get_by_text("The first band is on its way.").wait_for(timeout=SLOW)
    page.get_by_role("button", name="Stop").wait_for(timeout=SLOW)
    wait_for(page, "30:fitted")
    before = page.evaluate(WIDTH, 5.0)
    # Wider where there are no points than where they are: in the figure as in the sentence.
    near = page.evaluate(WIDTH, 2.4)
    assert before > 3 * near
    page.get_by_text(
        re.compile(r"The 95% band of 1,000 passes is .*, where there are none")
    ).wait_for()

    page.mouse.click(*page.evaluate(PIXEL, [5.0, -1.0]))
    wait_for(page, "31:waiting")
    assert page.evaluate(POINTS)[-1] == pytest.approx([5.0, -1.0], abs=0.03)
    assert page.evaluate(WIDTH, 5.0) == before  # the old band stays meanwhile
    page.get_by_role("progressbar").wait_for()
    wait_for(page, "31:fitted")
    after = page.evaluate(WIDTH, 5.0)
    assert after < 0.75 * before
    said = page.get_by_text(re.compile("The new point at x = [45]")).inner_text()
    assert f"narrowed the band there from {before:.2f} to {after:.2f}." in said
    assert page.get_by_role("button", name="Stop").count() == 0


def test_quick_taps_on_a_phone_are_all_there(new_page: Callable[..., Any], section: str) -> None:
    page = new_page(viewport=PHONE, has_touch=True, is_mobile=True)
    page.goto(section)
    wait_for(page, "30:fitted")  # known by now: another visitor asked for it
    page.get_by_role("button", name="Start again").click()
    wait_for(page, "0:waiting")
    wanted = [[-4.0, 1.0], [0.0, -2.0], [3.0, 2.0]]
    pixels = [page.evaluate(PIXEL, place) for place in wanted]
    for pixel in pixels:
        page.touchscreen.tap(*pixel)
    page.locator(".lb-figure[data-tag^='3:']").wait_for(timeout=SLOW)
    for point, place in zip(page.evaluate(POINTS), wanted, strict=True):
        assert point == pytest.approx(place, abs=0.05)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    # A swipe scrolls and adds nothing; nor does a tap on the axis' numbers.
    page.evaluate("scrollTo(0, 0)")
    x, y = page.evaluate(PIXEL, [-6.0, 1.5])
    page.touchscreen.tap(x - 12, y)
    page.get_by_role("button", name="Remove last").click()
    page.locator(".lb-figure[data-tag^='2:']").wait_for(timeout=SLOW)
