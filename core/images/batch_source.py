"""A batch: everything that somebody brings as images by name, one after another.

Pictures, ZIPs of them, `.npz` and `.csv` of pixels. What is bad becomes an item that says why, and
the others go on.
"""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import IO

from ..errors import InvalidInputError
from ..limits import MAX_BATCH_FILE_BYTES, MAX_BATCH_ITEMS, MAX_UPLOAD_BYTES
from .batch_archive import Archive, is_nobodys
from .batch_arrays import PixelArrays
from .batch_item import BatchFile, BatchItem, Preparation, sentence
from .batch_labels import LABELS_FILE, LabelList, LabelReader, of_folder
from .batch_table import PixelTable, count_rows, read_rows
from .file_names import printable
from .fit_picture import picture_in_frame

_PROBLEM = 500  # characters; what is wrong is quoted shortened


@dataclass(frozen=True)
class _Entry:
    """A file among others: brought as it is, or in a ZIP.

    `inside` is what the names of all that is in it begin with.
    """

    path: str
    name: str
    inside: str
    open: Callable[[], IO[bytes]]
    in_archive: bool

    @property
    def kind(self) -> str:
        return PurePosixPath(self.path).suffix.casefold()

    @property
    def is_labels(self) -> bool:
        return PurePosixPath(self.path).name.casefold() == LABELS_FILE


def read_batch(
    files: Sequence[BatchFile], preparation: Preparation, most: int = MAX_BATCH_ITEMS
) -> Iterator[BatchItem]:
    """Read a batch, an item at a time.

    A label comes from the column of a table, the `y` of an `.npz`, a `labels.csv` of names and
    labels beside the pictures or in their ZIP, or the name of the folder that a picture lies in.
    Items are called by their path; what is in a ZIP or a table has the name of that in front where
    it did not come alone.

    Args:
        files: what was brought.
        preparation: what the network takes.
        most: items that are read; a last one says so where there are more.

    Yields:
        An item for each picture and row, and for each file that is no such thing. Hidden files, and
        what systems put beside pictures, are left out.
    """
    for count, item in enumerate(_items_of(_loose(files), preparation)):
        if count == most:
            why = f"Only the first {most:,} images are read, and there are more."
            yield BatchItem("The rest", None, problem=why)
            return
        yield replace(item, name=printable(item.name), problem=printable(item.problem, _PROBLEM))


def count_batch(
    files: Sequence[BatchFile], preparation: Preparation, most: int = MAX_BATCH_ITEMS
) -> int:
    """Return about how many items there will be, for a progress bar: no picture is decoded."""
    count = 0
    for entry in _loose(files):
        if entry.is_labels:
            continue
        try:
            if entry.kind == ".zip":
                with entry.open() as stream:
                    inside = _packed(Archive(stream), "")
                    count += sum(_count(each, preparation) for each in inside if not each.is_labels)
            else:
                count += _count(entry, preparation)
        except InvalidInputError:
            count += 1  # that says why
    return min(count, most + 1)


def files_below(path: Path) -> list[BatchFile]:
    """Return the files in a folder and all below it, by their paths there; or one file alone.

    Raises:
        InvalidInputError: there is no such path.
    """
    if path.is_dir():
        found = []
        for folder, folders, names in os.walk(path):
            folders[:] = [name for name in folders if not is_nobodys(name)]
            found += [Path(folder, name) for name in names if not is_nobodys(name)]
        below = sorted((each.relative_to(path).as_posix(), each) for each in found)
        return [BatchFile(name, each) for name, each in below if each.is_file()]
    if not path.is_file():
        raise InvalidInputError(
            "batch", expected="a folder, or a file", received=printable(str(path))
        )
    return [BatchFile(path.name, path)]


def _loose(files: Sequence[BatchFile]) -> list[_Entry]:
    is_alone = len(files) == 1
    return [
        _Entry(
            path=file.name,
            name=file.name,
            inside="" if is_alone else file.name,
            open=partial(_open, file),
            in_archive=False,
        )
        for file in files
    ]


def _packed(archive: Archive, before: str) -> list[_Entry]:
    def entry(info: zipfile.ZipInfo) -> _Entry:
        path = info.filename.replace("\\", "/")
        name = f"{before}/{path}" if before else path
        return _Entry(path, name, name, partial(archive.open, info), in_archive=True)

    return [entry(info) for info in archive.entries]


