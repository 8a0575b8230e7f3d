"""One small histogram of softmax samples per class: what a thousand passes say of an image.

The figure is made to be updated ten times a second: the skeleton (axes, cells) is built once
for each kind of figure and shared, and two results of one kind differ only in the bars'
counts and colours, the words above the cells and the frame around the favourite.
"""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import plotly.graph_objects as go

from ..errors import InvalidInputError
from ..inference.samples import HISTOGRAM_BINS, McSummary
from . import numbers
from .palette import LIGHT, TOKENS, Palette, fade
from .rounded import rounded_path

_MOST_COLUMNS = 5
_PALE_FILL = 0.32
_PALE_OUTLINE = 0.75

_BIN_WIDTH = 1.0 / HISTOGRAM_BINS
_CENTRES = [round((k + 0.5) * _BIN_WIDTH, 6) for k in range(HISTOGRAM_BINS)]
_BIN_NAMES = [
    f"{k * _BIN_WIDTH:.1f} to {(k + 1) * _BIN_WIDTH:.1f}".replace("0.0", "0").replace("1.0", "1")
    for k in range(HISTOGRAM_BINS)
]
_TICKS = [0.0, 0.5, 1.0]
# Figure spaces push the outer two inwards, or the 1 of a cell and the 0 of the next read as "10".
_TICK_TEXTS = ["\u2007\u20070", "0.5", "1\u2007\u2007"]


@dataclass(frozen=True, slots=True)
class _Sizes:
    """Pixels of one variant; the width is only what it was drawn for."""

    width: int
    cell_height: int
    head: int
    foot: int
    gap: int
    radius: int
    label: int
    share: int


_WIDE = _Sizes(width=716, cell_height=105, head=30, foot=22, gap=10, radius=6, label=16, share=14)
_COMPACT = _Sizes(width=358, cell_height=58, head=25, foot=20, gap=7, radius=5, label=15, share=12)
_INSET = 2  # between the cell and its bars, so that outlines stay inside


@dataclass(frozen=True, slots=True)
class _Skeleton:
    """What results of one kind share."""

    layout: dict[str, Any]
    traces: tuple[dict[str, Any], ...]
    cells: dict[str, Any]
    frame: dict[str, Any]
    frame_paths: tuple[str, ...]
    solid_width: float
    labels: tuple[dict[str, Any], ...]
    shares: tuple[dict[str, Any], ...]
    names: tuple[str, ...]


def class_histograms_spec(
    summary: McSummary,
    *,
    true_labels: Sequence[int] = (),
    class_names: Sequence[str] | None = None,
    palette: Palette = TOKENS,
    compact: bool = False,
    total: int | None = None,
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

    Raises:
        InvalidInputError: not one image, or labels or names that are not its classes'.
    """
    _check(summary, true_labels, class_names)
    names = tuple(class_names) if class_names else tuple(map(str, range(summary.num_classes)))
    skeleton = _skeleton(names, total or summary.num_samples, palette, compact)
    mean = summary.mean[0]
    favourite = int(mean.argmax())
    counts_cb = summary.histogram[0].tolist()

    data = []
    annotations = []
    for label, counts in enumerate(counts_cb):
        is_true, is_favourite = label in true_labels, label == favourite
        colour = palette.true_class if is_true else palette.others
        data.append(
            {
                **skeleton.traces[label],
                "y": counts,
                # A hair narrower, so that solid bars stay apart; pale ones have their outlines.
                "width": skeleton.solid_width if is_favourite else _BIN_WIDTH,
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
        name = skeleton.names[label]
        text = f"<b>{name}</b>" if is_favourite else name
        if is_true:
            text += f" <span style='color:{palette.true_class};font-size:12px'><b>true</b></span>"
        score = numbers.short_share(float(mean[label]))
        font_colour = palette.ink if is_favourite else palette.ink2
        annotations.append(_worded(skeleton.labels[label], text, font_colour))
        annotations.append(
            _worded(
                skeleton.shares[label], f"<b>{score}</b>" if is_favourite else score, font_colour
            )
        )
    shapes = [skeleton.cells, {**skeleton.frame, "path": skeleton.frame_paths[favourite]}]
    return {
        "data": data,
        "layout": {**skeleton.layout, "annotations": annotations, "shapes": shapes},
    }


def class_histograms_figure(
    summary: McSummary,
    *,
    true_labels: Sequence[int] = (),
    class_names: Sequence[str] | None = None,
    palette: Palette = LIGHT,
    compact: bool = False,
    total: int | None = None,
) -> go.Figure:
    """Show the softmax samples of one image, a small histogram for each class.

    All cells share their axes: the softmax from 0 to 1 in ten bins, and the number of passes
    from none to all. The favourite, the class with the largest mean softmax, is solid and framed.
    The true class is red, the others are blue, as in the post. Above each cell stand the class
    and its mean softmax.

    Args:
        summary: of one image.
        true_labels: the classes that are right, none where that is not known.
        class_names: what stands above the cells; the class numbers if left out.
        palette: colours.
        compact: for a phone, lower cells.
        total: height of a cell in passes, see `class_histograms_spec`.

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
        )
    )


