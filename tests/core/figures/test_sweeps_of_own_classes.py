"""Figures and exports of a sweep of colour images of 9x12, by classes with names."""

from __future__ import annotations

import base64
import io
import json
import re
from typing import Any
from urllib.parse import unquote

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image, ImageSequence

from core.experiments.recipe import SweepRecipe
from core.experiments.sweep import SweepResult
from core.figures import DARK, animation_html, data_uri, post_gif, sweep_figure, sweep_spec
from core.figures.animation import animation_document
from core.figures.gif_image import GifImages
from core.figures.gif_ink import PALETTE
from core.figures.overlay import Overlay
from core.figures.sweep_layout import nats_ticks
from core.figures.thumbnails import thumbnail
from core.inference.samples import McSummary
from core.uncertainty.classes import Classes

STEPS, PASSES, HEIGHT, WIDTH = 6, 8, 9, 12
PETS = ("cat", "sausage dog", "<b>x</b>", "Labrador", "%{x}", "fox", "犬")
DOGS = (*(f"breed of dog {k}" for k in range(99)), "<a href='//x'>y</a>")


def result(
    names: tuple[str, ...] = PETS,
    labels: tuple[int | None, ...] = (1,),
    answers: tuple[int, ...] = (1, 1, 1, 2, 2, 4),
    channels: int = 3,
) -> SweepResult:
    num_classes, rng = len(names), np.random.default_rng(0)
    p = rng.dirichlet(np.full(num_classes, 0.5), size=(PASSES, STEPS)) * 0.3
    p[:, np.arange(STEPS), list(answers)] += 0.7
    images = rng.random((STEPS, HEIGHT, WIDTH, channels)).astype(np.float32)
    recipe = SweepRecipe(
        kind="noise",
        images=(images[0],),
        labels=labels,
        num_steps=STEPS,
        num_samples=PASSES,
        classes=Classes(names),
        network="own-1",
    )
    summary = McSummary.from_samples(p)
    return SweepResult(recipe, images, summary, summary.mean.astype(np.float32))


def picture_of(address: str) -> npt.NDArray[Any]:
    found = re.search(r"data:image/(?:png|webp);base64,([A-Za-z0-9+/=]+)", address)
    assert found is not None
    with Image.open(io.BytesIO(base64.b64decode(found[1]))) as picture:
        return np.asarray(picture)


def traces(spec: dict[str, Any]) -> dict[str, Any]:
    return {trace["name"]: trace for trace in spec["data"]}


def test_a_small_colour_image_is_shown_pixel_by_pixel() -> None:
    image = result().images[0]
    levels = np.rint(image * 255).astype(np.uint8)
    np.testing.assert_array_equal(picture_of(data_uri(image)), levels)
    in_strip = picture_of(thumbnail(np.full((32, 32, 3), 0.25), "rgb(1,2,3)")).astype(int)
    assert in_strip.shape == (32, 32, 3) and np.abs(in_strip - 64).max() <= 2


@pytest.mark.parametrize(("shape", "size"), [((512, 300, 3), (56, 33)), ((100, 400, 1), (14, 56))])
def test_a_large_image_is_shrunk_with_its_proportions(
    shape: tuple[int, int, int], size: tuple[int, int]
) -> None:
    image = np.full(shape, 0.5, dtype=np.float32)
    small = picture_of(thumbnail(image, "rgb(1,2,3)"))
    assert small.shape[:2] == size
    assert np.abs(small.astype(int) - 128).max() <= 2
    assert max(picture_of(data_uri(image)).shape[:2]) == 224
    frame = unquote(thumbnail(image, "rgb(1,2,3)"))
    assert f"width='{size[1]}' height='{size[0]}'" in frame


