"""Boxes with round corners, which Plotly's rectangles do not have."""

from __future__ import annotations

import math


def rounded_path(
    left: float, right: float, bottom: float, top: float, *, across: float, up: float
) -> str:
    """Return the SVG path of a box, for a shape of type `path`.

    A path scales with the figure, so a radius is given in the units of each axis; a figure
    that is a little wider than planned only has slightly oval corners.

    Args:
        left: x of the left side, in the units of the shape's `xref`.
        right: x of the right side.
        bottom: y of the lower side, in the units of `yref`.
        top: y of the upper side.
        across: corner radius in x units.
        up: corner radius in y units.
    """
    x0, x1, y0, y1 = f"{left:.5g}", f"{right:.5g}", f"{bottom:.5g}", f"{top:.5g}"
    inner_x0, inner_x1 = f"{left + across:.5g}", f"{right - across:.5g}"
    inner_y0, inner_y1 = f"{bottom + up:.5g}", f"{top - up:.5g}"
    return (
        f"M{inner_x0},{y0} H{inner_x1} Q{x1},{y0} {x1},{inner_y0} V{inner_y1}"
        f" Q{x1},{y1} {inner_x1},{y1} H{inner_x0} Q{x0},{y1} {x0},{inner_y1}"
        f" V{inner_y0} Q{x0},{y0} {inner_x0},{y0} Z"
    )


def rounded_outline(
    left: float, right: float, top: float, bottom: float, *, radius: float
) -> tuple[list[float], list[float]]:
    """Return the closed outline of a box as points (x, y), for a trace that is to move.

    Args:
        left: x of the left side.
        right: x of the right side.
        top: y of the upper side, y running downwards.
        bottom: y of the lower side.
        radius: of the corners, in the units of x and y, which are the same.
    """
    xs, ys = [], []
    corners = [(right, top, 270), (right, bottom, 0), (left, bottom, 90), (left, top, 180)]
    for x, y, start in corners:
        centre_x = x - radius if x == right else x + radius
        centre_y = y - radius if y == bottom else y + radius
        for degrees in range(start, start + 91, 15):
            xs.append(round(centre_x + radius * math.cos(math.radians(degrees)), 2))
            ys.append(round(centre_y + radius * math.sin(math.radians(degrees)), 2))
    return [*xs, xs[0]], [*ys, ys[0]]
