"""Where things stand in the figure of a limit: rows of bars one above the other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .palette import Palette


@dataclass(frozen=True, slots=True)
class Sizes:
    """Pixels; the width is only what it was drawn for, and `grip` is the middle of the grip."""

    width: int
    left: int
    right: int
    row: int
    gap: int
    top: int
    foot: int
    grip: int
    is_compact: bool

    def height(self, num_rows: int) -> int:
        """Of the whole figure."""
        return self.top + num_rows * self.row + (num_rows - 1) * self.gap + self.foot


WIDE = Sizes(
    width=690, left=112, right=122, row=120, gap=44, top=44, foot=28, grip=186, is_compact=False
)
# On a phone the words stand over the rows, so the grip is above them all.
COMPACT = Sizes(
    width=358, left=14, right=14, row=84, gap=40, top=124, foot=26, grip=76, is_compact=True
)


def limit_layout(
    num_rows: int,
    ends: tuple[float, float],
    sizes: Sizes,
    height: int,
    palette: Palette,
) -> dict[str, Any]:
    """Return the layout: one pair of axes in pixels over all, and one axis for each row.

    Args:
        num_rows: how many groups there are.
        ends: of the measure's axis.
        sizes: of the figure.
        height: of the figure.
        palette: colours.
    """
    axes: dict[str, Any] = {}
    for row in range(num_rows):
        top = sizes.top + row * (sizes.row + sizes.gap)
        axes[f"yaxis{row + 2}"] = {
            "anchor": "x2",
            "domain": [1.0 - (top + sizes.row) / height, 1.0 - top / height],
            "range": [0.0, 1.0],
            "fixedrange": True,
            "showticklabels": False,
            "ticks": "",
            "showgrid": False,
            "zeroline": True,
            "zerolinecolor": palette.line,
            "zerolinewidth": 1,
        }
    return {
        "height": height,
        "margin": {"l": 0, "r": 0, "t": 0, "b": 0, "pad": 0, "autoexpand": False},
        "barmode": "stack",
        "bargap": 0.06,
        "showlegend": False,
        "hovermode": "closest",
        "meta": {"select": "x"},
        "xaxis": {
            "anchor": "y",
            "domain": [0.0, 1.0],
            "range": [0, sizes.width],
            "fixedrange": True,
            "visible": False,
        },
        "xaxis2": {
            "anchor": f"y{num_rows + 1}",
            "domain": [sizes.left / sizes.width, 1.0 - sizes.right / sizes.width],
            "range": list(ends),
            "fixedrange": True,
            "showgrid": False,
            "zeroline": False,
            "ticks": "",
            "ticklabelstandoff": 4,
            "nticks": 6,
            "tickfont": {"size": 12, "color": palette.ink2},
        },
        "yaxis": {
            "domain": [0.0, 1.0],
            "range": [height, 0],
            "fixedrange": True,
            "visible": False,
        },
        **axes,
        "annotations": [],
    }
