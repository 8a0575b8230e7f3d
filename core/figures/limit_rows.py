"""A limit on a measure, and whom it lets through: a row of bars a group, one line through all.

The figure is made to be dragged: two limits differ only in counts and places, which Plotly moves
in place.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ..errors import InvalidInputError
from ..uncertainty.measures import MEASURES, Measure
from . import numbers
from .limit_layout import COMPACT, WIDE, Sizes, limit_layout
from .palette import TOKENS, Palette, fade
from .rounded import rounded_outline

Floats = npt.NDArray[np.float64]
Truths = npt.NDArray[np.bool_]

NUM_BINS = 46
NUM_STOPS = 460  # places that the limit can be dragged to
_PALE_FILL = 0.28
_PALE_OUTLINE = 0.7


@dataclass(frozen=True, slots=True, eq=False)
class LimitGroup:
    """Answers of one kind.

    Attributes:
        name: what a person calls them, as "Right".
        of: what they are, as "answers".
        token: name of the palette's colour for them, as "accepted_fill".
        text_token: name of the palette's colour for their name.
        values: of the measure, shape (N,).
        accepted: shape (N,).
        let_through: what the accepted ones are, as "false accepts".
    """

    name: str
    of: str
    token: str
    text_token: str
    values: Floats
    accepted: Truths
    let_through: str

    def __post_init__(self) -> None:
        if self.values.shape != self.accepted.shape or self.values.ndim != 1:
            raise InvalidInputError(
                "accepted",
                expected=f"one verdict for each of {self.values.shape} values",
                received=f"shape {self.accepted.shape}",
            )


def limit_rows_spec(
    groups: Sequence[LimitGroup],
    measure: str,
    limit: float | None,
    *,
    num_classes: int = 10,
    palette: Palette = TOKENS,
    compact: bool = False,
) -> dict[str, Any]:
    """Return a plain Plotly figure: a row of bars for each group, each to its own height.

    Solid is accepted, pale is not. The first trace holds, without showing them, the places that
    the limit can be dragged to.

    Args:
        groups: one or more; an empty group has an empty row.
        measure: a name of `MEASURES`.
        limit: on the measure; None where it has none.
        num_classes: C, which the ends of some measures depend on.
        palette: colours, tokens for a live page.
        compact: for a phone.

    Raises:
        InvalidInputError: no group, or no such measure.
    """
    if not groups:
        raise InvalidInputError("groups", expected="at least one group", received="none")
    if measure not in MEASURES:
        names = ", ".join(MEASURES)
        raise InvalidInputError("measure", expected=f"one of {names}", received=measure)
    about = MEASURES[measure]
    sizes = COMPACT if compact else WIDE
    height = sizes.height(len(groups))
    low, high = axis_ends(about, num_classes)
    data: list[dict[str, Any]] = [_stops(low, high, height)]
    layout = limit_layout(len(groups), (low, high), sizes, height, palette)
    for row, group in enumerate(groups):
        data += _bars(group, row, (low, high), palette)
    data += _line(about, limit, (low, high), sizes, height, palette)
    data.append(_words(groups, sizes, height, palette))
    return {"data": data, "layout": layout}


def axis_ends(measure: Measure, num_classes: int = 10) -> tuple[float, float]:
    """Return the ends of a measure's axis."""
    return 0.0, measure.upper(num_classes)


def _stops(low: float, high: float, height: int) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines",
        "name": "stops",
        "xaxis": "x2",
        "x": np.linspace(low, high, NUM_STOPS + 1).round(6).tolist(),
        "y": [height] * (NUM_STOPS + 1),
        "line": {"width": 0},
        "opacity": 0.0,
        "hoverinfo": "skip",
    }


def _bars(
    group: LimitGroup, row: int, ends: tuple[float, float], palette: Palette
) -> list[dict[str, Any]]:
    edges = np.linspace(*ends, NUM_BINS + 1)
    values = np.clip(group.values, *ends)
    everyone, _ = np.histogram(values, edges)
    accepted, _ = np.histogram(values[group.accepted], edges)
    highest = max(int(everyone.max(initial=0)), 1)
    colour = getattr(palette, group.token)
    centres = ((edges[1:] + edges[:-1]) / 2).round(6).tolist()
    parts = (("accepted", accepted, False), ("refused", everyone - accepted, True))
    return [
        {
            "type": "bar",
            "name": f"{group.name}, {name}",
            "x": centres,
            # To its own height: a group of 50 is as well to be seen as one of 10,000.
            "y": (counts / highest).round(5).tolist(),
            "customdata": counts.tolist(),
            "xaxis": "x2",
            "yaxis": f"y{row + 2}",
            "hovertemplate": f"%{{customdata:,}} {name}<extra></extra>",
            "marker": {
                "color": fade(colour, _PALE_FILL) if is_pale else colour,
                "line": {
                    "color": fade(colour, _PALE_OUTLINE) if is_pale else colour,
                    "width": [1 if count and is_pale else 0 for count in counts.tolist()],
                },
            },
        }
        for name, counts, is_pale in parts
    ]


