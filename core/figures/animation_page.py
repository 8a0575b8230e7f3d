"""The page around an animated figure: header, figure, controls, and the script that moves them."""

from __future__ import annotations

import html
import json
from dataclasses import asdict
from string import Template
from typing import Any

from plotly.offline import get_plotlyjs

from .palette import Palette

_STYLE = Template("""
:root { color-scheme: $scheme; }
* { box-sizing: border-box; }
body { margin: 0; background: $bg; color: $ink; font: 16px/1.4 $font;
  font-feature-settings: "tnum"; }
main { max-width: 756px; margin: 0 auto; padding: 24px 20px 32px; }
h1 { margin: 0 0 16px; font-size: 20px; font-weight: 600; overflow-wrap: anywhere; }
p, dl, dd, dt { margin: 0; }
.step { display: flex; flex-wrap: wrap; align-items: center; gap: 12px 24px; min-height: 112px;
  margin-bottom: 12px; }
.step img { width: 112px; height: 112px; border-radius: 6px; object-fit: contain;
  image-rendering: $rendering; }
.said { flex: 1 1 160px; overflow-wrap: anywhere; }
.change, dt, .foot, output { color: $ink2; }
.answer { font-size: 32px; line-height: 40px; font-weight: 600; }
.answer small { font-size: 16px; font-weight: 400; color: $ink2; }
[data-state="right"] .told { color: $accepted_text; }
[data-state="wrong"] .told { color: $wrong_text; }
.verdict { min-height: 22px; }
dl { display: flex; flex-wrap: wrap; gap: 4px 20px; }
dd { font-size: 24px; line-height: 32px; min-width: 64px; white-space: nowrap; }
dd#twin { max-width: 280px; white-space: normal; overflow-wrap: anywhere; }
.wide { overflow-x: auto; }
.plot { min-width: 560px; min-height: ${height}px; }
.controls { display: flex; flex-wrap: wrap; align-items: center; gap: 8px; margin: 12px 0 20px; }
.controls input { flex: 1 1 160px; margin: 0 8px; accent-color: $ctl; }
output { flex: none; white-space: nowrap; }
button { font: inherit; padding: 6px 16px; min-width: 84px; border: 1px solid $ctl;
  border-radius: 8px; background: $ctl; color: $ctl_text; cursor: pointer; }
button[data-playing] { background: $surf; color: $ink; border-color: $line; }
.foot { font-size: 14px; overflow-wrap: anywhere; }
""")

_SCRIPT = """
"use strict";
(async () => {
  const { figure, frames, steps } = JSON.parse(document.getElementById("sweep").textContent);
  const at = (id) => document.getElementById(id);
  const [plot, slider] = [at("plot"), at("step")];
  const STILL = { frame: { duration: 0, redraw: false }, transition: { duration: 0 },
                  mode: "immediate" };
  const FRAME_MS = 200;
  const PATIENCE_MS = 2000; // a page in the background draws nothing
  let [shown, wanted, busy, playing] = [0, 0, false, false];

  const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

  // What stands above the figure and beside the slider.
  function tell(step) {
    const said = steps[step];
    for (const name of ["change", "answer", "verdict", "softmax", "entropy", "variance", "twin"])
      at(name).textContent = said[name];
    at("image").src = said.image;
    at("said").dataset.state = said.state;
    at("count").textContent = `step ${step + 1} of ${steps.length}`;
    slider.value = step;
    slider.setAttribute("aria-valuetext", `${said.change}: ${said.answer}, ${said.verdict}`);
  }

  async function move(step) {
    // `animate` may be done before the bars are where they belong.
    const arrived = new Promise((resolve) => {
      plot.once("plotly_transitioned", resolve);
      setTimeout(resolve, PATIENCE_MS);
    });
    Plotly.animate(plot, [frames[step].name], STILL).catch(() => {});
    await arrived;
    // Without redraw Plotly moves bars, and leaves their colours.
    for (const module of plot._fullLayout._modules) module.style?.(plot);
  }

  // The newest step that is asked for is shown next; those between are left out.
  async function show(step) {
    wanted = step;
    if (busy) return;
    busy = true;
    while (shown !== wanted) {
      const next = wanted;
      await move(next);
      shown = next;
      tell(next);
    }
    busy = false;
  }

  function mark() {
    at("play").textContent = playing ? "Pause" : "Play";
    at("play").toggleAttribute("data-playing", playing);
  }

  async function play() {
    if (playing) return;
    playing = true;
    mark();
    let due = performance.now();
    while (playing) {
      await show((shown + 1) % steps.length);
      due = Math.max(due + FRAME_MS, performance.now());
      await sleep(due - performance.now());
    }
  }

  function pause() {
    playing = false;
    mark();
  }

  tell(0);
  await Plotly.newPlot(plot, { data: figure.data, layout: figure.layout, frames,
    config: { displayModeBar: false, responsive: true, doubleClick: false, showTips: false } });
  at("play").addEventListener("click", () => (playing ? pause() : play()));
  slider.addEventListener("input", () => {
    pause();
    show(Number(slider.value));
  });
  for (const control of [at("play"), slider]) control.disabled = false;
  mark();
})();
"""

