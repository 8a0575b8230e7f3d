"""Where things stand in the post's GIF, in whole pixels: a reader can measure the bars again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ..inference.samples import HISTOGRAM_BINS

MOST_COLUMNS = 5
_LEFT, _RIGHT = 56, 20  # beside the cells; the left has the axis of passes
_GAP = 16
_LABEL, _TICKS = 29, 24  # above and below a cell
_FOOT = 24


@dataclass(frozen=True, slots=True)
class GifLayout:
    """The grid of cells, one for each class that is shown, under a header.

    A cell is `cell_width` times `cell_height` pixels: ten bins of `bin_width` each, the last
    pixel of which stays empty. Bars grow upwards from the cell's last row of pixels.

    Attributes:
        num_cells: of classes that are shown.
        most_columns: cells in a row, fewer where names are long.
        width: of the picture, in pixels.
        head: rows of pixels above the grid, for the header.
        cell_height: of a bar that holds all passes.
    """

    num_cells: int
    most_columns: int = MOST_COLUMNS
    width: int = 760
    head: int = 140
    cell_height: int = 100

    @property
    def rows(self) -> int:
        """Of cells: two for ten classes."""
        return -(-self.num_cells // self.most_columns)

    @property
    def columns(self) -> int:
        """Of cells: five for ten classes."""
        return -(-self.num_cells // self.rows)

    @property
    def bin_width(self) -> int:
        """Pixels of a bin, with the empty one at its right."""
        room = self.width - _LEFT - _RIGHT - (self.columns - 1) * _GAP
        return room // (self.columns * HISTOGRAM_BINS)

    @property
    def cell_width(self) -> int:
        """Pixels from softmax 0 to softmax 1."""
        return self.bin_width * HISTOGRAM_BINS

    @property
    def height(self) -> int:
        """Of the picture, in pixels."""
        return self.head + self.rows * (_LABEL + self.cell_height + _TICKS) + _FOOT

    def cell(self, cell: int) -> tuple[int, int, int, int]:
        """Return left, top, right and bottom of a cell, the latter two exclusive."""
        row, column = divmod(cell, self.columns)
        # What the bins' whole pixels leave over goes between the cells.
        room = self.width - _LEFT - _RIGHT - self.cell_width
        left = _LEFT + round(column * room / max(self.columns - 1, 1))
        top = self.head + _LABEL + row * (_LABEL + self.cell_height + _TICKS)
        return left, top, left + self.cell_width, top + self.cell_height

    def bar(self, cell: int, index: int) -> tuple[int, int]:
        """Return left and right of the bar of a cell's bin, the latter exclusive."""
        left = self.cell(cell)[0] + index * self.bin_width
        return left, left + self.bin_width - 1

    def bar_heights(self, counts: npt.NDArray[Any], total: int) -> npt.NDArray[np.intp]:
        """Return the heights of bars: `round(count / total * cell_height)` pixels, half to even.

        Of 1,000 passes in a cell of 100 pixels, a bar shows ten passes by one pixel, and fewer
        than five by none.

        Args:
            counts: of passes, any shape.
            total: T, passes in all.
        """
        return np.rint(counts / total * self.cell_height).astype(np.intp)
