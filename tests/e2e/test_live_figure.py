"""The live figure in a real browser: changed in place it is what it would be drawn afresh."""

from __future__ import annotations

import gzip
import urllib.request
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.figures import class_histograms_spec, softmax_bars_spec
from core.figures.palette import DARK, LIGHT, PALETTE
from core.inference.samples import McSummary
from pages.parts.server import plotly_url

pytestmark = pytest.mark.e2e

JS = Path(__file__).parents[2] / "pages" / "parts" / "live_figure.js"
SLOW = 60_000  # milliseconds
# Streamlit's place in this: `show(figure)` is a run, and resolves once the figure is on screen.
MOUNT = """async ([js, palette, plotly]) => {
  document.body.innerHTML = "<div id='place' style='width:716px'></div>";
  const url = URL.createObjectURL(new Blob([js], { type: "text/javascript" }));
  const { default: live } = await import(url);
  let runs = 0;
  window.selected = [];
  window.show = (figure, options = {}) => new Promise((resolve) => {
    const tag = `run ${++runs}`;
    document.addEventListener("labrador:figure", function shown(event) {
      if (event.detail.tag !== tag) return;
      document.removeEventListener("labrador:figure", shown);
      requestAnimationFrame(resolve);
    });
    window.end = live({
      parentElement: document.getElementById("place"),
      setTriggerValue: (name, value) => window.selected.push(value),
      data: { figure, palette, plotly, tag, name: "figure", label: "A figure", height: 300,
              hover: false, selectable: false, narrow: null, ...options },
    });
  });
}"""
# Everything that is drawn: paths with what they look like, and texts.
DRAWN = """() => [...document.querySelectorAll(
    ".barlayer path, .scatterlayer path, .shapelayer path, #place svg text")]
  .filter((e) => e.getAttribute("d") !== "M0,0Z")
  .map((e) => [e.tagName, e.getAttribute("d"), e.textContent, e.style.fill, e.style.fillOpacity,
               e.style.stroke, e.style.strokeWidth].join(" "))"""


@pytest.fixture(scope="module")
def address(serve: Callable[..., str]) -> str:
    """The app with a canvas and figures, without the network."""
    return serve("tests/e2e/apps/live.py")


@pytest.fixture
def alone(page, address):
    """The component without Streamlit; plotly.js comes from the running server."""
    html = "<!doctype html><html style='color-scheme:light dark'><body>"
    page.route("**/alone", lambda route: route.fulfill(body=html, content_type="text/html"))
    page.goto(f"{address}/alone")
    page.evaluate(MOUNT, [JS.read_text(encoding="utf-8"), dict(PALETTE), plotly_url()])
    return page


def summary(seed: int) -> McSummary:
    """Softmax samples of 200 passes that are now sure, now torn."""
    rng = np.random.default_rng(seed)
    logits = 4.0 * rng.normal(size=(1, 1, 10)) + rng.normal(size=(200, 1, 10))
    p = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return McSummary.from_samples((p / p.sum(axis=-1, keepdims=True)).astype(np.float32))


def specs(kind: str) -> list[Any]:
    """Figures of one kind for different answers."""
    if kind == "histograms":
        return [class_histograms_spec(summary(seed)) for seed in range(6)]
    if kind == "histograms of a known digit":
        return [class_histograms_spec(summary(seed), true_labels=(seed,)) for seed in range(6)]
    twin = summary(99).mean
    return [softmax_bars_spec(summary(seed), twin) for seed in range(6)]


@pytest.mark.parametrize("kind", ["histograms", "histograms of a known digit", "bars"])
def test_a_figure_changed_in_place_is_the_figure_drawn_afresh(alone, kind):
    figures = specs(kind)
    for figure in figures:
        alone.evaluate("figure => show(figure)", figure)
    in_place = alone.evaluate(DRAWN)
    alone.evaluate("""() => {
      const place = Object.assign(document.createElement("div"), { id: "place" });
      place.style.width = "716px";
      document.getElementById("place").replaceWith(place);
    }""")
    alone.evaluate("figure => show(figure)", figures[-1])
    assert in_place == alone.evaluate(DRAWN)


def test_a_figure_is_never_blank_nor_built_anew_while_it_changes(alone):
    first, *others = specs("histograms")
    alone.evaluate("figure => show(figure)", first)
    alone.evaluate("""() => {
      window.lost = 0;
      document.querySelector("#place .main-svg").mark = true;
      new MutationObserver((changes) => changes.forEach(({ removedNodes }) => removedNodes.forEach(
        (node) => (lost += Boolean(node.matches?.(".main-svg, .subplot, .trace"))))))
        .observe(document.getElementById("place"), { childList: true, subtree: true });
    }""")
    for figure in others:
        alone.evaluate("figure => show(figure)", figure)
    assert alone.evaluate("lost") == 0
    assert alone.evaluate("document.querySelector('#place .main-svg').mark")


