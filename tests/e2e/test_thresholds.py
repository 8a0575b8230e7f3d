"""The limit is dragged with a real mouse, and everything follows."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import PHONE, SLOW

pytestmark = pytest.mark.e2e

WHERE = """(limit) => {
  const plot = document.querySelector('.st-key-thresholds-rows .js-plotly-plot');
  const { left, top } = plot.getBoundingClientRect();
  const axis = plot._fullLayout.xaxis2;
  return [left + axis._offset + axis.d2p(limit), top + 180];
}"""


def coverage(page: Any) -> float:
    """The coverage that the page shows, in %."""
    cell = page.locator(".lb-numbers > div", has_text="Coverage")
    return float(cell.locator("b").inner_text().rstrip("%"))


def opened(page: Any, url: str) -> None:
    page.goto(url)
    page.locator(".lb-numbers").wait_for(timeout=SLOW)
    page.locator(".st-key-thresholds-rows .bars").first.wait_for(state="attached", timeout=SLOW)


def drag(page: Any, start: float, end: float) -> None:
    """Take the limit at a value and let go of it at another."""
    x, y = page.evaluate(WHERE, start)
    to, _ = page.evaluate(WHERE, end)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(to, y, steps=8)
    page.mouse.up()


def test_dragging_the_limit_changes_the_coverage_before_the_hand_lets_go(address, page):
    opened(page, f"{address}/thresholds?policy=predictive_entropy:0.1&answered=pen-digits")
    before = coverage(page)
    x, y = page.evaluate(WHERE, 0.1)
    to, _ = page.evaluate(WHERE, 1.0)
    page.mouse.move(x, y)
    page.mouse.down()
    for step in range(20):
        page.mouse.move(x + (to - x) * (step + 1) / 20, y)
        page.wait_for_timeout(40)
    page.wait_for_function(
        """before => parseFloat(document.querySelector('.lb-numbers b').innerText) > before + 10""",
        arg=before,
        timeout=SLOW,
    )
    page.mouse.up()
    page.wait_for_url(re.compile(r"policy=predictive_entropy%3A(0\.99|1)"), timeout=SLOW)
    page.get_by_text("predictive entropy up to 1.00 nats").first.wait_for(timeout=SLOW)
    # Everywhere at once: the experiments follow.
    page.get_by_role("link", name="Rotate").click()
    page.locator(".lb-verdict").wait_for(timeout=SLOW)
    page.get_by_text("The committee accepts a wrong answer at").wait_for(timeout=SLOW)


def test_the_whole_page_follows_when_a_limit_is_removed_or_all_is_reset(address, page):
    opened(page, f"{address}/thresholds?policy=predictive_entropy:0.1")
    sidebar = page.locator("[data-testid=stSidebar]")
    sidebar.get_by_text("predictive entropy up to 0.10 nats").wait_for(timeout=SLOW)
    page.get_by_role("button", name="Remove this limit").click()
    sidebar.get_by_text("predictive entropy up to 0.10 nats").wait_for(state="hidden", timeout=SLOW)
    page.get_by_text("accepts every answer").wait_for(timeout=SLOW)
    assert coverage(page) == 100.0
    page.get_by_role("button", name="Reset", exact=True).click()
    sidebar.get_by_text("predictive entropy up to 0.50 nats").wait_for(timeout=SLOW)
    page.wait_for_function(
        "() => parseFloat(document.querySelector('.lb-numbers b').innerText) < 100", timeout=SLOW
    )


def test_a_click_right_after_a_drag_is_not_lost(address, page):
    for delay in (40, 100, 200):  # ms; the page has not followed the drag yet
        opened(page, f"{address}/thresholds?policy=predictive_entropy:0.3")
        then, y = page.evaluate(WHERE, 1.5)
        drag(page, 0.3, 0.8)
        page.wait_for_timeout(delay)
        page.mouse.click(then, y)
        page.wait_for_url(re.compile(r"policy=predictive_entropy%3A1\.50"), timeout=SLOW)
        page.wait_for_timeout(1500)  # and nothing older comes back over it
        assert "predictive_entropy%3A1.50" in page.url


def test_keys_move_the_limit_and_a_number_can_be_typed(address, page):
    opened(page, f"{address}/thresholds?policy=predictive_entropy:0.5")
    slider = page.get_by_role("slider", name="Limit on predictive entropy")
    assert slider.get_attribute("aria-valuetext") == "0.50"
    slider.focus()
    for _ in range(2):
        page.keyboard.press("PageUp")
    page.wait_for_url(re.compile(r"policy=predictive_entropy%3A0\.70"), timeout=SLOW)
    sidebar = page.locator("[data-testid=stSidebar]")
    sidebar.get_by_text("predictive entropy up to 0.70 nats").wait_for(timeout=SLOW)
    field = page.get_by_role("spinbutton", name="Accept predictive entropy up to, nats")
    field.fill("0.3125")
    field.press("Enter")
    page.wait_for_url(re.compile(r"policy=predictive_entropy%3A0\.3125"), timeout=SLOW)
    sidebar.get_by_text("predictive entropy up to 0.31 nats").wait_for(timeout=SLOW)
    page.wait_for_function(
        """() => document.querySelector('.st-key-thresholds-rows [role=slider]')
             .getAttribute('aria-valuetext') === '0.31'""",
        timeout=SLOW,
    )


def test_what_was_dragged_is_what_is_downloaded_saved_and_comes_back(address, page, tmp_path):
    opened(page, f"{address}/thresholds?policy=predictive_entropy:0.3")
    drag(page, 0.3, 0.8)
    page.wait_for_url(re.compile(r"policy=predictive_entropy%3A0\.80"), timeout=SLOW)
    page.get_by_text("predictive entropy up to 0.80 nats").first.wait_for(timeout=SLOW)
    name = page.get_by_label("Name", exact=True)
    # While one run takes the place of another, the field of each is on the page.
    expect(name).to_have_count(1, timeout=SLOW)
    name.fill("Kept / 1")
    name.press("Enter")
    page.get_by_role("button", name="Save policy").click()
    page.get_by_text("“Kept / 1” is saved for this visit").wait_for(timeout=SLOW)
    sidebar = page.locator("[data-testid=stSidebar]")
    page.get_by_text("Kept / 1: accepts predictive entropy up to 0.80 nats").wait_for(timeout=SLOW)
    with page.expect_download() as download:
        page.get_by_role("button", name="Download").click()
    assert download.value.suggested_filename == "kept-1.policy.json"
    path = tmp_path / "kept.json"
    download.value.save_as(path)
    kept = json.loads(path.read_text())
    assert kept["name"] == "Kept / 1"
    assert kept["limits"]["predictive_entropy"] == pytest.approx(0.8, abs=0.01)
    page.get_by_role("button", name="Reset", exact=True).click()
    sidebar.get_by_text("predictive entropy up to 0.50 nats").wait_for(timeout=SLOW)
    page.get_by_role("button", name="Upload").click()
    page.locator("input[type=file]").set_input_files(path)
    sidebar.get_by_text("predictive entropy up to 0.80 nats").wait_for(timeout=SLOW)
    page.wait_for_url(re.compile(r"policy=predictive_entropy%3A0\.80"), timeout=SLOW)


def test_false_accepts_can_be_looked_through(address, page, mnist_data):
    opened(page, f"{address}/thresholds?policy=predictive_entropy:0.6")
    page.get_by_text("Two limits at once").click()
    page.get_by_text("Look through", exact=True).wait_for(timeout=SLOW)
    for place in (1, 2):
        page.get_by_role("button", name="Next").click()
        page.get_by_text(re.compile(rf"^{place} of \d+")).wait_for(timeout=SLOW)
        page.get_by_text(re.compile(r"It is a \d\. The committee says \d\. Accepted")).wait_for(
            timeout=SLOW
        )


def test_a_point_of_the_map_shows_its_image_and_opens_it_on_draw(address, page, mnist_data):
    opened(page, f"{address}/thresholds?policy=predictive_entropy:0.6,mutual_information:0.3")
    page.get_by_text("Two limits at once").click()
    plot = page.locator(".st-key-thresholds-map .js-plotly-plot")
    plot.wait_for(timeout=SLOW)
    page.wait_for_timeout(1500)
    x, y = page.evaluate("""() => {
      const plot = document.querySelector('.st-key-thresholds-map .js-plotly-plot');
      plot.scrollIntoView({ block: 'center' });
      const { left, top } = plot.getBoundingClientRect();
      const trace = plot.data.find((each) => each.name === 'wrong, refused');
      const { xaxis, yaxis } = plot._fullLayout;
      return [left + xaxis._offset + xaxis.d2p(trace.x[3]),
        top + yaxis._offset + yaxis.d2p(trace.y[3])];
    }""")
    page.mouse.move(x, y)
    page.wait_for_timeout(500)
    page.mouse.click(x, y)
    page.get_by_text(re.compile(r"It is an? \d\. The committee says \d")).wait_for(timeout=SLOW)
    page.get_by_role("button", name="Open on Draw").click()
    page.locator(".lb-verdict").wait_for(timeout=SLOW)
    page.get_by_text(re.compile(r"Test image \d+")).first.wait_for(timeout=SLOW)


def test_a_phone_has_room_for_the_rows(address, new_page):
    page = new_page(viewport=PHONE, has_touch=True, is_mobile=True)
    opened(page, f"{address}/thresholds?policy=confidence:0.8&limit=confidence")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def swipe(page: Any, *points: tuple[float, float]) -> None:
    """Put a finger down, move it along, lift it."""
    session = page.context.new_cdp_session(page)
    for kind, (x, y) in [
        ("touchStart", points[0]),
        *(("touchMove", point) for point in points[1:]),
    ]:
        touch = {"type": kind, "touchPoints": [{"x": x, "y": y}]}
        session.send("Input.dispatchTouchEvent", touch)
        page.wait_for_timeout(40)
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def test_a_finger_that_scrolls_the_page_leaves_the_limit_where_it_is(address, new_page):
    page = new_page(viewport=PHONE, has_touch=True, is_mobile=True)
    opened(page, f"{address}/thresholds?policy=predictive_entropy:0.42")
    page.evaluate(
        "document.querySelector('.st-key-thresholds-rows').scrollIntoView({ block: 'center' })"
    )
    page.wait_for_timeout(800)
    before = page.url
    x, y = page.evaluate(WHERE, 1.8)
    swipe(page, *((x, y + 60 - 12 * step) for step in range(16)))
    page.wait_for_timeout(1500)
    assert page.url == before
    # A finger that moves to the side drags it, and a tap sets it.
    x, y = page.evaluate(WHERE, 0.42)
    to, _ = page.evaluate(WHERE, 1.0)
    swipe(page, *((x + (to - x) * step / 12, y) for step in range(13)))
    page.wait_for_url(re.compile(r"policy=predictive_entropy%3A(0\.9|1)"), timeout=SLOW)
    page.get_by_text("predictive entropy up to 1.00 nats").first.wait_for(
        timeout=SLOW, state="attached"
    )
    x, y = page.evaluate(WHERE, 1.6)
    page.touchscreen.tap(x, y)
    page.wait_for_url(re.compile(r"policy=predictive_entropy%3A1\.[56]"), timeout=SLOW)
