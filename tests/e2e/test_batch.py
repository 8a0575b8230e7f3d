"""A ZIP with a broken picture is dropped, looked through, and taken home as a table."""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.images import render_ink, write_digit
from tests.e2e.conftest import SLOW

pytestmark = pytest.mark.e2e
HTML = "<img src=x onerror=document.title='hurt'>.png"


@pytest.fixture(scope="module")
def digits(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ZIP of nine digits, of a broken one, and of one with HTML for a name."""
    path = tmp_path_factory.mktemp("batch") / "digits.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for digit in range(1, 10):
            file = io.BytesIO()
            ink = np.round(255 * (1 - render_ink(write_digit(digit, 4), 60))).astype(np.uint8)
            Image.fromarray(ink).save(file, "PNG")
            archive.writestr(f"{digit}/{HTML if digit == 3 else 'digit.png'}", file.getvalue())
        archive.writestr("broken.png", file.getvalue()[:70])
    return path


def test_a_zip_is_answered_looked_through_and_taken_home(address, page, digits, tmp_path):
    page.goto(f"{address}/batch?passes=50&policy=predictive_entropy:2.2")
    page.get_by_text("Pictures, ZIPs of them").wait_for(timeout=SLOW)
    page.locator("input[type=file]").set_input_files(digits)
    run = page.get_by_role("button", name="Run", exact=True)
    run.wait_for(timeout=SLOW)
    page.wait_for_function(
        "() => !document.querySelector('.st-key-batch-run [data-testid=stBaseButton-primary]')"
        "?.disabled",
        timeout=SLOW,
    )
    run.click()
    page.locator(".lb-grid figure").first.wait_for(timeout=SLOW)
    assert page.locator(".lb-grid figure").count() == 9
    page.get_by_text("1 could not be read").wait_for(timeout=SLOW)
    # What looks like HTML is a name and nothing else.
    assert page.title() != "hurt" and page.locator("img[src=x]").count() == 0
    assert page.locator(".lb-grid small", has_text="<img src=x").count() == 1

    page.get_by_role("radio", name="Not read 1").or_(
        page.get_by_role("button", name="Not read 1")
    ).first.click()
    page.locator(".lb-grid").wait_for(state="hidden", timeout=SLOW)
    page.get_by_role("button", name="Take home").click()
    page.get_by_text("The 1 shown").wait_for(timeout=SLOW)
    with page.expect_download(timeout=SLOW) as download:
        page.get_by_role("button", name="Table, CSV: 10 rows").click()
    path = tmp_path / "table.csv"
    download.value.save_as(path)
    rows = list(csv.DictReader(io.StringIO(path.read_text("utf-8"), newline="")))
    assert len(rows) == 10 and rows[-1]["image"] == "broken.png"
    assert "cannot be decoded" in rows[-1]["problem"] and rows[-1]["prediction"] == ""
    assert sum(row["prediction"] == row["label"] for row in rows[:-1]) >= 7
    entropies = [float(row["predictive_entropy"]) for row in rows[:-1]]
    assert entropies == sorted(entropies, reverse=True)
    assert f"3/{HTML}" in {row["image"] for row in rows}


def test_the_table_leads_to_draw(address, page):
    page.goto(f"{address}/batch?passes=20")
    page.get_by_role("button", name="Try it with 100").click(timeout=SLOW)
    page.locator(".lb-grid figure").first.wait_for(timeout=SLOW)
    # The table is drawn on a canvas: the box of its first row is at a known place.
    page.locator("[data-testid=stDataFrame] .dvn-scroller").click(position={"x": 20, "y": 60})
    page.get_by_role("button", name="Open on Draw").click(timeout=SLOW)
    page.get_by_role("button", name="Back to the drawing").wait_for(timeout=SLOW)
    page.locator(".lb-verdict").wait_for(timeout=SLOW)
    assert "img%3A" in page.url or "img:" in page.url
