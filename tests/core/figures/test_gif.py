from __future__ import annotations

import io
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image, ImageSequence

from core.errors import InvalidInputError
from core.experiments.recipe import SweepRecipe
from core.experiments.sweep import SweepResult
from core.figures import post_gif
from core.figures.gif_ink import PALETTE, PAPER, bar_colour, plain_text
from core.figures.gif_layout import GifLayout
from core.inference.samples import McSummary

PASSES = 40


def result(
    kind: Any = "rotation",
    *,
    classes: int = 10,
    steps: int = 4,
    labels: tuple[int | None, ...] = (1,),
    stop: float | None = None,
    same: bool = False,
) -> SweepResult:
    """Random softmax samples, some of them sure; with `same`, those of step 0 at each step."""
    rng = np.random.default_rng(classes + steps)
    probs = rng.dirichlet(np.linspace(0.05, 0.5, classes), size=(PASSES, steps))
    images = rng.random((steps, 28, 28, 1)).astype(np.float32)
    if same:
        probs[:], images[:] = probs[:, :1], images[:1]
    blank = np.zeros((28, 28, 1), dtype=np.float32)
    return SweepResult(
        recipe=SweepRecipe(
            kind=kind,
            images=(blank,) * len(labels),
            labels=labels,
            stop=stop,
            num_steps=max(steps, 2),
            num_samples=PASSES,
        ),
        images=images,
        summary=McSummary.from_samples(probs),
        twin=probs.mean(axis=0).astype(np.float32),
    )


def frames(gif: bytes) -> list[tuple[int, npt.NDArray[np.uint8]]]:
    """Duration in ms and pixels, shape (height, width, 3), of each frame in the file."""
    with Image.open(io.BytesIO(gif)) as picture:
        return [
            (frame.info["duration"], np.asarray(frame.convert("RGB")))
            for frame in ImageSequence.Iterator(picture)
        ]


def measured(
    page: npt.NDArray[np.uint8], layout: GifLayout, label: int
) -> tuple[list[int], set[Any]]:
    """Heights of a class's ten bars, as pixels that are not paper, and their colours."""
    _, top, _, bottom = layout.cell(label)
    heights, colours = [], set()
    for index in range(10):
        left, right = layout.bar(label, index)
        column = page[top:bottom, left:right]
        inked = (column != PAPER).any(axis=2)
        # A bar is a whole rectangle that stands on the ground.
        height = int(inked[:, 0].sum())
        assert inked[bottom - top - height :].all() and not inked[: bottom - top - height].any()
        heights.append(height)
        colours |= {tuple(map(int, pixel)) for pixel in column[inked]}
    return heights, colours


@pytest.mark.parametrize(
    ("kind", "labels"), [("rotation", (1,)), ("blending", (4, 1)), ("noise", (None,))]
)
@pytest.mark.parametrize("classes", [5, 10])
def test_bars_read_back_from_the_pixels_are_the_counts(
    kind: str, labels: tuple[int | None, ...], classes: int
) -> None:
    sweep = result(kind, labels=labels, classes=classes)
    layout = GifLayout(classes)
    read = frames(post_gif(sweep))
    assert len(read) == sweep.num_steps
    for step, (_, page) in enumerate(read):
        assert page.shape == (layout.height, layout.width, 3)
        for label, counts in enumerate(sweep.summary.histogram[step].tolist()):
            heights, colours = measured(page, layout, label)
            assert heights == [round(count / PASSES * layout.cell_height) for count in counts]
            assert colours == {
                bar_colour(
                    is_true=label in sweep.labels, is_predicted=label == sweep.predicted[step]
                )
            }


def test_true_classes_are_red_others_blue_and_the_predicted_one_is_stronger() -> None:
    for is_true, strong in ((True, 0), (False, 2)):
        solid = bar_colour(is_true=is_true, is_predicted=True)
        pale = bar_colour(is_true=is_true, is_predicted=False)
        weak = [part for part in range(3) if part != strong]
        assert solid[strong] > 200 and all(solid[part] < 60 for part in weak)
        assert pale[strong] > solid[strong] and all(60 < pale[part] < 255 for part in weak)