def _open(file: BatchFile) -> IO[bytes]:
    if isinstance(file.data, bytes):
        return io.BytesIO(file.data)
    try:
        return file.data.open("rb")
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else str(error)
        raise InvalidInputError(
            "file", expected="a file that can be read", received=f"one that cannot ({why})"
        ) from error


def _items_of(entries: Sequence[_Entry], preparation: Preparation) -> Iterator[BatchItem]:
    """Yield what is in some files that lie beside one another."""
    lists = []
    for entry in entries:
        if entry.is_labels:
            try:
                rows = islice(read_rows(entry.open), MAX_BATCH_ITEMS)
                lists.append(LabelList.read(rows, str(PurePosixPath(entry.path).parent)))
            except InvalidInputError as error:
                yield BatchItem(entry.name, None, problem=sentence(error))
    # Of two lists the one that is nearer.
    lists.sort(key=lambda each: len(each.folder), reverse=True)
    for entry in entries:
        if entry.is_labels:
            continue
        is_empty = True
        try:
            for item in _items_in(entry, preparation, lists):
                is_empty = False
                yield item
        except InvalidInputError as error:
            yield BatchItem(entry.name, None, problem=sentence(error))
        else:
            if is_empty:
                yield BatchItem(entry.name, None, problem="There is no image in it.")


def _items_in(
    entry: _Entry, preparation: Preparation, lists: Sequence[LabelList]
) -> Iterator[BatchItem]:
    if entry.kind in (".zip", ".npz"):
        if entry.in_archive:
            raise InvalidInputError(
                "entry",
                expected="pictures or a .csv in a ZIP",
                received="a ZIP" if entry.kind == ".zip" else "an .npz",
            )
        with entry.open() as stream:
            _check_size(stream)
            if entry.kind == ".zip":
                yield from _items_of(_packed(Archive(stream), entry.inside), preparation)
            else:
                arrays = PixelArrays(stream, preparation)
                yield from arrays.items(_before(entry))
    elif entry.kind == ".csv":
        if not entry.in_archive:
            with entry.open() as stream:
                _check_size(stream)
        yield from PixelTable(entry.open, preparation).items(_before(entry))
    else:
        yield _picture(entry, preparation, lists)


def _before(entry: _Entry) -> str:
    return f"{entry.inside}, " if entry.inside else ""


def _picture(entry: _Entry, preparation: Preparation, lists: Sequence[LabelList]) -> BatchItem:
    reader = LabelReader(preparation.classes)
    said = next(filter(None, (each.find(entry.path) for each in lists)), None)
    label, problem = reader.read(said)
    if said is None:
        label = of_folder(entry.path, reader)
    if preparation.frame is None:
        why = f"The network takes {preparation.words}: bring a .csv or .npz of them."
        return BatchItem(entry.name, None, label, why)
    try:
        image = picture_in_frame(
            _read_file(entry), entry.name, preparation.frame, centred=preparation.centred
        )
    except InvalidInputError as error:
        return BatchItem(entry.name, None, label, sentence(error))
    return BatchItem(entry.name, image, label, problem)


def _read_file(entry: _Entry) -> bytes:
    try:
        with entry.open() as stream:
            # A byte more than allowed is enough to know that it is too many.
            return stream.read(MAX_UPLOAD_BYTES + 1)
    except InvalidInputError:
        raise
    except Exception as error:  # zipfile and zlib, and the file itself
        why = str(error) or type(error).__name__
        raise InvalidInputError(
            "file", expected="an undamaged file", received=f"one that cannot be read ({why})"
        ) from error


def _check_size(stream: IO[bytes]) -> None:
    size = stream.seek(0, io.SEEK_END)
    stream.seek(0)
    if size > MAX_BATCH_FILE_BYTES:
        raise InvalidInputError(
            "file",
            expected=f"at most {MAX_BATCH_FILE_BYTES // 2**20} MB",
            received=f"{size / 2**20:,.0f} MB",
            advice="Divide it.",
        )


def _count(entry: _Entry, preparation: Preparation) -> int:
    if entry.kind == ".csv":
        return count_rows(entry.open)
    if entry.kind == ".npz" and not entry.in_archive:
        with entry.open() as stream:
            _check_size(stream)
            return len(PixelArrays(stream, preparation))
    return 1
