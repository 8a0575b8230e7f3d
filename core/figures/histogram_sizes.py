"""How large the cells of histograms are, how many stand in a row, and what room names have."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from .class_text import are_too_long, cut_inside, fitting, is_worth_showing, plotly_text, text_width

_MOST_COLUMNS = 5
_NEVER_CUT = 2  # letters
_TRUE_WIDTH = 28.0  # pixels of the word "true" behind a name


@dataclass(frozen=True, slots=True)
class HistogramSizes:
    """Pixels of one variant; the width is only what it was drawn for.

    Names still have to fit where a page is narrower by `slack`.
    """

    width: int
    cell_height: int
    head: int
    foot: int
    gap: int
    radius: int
    label: int
    small_label: int
    share: int
    slack: float
    fewest_columns: int
    most_rows: int


WIDE = HistogramSizes(
    716,
    105,
    head=30,
    foot=22,
    gap=10,
    radius=6,
    label=16,
    small_label=13,
    share=14,
    slack=0.84,
    fewest_columns=3,
    most_rows=5,
)
COMPACT = HistogramSizes(
    358,
    58,
    head=25,
    foot=20,
    gap=7,
    radius=5,
    label=15,
    small_label=12,
    share=12,
    slack=0.9,
    fewest_columns=2,
    most_rows=7,
)


def columns_of_cells(
    class_names: tuple[str, ...], num_cells: int, sizes: HistogramSizes
) -> tuple[int, int]:
    """Return how many columns of cells there are, and the size of the names' letters.

    As many columns as leave room for nearly all names, and not so few that rows are too many.
    """
    # Beside a single letter there is room for "true" in the narrowest of cells.
    first = _MOST_COLUMNS - (sizes is COMPACT and max(map(len, class_names)) > 1)
    best = _balanced(num_cells, first), sizes.label
    for most in range(first, sizes.fewest_columns - 1, -1):
        columns = _balanced(num_cells, most)
        if most < first and -(-num_cells // columns) > sizes.most_rows:
            break
        room = room_of_name(columns, sizes)
        for size in (sizes.label, sizes.small_label) if most == first else (sizes.small_label,):
            best = columns, size
            if not are_too_long(class_names, room, size):
                return best
    return best


def _balanced(num_cells: int, most: int) -> int:
    """Return columns of which rows of up to so many cells each have about as many."""
    rows = -(-num_cells // most)
    return -(-num_cells // rows)


def cell_width(columns: int, sizes: HistogramSizes) -> float:
    """Return the width of a cell where so many stand in a row."""
    return (sizes.width - (columns - 1) * sizes.gap) / columns


def room_of_name(columns: int, sizes: HistogramSizes) -> float:
    """Return the pixels that a name has beside the number on its right, on a narrower page too."""
    return sizes.slack * cell_width(columns, sizes) - 3 * sizes.share


@dataclass(frozen=True, slots=True)
class TrueNames:
    """Names that share their room with a word: one or two of all, so they are cut when needed."""

    class_names: tuple[str, ...]
    room: float
    size: int
    small_size: int

    @classmethod
    def of(
        cls, class_names: tuple[str, ...], columns: int, size: int, sizes: HistogramSizes
    ) -> TrueNames:
        """Return the names over cells that stand in so many columns."""
        # A single one may be a little nearer to its number than all of them.
        room = room_of_name(columns, sizes) + 0.06 * cell_width(columns, sizes) - _TRUE_WIDTH
        return cls(class_names, room, size, sizes.small_label)

    def __getitem__(self, label: int) -> str:
        """Return a class's name, smaller or cut if need be; "" where next to nothing is left."""
        name = self.class_names[label]
        if len(name) <= _NEVER_CUT or text_width(name, self.size) <= self.room:
            return plotly_text(name)
        cut = _cut(self.class_names, label, self.room, self.small_size)
        if not is_worth_showing(cut, name):
            return ""
        return f"<span style='font-size:{self.small_size}px'>{plotly_text(cut)}</span>"


@lru_cache(maxsize=64)
def _cut(class_names: tuple[str, ...], label: int, room: float, size: int) -> str:
    """Return a name as it fits: cut at its end, or inside where another one begins alike."""
    name = class_names[label]
    cut = fitting(name, room, size)
    begins_alike = sum(other.startswith(cut[:-1]) for other in class_names) > 1
    return cut_inside(name, room, size) if begins_alike else cut
