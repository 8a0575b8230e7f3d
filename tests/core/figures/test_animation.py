from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from core.experiments.recipe import SweepRecipe
from core.experiments.sweep import SweepResult
from core.figures import DARK, LIGHT, animation_html, class_histograms_spec
from core.figures.thumbnails import data_uri
from core.inference.samples import McSummary
from core.uncertainty.measures import predictive_entropy, variance

STEPS, CLASSES, PASSES = 5, 10, 40
BLANK = np.zeros((28, 28, 1), dtype=np.float32)


def result(kind: Any = "rotation", steps: int = STEPS, **recipe: Any) -> SweepResult:
    """Random softmax samples, some of them sure."""
    rng = np.random.default_rng(steps)
    probs = rng.dirichlet(np.linspace(0.05, 0.5, CLASSES), size=(PASSES, steps))
    number = 2 if kind == "blending" else 1
    settings: dict[str, Any] = {
        "labels": (4, 1)[:number],
        "references": ("mnist:4", "mnist:5")[:number],
        "network": "mc",
        "seed": 7,
    }
    return SweepResult(
        recipe=SweepRecipe(
            kind=kind,
            images=(BLANK,) * number,
            num_steps=steps,
            num_samples=PASSES,
            **settings | recipe,
        ),
        images=rng.random((steps, 28, 28, 1)).astype(np.float32),
        summary=McSummary.from_samples(probs),
        # Of another opinion than the passes.
        twin=np.roll(probs.mean(axis=0), 1, axis=1).astype(np.float32),
        weights_checksum="0123456789abcdef",
    )


def document(page: str) -> Any:
    """The data that a page holds."""
    (text,) = re.findall(r'<script type="application/json" id="sweep">(.*?)</script>', page)
    return json.loads(text)


def seen(page: str) -> str:
    """The page without its scripts and styles."""
    return re.sub(r"<(script|style)\b.*?</\1>", "", page, flags=re.DOTALL)


def test_there_is_a_frame_for_each_step_and_its_bars_are_the_counts() -> None:
    sweep = result()
    frames = document(animation_html(sweep))["frames"]
    assert [frame["name"] for frame in frames] == [str(step) for step in range(STEPS)]
    counts = [[trace["y"] for trace in frame["data"][:CLASSES]] for frame in frames]
    assert counts == sweep.summary.histogram.tolist()


@pytest.mark.parametrize("dark", [False, True])
def test_figure_with_a_frame_is_the_histograms_of_its_step(dark: bool) -> None:
    sweep, palette = result(), DARK if dark else LIGHT
    page = document(animation_html(sweep, dark=dark))
    for step, frame in enumerate(page["frames"]):
        spec = class_histograms_spec(sweep.summary[step], true_labels=(4,), palette=palette)
        assert frame["traces"] == list(range(len(spec["data"])))
        moved = [
            {**trace, **change}
            for trace, change in zip(page["figure"]["data"], frame["data"], strict=True)
        ]
        assert moved == json.loads(json.dumps(spec["data"]))


def test_frames_carry_only_what_changes() -> None:
    page = document(animation_html(result()))
    for frame in page["frames"]:
        for change in frame["data"]:
            assert set(change) <= {"y", "x", "width", "marker", "text", "textfont"}
    for index in range(CLASSES):
        assert "x" not in page["frames"][0]["data"][index]


def test_header_says_what_the_measures_say() -> None:
    sweep = result()
    for step, said in enumerate(document(animation_html(sweep))["steps"]):
        answer = int(sweep.predicted[step])
        assert said["answer"] == str(answer)
        assert said["state"] == ("right" if answer == 4 else "wrong")
        assert said["verdict"] == f"{said['state']}, true: 4"
        assert float(said["softmax"]) == pytest.approx(sweep.summary.mean[step].max(), abs=0.006)
        assert float(said["entropy"]) == pytest.approx(
            predictive_entropy(sweep.summary)[step], abs=0.006
        )
        assert float(said["variance"]) == pytest.approx(variance(sweep.summary)[step], abs=0.0006)
        twin, softmax = said["twin"].split(", ")
        assert twin == str(sweep.twin[step].argmax())
        assert float(softmax) == pytest.approx(sweep.twin[step].max(), abs=0.006)
        assert said["image"] == data_uri(sweep.images[step])