def test_longer_names_stand_once_under_their_steps() -> None:
    spec = sweep_spec(result())
    answers = traces(spec)["answers"]
    assert answers["text"] == [
        "<b>sausage dog</b>",
        "<b>&lt;b&gt;x&lt;/b&gt;</b>",
        "<b>%&#123;x}</b>",
    ]
    values = result().values
    assert answers["x"] == pytest.approx([values[1], (values[3] + values[4]) / 2, values[5]])
    assert any(each["text"] == "says" for each in spec["layout"]["annotations"])


def test_where_no_name_fits_nothing_says_says() -> None:
    names = tuple(f"{'W' * 55}{k}" for k in range(7))
    spec = sweep_spec(result(names), compact=True)
    shown = traces(spec)["answers"]["text"]
    assert all(text.startswith("<b>WW") and "…" in text for text in shown)
    turning = result(names, answers=(1, 2, 1, 2, 1, 2))
    turning = SweepResult(
        SweepRecipe(
            kind="rotation",
            images=turning.recipe.images,
            num_steps=36,
            num_samples=PASSES,
            classes=turning.classes,
        ),
        np.repeat(turning.images, 6, axis=0),
        McSummary.stack([turning.summary] * 6),
        np.tile(turning.twin, (6, 1)),
    )
    spec = sweep_spec(turning, compact=True)
    assert traces(spec)["answers"]["text"] == []
    assert not any(each["text"] == "says" for each in spec["layout"]["annotations"])


def test_no_name_is_markup_anywhere_in_the_figure() -> None:
    for names, answers in ((PETS, (2, 2, 2, 4, 4, 4)), (DOGS, (99, 99, 99, 1, 1, 1))):
        text = json.dumps(sweep_spec(result(names, answers=answers)))
        assert "<b>x" not in text and "<a" not in text and "%{x}" not in text
    assert "&lt;b&gt;x" in traces(sweep_spec(result()))["committee"]["customdata"][3]
    sweep_figure(result())  # Plotly takes it


def test_an_axis_of_entropy_ends_at_ln_c() -> None:
    layout = sweep_figure(result()).layout
    assert layout.yaxis3.range == (0.0, pytest.approx(np.log(7)))
    titles = " ".join(each.text for each in layout.annotations)
    assert "at most ln 7 = 1.95" in titles


def test_of_many_classes_it_ends_where_it_is_needed() -> None:
    layout = sweep_figure(result(DOGS)).layout
    top = layout.yaxis3.range[1]
    entropy = traces(sweep_spec(result(DOGS)))["predictive entropy"]["y"]
    assert max(entropy) <= top <= max(max(entropy) + 0.5, 1.0) < np.log(100)
    assert "at most ln 100 = 4.61" in " ".join(each.text for each in layout.annotations)
    limited = sweep_figure(result(DOGS), limits={"predictive_entropy": 3.2}).layout
    assert limited.yaxis3.range[1] == 3.5


@pytest.mark.parametrize(
    ("most", "ticks"),
    [
        (np.log(2), [0.0, 0.5]),
        (np.log(3), [0.0, 1.0]),
        (np.log(10), [0.0, 1.0, 2.0]),
        (np.log(1000), [0.0, 2.0, 4.0, 6.0]),
    ],
)
def test_ticks_in_nats_are_few(most: float, ticks: list[float]) -> None:
    assert nats_ticks(most) == ticks


def test_a_limit_that_so_few_classes_cannot_reach_is_left_out() -> None:
    limits = {"predictive_entropy": 2.2, "mutual_information": 2.1, "variation_ratio": 0.3}
    spec = sweep_spec(result(), limits=limits)
    assert len(spec["layout"]["shapes"]) == 2
    assert "mutual information" not in traces(spec)
    sweep_figure(result(), limits=limits)


def test_curves_of_more_classes_end_at_the_panel() -> None:
    softmax, entropy, spread = (np.full(4, value) for value in (0.5, 3.0, 0.1))
    other = Overlay("b<i>", np.linspace(0, 0.9, 4), softmax, entropy, spread)
    spec = sweep_spec(result(), overlays=(other,))
    assert traces(spec)["b<i>, predictive entropy"]["cliponaxis"] is True
    assert "b&lt;i&gt;" not in [each["text"] for each in spec["layout"]["annotations"]]