def _line(
    measure: Measure,
    limit: float | None,
    ends: tuple[float, float],
    sizes: Sizes,
    height: int,
    palette: Palette,
) -> list[dict[str, Any]]:
    """The limit through all rows, its grip, and what stands on its two sides."""
    shown = limit is not None
    x = 0.0 if limit is None else float(np.clip(limit, *ends))
    # Grip and words stand on the axis of pixels: what reaches over the ends of the other is cut.
    room = sizes.width - sizes.left - sizes.right
    pixel = sizes.left + room * (x - ends[0]) / (ends[1] - ends[0])
    across, up = rounded_outline(-13, 13, sizes.grip - 22, sizes.grip + 22, radius=8)
    dots = [(dx, dy) for dy in (-7, 0, 7) for dx in (-4, 4)]
    line = _pieces(sizes, height)
    base: dict[str, Any] = {"type": "scatter", "cliponaxis": False, "hoverinfo": "skip"}
    return [
        {
            **base,
            "mode": "lines",
            "name": "limit",
            "xaxis": "x2",
            "x": [x if shown and y is not None else None for y in line],
            "y": line,
            "connectgaps": False,
            "line": {"color": palette.ink, "width": 2},
        },
        {
            **base,
            "mode": "lines",
            "name": "grip",
            "x": [round(pixel + each, 3) for each in across] if shown else [None],
            "y": list(up) if shown else [None],
            "fill": "toself",
            "fillcolor": palette.ctl,
            "line": {"color": palette.ctl, "width": 1, "simplify": False},
        },
        {
            **base,
            "mode": "markers",
            "name": "dots",
            "x": [round(pixel + dx, 3) for dx, _ in dots] if shown else [None],
            "y": [sizes.grip + dy for _, dy in dots] if shown else [None],
            "marker": {"size": 4, "color": palette.ctl_text},
        },
        {**base, **_sides(measure, x, pixel, sizes, palette, shown=shown)},
    ]


def _pieces(sizes: Sizes, height: int) -> list[float | None]:
    """Return the heights that the line joins; on a phone it leaves out the lines of words."""
    foot = height - sizes.foot + 4
    if not sizes.is_compact:
        return [sizes.top - 14, foot]
    pieces: list[float | None] = []
    for top in range(sizes.top, height - sizes.foot, sizes.row + sizes.gap):
        pieces += [top, min(top + sizes.row + 4, foot), None]
    return [sizes.grip + 22, sizes.top - 22, None, *pieces[:-1]]


def _sides(
    measure: Measure,
    x: float,
    pixel: float,
    sizes: Sizes,
    palette: Palette,
    *,
    shown: bool,
) -> dict[str, Any]:
    """The limit's value over the line, and which of its sides is accepted."""
    if measure.unit:
        said = f"{numbers.entropy(x)} {measure.unit}"
    else:
        said = numbers.variance(x) if measure.name == "variance" else numbers.softmax(x)
    accepted_side = -1 if measure.higher_is_less_certain else 1
    words = [
        ("accepted", accepted_side, palette.accepted_text),
        ("“I don’t know”", -accepted_side, palette.dont_know_text),
    ]
    if sizes.is_compact:  # at the two edges of the screen, where no word is ever half off it
        value_x = float(np.clip(pixel, sizes.left + 34, sizes.width - sizes.right - 34))
        places = [
            float(sizes.left if side < 0 else sizes.width - sizes.right) for _, side, _ in words
        ]
        ys = [sizes.grip - 34, *[12] * 2]
        positions = ["middle right" if side < 0 else "middle left" for _, side, _ in words]
    else:
        value_x = pixel
        places = [round(pixel + side * 42, 3) for _, side, _ in words]
        ys = [sizes.top - 24] * 3
        positions = ["middle left" if side < 0 else "middle right" for _, side, _ in words]
    arrows = [f"← {text}" if side < 0 else f"{text} →" for text, side, _ in words]
    return {
        "mode": "text",
        "name": "sides",
        "x": [value_x, *places] if shown else [None] * 3,
        "y": ys,
        "text": [f"<b>{said}</b>", *arrows],
        "textposition": ["middle center", *positions],
        "textfont": {"size": 14, "color": [palette.ink, *(colour for *_, colour in words)]},
    }


def _words(
    groups: Sequence[LimitGroup], sizes: Sizes, height: int, palette: Palette
) -> dict[str, Any]:
    """The groups' names on the left, and what is let through on the right."""
    texts: list[str] = []
    ys: list[float] = []
    colours: list[str] = []
    positions: list[str] = []
    for row, group in enumerate(groups):
        bottom = sizes.top + row * (sizes.row + sizes.gap) + sizes.row
        count, through = len(group.values), int(group.accepted.sum())
        share = numbers.share(through / count) if count else "none"
        name = f"<b>{group.name}</b>"
        whole = f"{numbers.count(count)} {group.of}"
        passed = f"{numbers.count(through)} {group.let_through}"
        if sizes.is_compact:
            texts += [f"{name}  {whole}", f"<b>{share}</b> accepted, {passed}"]
            ys += [bottom - sizes.row - 12] * 2
            positions += ["middle right", "middle left"]
        else:
            texts += [f"{name}<br>{whole}", f"<b>{share}</b> accepted<br>{passed}"]
            ys += [bottom - 38] * 2
            positions += ["middle right", "middle right"]
        colours += [getattr(palette, group.text_token), palette.ink]
    ends = (4, sizes.width - 4) if sizes.is_compact else (4, sizes.width - sizes.right + 10)
    xs = [ends[index % 2] for index in range(len(texts))]
    return {
        "type": "scatter",
        "mode": "text",
        "name": "words",
        "x": xs,
        "y": ys,
        "text": texts,
        "textposition": positions,
        "textfont": {"size": 13, "color": colours},
        "cliponaxis": False,
        "hoverinfo": "skip",
    }
