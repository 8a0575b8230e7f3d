"""Comparing networks in a real browser: one drawing, all rows, and a network that is not there."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from typing import Any

import pytest

from core.experiments.zoo_table_file import zoo_table_path
from tests.e2e.conftest import PHONE, SLOW
from tests.e2e.test_app import no_sideways_scroll, places
from tests.pages.parts.zoos import made_zoo

pytestmark = pytest.mark.e2e

ANSWERED = "document.querySelectorAll('.lb-zoo .says').length"
# Of each row: where it is on the screen, and what it says.
ROWS = """() => [...document.querySelectorAll('.lb-zoo tbody tr')].map((row) => {
  const { left, top, width, height } = row.getBoundingClientRect();
  return [[left, top, width, height].map(Math.round), row.innerText];
})"""
# Resolves once the table has changed while the pen is down.
CHANGED = """(before) => document.querySelector('.lb-zoo').dataset.tag !== before"""


@pytest.fixture(scope="module")
def view(serve: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> str:
    """The comparison of a zoo in which one network's file is damaged."""
    folder = made_zoo(tmp_path_factory.mktemp("zoo") / "models")
    shutil.copy(zoo_table_path(), folder)
    weights = folder / "rate-01.keras"
    weights.write_bytes(weights.read_bytes()[:-1] + b"x")
    return serve("tests/e2e/apps/compare.py", LABRADOR_TEST_MODELS=str(folder))


def test_all_rows_follow_the_pen_and_a_damaged_network_s_row_says_so(view: str, page: Any) -> None:
    page.goto(view)
    page.get_by_text("loading …").first.wait_for(timeout=SLOW)
    page.wait_for_function(f"{ANSWERED} === 8", timeout=2 * SLOW)
    page.get_by_text("loading …").first.wait_for(state="detached", timeout=SLOW)
    before = page.evaluate(ROWS)
    assert len(before) == 9
    assert "weights of the network rate-01 were changed" in before[1][1]
    tag = page.locator(".lb-zoo").get_attribute("data-tag")

    canvas = page.locator("canvas.ink")
    box = canvas.bounding_box()
    (x, y), *rest = places(box)
    page.mouse.move(x, y)
    page.mouse.down()
    for x, y in rest:
        page.mouse.move(x, y, steps=3)
        page.wait_for_timeout(40)
    page.wait_for_function(CHANGED, arg=tag, timeout=SLOW)  # the pen is still down
    during = page.evaluate(ROWS)
    page.get_by_text("200 passes each while the pen moves").wait_for(timeout=SLOW)
    page.mouse.up()
    page.get_by_text("1,000 passes each, seed 0").wait_for(timeout=SLOW)
    page.wait_for_url("**image=ink*", timeout=SLOW)
    after = page.evaluate(ROWS)
    for k, row in enumerate(after):
        assert row[0] == before[k][0] == during[k][0]  # nothing moves
        assert (row[1] == before[k][1]) == (k == 1)
        assert k == 1 or "\n3\n" in row[1].replace("\t", "\n")
    page.get_by_text("more unusual than").first.wait_for(timeout=SLOW)


def test_a_phone_shows_all_rows_without_scrolling_sideways(
    view: str, new_page: Callable[..., Any]
) -> None:
    page = new_page(viewport=PHONE, has_touch=True, is_mobile=True)
    page.goto(view)
    page.wait_for_function(f"{ANSWERED} === 8", timeout=2 * SLOW)
    page.get_by_text("What does one pass buy").wait_for(timeout=SLOW)
    assert no_sideways_scroll(page)
    # Not even what is there for who cannot see may reach out of the tables' own boxes.
    main = page.locator("[data-testid=stMain]")
    assert main.evaluate("(each) => each.scrollWidth <= each.clientWidth")
    box = page.locator(".lb-zoo-box").first
    assert box.evaluate("(each) => each.scrollWidth > each.clientWidth")
    right = page.evaluate(
        "Math.max(...[...document.querySelectorAll('.lb-zoo *')]"
        ".filter((each) => !each.closest('.lb-unseen'))"
        ".map((each) => each.getBoundingClientRect().right))"
    )
    assert right <= PHONE["width"]


def test_the_views_are_reached_by_keyboard_and_stand_in_the_link(address: str, page: Any) -> None:
    page.goto(f"{address}/models")
    control = page.get_by_role("radiogroup", name="View")
    control.wait_for(timeout=SLOW)
    page.get_by_text("The same digit through all of them").wait_for(timeout=SLOW)
    bring = page.get_by_role("radio", name="Bring your own")
    bring.focus()
    page.keyboard.press("Enter")
    page.get_by_text("Shipped with Labrador").wait_for(timeout=SLOW)
    page.wait_for_url("**view=bring*", timeout=SLOW)
    page.goto(f"{address}/models?view=values")
    page.locator(".lb-figure").first.wait_for(timeout=SLOW)
    assert page.get_by_text("Shipped with Labrador").count() == 0