def test_page_shows_the_first_step_before_any_script_has_run() -> None:
    page = animation_html(result())
    first = document(page)["steps"][0]
    assert f'id="answer">{first["answer"]}<' in page
    assert f'id="entropy">{first["entropy"]}<' in page
    assert f'<dt>Twin</dt><dd id="twin">{first["twin"]}<' in page
    assert first["image"] in seen(page) and "step 1 of 5" in page


@pytest.mark.parametrize(
    ("kind", "title", "first", "how"),
    [
        ("rotation", "Rotation of mnist:4", "Rotation by 0°", "turned from 0° to 288°"),
        ("blending", "Blending of mnist:4 and mnist:5", "Blending, α = 0", "from 0 to 1"),
        ("noise", "Noise on mnist:4", "Noise on 0.0% of the pixels", "noise seed 3"),
    ],
)
def test_page_says_what_it_shows_and_how_it_was_computed(
    kind: str, title: str, first: str, how: str
) -> None:
    sweep = result(kind, noise_seed=3)
    page = animation_html(sweep)
    assert page.startswith("<!doctype html>") and '<html lang="en">' in page
    assert f"<title>{title}</title>" in page and f"<h1>{title}</h1>" in page
    data = document(page)
    assert data["steps"][0]["change"] == first
    told = re.search(r'<p class="foot">(.*?)</p>', page)
    assert told
    for part in (how, "mnist:4, a true 4", "40 passes of the network mc", "5 steps", "seed 7"):
        assert part in told[1]
    assert "0123456789ab" in told[1]
    assert data["recipe"]["references"] == list(sweep.recipe.references)
    assert data["recipe"]["num_samples"] == PASSES


def test_images_without_reference_or_label_are_plain_images() -> None:
    page = animation_html(result(references=(), labels=()))
    assert "<title>Rotation of an image</title>" in page
    first = document(page)["steps"][0]
    assert (first["state"], first["verdict"]) == ("", "")


def test_what_comes_from_outside_is_escaped() -> None:
    evil = "</script><img src=x onerror=alert(1)>&'\""
    page = animation_html(result(references=(evil,), network=evil))
    assert evil not in page and "<img src=x" not in page
    assert document(page)["recipe"]["references"] == [evil]
    assert "&lt;/script&gt;&lt;img" in seen(page)


def test_one_button_plays_and_pauses_and_is_the_main_one_at_rest() -> None:
    page = animation_html(result())
    assert re.findall(r"<button\b.*?>(.*?)</button>", seen(page)) == ["Play"]
    style = re.search(r"<style>(.*?)</style>", page, flags=re.DOTALL)
    assert style
    rest, playing = re.findall(r"button(?:\[data-playing\])? \{(.*?)\}", style[1], flags=re.DOTALL)
    assert f"background: {LIGHT.ctl}; color: {LIGHT.ctl_text}" in rest
    assert f"background: {LIGHT.surf}; color: {LIGHT.ink}" in playing


def test_file_needs_no_network_and_stays_small() -> None:
    page = animation_html(result("noise", steps=36))
    assert not re.search(r"<(script|img|link|iframe)[^>]+(src|href)=\"(?!data:)", page)
    assert "default-src 'none'" in page
    assert len(page.encode()) < 6_000_000


def test_long_reference_is_cut_where_it_is_read_and_whole_in_the_recipe() -> None:
    drawing = "ink:" + "A" * 4_000
    page = animation_html(result(references=(drawing,)))
    assert drawing not in seen(page)
    assert document(page)["recipe"]["references"] == [drawing]


def test_sweep_that_is_not_finished_says_so() -> None:
    sweep = result()
    part = replace(
        sweep,
        images=sweep.images[:2],
        summary=McSummary.stack([sweep.summary[0], sweep.summary[1]]),
        twin=sweep.twin[:2],
    )
    page = animation_html(part)
    assert "the first 2 of 5 steps" in page and len(document(page)["frames"]) == 2
