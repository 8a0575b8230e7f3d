"""The page Inside in a real browser: sliders, clicks and keys lead to what the link reopens."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from core.images import encode_ink, write_digit
from tests.e2e.conftest import PHONE, SLOW
from tests.e2e.test_app import CELLS, no_sideways_scroll

pytestmark = pytest.mark.e2e

# The counts of the histograms' bars, class by class.
SHOWN = """() => {
  const plot = document.querySelector(".lb-figure .js-plotly-plot");
  return plot.data.filter((trace) => trace.type === "bar").map((trace) => [...trace.y]);
}"""


def shown(page: Any, rates: str) -> list[list[int]]:
    """The counts of the bars, once the histograms are of these rates."""
    page.locator(f".lb-figure[data-tag*=':{rates}:']").wait_for(timeout=SLOW)
    bars: list[list[int]] = page.evaluate(SHOWN)
    return bars


def passes_of(page: Any, words: str) -> int:
    """How many passes the section names that is about a bar."""
    said = page.get_by_text(re.compile(rf"\d+ of 300 passes gives? {words}\.")).first
    said.wait_for(timeout=SLOW)
    found = re.match(r"\d+", said.inner_text())
    assert found
    return int(found[0])


def at_rest(page: Any) -> None:
    """Wait until no run is under way: one that ends takes a field's open list away with it."""
    page.locator("[data-test-script-state=notRunning]").first.wait_for(timeout=SLOW)


def slider(page: Any, layer: str) -> Any:
    return page.get_by_role("slider", name=f"after {layer}, trained with 0.5")


def test_sliders_clicks_and_keys_lead_to_what_the_link_reopens(address, new_page) -> None:
    page = new_page()
    page.goto(f"{address}/inside?image=hand:7-11&passes=300")
    trained = shown(page, "0.5,0.5,0.5")
    thumb = slider(page, "dense1")
    thumb.focus()
    for _ in range(8):
        page.keyboard.press("ArrowLeft")
    changed = shown(page, "0.5,0.5,0.1")
    assert changed != trained and [sum(bars) for bars in changed] == [300] * 10
    assert thumb.get_attribute("aria-valuetext") == "0.1"
    page.wait_for_url(re.compile("rates=0.5%2C0.5%2C0.1"), timeout=SLOW)

    at_rest(page)
    left, top, right, _ = page.evaluate(CELLS)[2]
    page.mouse.click(left + 0.45 * (right - left), top + 10)  # far above the bar itself
    count = passes_of(page, "2 a softmax of 0.4 to 0.5")
    assert count == shown(page, "0.5,0.5,0.1")[2][4] > 0
    page.wait_for_url(re.compile("bar=2-4"), timeout=SLOW)

    again = new_page(viewport=PHONE, has_touch=True, is_mobile=True)
    again.goto(page.url)
    assert shown(again, "0.5,0.5,0.1") == changed
    assert passes_of(again, "2 a softmax of 0.4 to 0.5") == count
    assert no_sideways_scroll(again)

    at_rest(page)
    page.get_by_role("combobox", name=re.compile("Digit")).focus()
    page.keyboard.type("7")
    page.keyboard.press("Enter")
    assert passes_of(page, "7 a softmax of 0.4 to 0.5") == changed[7][4]

    for layer in ("conv1", "conv2", "dense1"):
        at_rest(page)
        slider(page, layer).focus()
        page.keyboard.press("Home")
    page.get_by_text("Nothing is random now").wait_for(timeout=SLOW)
    page.get_by_role("button", name="Reset").click()
    assert shown(page, "0.5,0.5,0.5") == trained
    assert passes_of(page, "7 a softmax of 0.4 to 0.5") == trained[7][4]


def test_from_draw_it_is_the_same_drawing_that_is_looked_into(
    address: str, new_page: Callable[..., Any]
) -> None:
    page = new_page()
    ink = "ink:" + encode_ink(write_digit(3, 17))
    page.goto(f"{address}/?image={ink}&passes=300")
    page.get_by_role("link", name="Look inside these passes").click()
    page.locator(".lb-figure[data-tag*=':0.5,0.5,0.5:']").wait_for(timeout=SLOW)
    page.get_by_text("It’s a 3.").wait_for(timeout=SLOW)
    page.wait_for_url(re.compile(r"inside\?image=ink"), timeout=SLOW)
    page.get_by_role("button", name="Clear").click()
    page.get_by_text("an example, until you draw something").wait_for(timeout=SLOW)
