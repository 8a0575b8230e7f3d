"""The zoo's picture for a document: every network by every figure, in small multiples."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..experiments.zoo_table import BASE, ZOO_FIGURES
from ..experiments.zoo_words import figure_head, scaled
from ..uncertainty import Interval
from .evaluation_panel import TWIN_COLOUR, WIDTH, draw_mark, round_step
from .palette import LIGHT
from .raster import Raster

if TYPE_CHECKING:
    from ..experiments.zoo_table import ZooTable

PICTURE = "zoo.png"

_COLUMNS = 3
_LEFT, _NAMES = 14, 148  # pixels left of the networks' names, and of the first panel
_GAP, _MARGIN = 38, 22
_ROW = 18  # of a network
_HEAD, _FOOT = 40, 24
_LEGEND = 40
_TITLE, _TEXT, _TICK = 13.0, 12.0, 11.0
_BAND = "#E9E4DA"


@dataclass(frozen=True, slots=True)
class _Panel:
    """One figure of every network, as it is shown.

    Attributes:
        title: above it.
        own: of all passes, a network each.
        twin: of one pass; None where that is all there is.
        band: where a difference from the base may be a seed's; None if that is not known.
    """

    title: str
    own: Sequence[Interval]
    twin: Sequence[Interval | None]
    band: tuple[float, float] | None


def zoo_image(table: ZooTable) -> bytes:
    """Draw a panel a figure, a row a network, with 95% intervals, and a panel of times.

    Returns:
        A PNG, 1,400 pixels wide, for half as many on a page.
    """
    panels = [*(_panel(table, figure) for figure in ZOO_FIGURES), _times(table)]
    body = _ROW * len(table.rows)
    height = _HEAD + body + _FOOT
    raster = Raster(WIDTH, _LEGEND + height * math.ceil(len(panels) / _COLUMNS), LIGHT.bg)
    _draw_legend(raster, has_band=bool(table.members))
    width = (WIDTH - _NAMES - _MARGIN - (_COLUMNS - 1) * _GAP) / _COLUMNS
    for place, panel in enumerate(panels):
        row, column = divmod(place, _COLUMNS)
        top = _LEGEND + row * height + _HEAD
        if column == 0:
            for line, one in enumerate(table.rows):
                name = _short(raster, one.title)
                raster.text((_LEFT, top + _ROW * (line + 0.5)), name, _TEXT, LIGHT.ink)
        left = _NAMES + column * (width + _GAP)
        _draw_panel(raster, panel, (left, left + width), (top, top + body))
    return raster.png()


def _panel(table: ZooTable, figure: str) -> _Panel:
    def shown(found: Interval) -> Interval:
        return Interval(*(scaled(figure, each) for each in (found.value, found.low, found.high)))

    band = None
    base = next((row for row in table.rows if row.name == BASE), None)
    if base is not None and figure in table.members:
        reach = table.members[figure].high - table.members[figure].low
        value = base.figures[figure].value
        band = (scaled(figure, value - reach), scaled(figure, value + reach))
    return _Panel(
        figure_head(figure),
        [shown(row.figures[figure]) for row in table.rows],
        [shown(row.twin[figure]) if row.twin else None for row in table.rows],
        band,
    )


def _times(table: ZooTable) -> _Panel:
    return _Panel(
        "Time, ms an image",
        [row.milliseconds for row in table.rows],
        [row.twin_milliseconds for row in table.rows],
        None,
    )


def _draw_panel(
    raster: Raster, panel: _Panel, across: tuple[float, float], down: tuple[float, float]
) -> None:
    every = [*panel.own, *(each for each in panel.twin if each is not None)]
    ends = [end for each in every for end in (each.value, each.low, each.high)]
    least, most = min(ends), max(ends)
    least_range = max(1e-3 * abs(most), 1e-6)  # of figures that are all the same
    step = round_step(max(most - least, least_range) * 5 / 3)  # three of them: panels are narrow
    low, high = step * math.floor(least / step + 1e-9), step * math.ceil(most / step - 1e-9)
    high = max(high, low + step)

    def x(value: float) -> float:
        share = (min(max(value, low), high) - low) / (high - low)
        return across[0] + share * (across[1] - across[0])

    if panel.band is not None:
        left, right = x(panel.band[0]), x(panel.band[1])
        middle = (down[0] + down[1]) / 2
        if right > left:
            raster.line([(left, middle), (right, middle)], _BAND, down[1] - down[0])
    raster.text((across[0], down[0] - 12), panel.title, _TITLE, LIGHT.ink, "ls")
    for place in range(round((high - low) / step) + 1):
        tick = low + place * step
        raster.line([(x(tick), down[0]), (x(tick), down[1])], LIGHT.line, 1.0)
        raster.text((x(tick), down[1] + 11), f"{tick + 0.0:.6g}", _TICK, LIGHT.ink2, "mm")
    for line, (own, twin) in enumerate(zip(panel.own, panel.twin, strict=True)):
        middle = down[0] + _ROW * (line + 0.5)
        if twin is not None:
            _draw_interval(raster, x(twin.low), x(twin.value), x(twin.high), middle + 4, True)
        shift = -4 if twin is not None else 0
        _draw_interval(raster, x(own.low), x(own.value), x(own.high), middle + shift, False)


def _draw_interval(
    raster: Raster, low: float, value: float, high: float, y: float, is_twin: bool
) -> None:
    if high > low:
        raster.line([(low, y), (high, y)], TWIN_COLOUR if is_twin else LIGHT.ink, 1.4)
    draw_mark(raster, (value, y), is_twin=is_twin)


def _draw_legend(raster: Raster, *, has_band: bool) -> None:
    x = float(_LEFT)
    for name, is_twin in (("all passes", False), ("one pass of the same weights", True)):
        draw_mark(raster, (x + 4, 20), is_twin=is_twin)
        raster.text((x + 14, 20), name, _TEXT, LIGHT.ink)
        x += 14 + raster.text_width(name, _TEXT) + 20
    if has_band:
        raster.line([(x, 20), (x + 18, 20)], _BAND, 14.0)
        text = "the base, give or take what a seed changes"
        raster.text((x + 25, 20), text, _TEXT, LIGHT.ink)


def _short(raster: Raster, title: str) -> str:
    """Return as much of a title as fits beside the panels, in whole words."""
    words = title.split()
    while len(words) > 1 and raster.text_width(" ".join(words), _TEXT) > _NAMES - _LEFT - 16:
        words.pop()
    return " ".join(words)
