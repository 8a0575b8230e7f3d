"""The app as people use it: drawn with mouse and finger, watched while the pen is down."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

from core.images import Ink, encode_ink
from tests.e2e.conftest import PHONE, SLOW, WIDE

pytestmark = pytest.mark.e2e

# A 3 as a hand writes it.
THREE = [
    (0.30, 0.25),
    (0.36, 0.19),
    (0.45, 0.16),
    (0.55, 0.17),
    (0.63, 0.22),
    (0.66, 0.30),
    (0.63, 0.38),
    (0.56, 0.44),
    (0.46, 0.47),
    (0.57, 0.50),
    (0.66, 0.57),
    (0.69, 0.66),
    (0.66, 0.75),
    (0.58, 0.81),
    (0.47, 0.83),
    (0.37, 0.80),
    (0.30, 0.75),
]
# The counts of the first live figure, the histograms.
BARS = """() => {
  const plot = document.querySelector('.lb-figure .js-plotly-plot');
  return plot && plot.data ? JSON.stringify(plot.data.map((trace) => trace.y)) : null;
}"""

# Where the cells of the histograms are on the screen: left, top, right, bottom.
CELLS = """() => {
  const plot = document.querySelector('.lb-figure .js-plotly-plot');
  const { left, top } = plot.getBoundingClientRect();
  const layout = plot._fullLayout;
  return plot._fullData.filter((trace) => trace.type === 'bar').map((trace) => {
    const axis = (name) => layout[name[0] + 'axis' + name.slice(1)];
    const [x, y] = [axis(trace.xaxis), axis(trace.yaxis)];
    return [left + x._offset, top + y._offset,
      left + x._offset + x._length, top + y._offset + y._length];
  });
}"""


def canvas_box(page: Any) -> dict[str, float]:
    """Where the canvas is, once it takes strokes."""
    canvas = page.locator("canvas").first
    canvas.wait_for(timeout=SLOW)
    page.get_by_text("Nothing drawn yet.").wait_for(timeout=SLOW)
    box = canvas.bounding_box()
    assert box is not None
    return dict(box)


def places(box: dict[str, float]) -> list[tuple[float, float]]:
    """The 3's points on the screen."""
    return [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in THREE]


def draw_with_mouse(page: Any, *, lift: bool = True) -> None:
    """Write the 3, at about the speed of a hand."""
    (x, y), *rest = places(canvas_box(page))
    page.mouse.move(x, y)
    page.mouse.down()
    for x, y in rest:
        page.mouse.move(x, y, steps=4)
        page.wait_for_timeout(40)
    if lift:
        page.mouse.up()


def draw_with_finger(page: Any) -> None:
    """Write the 3 on a phone."""
    points = places(canvas_box(page))
    session = page.context.new_cdp_session(page)
    for kind, (x, y) in [
        ("touchStart", points[0]),
        *(("touchMove", point) for point in points[1:]),
        ("touchEnd", points[-1]),
    ]:
        touches = [] if kind == "touchEnd" else [{"x": x, "y": y}]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches})
        page.wait_for_timeout(40)