def test_runs_faster_than_the_figure_end_with_the_newest(alone):
    first, *others = specs("histograms")
    alone.evaluate("figure => show(figure)", first)
    alone.evaluate(
        "figures => { figures.forEach((f) => show(f)); return show(figures[0]); }",
        others,
    )
    shown = alone.evaluate("document.querySelector('.js-plotly-plot').data.map((t) => t.y)")
    assert shown[:10] == [trace["y"] for trace in others[0]["data"][:10]]


def test_a_call_overtaken_by_newer_data_does_not_end_the_component(alone):
    first, second, *_ = specs("histograms")
    alone.evaluate("figure => show(figure)", first)
    alone.evaluate("end()")
    alone.evaluate("figure => show(figure)", second)
    assert alone.locator(".lb-figure").count() == 1


def test_annotations_and_shapes_change_in_place(alone):
    def figure(text: str, x: float, line: str) -> dict[str, Any]:
        return {
            "data": [{"type": "scatter", "mode": "lines", "x": [0, 1], "y": [0, 1]}],
            "layout": {
                "xaxis": {"range": [0, 1]},
                "yaxis": {"range": [0, 1]},
                "annotations": [{"text": text, "x": 0.5, "y": 0.5, "showarrow": False}],
                "shapes": [{"type": "rect", "x0": x, "x1": x + 0.1, "y0": 0, "y1": 1,
                            "line": {"color": line}}],
            },
        }  # fmt: skip

    alone.evaluate("f => show(f)", figure("before", 0.1, "var(--ink)"))
    alone.evaluate("document.querySelector('#place .main-svg').mark = true")
    before = alone.evaluate(DRAWN)
    alone.evaluate("f => show(f)", figure("after", 0.6, "var(--wrong_fill)"))
    after = alone.evaluate(DRAWN)
    assert any("after" in part for part in after) and not any("before" in part for part in after)
    assert before != after
    assert alone.evaluate("document.querySelector('#place .main-svg').mark")


def rgb(colour: str) -> str:
    """A palette colour as the browser says it."""
    return f"rgb({', '.join(str(int(colour[i : i + 2], 16)) for i in (1, 3, 5))})"


def favourite_bars(page: Any) -> str:
    """Fill of the bars of the class that is solid."""
    return str(
        page.evaluate("""() => [...document.querySelectorAll(".barlayer .point path")]
      .find((path) => path.style.fillOpacity === "1").style.fill""")
    )


def test_the_figure_follows_the_theme_without_a_run(alone):
    alone.evaluate("figure => show(figure)", specs("histograms")[0])
    assert favourite_bars(alone) == rgb(LIGHT.others)
    alone.emulate_media(color_scheme="dark")
    alone.wait_for_function(
        """colour => [...document.querySelectorAll(".barlayer .point path")]
             .some((path) => path.style.fill === colour)""",
        arg=rgb(DARK.others),
        timeout=SLOW,
    )
    assert favourite_bars(alone) == rgb(DARK.others)


def test_a_narrow_place_gets_the_figure_for_phones(alone):
    wide = class_histograms_spec(summary(0))
    narrow = class_histograms_spec(summary(0), compact=True)
    alone.evaluate("([f, narrow]) => show(f, { narrow, narrow_below: 480 })", [wide, narrow])
    alone.evaluate("document.getElementById('place').style.width = '358px'")
    alone.wait_for_function(
        "height => document.querySelector('.js-plotly-plot')._fullLayout.height === height",
        arg=narrow["layout"]["height"],
        timeout=SLOW,
    )
    width = "document.querySelector('.main-svg').getBoundingClientRect().width"
    assert alone.evaluate(width) <= 358


def test_the_figure_has_a_name_for_who_cannot_see_it(alone):
    alone.evaluate("figure => show(figure)", specs("bars")[0])
    assert alone.get_by_role("img", name="A figure").count() == 1


def test_a_click_picks_the_nearest_step_and_a_drag_walks_along(address, page):
    page.goto(address)
    page.get_by_role("link", name="Sweep").click()
    page.locator(".lb-figure[data-tag]").wait_for(timeout=SLOW)

    def at(step: int) -> tuple[float, float]:
        x, y = page.evaluate(
            """x => {
              const plot = document.querySelector(".js-plotly-plot");
              const { left, top } = plot.getBoundingClientRect();
              const { xaxis } = plot._fullLayout;
              return [left + xaxis._offset + xaxis.d2p(x), top + 100];
            }""",
            10 * step + 3,
        )
        return float(x), float(y)

    page.mouse.click(*at(9))
    page.locator("#picked", has_text="Picked 9").wait_for(timeout=SLOW)
    page.mouse.move(*at(12))
    page.mouse.down()
    page.mouse.move(*at(20), steps=4)
    page.locator("#picked", has_text="Picked 20").wait_for(timeout=SLOW)
    page.mouse.up()


def test_the_server_has_plotly_for_a_year_and_packed(address):
    request = urllib.request.Request(address + plotly_url(), headers={"Accept-Encoding": "gzip"})
    with urllib.request.urlopen(request) as response:
        assert response.headers["Content-Encoding"] == "gzip"
        assert "immutable" in response.headers["Cache-Control"]
        body = gzip.decompress(response.read())
    assert body == files("plotly").joinpath("package_data/plotly.min.js").read_bytes()