def test_the_web_page_names_the_classes_and_escapes_them() -> None:
    page = animation_html(result(labels=(2,)))
    document = animation_document(result(labels=(2,)), DARK)
    assert [step["answer"] for step in document["steps"]] == [
        *["sausage dog"] * 3,
        *["<b>x</b>"] * 2,
        "%{x}",
    ]
    assert document["steps"][0]["verdict"] == "wrong, true: <b>x</b>"
    assert document["recipe"]["classes"]["names"] == list(PETS)
    assert "true class “<b>x</b>”" in document["how"]
    body = page[page.index("<body>") : page.index('<script type="application/json"')]
    assert "<b>x</b>" not in page.partition("<script>")[0]
    assert "&lt;b&gt;x&lt;/b&gt;" in body and "image-rendering: pixelated" in page
    figure = json.dumps([document["figure"], document["frames"]])
    assert "<b>x" not in figure and "%{x}" not in figure


def test_the_web_page_of_many_classes_keeps_ten_in_their_places() -> None:
    document = animation_document(result(DOGS, answers=(99, 98, 97, 1, 1, 1)), DARK)
    first = [trace.get("name") for trace in document["figure"]["data"][:10]]
    assert len(document["figure"]["data"]) == 12
    assert {"breed of dog 98", "breed of dog 1", "&lt;a href='//x'&gt;y&lt;/a&gt;"} <= set(first)
    for frame in document["frames"]:
        # A cell stands for the same class at every step.
        assert not any("name" in trace for trace in frame["data"])


def test_a_photo_is_smooth_in_the_web_page() -> None:
    small = result()
    image = np.zeros((80, 100, 3), dtype=np.float32)
    large = SweepResult(
        SweepRecipe(kind="noise", images=(image,), num_steps=STEPS, num_samples=PASSES),
        np.repeat(image[None], STEPS, axis=0),
        small.summary,
        small.twin,
    )
    assert "image-rendering: auto" in animation_html(large)


def gif_frames(gif: bytes) -> list[npt.NDArray[np.uint8]]:
    with Image.open(io.BytesIO(gif)) as picture:
        return [np.asarray(frame.convert("RGB")) for frame in ImageSequence.Iterator(picture)]


def test_a_gif_shows_colours_in_their_proportions() -> None:
    sweep = result()
    pages = gif_frames(post_gif(sweep))
    assert len(pages) == STEPS
    # 12 to 9 in a square of 112 pixels: 84 rows in its middle, paper above and below.
    top = 14 + (112 - 84) // 2
    square = pages[2][14:126, 20:132].astype(float)
    assert (square[:14] == 255).all() and (square[98:] == 255).all()
    shown = pages[2][top : top + 84, 20:132].astype(float) / 255
    big = np.asarray(
        Image.fromarray(np.rint(sweep.images[2] * 255).astype(np.uint8)).resize((112, 84), 0)
    )
    # Dithered: right on the mean.
    assert np.abs(shown.mean(axis=(0, 1)) - big.mean(axis=(0, 1)) / 255).max() < 0.03
    assert np.abs(shown - big / 255).mean() < 0.1


def test_grey_images_take_no_colours_of_their_own() -> None:
    grey = GifImages(result(channels=1).images, 112)
    assert grey.palette is PALETTE
    assert grey[0].shape == (112, 112)
    colours = GifImages(result().images, 112)
    assert len(PALETTE) < len(colours.palette) <= 256
    assert colours[0].max() < len(colours.palette)


@pytest.mark.parametrize("names", [PETS, DOGS])
def test_a_gif_of_any_classes_is_drawn(names: tuple[str, ...]) -> None:
    for channels in (1, 3):
        pages = gif_frames(post_gif(result(names, channels=channels)))
        assert len(pages) == STEPS and pages[0].shape[1] == 760