def no_sideways_scroll(page: Any) -> bool:
    """Whether everything fits the width of the screen."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


def entropy(page: Any) -> float:
    """The predictive entropy that the page shows."""
    row = page.locator(".lb-measure", has_text="Predictive entropy")
    return float(row.locator("b").inner_text())


def test_a_three_drawn_with_the_mouse_is_a_three_and_the_histograms_follow_the_pen(address, page):
    page.goto(address)
    draw_with_mouse(page, lift=False)
    page.locator(".lb-verdict").wait_for(timeout=SLOW)
    page.locator(".js-plotly-plot").first.wait_for(timeout=SLOW)
    page.wait_for_timeout(1500)
    during = page.evaluate(BARS)
    box = page.locator("canvas").first.bounding_box()
    page.mouse.move(box["x"] + 0.8 * box["width"], box["y"] + 0.3 * box["height"], steps=8)
    # The pen is still down.
    page.wait_for_function(f"before => ({BARS})() !== before", arg=during, timeout=SLOW)
    page.mouse.up()
    page.get_by_role("button", name="Clear").click()
    page.get_by_text("Nothing drawn yet.").wait_for(timeout=SLOW)
    draw_with_mouse(page)
    page.get_by_text("It’s a 3.").wait_for(timeout=SLOW)
    assert no_sideways_scroll(page)


def test_a_three_drawn_with_a_finger_is_a_three(address, new_page):
    page = new_page(viewport=PHONE, has_touch=True, is_mobile=True)
    page.goto(address)
    draw_with_finger(page)
    page.get_by_text("It’s a 3.").wait_for(timeout=SLOW)
    assert no_sideways_scroll(page)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_phone_shows_verdict_and_all_ten_cells_without_scrolling(address, new_page, theme):
    page = new_page(viewport=PHONE, has_touch=True, is_mobile=True, color_scheme=theme)
    page.goto(address)
    draw_with_finger(page)
    page.get_by_text("It’s a 3.").wait_for(timeout=SLOW)
    page.locator(".lb-figure .js-plotly-plot .bars").first.wait_for(timeout=SLOW, state="attached")
    cells = page.evaluate(CELLS)
    assert len(cells) == 10
    verdict = page.locator(".lb-verdict").bounding_box()
    paper = page.locator("canvas.ink").bounding_box()
    assert (paper["width"], paper["height"]) == pytest.approx((358, 336), abs=4)
    x, y = verdict["x"], verdict["y"]
    for left, top, right, bottom in [
        (x, y, x + verdict["width"], y + verdict["height"]),
        *cells,
    ]:
        assert 0 <= left < right <= PHONE["width"]
        assert paper["y"] + paper["height"] < top < bottom <= PHONE["height"]
    assert verdict["y"] + verdict["height"] < cells[0][1]
    for button in page.locator(".tools button").all():
        assert button.bounding_box()["height"] >= 44
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollTop") == 0
    assert no_sideways_scroll(page)


def test_a_phone_s_pen_width_is_behind_a_button(address, new_page):
    page = new_page(viewport=PHONE, has_touch=True, is_mobile=True)
    page.goto(address)
    canvas_box(page)
    assert not page.get_by_label("Pen width").is_visible()
    page.get_by_role("button", name="Thickness").tap()
    assert page.get_by_label("Pen width").is_visible()


def test_the_drawing_survives_a_change_of_page_and_a_link_reopens_it(address, page, new_page):
    page.goto(address)
    draw_with_mouse(page)
    page.get_by_text("It’s a 3.").wait_for(timeout=SLOW)
    page.wait_for_url(re.compile("image=ink"), timeout=SLOW)
    link, sentence = page.url, page.locator(".lb-verdict").inner_text()
    page.get_by_role("link", name="Rotate").click()
    page.get_by_role("heading", name="Rotate").wait_for(timeout=SLOW)
    page.locator(".lb-verdict").wait_for(timeout=SLOW)
    page.get_by_role("link", name="Draw").click()
    page.get_by_text("It’s a 3.").wait_for(timeout=SLOW)
    other = new_page()
    other.goto(link)
    other.get_by_text("It’s a 3.").wait_for(timeout=SLOW)
    assert other.locator(".lb-verdict").inner_text() == sentence


def test_settings_and_steps_survive_a_change_of_page(address, page):
    page.goto(address)
    passes = page.get_by_label("Passes", exact=True)
    passes.wait_for(timeout=SLOW)
    page.get_by_role("link", name="Rotate").click()
    page.wait_for_url(re.compile("rotate.*passes=1000"), timeout=SLOW)
    assert passes.input_value() == "1000"
    passes.fill("200")
    passes.press("Enter")
    page.wait_for_url(re.compile("passes=200"), timeout=SLOW)
    page.get_by_role("slider").press("ArrowRight")
    page.wait_for_url(re.compile("angle=1&|angle=1$"), timeout=SLOW)
    page.get_by_role("link", name="Blend").click()
    page.wait_for_url(re.compile("blend.*passes=200"), timeout=SLOW)
    page.get_by_role("link", name="Rotate").click()
    page.wait_for_url(re.compile("rotate.*passes=200"), timeout=SLOW)
    assert re.search("angle=1(&|$)", page.url)
    assert page.get_by_role("slider").input_value() == "1"


def test_a_field_left_empty_keeps_the_last_number(address, page):
    page.goto(address)
    passes = page.get_by_label("Passes", exact=True)
    passes.fill("300")
    passes.press("Enter")
    page.wait_for_url(re.compile("passes=300"), timeout=SLOW)
    passes.fill("")
    passes.press("Enter")
    page.wait_for_timeout(1500)
    assert "passes=300" in page.url


def test_a_drawing_too_long_for_a_link_says_so_until_it_is_cleared(address, page):
    rng = np.random.default_rng(0)
    scribble = Ink(tuple(tuple(map(tuple, rng.random((100, 2)))) for _ in range(70)))
    page.goto(f"{address}/?image=ink:{encode_ink(scribble)}&passes=200")
    page.locator(".lb-verdict").wait_for(timeout=SLOW)
    page.get_by_text("too long for a link").wait_for(timeout=SLOW)
    page.wait_for_function("location.search.length < 100", timeout=SLOW)
    assert "image" not in page.url and "passes=200" in page.url
    page.get_by_role("button", name="Copy link").click()
    page.get_by_role("button", name="Too long for a link").wait_for(timeout=SLOW)
    page.get_by_role("button", name="Clear").click()
    draw_with_mouse(page)
    page.wait_for_url(re.compile("image=ink"), timeout=SLOW)
    assert page.get_by_text("too long for a link").count() == 0


def test_draw_one_for_me_writes_a_digit(address, page):
    page.goto(address)
    canvas_box(page)
    page.get_by_role("button", name="Draw one for me").click()
    page.locator(".lb-verdict").wait_for(timeout=SLOW)


def test_a_one_turned_by_90_degrees_raises_the_entropy(address, page):
    page.goto(f"{address}/rotate?image=hand:1-0&angle=0")
    page.locator(".lb-verdict").wait_for(timeout=SLOW)
    upright = entropy(page)
    page.goto(f"{address}/rotate?image=hand:1-0&angle=90")
    page.get_by_text("Turned by 90°").wait_for(timeout=SLOW)
    page.locator(".lb-verdict").wait_for(timeout=SLOW)
    assert entropy(page) > upright + 0.1
    assert no_sideways_scroll(page)


def test_a_four_blended_with_a_one_raises_the_entropy(address, page, mnist_data):
    page.goto(f"{address}/blend?image=mnist:4&image2=mnist:5&alpha=0")
    page.locator(".lb-verdict").wait_for(timeout=SLOW)
    alone = entropy(page)
    page.goto(f"{address}/blend?image=mnist:4&image2=mnist:5&alpha=1")
    page.get_by_text("Blended, alpha 1").wait_for(timeout=SLOW)
    page.locator(".lb-verdict").wait_for(timeout=SLOW)
    assert entropy(page) > alone


def test_a_picture_from_the_gallery_is_taken(address, page):
    page.goto(f"{address}/rotate?image=hand:1-0")
    page.locator(".lb-verdict").wait_for(timeout=SLOW)
    page.get_by_role("button", name=re.compile("Digit:")).click()
    choice = page.locator("button[data-name]").nth(3)
    name = choice.get_attribute("data-name", timeout=SLOW)
    choice.click()
    page.wait_for_url(re.compile(re.escape(name.replace(":", "%3A"))), timeout=SLOW)


def test_a_damaged_upload_is_refused_in_a_sentence(address, page):
    page.goto(address)
    draw_with_mouse(page)
    page.get_by_text("It’s a 3.").wait_for(timeout=SLOW)
    page.get_by_role("button", name="Use a photo").click()
    page.locator("input[type=file]").set_input_files(
        {"name": "broken.png", "mimeType": "image/png", "buffer": b"\x89PNG\r\n\x1a\nnothing"}
    )
    page.get_by_text(re.compile("broken.png")).last.wait_for(timeout=SLOW)
    page.get_by_text(re.compile("Expected a PNG")).wait_for(timeout=SLOW)
    assert page.get_by_text("It’s a 3.").count()


@pytest.mark.parametrize(
    "path", ["", "rotate?image=hand:1-0", "blend?image=hand:4-0&image2=hand:1-0"]
)
@pytest.mark.parametrize("viewport", [WIDE, PHONE], ids=["wide", "phone"])
def test_no_page_scrolls_sideways_or_shows_an_exception(address, new_page, path, viewport):
    page = new_page(viewport=viewport)
    page.goto(f"{address}/{path}")
    place = ".lb-verdict" if path else ".lb-empty"
    page.locator(place).wait_for(timeout=SLOW)
    assert no_sideways_scroll(page)
    assert not page.locator(".stException").count()


def test_plotly_is_there_before_the_first_figure(address, page):
    page.goto(address)
    page.get_by_text("Nothing drawn yet.").wait_for(timeout=SLOW)
    page.wait_for_function("() => Boolean(window.Plotly)", timeout=SLOW)
    assert page.locator(".js-plotly-plot").count() == 0


def test_the_first_visitor_of_a_link_to_a_page_gets_the_whole_app(serve, page):
    # A server of its own: only its first run ever is in danger.
    page.goto(f"{serve('app.py', LABRADOR_TEST_SERVER='fresh')}/blend")
    page.get_by_role("heading", name="Blend").wait_for(timeout=SLOW)
    page.get_by_role("link", name="Rotate").wait_for(timeout=SLOW)
    assert page.get_by_role("link", name="app", exact=True).count() == 0