def test_every_colour_of_the_file_is_one_of_the_palette() -> None:
    shown = {tuple(map(int, pixel)) for _, page in frames(post_gif(result())) for pixel in page[0]}
    _, page = frames(post_gif(result()))[2]
    shown |= {tuple(map(int, pixel)) for pixel in page.reshape(-1, 3)}
    assert shown <= set(PALETTE) and len(PALETTE) <= 256


def test_every_step_is_a_frame_of_200_ms_and_the_loop_has_no_end() -> None:
    gif = post_gif(result(steps=36))
    assert [duration for duration, _ in frames(gif)] == [200] * 36
    with Image.open(io.BytesIO(gif)) as picture:
        assert picture.info["loop"] == 0


@pytest.mark.parametrize("steps", [2, 36, 360])
def test_steps_that_are_all_alike_are_frames_of_their_own(steps: int) -> None:
    # The values are too close to tell apart in the header, too.
    sweep = result("blending", labels=(4, 1), steps=steps, stop=1e-4, same=True)
    assert [duration for duration, _ in frames(post_gif(sweep))] == [200] * steps


def test_image_of_the_step_is_in_its_frame() -> None:
    sweep = result()
    for step, (_, page) in enumerate(frames(post_gif(sweep))):
        shown = page[14 : 14 + 112 : 4, 20 : 20 + 112 : 4, 0] / 255
        assert np.abs(shown - sweep.images[step, :, :, 0]).max() < 0.02


def test_sweep_that_has_one_step_so_far_is_one_frame() -> None:
    assert len(frames(post_gif(result(steps=1)))) == 1


@pytest.mark.parametrize(
    ("classes", "rows", "columns"), [(2, 1, 2), (3, 1, 3), (7, 2, 4), (10, 2, 5), (20, 4, 5)]
)
def test_cells_lie_in_a_grid_within_the_picture_and_apart(
    classes: int, rows: int, columns: int
) -> None:
    layout = GifLayout(classes)
    assert (layout.rows, layout.columns) == (rows, columns)
    cells = [layout.cell(label) for label in range(classes)]
    for left, top, right, bottom in cells:
        assert left > 0 and right < layout.width - 10
        assert top > layout.head and bottom < layout.height - 10
        assert (right - left, bottom - top) == (10 * layout.bin_width, layout.cell_height)
    covered = np.zeros((layout.height, layout.width), dtype=int)
    for left, top, right, bottom in cells:
        covered[top - 2 : bottom + 2, left - 2 : right + 2] += 1
    assert covered.max() == 1


@pytest.mark.parametrize("classes", [3, 20])
def test_other_numbers_of_classes_are_drawn(classes: int) -> None:
    names = ["Labrador retriever, chocolate", "sausage dog", "…", *map(str, range(3, classes))]
    sweep = result(classes=classes, steps=2)
    _, page = frames(post_gif(sweep, class_names=names))[0]
    layout = GifLayout(classes, 4)  # "sausage dog" wants wider cells than five in a row are
    counts = sweep.summary.histogram[0, classes - 1].tolist()
    heights, _ = measured(page, layout, classes - 1)
    assert heights == [round(count / PASSES * layout.cell_height) for count in counts]


def test_right_and_wrong_answers_have_different_colours() -> None:
    right, wrong = (
        frames(post_gif(result(labels=(label,), steps=2, same=True)))[0][1]
        for label in (int(result(steps=2, same=True).predicted[0]), 0)
    )
    greens, reds = (
        (page[:130, 150:380] == (0, 128, 62)).all(axis=2).sum() for page in (right, wrong)
    )
    assert greens > 100 and reds == 0


def test_letters_that_the_font_lacks_become_their_plain_ones() -> None:
    assert plain_text("Käse, 90° …\n犬") == "Kase, 90° ..."


def test_names_of_other_classes_are_refused() -> None:
    with pytest.raises(InvalidInputError, match="10 names"):
        post_gif(result(), class_names=["cat", "dog"])
