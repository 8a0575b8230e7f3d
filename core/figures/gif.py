"""The post's animation of a sweep as a GIF: a histogram for each class, a frame a step."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from ..errors import InvalidInputError
from ..uncertainty.measures import confidence, predictive_entropy, variance
from . import numbers
from .class_text import are_too_long, fitting, fitting_names
from .gif_image import GifImages
from .gif_ink import (
    LINE,
    Indices,
    Pen,
    bar_colour,
    index_of,
    pen_index,
    plain_text,
    text_width,
    to_picture,
    write,
)
from .gif_layout import MOST_COLUMNS, GifLayout
from .shown_classes import classes_of_sweep, shown_classes
from .step_words import change_words, verdict_words

if TYPE_CHECKING:
    from ..experiments.sweep import SweepResult

FRAME_MS = 200

_PICTURE = (20, 14)  # left and top
_PICTURE_SIDE = 112
_WORDS = 154  # where the header's words begin
_TITLE, _ANSWER, _VERDICT = 28, 82, 114  # baselines
_MEASURES = (("Mean softmax", 392), ("Entropy", 536), ("Variance", 644))
_MARGIN = 20
_SMALL = 13  # pixels of a font where the usual size would not fit
_BESIDE = 44  # pixels of a cell that the number beside its name takes
_FEWEST_COLUMNS, _MOST_ROWS = 3, 5


def post_gif(result: SweepResult, *, class_names: Sequence[str] | None = None) -> bytes:
    """Draw a sweep as the post's animated GIF, a frame of 200 ms for each step, in a loop.

    Each frame has the step's image, the answer with its mean softmax, the predictive entropy in
    nats and the variance, and for each class a histogram of its softmax over the passes, from
    none to all T of them: the true classes red, the others blue, the predicted one solid and the
    others half seen through. Of more than 20 classes ten are shown. Where everything is, and how
    high a bar, says `GifLayout`.

    Args:
        result: a sweep, whole or as far as it has got.
        class_names: what the classes are called; as the result says if left out.

    Raises:
        InvalidInputError: names of another number than the classes.
    """
    if class_names is not None and len(class_names) != result.num_classes:
        raise InvalidInputError(
            "class_names",
            expected=f"{result.num_classes} names, one for each class",
            received=f"{len(class_names)} of them",
        )
    names = [
        plain_text(each).strip() or f"{result.classes.noun} {label}"
        for label, each in enumerate(class_names or result.classes.names)
    ]
    images = GifImages(result.images, _PICTURE_SIDE)
    pages = (to_picture(page, images.palette) for page in _pages(result, names, images))
    first = next(pages)
    stream = io.BytesIO()
    first.save(
        stream,
        format="GIF",
        save_all=True,
        append_images=pages,
        palette=bytes(part for colour in images.palette for part in colour),
        duration=FRAME_MS,
        loop=0,
        optimize=True,
    )
    return stream.getvalue()


def _pages(result: SweepResult, names: list[str], images: GifImages) -> Iterator[Indices]:
    """Yield each frame, none like the one before: Pillow would make them one."""
    preferred = classes_of_sweep(result.summary, result.labels)
    often = range(result.num_classes) if preferred is None else preferred
    layout = _layout([names[label] for label in often])
    told = dict(zip(often, _fitting_names([names[k] for k in often], layout), strict=True))
    ground = _ground(result, layout)
    predicted, mean = result.predicted, result.summary.mean
    softmax, entropies = confidence(result.summary), predictive_entropy(result.summary)
    variances = variance(result.summary)
    for step in range(result.num_steps):
        page = ground.copy()
        answer = int(predicted[step])
        measures = (
            numbers.softmax(softmax[step]),
            numbers.entropy(entropies[step]),
            numbers.variance(variances[step]),
        )
        _draw_header(page, result, names, step, measures, layout)
        left, top = _PICTURE
        page[top : top + _PICTURE_SIDE, left : left + _PICTURE_SIDE] = images[step]
        labels = shown_classes(mean[step], result.labels, preferred)
        heights = layout.bar_heights(result.summary.histogram[step, labels], result.num_samples)
        for cell, label in enumerate(labels):
            is_answer = label == answer
            left, top, right, bottom = layout.cell(cell)
            if is_answer:
                _frame(page, left, top, right, bottom, pen_index("ink"))
            # Of many classes one may be the answer that is else not among those shown.
            name, size = told.get(label) or _fitting_names([names[label]], layout)[0]
            pen: Pen = "ink" if is_answer else "quiet"
            write(page, name, left, top - 8, size=size, pen=pen)
            share = numbers.softmax(mean[step, label])
            write(page, share, right, top - 8, size=13, pen=pen, anchor="right")
            colour = index_of(bar_colour(is_true=label in result.labels, is_predicted=is_answer))
            for index, height in enumerate(heights[cell].tolist()):
                start, end = layout.bar(cell, index)
                page[bottom - height : bottom, start:end] = colour
        if len(labels) < result.num_classes:
            rest = numbers.share(max(1.0 - float(mean[step, labels].sum()), 0.0))
            others = f"The other {numbers.count(result.num_classes - len(labels))}: {rest}"
            foot = layout.height - 9
            write(page, others, layout.width - _MARGIN, foot, size=13, pen="quiet", anchor="right")
        yield page


def _layout(names: list[str]) -> GifLayout:
    """Return the grid with as many cells in a row as leave room for their names."""
    layout = GifLayout(len(names))
    for most in range(MOST_COLUMNS, _FEWEST_COLUMNS - 1, -1):
        fewer = GifLayout(len(names), most)
        if fewer.rows > max(layout.rows, _MOST_ROWS):
            break
        layout = fewer
        if not are_too_long(names, layout.cell_width - _BESIDE, _SMALL, width=text_width):
            break
    return layout


def _fitting_names(names: list[str], layout: GifLayout) -> list[tuple[str, int]]:
    """Return names and their sizes as they fit over a cell: smaller, or cut, if need be."""
    room = layout.cell_width - _BESIDE
    small = fitting_names(names, room, _SMALL, width=text_width, dots="...")
    return [
        (name, 17) if text_width(name, 17) <= room else (cut, _SMALL)
        for name, cut in zip(names, small, strict=True)
    ]


def _ground(result: SweepResult, layout: GifLayout) -> Indices:
    """What is the same in all frames: axes, and what the numbers are called."""
    page = np.zeros((layout.height, layout.width), dtype=np.uint8)
    for cell in range(layout.num_cells):
        left, top, right, bottom = layout.cell(cell)
        _frame(page, left, top, right, bottom, index_of(LINE))
        for text, x in (("0", left), ("0.5", (left + right) // 2), ("1", right - 1)):
            page[bottom : bottom + 4, x] = index_of(LINE)
            write(page, text, x, bottom + 17, size=12, pen="quiet", anchor="middle")
        if cell % layout.columns == 0:
            for text, row in (("0", bottom), (numbers.count(result.num_samples), top)):
                write(page, text, left - 6, row + 4, size=12, pen="quiet", anchor="right")
    for text, x in _MEASURES:
        write(page, text, x, _ANSWER - 32, size=14, pen="quiet")
    known = ""
    if result.labels:
        known = f"Red: the true class{'es' if len(set(result.labels)) > 1 else ''}. "
    foot = f"Softmax of {numbers.passes(result.num_samples)}. {known}Solid: the answer."
    write(page, foot, layout.cell(0)[0], layout.height - 9, size=13, pen="quiet")
    return page


def _draw_header(
    page: Indices,
    result: SweepResult,
    names: list[str],
    step: int,
    measures: tuple[str, str, str],
    layout: GifLayout,
) -> None:
    write(page, change_words(result, step), _WORDS, _TITLE, size=17)
    # Also what makes frames differ where nothing else does.
    place = f"step {step + 1} of {result.num_steps}"
    write(page, place, layout.width - _MARGIN, _TITLE, size=13, pen="quiet", anchor="right")
    right = result.right
    pen: Pen = "ink" if right is None else "right" if right[step] else "wrong"
    said = f"Pred: {names[int(result.predicted[step])]}"
    answer, size = _sized(said, _MEASURES[0][1] - _WORDS - 10, 32, 20)
    write(page, answer, _WORDS, _ANSWER, size=size, pen=pen)
    verdict, size = _sized(
        verdict_words(result, step, names), layout.width - _WORDS - _MARGIN, 17, _SMALL
    )
    write(page, verdict, _WORDS, _VERDICT, size=size, pen=pen)
    for (_, x), text in zip(_MEASURES, measures, strict=True):
        write(page, text, x, _ANSWER, size=28)


def _frame(page: Indices, left: int, top: int, right: int, bottom: int, index: int) -> None:
    """A line around a cell, outside of it: bars may fill it to its last pixel."""
    page[top - 1, left - 1 : right + 1] = index
    page[bottom, left - 1 : right + 1] = index
    page[top - 1 : bottom + 1, left - 1] = index
    page[top - 1 : bottom + 1, right] = index


def _sized(text: str, room: int, size: int, small: int) -> tuple[str, int]:
    """Return a text and its size: the usual one, or a smaller one, in which it is cut to fit."""
    if text_width(text, size) <= room:
        return text, size
    return fitting(text, room, small, width=text_width, dots="..."), small
