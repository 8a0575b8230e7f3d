"""A model is brought, drawn on, and seen by nobody else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.e2e.conftest import SLOW
from tests.e2e.test_app import BARS, THREE, canvas_box

pytestmark = pytest.mark.e2e

NAMES = ["cat", "<b>sausage dog</b>", "shoe"]


@pytest.fixture(scope="module")
def model_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small network of three classes that gives logits."""
    import keras

    keras.utils.set_random_seed(1)
    model = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            keras.layers.Conv2D(4, 5, strides=3, activation="relu"),
            keras.layers.SpatialDropout2D(0.3),
            keras.layers.Flatten(),
            keras.layers.Dense(3),
        ],
        name="pets",
    )
    path = tmp_path_factory.mktemp("models") / "pets.keras"
    model.save(path)
    return path


def bring(page: Any, address: str, path: Path) -> None:
    """Upload a model and wait for what is found out about it."""
    page.goto(f"{address}/models?view=bring")
    page.locator("input[type=file]").first.wait_for(state="attached", timeout=SLOW)
    page.locator(".st-key-bring\\.file input[type=file], input[type=file]").first.set_input_files(
        str(path)
    )
    page.get_by_text("Two passes differ").first.wait_for(timeout=SLOW)


def test_a_model_is_brought_named_and_drawn_on_and_nobody_else_sees_it(
    address, new_page, model_file
):
    page = new_page()
    bring(page, address, model_file)
    card = page.locator(".st-key-bring-card")
    assert "3 classes: logits" in card.inner_text()
    card.get_by_text("Names", exact=True).click()
    names = card.get_by_role("textbox", name="Their names")
    names.fill("\n".join(NAMES))
    names.press("Control+Enter")
    card.get_by_role("button", name="Use this network").click()
    own = page.locator("[class*=st-key-network-own]")
    own.get_by_text("asked on every page").wait_for(timeout=SLOW)
    assert page.locator("b", has_text="sausage dog").count() == 0  # its name stays text

    own.get_by_role("link", name="Draw").click()
    box = canvas_box(page)
    points = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in THREE]
    page.mouse.move(*points[0])
    page.mouse.down()
    for point in points[1:]:
        page.mouse.move(*point)
    page.mouse.up()
    page.wait_for_function(f"() => JSON.parse(({BARS})() || '[]').length >= 3", timeout=SLOW)
    page.get_by_text("How 1,000 passes score each class").wait_for(timeout=SLOW)
    verdict = page.locator(".lb-verdict").inner_text()
    assert any(f"“{name}”" in verdict for name in NAMES)
    page.wait_for_url("**network=own-**", timeout=SLOW)
    link = page.url

    # Another browser is not shown it, not even by its link.
    other = new_page()
    other.goto(link)
    other.get_by_text("A part of the link could not be used").wait_for(timeout=SLOW)
    assert "which was brought for one visit only" in other.locator("body").inner_text()
    other.locator("[data-testid=stSidebar]").get_by_text("Network: ").first.wait_for(timeout=SLOW)
    other.goto(f"{address}/models?view=bring")
    other.get_by_text("Shipped with Labrador").first.wait_for(timeout=SLOW)
    assert other.locator("[class*=st-key-network-own]").count() == 0
    assert "pets" not in other.locator("body").inner_text()

    # And it goes when it is removed.
    page.get_by_role("link", name="Models").click()
    page.get_by_role("button", name="Remove", exact=True).click()
    own.wait_for(state="detached", timeout=SLOW)
    page.locator("[data-testid=stSidebar]").get_by_text("Network: ").first.wait_for(timeout=SLOW)


def test_a_file_that_is_no_model_is_refused_and_all_else_stays(address, page, tmp_path):
    bad = tmp_path / "bad.keras"
    bad.write_bytes(b"PK\x03\x04 but no more than that")
    page.goto(f"{address}/models?view=bring")
    page.locator("input[type=file]").first.wait_for(state="attached", timeout=SLOW)
    page.locator("input[type=file]").first.set_input_files(str(bad))
    page.get_by_text("bad.keras is not opened.").wait_for(timeout=SLOW)
    assert page.locator("[class*=st-key-network-own]").count() == 0
