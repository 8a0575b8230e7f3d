"""One small histogram of softmax samples per class: what a thousand passes say of an image.

The figure is made to be updated ten times a second: the grid is built once for each kind of
figure and shared, and two results of one kind differ only in what Plotly can change in
place, the traces' counts, points, texts and colours.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import plotly.graph_objects as go

from ..errors import InvalidInputError
from ..inference.samples import McSummary
from . import numbers
from .histogram_grid import BIN_WIDTH, bar_words, histogram_grid
from .palette import LIGHT, TOKENS, Palette, fade
from .shown_classes import shown_classes

_PALE_FILL = 0.32
_PALE_OUTLINE = 0.75


def class_histograms_spec(
    summary: McSummary,
    *,
    true_labels: Sequence[int] = (),
    class_names: Sequence[str] | None = None,
    palette: Palette = TOKENS,
    compact: bool = False,
    total: int | None = None,
    shown: Sequence[int] | None = None,
) -> dict[str, Any]:
    """Return the figure of `class_histograms_figure` as a plain dictionary, in well under a ms.

    The parts that results share are the same objects in all of them: do not change them.

    Args:
        summary: of one image.
        true_labels: the classes that are right, none where that is not known.
        class_names: what stands above the cells; the class numbers if left out.
        palette: colours, tokens for a live page.
        compact: for a phone, lower cells.
        total: height of a cell in passes while they are still coming in; all that
            the summary has if left out.
        shown: of more than 20 classes those to show, see `shown_classes`.

    Raises:
        InvalidInputError: not one image, or labels or names that are not its classes'.
    """
    _check(summary, true_labels, class_names)
    names = tuple(class_names) if class_names else _numbers(summary.num_classes)
    grid = histogram_grid(names, total or summary.num_samples, palette, compact=compact)
    mean_c = summary.mean[0]
    cells = shown_classes(mean_c, true_labels, shown)
    mean, counts_of = mean_c[cells].tolist(), summary.histogram[0, cells].tolist()
    favourite = cells.index(int(mean_c.argmax()))
    varies = len(cells) < summary.num_classes

    data, labels, shares, inks = [], [], [], []
    for cell, (label, counts) in enumerate(zip(cells, counts_of, strict=True)):
        is_true, is_favourite = label in true_labels, cell == favourite
        colour = palette.true_class if is_true else palette.others
        data.append(
            {
                **grid.bars[cell],
                **(bar_words(names[label]) if varies else {}),
                "y": counts,
                # A hair narrower, so that solid bars stay apart; pale ones have their outlines.
                "width": grid.solid_width if is_favourite else BIN_WIDTH,
                "marker": {
                    "color": colour if is_favourite else fade(colour, _PALE_FILL),
                    "line": {
                        "color": colour if is_favourite else fade(colour, _PALE_OUTLINE),
                        # One pass in a thousand is a tenth of a pixel: its outline is what is
                        # seen of it. So no pass, no outline.
                        "width": [1 if passes else 0 for passes in counts],
                    },
                },
            }
        )
        mark, name = "", grid.names[label]
        if is_true and (beside := grid.true_names[label]):
            name = beside
            mark = f" <span style='color:{palette.true_class};font-size:12px'><b>true</b></span>"
        labels.append(_bold(name, is_favourite) + mark)
        shares.append(_bold(numbers.short_share(mean[cell]), is_favourite))
        inks.append(palette.ink if is_favourite else palette.ink2)
    rest = [_rest(summary.num_classes - len(cells), 1.0 - sum(mean))] if varies else []
    frame_x, frame_y = grid.outlines[favourite]
    font = {**grid.words["textfont"], "color": inks + inks + [palette.ink2] * varies}
    data.append({**grid.frame, "x": frame_x, "y": frame_y})
    data.append({**grid.words, "text": labels + shares + rest, "textfont": font})
    return {"data": data, "layout": grid.layout}


def class_histograms_figure(
    summary: McSummary,
    *,
    true_labels: Sequence[int] = (),
    class_names: Sequence[str] | None = None,
    palette: Palette = LIGHT,
    compact: bool = False,
    total: int | None = None,
    shown: Sequence[int] | None = None,
) -> go.Figure:
    """Show the softmax samples of one image, a small histogram for each class.

    All cells share their axes: the softmax from 0 to 1 in ten bins, and the number of passes
    from none to all. The favourite, the class with the largest mean softmax, is solid and framed.
    The true class is red, the others are blue, as in the post. Above each cell stand the class
    and its mean softmax. Of more than 20 classes ten are shown: those with the largest mean
    softmax, largest first, and the true ones; a sentence says what the rest have together.

    Args:
        summary: of one image.
        true_labels: the classes that are right, none where that is not known.
        class_names: what stands above the cells; the class numbers if left out.
        palette: colours.
        compact: for a phone, lower cells.
        total: height of a cell in passes, see `class_histograms_spec`.
        shown: of more than 20 classes those to show, see `shown_classes`.

    Raises:
        InvalidInputError: not one image, or labels or names that are not its classes'.
    """
    return go.Figure(
        class_histograms_spec(
            summary,
            true_labels=true_labels,
            class_names=class_names,
            palette=palette,
            compact=compact,
            total=total,
            shown=shown,
        )
    )


def _rest(number: int, share: float) -> str:
    # Never one: of up to 20 classes all are shown.
    return f"The other {numbers.count(number)} classes together: {numbers.share(max(share, 0.0))}"


@lru_cache(maxsize=16)
def _numbers(num_classes: int) -> tuple[str, ...]:
    return tuple(map(str, range(num_classes)))


def _bold(text: str, is_bold: bool) -> str:
    return f"<b>{text}</b>" if is_bold else text


def _check(
    summary: McSummary, true_labels: Sequence[int], class_names: Sequence[str] | None
) -> None:
    if summary.num_images != 1:
        raise InvalidInputError(
            "summary",
            expected="a summary of one image",
            received=f"{summary.num_images} images",
            advice="Take one of them, as in summary[0].",
        )
    if not all(0 <= label < summary.num_classes for label in true_labels):
        raise InvalidInputError(
            "true_labels",
            expected=f"classes from 0 to {summary.num_classes - 1}",
            received=list(true_labels),
        )
    if class_names is not None and len(class_names) != summary.num_classes:
        raise InvalidInputError(
            "class_names",
            expected=f"{summary.num_classes} names, one for each class",
            received=list(class_names),
        )
