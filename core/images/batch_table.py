"""A `.csv` of pixels, one image or row of numbers a line, with labels or without."""

from __future__ import annotations

import csv
import io
import itertools
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import IO

import numpy as np
import numpy.typing as npt

from ..errors import InvalidInputError
from ..limits import MAX_BATCH_ITEMS, MAX_TABLE_LINE
from .batch_item import BatchItem, Preparation
from .batch_labels import LABEL_COLUMNS, NAME_COLUMNS, LabelReader
from .batch_pixels import PixelScale

_NAMELESS = ("", "unnamed: 0", "index")  # the column that pandas writes a table's index into
_DELIMITERS = ",;\t"
_MOST_KINDS = 10_000  # of values that are told apart in a column


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column of a table is what.

    Attributes:
        first: of the pixels, which lie side by side.
        num_pixels: how many they are.
        width: of the whole table.
        label: column of the labels, or None.
        name: column of the names, or None.
        has_header: whether the first line is one.
    """

    first: int
    num_pixels: int
    width: int
    label: int | None
    name: int | None
    has_header: bool


class PixelTable:
    """A table of pixels; it is read twice, once for its scale, and never held as a whole.

    There is a header or not. Beside the pixels there may be a column of labels, by its name (label,
    y, class) or the first or last one, and with a header one of names (name, file, id, or pandas'
    index).

    Args:
        open_stream: opens the file anew.
        preparation: what fits.

    Raises:
        InvalidInputError: it is no table, or one with another number of columns.
    """

    def __init__(self, open_stream: Callable[[], IO[bytes]], preparation: Preparation) -> None:
        self._open = open_stream
        self._preparation = preparation
        self._reader = LabelReader(preparation.classes)
        self._columns = self._find_columns()

    def items(self, prefix: str) -> Iterator[BatchItem]:
        """Yield the rows as `row 1`, `row 2`, ... behind a prefix, or under their own names.

        Raises:
            InvalidInputError: the table cannot be read any further.
        """
        columns, scale = self._columns, PixelScale(self._preparation)
        for _, cells in self._rows():
            if (values := self._values(cells)) is not None:
                scale.note(float(values.min()), float(values.max()))
        for number, cells in self._rows():
            name = f"{prefix}row {number}"
            if columns.name is not None and len(cells) > columns.name and cells[columns.name]:
                name = f"{prefix}{cells[columns.name]}"
            values = self._values(cells)
            if values is None:
                yield BatchItem(name, None, None, self._why(cells))
                continue
            label, problem = self._reader.read(
                None if columns.label is None else cells[columns.label]
            )
            yield scale.item(name, values, label, problem)

    def _rows(self) -> Iterator[tuple[int, list[str]]]:
        rows = read_rows(self._open)
        if self._columns.has_header:
            next(rows, None)
        return enumerate(rows, start=1)

    def _values(self, cells: Sequence[str]) -> npt.NDArray[np.float64] | None:
        columns = self._columns
        if len(cells) != columns.width:
            return None
        try:
            pixels = cells[columns.first : columns.first + columns.num_pixels]
            return np.array([float(cell) for cell in pixels])
        except ValueError:
            return None

    def _why(self, cells: Sequence[str]) -> str:
        if len(cells) != self._columns.width:
            return f"Expected {self._columns.width:,} columns as above, got {len(cells):,}."
        return "Some of its values are no numbers."

    def _find_columns(self) -> Columns:
        rows = read_rows(self._open)
        first = next(rows, [])
        pixels, width = math.prod(self._preparation.shape), len(first)
        has_header = self._is_header(first)
        heads = [cell.strip().casefold() for cell in first] if has_header else []
        label = _only(at for at, head in enumerate(heads) if head in LABEL_COLUMNS)
        name = _only(at for at, head in enumerate(heads) if head in NAME_COLUMNS)
        if name is None and heads and heads[0] in _NAMELESS and width > pixels:
            name = 0
        named = [at for at in (label, name) if at is not None]
        if width == pixels:  # whatever a header calls them
            label = name = None
            named = []
        others = sorted(set(range(width)) - set(named))
        if len(others) == pixels + 1 and label is None:
            sample = rows if has_header else itertools.chain([first], rows)
            label = self._label_at_an_end(sample, others[0], others[-1])
            others.remove(label)
        if len(others) != pixels or others[-1] - others[0] != pixels - 1:
            raise InvalidInputError(
                "table",
                expected=f"{pixels:,} columns of pixels for {self._preparation.words}, and perhaps"
                " one of labels",
                received=f"{width:,} columns",
            )
        return Columns(others[0], pixels, width, label, name, has_header)

    def _is_header(self, cells: Sequence[str]) -> bool:
        words = [cell for cell in cells if not _is_number(cell)]
        if not words:
            # What pandas writes over nameless columns: 0, 1, 2, ...
            return len(cells) > 2 and cells in (_count(cells, 0), _count(cells, 1))
        if len(words) == 1 and words[0] in (cells[0], cells[-1]):
            # A class by its name, before or behind the pixels of an image.
            return self._reader.find(words[0]) is None
        return 2 * len(words) > len(cells) or words[0].strip().casefold() in LABEL_COLUMNS

    def _label_at_an_end(self, rows: Iterator[list[str]], first: int, last: int) -> int:
        """Return which of two columns holds the labels: only classes, and more of them."""
        kinds: dict[int, set[str]] = {first: set(), last: set()}
        for cells in itertools.islice(rows, MAX_BATCH_ITEMS):
            for column, seen in kinds.items():
                if column < len(cells) and len(seen) < _MOST_KINDS:
                    seen.add(cells[column].strip())
        told = {column: self._kinds_of_labels(seen) for column, seen in kinds.items()}
        return last if told[last] > told[first] else first

    def _kinds_of_labels(self, seen: set[str]) -> float:
        """Return how many labels a column tells apart, -1 where one of them is no label."""
        if any(self._reader.find(each) is None for each in seen):
            return -1.0
        if not all(map(_is_number, seen)):
            return math.inf
        # An image's corner is often 0 everywhere, which is a class too.
        return len({float(each) for each in seen} - {0.0})


def read_rows(open_stream: Callable[[], IO[bytes]]) -> Iterator[list[str]]:
    """Yield the lines of a table as cells; empty lines are left out.

    Raises:
        InvalidInputError: it cannot be read, or a line is too long.
    """
    try:
        with (
            open_stream() as stream,
            io.TextIOWrapper(stream, "utf-8-sig", errors="replace", newline="") as text,
        ):
            lines = _lines(text)
            first = next(lines, "")
            delimiter = max(_DELIMITERS, key=first.count)
            for cells in csv.reader(itertools.chain([first], lines), delimiter=delimiter):
                if any(cell.strip() for cell in cells):
                    yield cells
    except InvalidInputError:
        raise
    except Exception as error:  # csv, zipfile, zlib and the file itself
        raise InvalidInputError(
            "table",
            expected="an undamaged table of comma-separated values",
            received=f"one that cannot be read ({str(error) or type(error).__name__})",
        ) from error


def count_rows(open_stream: Callable[[], IO[bytes]]) -> int:
    """Return how many lines a table has, header and all; 0 for what cannot be read."""
    count, ended = 0, True
    try:
        with open_stream() as stream:
            while piece := stream.read(2**20):
                count += piece.count(b"\n")
                ended = piece.endswith(b"\n")
    except Exception:  # whoever reads the rows will say so
        return count
    return count + (not ended)


def _lines(text: io.TextIOBase) -> Iterator[str]:
    while line := text.readline(MAX_TABLE_LINE + 1):
        if len(line) > MAX_TABLE_LINE:
            raise InvalidInputError(
                "table",
                expected=f"lines of at most {MAX_TABLE_LINE:,} characters",
                received="a longer one",
            )
        yield line


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def _count(cells: Sequence[str], start: int) -> list[str]:
    return [str(number) for number in range(start, start + len(cells))]


def _only(places: Iterator[int]) -> int | None:
    return next(places, None)
