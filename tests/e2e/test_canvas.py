"""The canvas in a real browser: mouse, fingers, keys, and ink that Python puts there."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from core.images import Ink, write_digit
from core.images.pen_motion import POINT_RATE
from pages.parts.style import token_css
from tests.e2e.conftest import PHONE

pytestmark = pytest.mark.e2e

PARTS = Path(__file__).parents[2] / "pages" / "parts"
SEVEN = write_digit(7, 1)  # crossed: two strokes; what the app writes
SLOW = 60_000  # milliseconds
LOG = """() => {
  window.messages = [];
  document.addEventListener("labrador:ink", (event) => window.messages.push(event.detail));
}"""


@pytest.fixture(scope="module")
def address(serve: Callable[..., str]) -> str:
    """The app with a canvas and a figure, without the network."""
    return serve("tests/e2e/apps/live.py")


def opened(page: Any, address: str) -> Any:
    """The page once its canvas and figure are there."""
    page.goto(address)
    page.locator(".lb-figure[data-tag]").wait_for(timeout=SLOW)
    page.evaluate(LOG)
    return page


def says(page: Any, words: str) -> None:
    """Wait until Python says what is on the canvas."""
    page.locator("#state", has_text=words).wait_for(timeout=SLOW)


def place(page: Any, x: float, y: float) -> tuple[float, float]:
    """A point of the unit square, on the screen."""
    box = page.locator("canvas.ink").bounding_box()
    side = min(box["width"], box["height"])
    return (
        box["x"] + (box["width"] - side) / 2 + x * side,
        box["y"] + (box["height"] - side) / 2 + y * side,
    )


def stroke(page: Any, *points: tuple[float, float], lift: bool = True) -> None:
    """Draw one stroke with the mouse."""
    page.mouse.move(*place(page, *points[0]))
    page.mouse.down()
    for point in points[1:]:
        page.mouse.move(*place(page, *point), steps=6)
    if lift:
        page.mouse.up()


def ink_colour(page: Any, x: float, y: float) -> list[int]:
    """Red, green, blue and alpha of the canvas at a point."""
    return list(
        page.locator("canvas.ink").evaluate(
            """(canvas, [x, y]) => [...canvas.getContext("2d").getImageData(
                 Math.round(x * canvas.width), Math.round(y * canvas.height), 1, 1).data]""",
            [x, y],
        )
    )


def is_inked(page: Any, x: float, y: float, *, yes: bool = True) -> None:
    """Wait until a point of the canvas has ink, or none: words and ink come one after the other."""
    page.wait_for_function(
        """([x, y, alpha]) => {
          const canvas = document.querySelector('canvas.ink') ??
            [...document.querySelectorAll('*')].map((each) => each.shadowRoot)
              .find((root) => root?.querySelector('canvas.ink'))?.querySelector('canvas.ink');
          return canvas.getContext('2d').getImageData(
            Math.round(x * canvas.width), Math.round(y * canvas.height), 1, 1).data[3] === alpha;
        }""",
        arg=[x, y, 255 if yes else 0],
    )


def test_a_stroke_is_sent_while_it_is_drawn_and_once_more_at_pen_up(address, page):
    opened(page, address)
    stroke(page, (0.3, 0.2), (0.7, 0.2), (0.5, 0.8), lift=False)
    says(page, "1 strokes")
    says(page, "pen down")
    page.mouse.up()
    says(page, "pen up")
    downs = page.evaluate("window.messages.map((message) => message.pen_down)")
    assert downs[:-1] == [True] * (len(downs) - 1) and downs[-1] is False
    assert ink_colour(page, 0.5, 0.2)[3] == 255


def test_undo_takes_a_stroke_back_and_brings_back_what_was_cleared(address, page):
    opened(page, address)
    stroke(page, (0.3, 0.2), (0.7, 0.2))
    stroke(page, (0.5, 0.2), (0.5, 0.8))
    says(page, "2 strokes")
    page.get_by_role("button", name="Undo").click()
    says(page, "1 strokes")
    page.get_by_role("button", name="Clear").click()
    says(page, "0 strokes")
    page.get_by_role("button", name="Undo").click()
    says(page, "1 strokes")


def test_a_digit_can_be_drawn_undone_and_cleared_by_keyboard(address, page):
    opened(page, address)
    page.locator("canvas.ink").focus()
    for key in ["ArrowUp"] * 4 + [" "] + ["ArrowDown"] * 8 + [" "]:
        page.keyboard.press(key)
    says(page, "1 strokes, 9 points, pen up")
    assert ink_colour(page, 0.5, 0.5)[3] == 255
    page.keyboard.press("Control+z")
    says(page, "0 strokes")
    page.keyboard.press(" ")
    page.keyboard.press(" ")
    says(page, "1 strokes, 1 points, pen up")
    page.keyboard.press("Delete")
    says(page, "0 strokes")


def test_only_the_first_finger_draws(address, new_page):
    page = opened(new_page(viewport=PHONE, has_touch=True, is_mobile=True), address)
    session = page.context.new_cdp_session(page)

    def touch(kind: str, *points: tuple[float, float]) -> None:
        at = [dict(zip("xy", place(page, *p), strict=True), id=i) for i, p in enumerate(points)]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": at})

    touch("touchStart", (0.2, 0.2))
    touch("touchMove", (0.2, 0.4))
    touch("touchStart", (0.2, 0.4), (0.8, 0.8))
    touch("touchMove", (0.2, 0.6), (0.8, 0.6))
    touch("touchEnd")
    says(page, "1 strokes")
    says(page, "pen up")
    assert ink_colour(page, 0.8, 0.7)[3] == 0


def test_a_phone_shows_the_networks_image_in_the_corner_while_the_pen_is_up(address, new_page):
    page = opened(new_page(viewport=PHONE), address)
    corner = page.locator(".corner")
    stroke(page, (0.3, 0.2), (0.7, 0.2), lift=False)
    says(page, "1 strokes")
    page.wait_for_function(
        "c => getComputedStyle(c).opacity === '0'", arg=corner.element_handle(), timeout=SLOW
    )
    page.mouse.up()
    page.wait_for_function(
        "c => getComputedStyle(c).opacity === '1'", arg=corner.element_handle(), timeout=SLOW
    )
    for button in page.locator(".tools button").all():
        assert button.bounding_box()["height"] >= 44
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_draw_one_for_me_writes_while_the_figure_follows(address, page):
    opened(page, address)
    page.get_by_role("button", name="Draw one for me").click()
    says(page, f"2 strokes, {SEVEN.num_points} points, pen up")
    downs = page.evaluate("window.messages.slice(1).map((message) => message.pen_down)")
    assert downs.count(True) >= 2 and downs[-1] is False


def test_draw_one_for_me_is_there_at_once_where_motion_is_unwanted(address, new_page):
    page = opened(new_page(reduced_motion="reduce"), address)
    page.get_by_role("button", name="Draw one for me").click()
    says(page, f"2 strokes, {SEVEN.num_points} points, pen up")
    assert page.evaluate("window.messages.length") == 2  # the wish, and the ink


def test_the_drawing_survives_a_change_of_page(address, page):
    opened(page, address)
    stroke(page, (0.3, 0.2), (0.7, 0.2))
    says(page, "1 strokes")
    page.get_by_role("link", name="Sweep").click()
    page.get_by_role("heading", name="Sweep").wait_for(timeout=SLOW)
    page.get_by_role("link", name="Draw").click()
    says(page, "1 strokes")
    page.wait_for_function("() => document.querySelector('.lb-figure[data-tag]')", timeout=SLOW)
    is_inked(page, 0.5, 0.2)
    stroke(page, (0.5, 0.2), (0.5, 0.8))
    says(page, "2 strokes")


def test_ink_from_python_replaces_the_drawing_and_can_be_undone(address, page):
    opened(page, address)
    stroke(page, (0.2, 0.2), (0.8, 0.2))
    says(page, "1 strokes")
    page.get_by_role("button", name="Put a one").click()
    says(page, "1 strokes, 2 points")
    is_inked(page, 0.5, 0.7)
    is_inked(page, 0.2, 0.2, yes=False)
    page.get_by_role("button", name="Undo").click()
    page.wait_for_function("() => !document.querySelector('#state').textContent.includes(' 2 ')")
    is_inked(page, 0.2, 0.2)


def test_the_pen_width_travels_with_the_ink(address, page):
    opened(page, address)
    stroke(page, (0.2, 0.5), (0.8, 0.5))
    says(page, "1 strokes")
    before = page.locator(".panel canvas").evaluate("c => c.toDataURL()")
    assert ink_colour(page, 0.5, 0.55)[3] == 0
    page.get_by_label("Pen width").fill("0.125")
    page.wait_for_function(
        "([canvas, before]) => canvas.toDataURL() !== before",
        arg=[page.locator(".panel canvas").element_handle(), before],
        timeout=SLOW,
    )
    assert ink_colour(page, 0.5, 0.55)[3] == 255


@pytest.mark.parametrize(("scheme", "colour"), [("light", [31, 36, 43]), ("dark", [237, 233, 226])])
def test_the_ink_has_the_themes_colour_and_the_screens_sharpness(address, new_page, scheme, colour):
    page = opened(new_page(color_scheme=scheme, device_scale_factor=2), address)
    stroke(page, (0.2, 0.5), (0.8, 0.5))
    says(page, "1 strokes")
    assert ink_colour(page, 0.5, 0.5)[:3] == colour
    wide, css = page.locator("canvas.ink").evaluate("c => [c.width, c.clientWidth]")
    assert abs(wide - 2 * css) <= 2


# What takes luck to see in the app: messages that cross one another. The module by itself.

MOUNT = """async ([js, html]) => {
  document.body.innerHTML = html;
  const url = URL.createObjectURL(new Blob([js], { type: "text/javascript" }));
  const { default: drawing } = await import(url);
  window.sent = [];
  window.show = (data) => drawing({
    parentElement: document.body.firstElementChild,
    setStateValue: (name, value) => window.sent.push(value),
    data: { revision: 0, replay: false, strokes: [], pen_width: 0.06, pen_widths: [0.02, 0.12],
            point_time: 10, limits: { strokes: 200, points: 8000 }, picture: null, can_write: true,
            may_shrink: true, notice: "", ...data },
  });
}"""
ONE_FLAT = [[1024, 512, 1024, 1536]]


@pytest.fixture
def alone(page):
    """The canvas without Streamlit: `show(data)` is a run, `sent` what it told Python."""
    css = token_css(":root") + (PARTS / "canvas.css").read_text(encoding="utf-8")
    html = (PARTS / "canvas.html").read_text(encoding="utf-8")
    page.set_content("<!doctype html><body></body>")
    page.evaluate(
        MOUNT,
        [
            (PARTS / "canvas.js").read_text(encoding="utf-8"),
            f"<div style='width:364px'><style>{css}</style>{html}</div>",
        ],
    )
    page.evaluate("show({})")
    return page


def last_ink(page: Any) -> Any:
    """Strokes and revision of the newest message."""
    return page.evaluate("(({ strokes, revision }) => [strokes.length, revision])(sent.at(-1))")


def test_an_echo_of_older_ink_changes_nothing(alone):
    stroke(alone, (0.2, 0.5), (0.8, 0.5))
    stroke(alone, (0.5, 0.2), (0.5, 0.8), lift=False)
    alone.evaluate("data => show(data)", {"strokes": ONE_FLAT})
    alone.mouse.up()
    assert last_ink(alone) == [2, 0]


def test_newer_ink_of_python_is_taken_over_and_python_told(alone):
    stroke(alone, (0.2, 0.5), (0.8, 0.5))
    alone.evaluate("data => show(data)", {"strokes": ONE_FLAT, "revision": 1})
    assert last_ink(alone) == [1, 1]
    assert alone.evaluate("sent.at(-1).strokes[0][1]") == [0.5, 0.75]


def test_the_hand_that_draws_wins_over_newer_ink(alone):
    stroke(alone, (0.2, 0.5), (0.8, 0.5))
    stroke(alone, (0.5, 0.2), (0.5, 0.8), lift=False)
    alone.evaluate("data => show(data)", {"strokes": ONE_FLAT, "revision": 1})
    alone.mouse.up()
    assert last_ink(alone) == [2, 1]


def test_a_call_overtaken_by_newer_data_does_not_end_the_component(alone):
    # Streamlit runs the overtaken call's clean-up while the component is on the page.
    stroke(alone, (0.2, 0.5), (0.8, 0.5), lift=False)
    alone.evaluate("show({})()")
    alone.mouse.move(*place(alone, 0.5, 0.8))
    alone.mouse.up()
    alone.get_by_role("button", name="Undo").click()
    assert last_ink(alone) == [0, 0]
    assert alone.evaluate("new Set(sent.map((value) => value.instance)).size") == 1


def test_a_component_that_left_the_page_says_nothing_more(alone):
    alone.evaluate("""() => {
      window.end = show({ strokes: [[1024, 512, 1024, 1536]], revision: 1, replay: true });
      document.body.firstElementChild.remove();
      end();
      window.count = sent.length;
    }""")
    alone.wait_for_timeout(400)
    assert alone.evaluate("sent.length === count")


def test_more_ink_than_the_limit_is_not_taken(alone):
    alone.evaluate("show({ limits: { strokes: 2, points: 12 } })")
    for y in (0.2, 0.4, 0.6):
        stroke(alone, (0.2, y), (0.8, y))
    ink = alone.evaluate("sent.at(-1).strokes")
    assert len(ink) <= 2 and sum(map(len, ink)) <= 12, json.dumps(ink)
    alone.get_by_text("as much ink as a drawing may have").first.wait_for()


# Shows ink that writes itself and looks at every frame: when was each of some places first inked,
# and when was it over?
WATCH = """([data, places]) => new Promise((resolve) => {
  const start = performance.now();
  const canvas = document.querySelector("canvas.ink");
  const seen = places.map(() => null);
  show({ ...data, revision: 1, replay: true });
  const look = () => {
    const now = performance.now() - start;
    const side = Math.min(canvas.width, canvas.height);
    places.forEach(([x, y], i) => {
      const left = Math.round((canvas.width - side) / 2 + x * side);
      const top = Math.round((canvas.height - side) / 2 + y * side);
      if (canvas.getContext("2d").getImageData(left, top, 1, 1).data[3]) seen[i] ??= now;
    });
    if (document.querySelector(".pen-down")) requestAnimationFrame(look);
    else resolve([seen, now]);
  };
  requestAnimationFrame(() => requestAnimationFrame(look));
})"""


def watch(page: Any, ink: Ink, *places: tuple[float, float]) -> tuple[list[float], float]:
    """Milliseconds until each place was inked, and until the pen was up."""
    packed = [[round(2048 * share) for point in s for share in point] for s in ink.strokes]
    seen, end = page.evaluate(WATCH, [{"strokes": packed, "pen_width": 0.04}, places])
    return seen, end


def test_a_digit_of_two_strokes_is_written_stroke_by_stroke_at_the_speed_of_a_hand(alone):
    first, second = SEVEN.strokes
    seen, end = watch(alone, SEVEN, first[5], first[-1], second[0], second[-1])
    assert seen == sorted(seen) and len(set(seen)) == 4
    # Never faster than the hand that Python imagined; a slow machine only ends later.
    pen_time = 1000 * SEVEN.num_points / POINT_RATE
    assert 400 < pen_time < end < 4_000
    assert last_ink(alone) == [2, 1]


def test_a_hand_lingers_where_its_points_are_dense(alone):
    slow = [(0.2 + 0.002 * step, 0.5) for step in range(100)]
    quick = [(0.4 + 0.04 * step, 0.5) for step in range(10)]
    (turn,), end = watch(alone, Ink((tuple(slow + quick),)), (0.4, 0.5))
    assert turn > 0.6 * end


def test_ink_of_few_points_is_not_written_faster_than_a_hand_can(alone):
    _, end = watch(alone, Ink((((0.1, 0.1), (0.9, 0.1), (0.9, 0.9), (0.1, 0.9)),)), (0.9, 0.9))
    assert end > 350