# Nothing is loaded from anywhere, and nothing could be.
_POLICY = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:"
)

_BODY = Template("""<main>
<h1>$title</h1>
<div class="step">
<img id="image" src="$image" width="112" height="112" alt="The image of this step">
<div class="said" id="said" data-state="$state">
<p class="change" id="change">$change</p>
<p class="answer"><small>Answer</small> <span class="told" id="answer">$answer</span></p>
<p class="verdict told" id="verdict">$verdict</p>
</div>
<dl>
<div><dt>Mean softmax</dt><dd id="softmax">$softmax</dd></div>
<div><dt>Entropy</dt><dd id="entropy">$entropy</dd></div>
<div><dt>Variance</dt><dd id="variance">$variance</dd></div>
<div><dt>Twin</dt><dd id="twin">$twin</dd></div>
</dl>
</div>
<div class="wide"><div class="plot" id="plot" role="img" aria-label="For each class a histogram of
 its softmax over the passes"></div></div>
<div class="controls">
<button type="button" id="play" disabled>Play</button>
<input type="range" id="step" aria-label="Step" min="0" max="$last" value="0" disabled>
<output id="count" for="step">step 1 of $count</output>
</div>
<noscript><p>The histograms need JavaScript, which is switched off here.</p></noscript>
<p class="foot">$how</p>
</main>
""")


def animation_page(
    document: dict[str, Any], palette: Palette, font: str, *, is_smooth: bool = False
) -> str:
    """Return the whole page.

    Args:
        document: what `animation_document` returns. It may hold anything that a person typed;
            here it is escaped.
        palette: with real colours.
        font: family, as CSS says it.
        is_smooth: whether the image is shown as a photo, not as squares.
    """
    steps = document["steps"]
    words = {name: str(document[name]) for name in ("title", "how")} | steps[0]
    words |= {"last": str(len(steps) - 1), "count": str(len(steps))}
    body = _BODY.substitute({name: html.escape(text) for name, text in words.items()})
    style = _STYLE.substitute(
        asdict(palette),
        font=font,
        rendering="auto" if is_smooth else "pixelated",
        scheme="dark" if _is_dark(palette.bg) else "light",
        height=document["figure"]["layout"]["height"],
    )
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{html.escape(words['title'])}</title>\n"
        f"<style>{style}</style>\n</head>\n<body>\n{body}"
        f'<script type="application/json" id="sweep">{_embedded(document)}</script>\n'
        f"<script>{get_plotlyjs()}</script>\n<script>{_SCRIPT}</script>\n</body>\n</html>\n"
    )


def _embedded(document: dict[str, Any]) -> str:
    """JSON in which nothing can end the script element that holds it."""
    text = json.dumps(document, separators=(",", ":"), allow_nan=False)
    return text.replace("&", r"\u0026").replace("<", r"\u003c").replace(">", r"\u003e")


def _is_dark(colour: str) -> bool:
    return int(colour[1:3], 16) < 128
