"""The experiments as people use them: played, clicked, walked by keys, compared, taken home."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageSequence

from core.experiments import load_sweep
from core.uncertainty import predictive_entropy
from tests.e2e.conftest import PHONE, SLOW

pytestmark = pytest.mark.e2e

ONE = "rotate?image=hand:1-0&passes=200"
# The counts of the ten histograms, and how many frames were drawn without any bar.
COUNTS = """() => {
  const plot = document.querySelector('.st-key-rotate-histograms .js-plotly-plot');
  return plot && plot.data ? plot.data.slice(0, 10).map((trace) => Array.from(trace.y)) : null;
}"""
WATCH = """() => {
  window.tags = [];
  window.blank = 0;
  document.addEventListener('labrador:figure', ({ detail }) => {
    if (detail.name === 'rotate.histograms') window.tags.push(detail.tag.split('@')[1]);
  });
  const look = () => {
    const bars = document.querySelectorAll('.st-key-rotate-histograms .js-plotly-plot .bars path');
    if (!bars.length) window.blank += 1;
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}"""


def opened(page: Any, url: str) -> None:
    page.goto(url)
    page.locator(".lb-verdict").wait_for(timeout=SLOW)
    page.wait_for_function(f"() => ({COUNTS})() !== null", timeout=SLOW)


def angle_of(page: Any, degrees: str) -> None:
    """Wait until the address says that an angle is looked at."""
    page.wait_for_url(re.compile(rf"angle={degrees}(&|$)"), timeout=SLOW)


def saved(page: Any, label: str, folder: Path) -> Path:
    """Click one of the ways to take a sweep home."""
    button = page.get_by_role("button", name=label)
    if not button.is_visible():
        page.get_by_role("button", name="Take home").click()
    with page.expect_download(timeout=SLOW) as download:
        button.click()
    path = folder / str(download.value.suggested_filename)
    download.value.save_as(path)
    return path


def test_play_walks_every_step_in_order_and_no_frame_is_blank(address, page):
    opened(page, f"{address}/{ONE}")
    page.evaluate(WATCH)
    page.get_by_label("Speed").select_option("10")
    page.get_by_role("button", name="Play").click()
    page.wait_for_function("window.tags.length >= 12", timeout=SLOW)
    page.get_by_role("button", name="Pause").click()
    tags = page.evaluate("window.tags")
    assert tags[:12] == [str(10 * k) for k in range(1, 13)]
    assert page.evaluate("window.blank") == 0
    page.wait_for_timeout(800)
    stopped = len(page.evaluate("window.tags"))
    page.wait_for_timeout(800)
    assert len(page.evaluate("window.tags")) == stopped
    bottom = page.evaluate(
        "document.querySelector('.st-key-rotate-histograms').getBoundingClientRect().bottom"
    )
    assert bottom <= 900 + 1  # what plays was brought into sight


def test_play_goes_round(address, page):
    opened(page, f"{address}/{ONE}&angle=340")
    page.evaluate(WATCH)
    page.get_by_label("Speed").select_option("10")
    page.get_by_role("button", name="Play").click()
    page.wait_for_function("window.tags.length >= 3", timeout=SLOW)
    assert page.evaluate("window.tags.slice(0, 3)") == ["350", "0", "10"]


def test_a_click_on_a_step_shows_its_histograms(address, page):
    opened(page, f"{address}/{ONE}")
    before = page.evaluate(COUNTS)
    box = page.locator(".st-key-rotate-sweep .js-plotly-plot").bounding_box()
    x, y = page.evaluate("""() => {
      const plot = document.querySelector('.st-key-rotate-sweep .js-plotly-plot');
      const axis = plot._fullLayout.xaxis;
      return [axis._offset + axis.d2p(90), 100];
    }""")
    page.mouse.click(box["x"] + x, box["y"] + y)
    angle_of(page, "90")
    page.get_by_text("Turned by 90°").wait_for(timeout=SLOW)
    page.wait_for_function(
        f"before => JSON.stringify(({COUNTS})()) !== JSON.stringify(before)",
        arg=before,
        timeout=SLOW,
    )
    assert [sum(counts) for counts in page.evaluate(COUNTS)] == [200] * 10


def test_arrow_keys_and_space_do_what_the_buttons_do(address, page):
    opened(page, f"{address}/{ONE}")
    page.keyboard.press("ArrowRight")
    angle_of(page, "10")
    page.keyboard.press("ArrowLeft")
    angle_of(page, "0")
    page.keyboard.press("ArrowLeft")
    angle_of(page, "350")
    page.keyboard.press(" ")
    page.get_by_role("button", name="Pause").wait_for(timeout=SLOW)
    page.keyboard.press(" ")
    page.get_by_role("button", name="Play").wait_for(timeout=SLOW)


def test_arrow_keys_in_a_field_stay_in_the_field(address, page):
    opened(page, f"{address}/{ONE}")
    page.get_by_label("Seed", exact=True).press("ArrowLeft")
    page.wait_for_timeout(800)
    assert "angle=0" in page.url


def test_all_exports_open_and_agree_with_each_other(address, page, new_page, tmp_path):
    opened(page, f"{address}/{ONE}&seed=3")
    result = load_sweep(saved(page, "Everything, NPZ", tmp_path))
    assert (result.num_steps, result.num_samples, result.seed) == (36, 200, 3)
    assert result.recipe.references == ("hand:1-0",)
    with np.load(tmp_path / "labrador-rotation-hand-1-0.npz") as arrays:
        assert arrays["probs_tnc"].shape == (200, 36, 10)
        np.testing.assert_allclose(arrays["probs_tnc"].mean(axis=0), result.summary.mean, atol=1e-4)
    rows = list(csv.DictReader(io.StringIO(saved(page, "Table, CSV", tmp_path).read_text())))
    entropies = [float(row["predictive_entropy"]) for row in rows]
    assert entropies == pytest.approx(predictive_entropy(result.summary).tolist(), abs=1e-5)
    with Image.open(saved(page, "Animation, GIF", tmp_path)) as gif:
        frames = [frame.info["duration"] for frame in ImageSequence.Iterator(gif)]
        assert (gif.format, frames) == ("GIF", [200] * 36)
    other = new_page()
    other.goto(saved(page, "Animation, web page", tmp_path).as_uri())
    other.locator(".js-plotly-plot .bars path").first.wait_for(timeout=SLOW, state="attached")


def test_a_pinned_sweep_lies_under_the_next_one(address, page):
    opened(page, f"{address}/{ONE}")
    names = """() => document.querySelector('.st-key-rotate-sweep .js-plotly-plot').data
      .map((trace) => trace.name)"""
    assert not [name for name in page.evaluate(names) if "Handwriting" in name]
    page.get_by_role("button", name="Compare").click()
    page.get_by_role("button", name="Pin this sweep").click()
    page.get_by_role("button", name="Beside: Handwriting 0, a 1").wait_for(timeout=SLOW)
    page.keyboard.press("Escape")
    seed = page.get_by_label("Seed", exact=True)
    seed.fill("7")
    seed.press("Enter")
    page.wait_for_url(re.compile("seed=7"), timeout=SLOW)
    page.wait_for_function(
        f"() => ({names})().some((name) => name.startsWith('Handwriting 0, a 1, seed 0'))",
        timeout=SLOW,
    )
    pinned = [name for name in page.evaluate(names) if name.startswith("Handwriting")]
    assert len(pinned) == len(set(pinned)) == 3  # one line a panel


def test_a_truncated_sweep_is_refused_in_a_sentence_and_the_page_lives_on(address, page, tmp_path):
    opened(page, f"{address}/{ONE}")
    data = saved(page, "Everything, NPZ", tmp_path).read_bytes()
    assert zipfile.is_zipfile(io.BytesIO(data))
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Compare").click()
    upload = page.locator("input[type=file]")
    upload.set_input_files(
        {"name": "half.npz", "mimeType": "application/zip", "buffer": data[: len(data) // 2]}
    )
    page.get_by_text(re.compile("half.npz cannot be used: expected a sweep")).wait_for(timeout=SLOW)
    upload.set_input_files({"name": "whole.npz", "mimeType": "application/zip", "buffer": data})
    page.get_by_role("button", name="Beside: Handwriting 0, a 1").wait_for(timeout=SLOW)
    assert page.locator(".lb-verdict").is_visible()


def test_a_long_sweep_fills_in_step_by_step(address, page):
    page.goto(f"{address}/rotate?image=hand:2-0&passes=20000")
    growing = page.get_by_text(re.compile(r"\d+ of 36 steps so far"))
    growing.wait_for(timeout=SLOW)
    steps = """() => {
      const plot = document.querySelector('.st-key-rotate-sweep .js-plotly-plot');
      return plot && plot.data ? plot.data[0].x.length : 0;
    }"""
    page.wait_for_function(f"() => ({steps})() > 0", timeout=SLOW)
    first = page.evaluate(steps)
    assert first < 36
    page.wait_for_function(f"first => ({steps})() > first", arg=first, timeout=SLOW)
    page.wait_for_function(f"() => ({steps})() === 36", timeout=SLOW)
    growing.wait_for(state="hidden", timeout=SLOW)


def test_as_in_the_post_sets_the_image_and_lays_its_curves_over(address, page, mnist_data):
    opened(page, f"{address}/rotate?image=mnist:7&passes=200&from=90&steps=12")
    page.get_by_role("button", name="As in the post").click()
    page.wait_for_url(re.compile("mnist%3A5.*show=post"), timeout=SLOW)
    assert "steps=" not in page.url and "from=" not in page.url
    page.wait_for_function(
        """() => document.querySelector('.st-key-rotate-sweep .js-plotly-plot').data
          .some((trace) => trace.name === 'the post, predictive entropy' && trace.y[5] === 1.94)""",
        timeout=SLOW,
    )


def test_a_refused_step_names_the_limit_and_the_limit_is_drawn(address, page):
    opened(page, f"{address}/{ONE}&angle=90&policy=variation_ratio:0.001")
    why = page.locator(
        ".lb-why", has_text=re.compile(r"^Variation ratio is \S+, over the limit of")
    )
    why.wait_for(timeout=SLOW)
    panel = """() => {
      const plot = document.querySelector('.st-key-rotate-sweep .js-plotly-plot');
      const trace = plot.data.find((each) => each.name === 'variation ratio');
      const lines = plot.layout.shapes.filter((each) => each.type === 'line');
      return trace ? [trace.yaxis, ...lines.map((each) => each.yref)] : [];
    }"""
    assert page.evaluate(panel) == ["y5", "y5"]


def test_noise_buries_a_digit(address, page):
    page.goto(f"{address}/noise?image=hand:4-0&noise=0.9&passes=200")
    page.get_by_text("90% of the pixels replaced").wait_for(timeout=SLOW)
    page.locator(".lb-verdict").wait_for(timeout=SLOW)
    row = page.locator(".lb-measure", has_text="Predictive entropy")
    assert float(row.locator("b").inner_text()) > 1.5


@pytest.mark.parametrize("path", ["rotate", "blend", "noise"])
def test_a_phone_plays_too(address, new_page, path):
    page = new_page(viewport=PHONE, has_touch=True, is_mobile=True)
    page.goto(f"{address}/{path}?passes=200&show=parts,plain")
    page.locator(".lb-verdict").wait_for(timeout=SLOW)
    play = page.get_by_role("button", name="Play")
    assert play.bounding_box()["height"] >= 44
    before = page.url
    play.tap()
    page.wait_for_function("before => location.href !== before", arg=before, timeout=SLOW)
    page.get_by_role("button", name="Pause").tap()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
