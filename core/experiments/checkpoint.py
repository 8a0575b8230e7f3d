"""Long work kept in a file as it goes, so that a second run begins where the first one ended."""

from __future__ import annotations

import hashlib
import io
import json
import time
import warnings
import zipfile
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ..errors import InvalidInputError
from ..limits import MAX_CHECKPOINT_BYTES
from ..store import read_arrays, write_atomically

Rows = Mapping[str, npt.NDArray[Any]]
Progress = Callable[[int, int], None]  # rows done, of how many

_FORMAT = "labrador checkpoint 1"
_SECONDS_BETWEEN_SAVES = 5.0


class Checkpoint:
    """The rows of results that are done, by part of the work; saved every few seconds.

    A row is what one image (or one anything) gave, so the file grows by a few bytes each. Work
    that is stopped, even by the loss of the machine, goes on from the last save with the same
    results. Whoever opened a checkpoint deletes its file when the results are safe.

    Attributes:
        note: a sentence about what was found in the file; empty where there was none.
        is_damaged: whether what was found cannot be read.
    """

    def __init__(self) -> None:
        self.note = ""
        self.is_damaged = False
        self._path: Path | None = None
        self._fingerprint = ""
        self._rows: dict[str, dict[str, npt.NDArray[Any]]] = {}
        self._done: dict[str, int] = {}
        self._saved_at = time.monotonic()

    @classmethod
    def open(cls, path: Path | None, work: str, identity: Mapping[str, object]) -> Checkpoint:
        """Return a checkpoint with what a file holds of this work.

        A file that cannot be read is not used, and `note` says so: it is only a saving.

        Args:
            path: the file, which need not be there; None keeps nothing.
            work: what it is, in a word: "study".
            identity: everything that the results depend on, as JSON holds it: the checksum of
                the weights, passes, seed.

        Raises:
            InvalidInputError: the file is of other work, which may be worth finishing.
        """
        checkpoint = cls()
        checkpoint._path = path
        checkpoint._fingerprint = _fingerprint(work, identity)
        if path is not None and path.exists():
            checkpoint._load(path, work)
        return checkpoint

    @classmethod
    def of(
        cls, state: Path | Checkpoint | None, work: str, identity: Mapping[str, object]
    ) -> Checkpoint:
        """Return a checkpoint as it is, or `open` its file and warn where that is damaged.

        Raises:
            InvalidInputError: as `open`, or the checkpoint is of other work.
        """
        if not isinstance(state, Checkpoint):
            checkpoint = cls.open(state, work, identity)
            if checkpoint.is_damaged:
                warnings.warn(checkpoint.note, RuntimeWarning, stacklevel=3)
            return checkpoint
        if state._fingerprint != _fingerprint(work, identity):
            raise _other_work(work, "one of other work")
        return state

    @property
    def num_done(self) -> int:
        """Rows that are done, of all parts."""
        return sum(self._done.values())

    def fill(
        self,
        part: str,
        num_rows: int,
        batch_size: int,
        compute: Callable[[slice], Rows],
        progress: Progress | None = None,
    ) -> dict[str, npt.NDArray[Any]]:
        """Compute the rows of a part that are not done yet, batch by batch.

        Args:
            part: its name, which holds whatever of it `identity` does not: the checksum of a set.
            num_rows: of it.
            batch_size: rows at a time; a part is always done up to a whole number of batches.
            compute: from a batch to its rows, each of shape (rows, ...).
            progress: called after each batch that was computed.

        Returns:
            All rows, each of shape (num_rows, ...).
        """
        start = self._done.get(part, 0)
        rows = {name: _room(each, num_rows) for name, each in self._rows.get(part, {}).items()}
        self._rows[part] = rows
        try:
            for first in range(start, num_rows, batch_size):
                batch = slice(first, min(first + batch_size, num_rows))
                for name, values in compute(batch).items():
                    if name not in rows:
                        rows[name] = _room(values[:0], num_rows)
                    rows[name][batch] = values
                self._done[part] = batch.stop
                if time.monotonic() - self._saved_at >= _SECONDS_BETWEEN_SAVES:
                    self.save()
                if progress is not None:
                    progress(batch.stop, num_rows)
        finally:  # after an interruption from the keyboard too
            if self._done.get(part, 0) > start:
                self.save()
        return rows

    def save(self) -> None:
        """Write what is done, atomically.

        Raises:
            InvalidInputError: the file cannot be written.
        """
        self._saved_at = time.monotonic()
        if self._path is None:
            return
        arrays = {
            f"{part}.{name}": each[: self._done[part]]
            for part, rows in self._rows.items()
            for name, each in rows.items()
            if part in self._done
        }
        document = {"format": _FORMAT, "fingerprint": self._fingerprint, "done": self._done}
        buffer = io.BytesIO()
        np.savez(buffer, allow_pickle=False, document=np.array(json.dumps(document)), **arrays)
        try:
            write_atomically(self._path, buffer.getvalue())
        except OSError as error:
            raise InvalidInputError(
                "state",
                expected="a place that can be written to",
                received=f"{self._path} ({error.strerror})",
            ) from error

    def _load(self, path: Path, work: str) -> None:
        try:
            # Opened here: NumPy leaves a damaged file open.
            with path.open("rb") as file:
                arrays = read_arrays(file, MAX_CHECKPOINT_BYTES)
            document = json.loads(str(arrays.pop("document")))
            if document["format"] != _FORMAT:
                raise ValueError(f"its format is {document['format']!r}")
            fingerprint = str(document["fingerprint"])
            done = {str(part): int(count) for part, count in document["done"].items()}
            rows: dict[str, dict[str, npt.NDArray[Any]]] = {part: {} for part in done}
            for key, array in arrays.items():
                part, _, name = key.rpartition(".")
                if array.ndim == 0 or len(array) != done[part]:
                    raise ValueError(f"it holds another number of {key} than it says")
                rows[part][name] = array
        except (
            OSError,
            ValueError,
            KeyError,
            TypeError,
            AttributeError,
            EOFError,
            zipfile.BadZipFile,
            zlib.error,
        ) as error:
            self.is_damaged = True
            self.note = f"{path.name} is damaged and is not used ({error}): the {work} begins anew."
            return
        if fingerprint != self._fingerprint:
            raise _other_work(
                work,
                f"{path.name}, which is of another {work}",
                f"It is left as it is. Name another file with --state, finish that {work}, or"
                " delete the file.",
            )
        self._rows, self._done = rows, done
        self.note = f"Going on from {path.name}."


def _fingerprint(work: str, identity: Mapping[str, object]) -> str:
    document = json.dumps({"work": work, **identity}, sort_keys=True)
    return hashlib.sha256(document.encode()).hexdigest()


def _other_work(work: str, received: str, advice: str = "") -> InvalidInputError:
    return InvalidInputError(
        "state",
        expected=f"an interrupted {work} of this network, these images and these settings",
        received=received,
        advice=advice,
    )


def _room(rows: npt.NDArray[Any], num_rows: int) -> npt.NDArray[Any]:
    """Return an array of `num_rows` rows that begins with these."""
    room = np.zeros((num_rows, *rows.shape[1:]), rows.dtype)
    room[: len(rows)] = rows
    return room
