"""The grid of cells that small histograms stand in: what does not change from result to result."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from ..inference.samples import HISTOGRAM_BINS
from .class_text import fitting_names, plotly_text
from .histogram_sizes import COMPACT, WIDE, TrueNames, cell_width, columns_of_cells, room_of_name
from .palette import Palette, hover_label
from .rounded import rounded_outline, rounded_path
from .shown_classes import num_shown

BIN_WIDTH = 1.0 / HISTOGRAM_BINS

_CENTRES = [round((k + 0.5) * BIN_WIDTH, 6) for k in range(HISTOGRAM_BINS)]
_BIN_NAMES = [f"{k * BIN_WIDTH:.1g} to {(k + 1) * BIN_WIDTH:.1g}" for k in range(HISTOGRAM_BINS)]
_TICKS = [0.0, 0.5, 1.0]
# Figure spaces push the outer two inwards, or the 1 of a cell and the 0 of the next read as "10".
_TICK_TEXTS = ["\u2007\u20070", "0.5", "1\u2007\u2007"]
_REST = 20  # pixels under the grid for a sentence about the classes that are not shown
CELL_INSET = 2  # between the cell and its bars, so that outlines stay inside


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
            classes, then all their shares, and a sentence about the rest where there is one.
        solid_width: how wide a bar is that has to stay apart from the next without an outline.
        names: of all classes, as they fit above the cells; `true_names` as they fit there with the
            word "true" behind them.
    """

    layout: dict[str, Any]
    bars: tuple[dict[str, Any], ...]
    frame: dict[str, Any]
    outlines: tuple[tuple[list[float], list[float]], ...]
    words: dict[str, Any]
    solid_width: float
    names: tuple[str, ...]
    true_names: TrueNames


@lru_cache(maxsize=32)
def histogram_grid(
    class_names: tuple[str, ...], total: int, palette: Palette, *, compact: bool
) -> HistogramGrid:
    """Lay out one cell for each class that is shown: up to 20 of them all, of more ten.

    Args:
        class_names: of all classes; short ones stand five to a row, longer ones fewer.
        total: the height of a cell, in passes.
        palette: colours.
        compact: for a phone, lower cells.
    """
    sizes = COMPACT if compact else WIDE
    num_cells = num_shown(len(class_names))
    has_rest = num_cells < len(class_names)
    columns, label_size = columns_of_cells(class_names, num_cells, sizes)
    rows = -(-num_cells // columns)
    pitch = sizes.head + sizes.cell_height
    grid_height = rows * pitch + sizes.foot
    height = grid_height + _REST * has_rest
    width = cell_width(columns, sizes)
    room = room_of_name(columns, sizes)

    axes: dict[str, Any] = {
        "xaxis": _pixel_axis("y", [0, sizes.width]),
        "yaxis": _pixel_axis("x", [height, 0]),
    }
    bars, paths, outlines, lefts, rights, heads = [], [], [], [], [], []
    for cell in range(num_cells):
        row, column = divmod(cell, columns)
        left = column * (width + sizes.gap)
        right = left + width
        top = row * pitch + sizes.head
        bottom = top + sizes.cell_height
        number = cell + 2
        axes[f"xaxis{number}"] = {
            "anchor": f"y{number}",
            "domain": [(left + CELL_INSET) / sizes.width, (right - CELL_INSET) / sizes.width],
            "range": [0.0, 1.0],
            "fixedrange": True,
            "showgrid": False,
            "zeroline": False,
            "showticklabels": cell + columns >= num_cells,
            "tickvals": _TICKS,
            "ticktext": _TICK_TEXTS,
            "ticks": "",
            "tickangle": 0,
            "ticklabeloverflow": "allow",
            "tickfont": {"size": 12, "color": palette.ink2},
        }
        axes[f"yaxis{number}"] = {
            "anchor": f"x{number}",
            "domain": [1.0 - (bottom - 1) / height, 1.0 - (top + CELL_INSET) / height],
            "range": [0, total],
            "fixedrange": True,
            "visible": False,
        }
        said = bar_words(class_names[cell])
        bars.append(
            {
                "type": "bar",
                "name": said["name"],
                "x": _CENTRES,
                "xaxis": f"x{number}",
                "yaxis": f"y{number}",
                "cliponaxis": False,
                "customdata": _BIN_NAMES,
                "hovertemplate": said["hovertemplate"],
            }
        )
        across, up = sizes.radius / sizes.width, sizes.radius / height
        x0, x1 = left / sizes.width, right / sizes.width
        y0, y1 = 1.0 - bottom / height, 1.0 - top / height
        paths.append(rounded_path(x0, x1, y0, y1, across=across, up=up))
        outlines.append(rounded_outline(left, right, top, bottom, radius=sizes.radius))
        lefts.append(round(left + CELL_INSET, 2))
        rights.append(round(right - CELL_INSET, 2))
        heads.append(top - CELL_INSET)
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
            "x": lefts + rights + [0.0] * has_rest,
            "y": heads + heads + [float(height)] * has_rest,
            "textposition": ["top right"] * num_cells
            + ["top left"] * num_cells
            + ["top right"] * has_rest,
            "cliponaxis": False,
            "hoverinfo": "skip",
            "textfont": {
                "size": [label_size] * num_cells + [sizes.share] * num_cells + [13] * has_rest
            },
        },
        solid_width=BIN_WIDTH - 2.0 / (width - 2 * CELL_INSET),
        names=tuple(map(plotly_text, fitting_names(class_names, room, label_size))),
        true_names=TrueNames.of(class_names, columns, label_size, sizes),
    )


def bar_words(class_name: str) -> dict[str, str]:
    """Return what a class's bars are called, and what the box under the pointer says of them."""
    shown = plotly_text(class_name)
    return {
        "name": shown,
        "hovertemplate": (
            f"<b>%{{y:,}} passes</b><br>score {shown} at %{{customdata}}<extra></extra>"
        ),
    }


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
