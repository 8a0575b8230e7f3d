"""The small histograms of softmax samples with one of their bars picked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..inference.samples import HISTOGRAM_BINS, McSummary
from .histogram_grid import CELL_INSET, histogram_grid
from .histograms import class_histograms_spec
from .palette import TOKENS, Palette
from .shown_classes import shown_classes

Bar = tuple[int, int]


def picked_histograms_spec(
    summary: McSummary,
    picked: Bar | None,
    *,
    true_labels: Sequence[int] = (),
    class_names: Sequence[str],
    palette: Palette = TOKENS,
    compact: bool = False,
) -> dict[str, Any]:
    """Return the figure of `class_histograms_figure` with a line around the column of one bar.

    It is around the whole column, since a bar of few passes, or none, is hardly seen. Where
    nothing is picked the line is there without points, so that picking moves it and builds nothing.

    Args:
        summary: of one image.
        picked: a class and a bar of its histogram, from 0; None where there is none.
        true_labels: the classes that are right, none where that is not known.
        class_names: what stands above the cells.
        palette: colours, tokens for a live page.
        compact: for a phone, lower cells.

    Raises:
        InvalidInputError: not one image, or labels or names that are not its classes'.
    """
    spec = class_histograms_spec(
        summary,
        true_labels=true_labels,
        class_names=class_names,
        palette=palette,
        compact=compact,
    )
    grid = histogram_grid(tuple(class_names), summary.num_samples, palette, compact=compact)
    cells = shown_classes(summary.mean[0], true_labels)
    x: list[float] = []
    y: list[float] = []
    if picked is not None and picked[0] in cells:
        xs, ys = grid.outlines[cells.index(picked[0])]
        left, right = min(xs) + CELL_INSET, max(xs) - CELL_INSET
        width = (right - left) / HISTOGRAM_BINS
        left, top, bottom = left + picked[1] * width, min(ys), max(ys)
        right = left + width
        x = [round(each, 2) for each in (left, left, right, right, left)]
        y = [bottom, top, top, bottom, bottom]
    column = {
        "type": "scatter",
        "mode": "lines",
        "x": x,
        "y": y,
        "line": {"color": palette.ink, "width": 2, "simplify": False},
        "cliponaxis": False,
        "hoverinfo": "skip",
    }
    return {**spec, "data": [*spec["data"], column]}


def label_of_trace(summary: McSummary, trace: int, true_labels: Sequence[int] = ()) -> int | None:
    """Return the class whose bars a trace of the figure is, None where it is no trace of bars.

    Args:
        summary: that the figure is of.
        trace: its index.
        true_labels: as the figure was given them.
    """
    cells = shown_classes(summary.mean[0], true_labels)
    return cells[trace] if 0 <= trace < len(cells) else None
