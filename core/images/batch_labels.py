"""Labels that come with a batch: class names or numbers, in a column, a folder's name, a list."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from ..errors import InvalidInputError, shorten
from .batch_item import NamedClasses

LABELS_FILE = "labels.csv"
LABEL_COLUMNS = frozenset(("label", "labels", "y", "class", "target", "digit"))
NAME_COLUMNS = frozenset(("name", "file", "filename", "file_name", "image", "path", "id"))


class LabelReader:
    """Finds the class that a text or a number means.

    Args:
        classes: by name, then by number from 0.
    """

    def __init__(self, classes: NamedClasses) -> None:
        self.num_classes = len(classes.names)
        self._by_name = {name: index for index, name in enumerate(classes.names)}
        folded: dict[str, int | None] = {}
        for name, index in self._by_name.items():
            key = name.strip().casefold()
            folded[key] = None if key in folded else index  # two names alike mean neither
        self._by_folded_name = folded

    def find(self, said: Any) -> int | None:
        """Return the class, None where it is none."""
        text = str(said).strip()
        if text in self._by_name:
            return self._by_name[text]
        if (index := self._by_folded_name.get(text.casefold())) is not None:
            return index
        try:
            number = float(text)
        except ValueError:
            return None
        # Spreadsheets write whole numbers as 3.0. NaN and infinity fail the first comparison.
        if not 0.0 <= number < self.num_classes or number != math.floor(number):
            return None
        return int(number)

    def read(self, said: Any) -> tuple[int | None, str]:
        """Return the class, and why there is none: "" where nothing is said, or all is well."""
        if said is None or not str(said).strip() or str(said).strip().casefold() == "nan":
            return None, ""
        label = self.find(said)
        return (
            label,
            "" if label is not None else f"The label “{_cut(said)}” is none of its classes.",
        )


@dataclass(frozen=True)
class LabelList:
    """Labels by file name, as a `labels.csv` holds them.

    Attributes:
        by_path: what is said of a file, by its path below the list's folder.
        by_name: the same by the last part of the path, where only one file is called so.
        folder: that the paths begin in.
    """

    by_path: Mapping[str, str]
    by_name: Mapping[str, str]
    folder: str

    @classmethod
    def read(cls, rows: Iterable[list[str]], folder: str = ".") -> LabelList:
        """Read rows of a name and a label, with a header or without.

        Raises:
            InvalidInputError: there is no such pair in a row.
        """
        by_path: dict[str, str] = {}
        by_name: dict[str, str] = {}
        twice: set[str] = set()
        for name, said in _pairs(rows):
            path = str(PurePosixPath(name.replace("\\", "/").lstrip("/")))
            by_path[path] = said
            last = PurePosixPath(path).name
            if last in by_name:
                twice.add(last)
            by_name[last] = said
        return cls(by_path, {k: v for k, v in by_name.items() if k not in twice}, folder)

    def find(self, path: str) -> str | None:
        """Return what is said of a file, by its path in the container that holds the list."""
        below = PurePosixPath(path)
        if not below.is_relative_to(self.folder):
            return None
        below = below.relative_to(self.folder)
        return self.by_path.get(str(below), self.by_name.get(below.name))


def of_folder(path: str, reader: LabelReader) -> int | None:
    """Return the class that the folder of a file names, None where it names none."""
    folder = PurePosixPath(path).parent.name
    return reader.find(folder) if folder else None


def _pairs(rows: Iterable[list[str]]) -> Iterator[tuple[str, str]]:
    name_at, label_at = 0, 1
    for number, cells in enumerate(rows):
        heads = [cell.strip().casefold() for cell in cells]
        if number == 0 and NAME_COLUMNS & set(heads) and LABEL_COLUMNS & set(heads):
            name_at = next(at for at, head in enumerate(heads) if head in NAME_COLUMNS)
            label_at = next(at for at, head in enumerate(heads) if head in LABEL_COLUMNS)
            continue
        if len(cells) <= max(name_at, label_at):
            raise InvalidInputError(
                "labels", expected="a name and a label in each row", received=", ".join(cells)
            )
        yield cells[name_at].strip(), cells[label_at].strip()


def _cut(said: Any) -> str:
    return shorten(str(said))[:40]
