"""The grid of cells that small histograms stand in: what does not change from result to result."""

from __future__ import annotations

import html
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from ..inference.samples import HISTOGRAM_BINS
from .palette import Palette, hover_label
from .rounded import rounded_outline, rounded_path

BIN_WIDTH = 1.0 / HISTOGRAM_BINS

_MOST_COLUMNS = 5
_CENTRES = [round((k + 0.5) * BIN_WIDTH, 6) for k in range(HISTOGRAM_BINS)]
_BIN_NAMES = [f"{k * BIN_WIDTH:.1g} to {(k + 1) * BIN_WIDTH:.1g}" for k in range(HISTOGRAM_BINS)]
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
class HistogramGrid:
    """What results of one kind share.

    The first pair of axes covers the whole figure in pixels, y downwards, and lies below the
    cells' own: it holds the frame and the words. These are traces and not annotations because
    Plotly redraws everything when an annotation's text changes, and moves a trace on its own.

    Attributes:
        layout: axes, sizes and the cells' ground.
        bars: a bar trace for each class, without counts and colours.
        frame: the trace of the frame, without its points.
        outlines: for each class, the points of a frame around its cell.
        words: the trace of what stands above the cells, without texts and colours: first all
            classes, then all their shares.
        solid_width: how wide a bar is that has to stay apart from the next without an outline.
        names: the classes' names as they fit above the cells.
    """

    layout: dict[str, Any]
    bars: tuple[dict[str, Any], ...]
    frame: dict[str, Any]
    outlines: tuple[tuple[list[float], list[float]], ...]
    words: dict[str, Any]
    solid_width: float
    names: tuple[str, ...]


@lru_cache(maxsize=32)
def histogram_grid(
    class_names: tuple[str, ...], total: int, palette: Palette, *, compact: bool
) -> HistogramGrid:
    """Lay out one cell for each class.

    Args:
        class_names: what stands above the cells.
        total: the height of a cell, in passes.
        palette: colours.
        compact: for a phone, lower cells.
    """
    sizes = _COMPACT if compact else _WIDE
    num_classes = len(class_names)
    rows = -(-num_classes // _MOST_COLUMNS)
    columns = -(-num_classes // rows)
    pitch = sizes.head + sizes.cell_height
    height = rows * pitch + sizes.foot
    cell_width = (sizes.width - (columns - 1) * sizes.gap) / columns
    names = tuple(_fitting(name, cell_width, sizes) for name in class_names)

    axes: dict[str, Any] = {
        "xaxis": _pixel_axis("y", [0, sizes.width]),
        "yaxis": _pixel_axis("x", [height, 0]),
    }
    bars, paths, outlines, lefts, rights, heads = [], [], [], [], [], []
    for label, (name, whole_name) in enumerate(zip(names, class_names, strict=True)):
        row, column = divmod(label, columns)
        left = column * (cell_width + sizes.gap)
        right = left + cell_width
        top = row * pitch + sizes.head
        bottom = top + sizes.cell_height
        number = label + 2
        axes[f"xaxis{number}"] = {
            "anchor": f"y{number}",
            "domain": [(left + _INSET) / sizes.width, (right - _INSET) / sizes.width],
            "range": [0.0, 1.0],
            "fixedrange": True,
            "showgrid": False,
            "zeroline": False,
            "showticklabels": label + columns >= num_classes,
            "tickvals": _TICKS,
            "ticktext": _TICK_TEXTS,
            "ticks": "",
            "tickangle": 0,
            "ticklabeloverflow": "allow",
            "tickfont": {"size": 12, "color": palette.ink2},
        }
        axes[f"yaxis{number}"] = {
            "anchor": f"x{number}",
            "domain": [1.0 - (bottom - 1) / height, 1.0 - (top + _INSET) / height],
            "range": [0, total],
            "fixedrange": True,
            "visible": False,
        }
        bars.append(
            {
                "type": "bar",
                "name": whole_name,
                "x": _CENTRES,
                "xaxis": f"x{number}",
                "yaxis": f"y{number}",
                "cliponaxis": False,
                "customdata": _BIN_NAMES,
                "hovertemplate": (
                    f"<b>%{{y:,}} passes</b><br>score {name} at %{{customdata}}<extra></extra>"
                ),
            }
        )
        across, up = sizes.radius / sizes.width, sizes.radius / height
        x0, x1 = left / sizes.width, right / sizes.width
        y0, y1 = 1.0 - bottom / height, 1.0 - top / height
        paths.append(rounded_path(x0, x1, y0, y1, across=across, up=up))
        outlines.append(rounded_outline(left, right, top, bottom, radius=sizes.radius))
        lefts.append(round(left + _INSET, 2))
        rights.append(round(right - _INSET, 2))
        heads.append(top - _INSET)
    return HistogramGrid(
        layout={**_layout(palette, height), **axes, "shapes": [_ground(paths, palette)]},
        bars=tuple(bars),
        frame={
            "type": "scatter",
            "mode": "lines",
            "fill": "toself",
            "fillcolor": palette.bg,
            "line": {"color": palette.ink2, "width": 1.5, "simplify": False},
            "cliponaxis": False,
            "hoverinfo": "skip",
        },
        outlines=tuple(outlines),
        words={
            "type": "scatter",
            "mode": "text",
            "x": lefts + rights,
            "y": heads + heads,
            "textposition": ["top right"] * num_classes + ["top left"] * num_classes,
            "cliponaxis": False,
            "hoverinfo": "skip",
            "textfont": {"size": [sizes.label] * num_classes + [sizes.share] * num_classes},
        },
        solid_width=BIN_WIDTH - 2.0 / (cell_width - 2 * _INSET),
        names=names,
    )


def _layout(palette: Palette, height: int) -> dict[str, Any]:
    return {
        "height": height,
        "margin": {"l": 1, "r": 1, "t": 0, "b": 0, "pad": 0, "autoexpand": False},
        "bargap": 0,
        "showlegend": False,
        "hovermode": "closest",
        "hoverlabel": hover_label(palette),
    }


def _pixel_axis(anchor: str, pixels: list[int]) -> dict[str, Any]:
    return {
        "anchor": anchor,
        "domain": [0.0, 1.0],
        "range": pixels,
        "fixedrange": True,
        "visible": False,
    }


def _ground(paths: list[str], palette: Palette) -> dict[str, Any]:
    return {
        "type": "path",
        "xref": "paper",
        "yref": "paper",
        "layer": "below",
        "path": " ".join(paths),
        "fillcolor": palette.surf,
        "line": {"width": 0, "color": palette.surf},
    }


def _fitting(name: str, cell_width: float, sizes: _Sizes) -> str:
    """Return the name, escaped, cut where it would run into the number on the right."""
    room = max(1, int((cell_width - 3 * sizes.share) / (0.55 * sizes.label)))
    return html.escape(name if len(name) <= room else f"{name[: room - 1]}…", quote=False)