def _worded(annotation: dict[str, Any], text: str, colour: str) -> dict[str, Any]:
    return {**annotation, "text": text, "font": {**annotation["font"], "color": colour}}


@lru_cache(maxsize=32)
def _skeleton(
    class_names: tuple[str, ...], total: int, palette: Palette, compact: bool
) -> _Skeleton:
    sizes = _COMPACT if compact else _WIDE
    num_classes = len(class_names)
    rows = -(-num_classes // _MOST_COLUMNS)
    columns = -(-num_classes // rows)
    pitch = sizes.head + sizes.cell_height
    height = rows * pitch + sizes.foot
    cell_width = (sizes.width - (columns - 1) * sizes.gap) / columns
    names = tuple(_fitting(name, cell_width, sizes) for name in class_names)

    layout: dict[str, Any] = {
        "height": height,
        "margin": {"l": 1, "r": 1, "t": 0, "b": 0, "pad": 0, "autoexpand": False},
        "bargap": 0,
        "showlegend": False,
        "hovermode": "closest",
        "hoverlabel": {
            "bgcolor": palette.bg,
            "bordercolor": palette.ink2,
            "font": {"color": palette.ink, "size": 13},
        },
    }
    traces, paths, labels, shares = [], [], [], []
    for label, (shown, name) in enumerate(zip(names, class_names, strict=True)):
        row, column = divmod(label, columns)
        left = column * (cell_width + sizes.gap)
        right = left + cell_width
        top = row * pitch + sizes.head
        bottom = top + sizes.cell_height
        x0, x1 = left / sizes.width, right / sizes.width
        y0, y1 = 1.0 - bottom / height, 1.0 - top / height
        number = str(label + 1) if label else ""
        has_ticks = label + columns >= num_classes
        layout[f"xaxis{number}"] = {
            "anchor": f"y{number}",
            "domain": [(left + _INSET) / sizes.width, (right - _INSET) / sizes.width],
            "range": [0.0, 1.0],
            "fixedrange": True,
            "showgrid": False,
            "zeroline": False,
            "showticklabels": has_ticks,
            "tickvals": _TICKS,
            "ticktext": _TICK_TEXTS,
            "ticks": "",
            "tickangle": 0,
            "ticklabeloverflow": "allow",
            "tickfont": {"size": 12, "color": palette.ink2},
        }
        layout[f"yaxis{number}"] = {
            "anchor": f"x{number}",
            "domain": [1.0 - (bottom - 1) / height, 1.0 - (top + _INSET) / height],
            "range": [0, total],
            "fixedrange": True,
            "visible": False,
        }
        traces.append(
            {
                "type": "bar",
                "name": name,
                "x": _CENTRES,
                "xaxis": f"x{number}",
                "yaxis": f"y{number}",
                "cliponaxis": False,
                "customdata": _BIN_NAMES,
                "hovertemplate": (
                    f"<b>%{{y:,}} passes</b><br>score {shown} at %{{customdata}}<extra></extra>"
                ),
            }
        )
        paths.append(
            rounded_path(
                x0, x1, y0, y1, across=sizes.radius / sizes.width, up=sizes.radius / height
            )
        )
        words = {"xref": "paper", "yref": "paper", "y": y1, "yanchor": "bottom", "showarrow": False}
        labels.append({**words, "x": x0, "xanchor": "left", "font": {"size": sizes.label}})
        shares.append({**words, "x": x1, "xanchor": "right", "font": {"size": sizes.share}})
    shape = {"type": "path", "xref": "paper", "yref": "paper", "layer": "below"}
    return _Skeleton(
        layout=layout,
        traces=tuple(traces),
        cells={
            **shape,
            "path": " ".join(paths),
            "fillcolor": palette.surf,
            "line": {"width": 0, "color": palette.surf},
        },
        frame={**shape, "fillcolor": palette.bg, "line": {"width": 1.5, "color": palette.ink2}},
        frame_paths=tuple(paths),
        solid_width=_BIN_WIDTH - 2.0 / (cell_width - 2 * _INSET),
        labels=tuple(labels),
        shares=tuple(shares),
        names=names,
    )


def _fitting(name: str, cell_width: float, sizes: _Sizes) -> str:
    """Return the name, escaped, cut where it would run into the number on the right."""
    room = max(1, int((cell_width - 3 * sizes.share) / (0.55 * sizes.label)))
    return html.escape(name if len(name) <= room else f"{name[: room - 1]}…", quote=False)


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
