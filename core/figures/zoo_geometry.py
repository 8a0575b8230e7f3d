"""Where things stand in the small multiples of the zoo: panels in a grid, networks down each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .class_text import text_width

NAME_SIZE = 13


@dataclass(frozen=True, slots=True)
class Geometry:
    """Pixels; the width is only what the figure was drawn for.

    Attributes:
        width: of the whole figure.
        columns: panels beside each other.
        num_panels: how many there are.
        num_rows: networks in each.
        left: room for their names; beside panels that stand alone, else beside the first.
    """

    width: int
    columns: int
    num_panels: int
    num_rows: int
    left: int

    row = 22
    title = 46
    foot = 34
    gap = 26
    right = 12

    @property
    def panel(self) -> int:
        """Height of a panel."""
        return self.row * self.num_rows

    @property
    def height(self) -> int:
        """Of the whole figure."""
        lines = -(-self.num_panels // self.columns)
        return lines * (self.title + self.panel + self.foot)

    def top(self, panel: int) -> int:
        """Return where a panel begins, from the figure's top."""
        line = panel // self.columns
        return line * (self.title + self.panel + self.foot) + self.title

    def x_domain(self, panel: int) -> list[float]:
        """Return the share of the room beside the names that a panel takes."""
        room = self.width - self.left - self.right
        each = (room - (self.columns - 1) * self.gap) / self.columns
        start = panel % self.columns * (each + self.gap)
        return [start / room, (start + each) / room]

    def y_domain(self, panel: int) -> list[float]:
        """Return the share of the figure's height that a panel takes, from below."""
        top = self.top(panel)
        return [1.0 - (top + self.panel) / self.height, 1.0 - top / self.height]

    def has_names(self, panel: int) -> bool:
        """Return whether the networks' names stand at a panel."""
        return panel % self.columns == 0


def geometry(names: Sequence[str], num_panels: int, *, compact: bool) -> Geometry:
    """Return the geometry for networks of these names.

    Args:
        names: of the networks.
        num_panels: how many panels there are.
        compact: for a phone: one panel below the other.
    """
    left = 12 + round(max((text_width(name, NAME_SIZE) for name in names), default=0.0))
    if compact:
        return Geometry(358, 1, num_panels, len(names), min(left, 170))
    return Geometry(1120, 4, num_panels, len(names), min(left, 210))
