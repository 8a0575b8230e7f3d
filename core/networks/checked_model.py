"""A `.keras` file that passed the checks, and the model in it."""

from __future__ import annotations

import hashlib
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..errors import DamagedFileError, InvalidInputError
from ..limits import MAX_MODEL_BYTES
from .archive_check import SAVE_IT, ModelArchive, read_archive
from .config_check import check_config, check_metadata
from .one_line import MAX_TOLD, one_line

_FILE = "model.keras"
_FAILURE = re.compile(r"(?:Example error message for object [^\n]*|Exception encountered:)\s*")
_A_PATH = re.compile(r"(?<![\w.])(?:[A-Za-z]:)?[/\\][^\s'\",:)]*")


@dataclass(frozen=True, slots=True)
class CheckedModel:
    """A model file of which Keras may see what is left.

    Attributes:
        sha256: of the file as it came.
        num_bytes: of the file as it came.
        archive: what is left: a config that holds nothing but what was understood, and weights
            that only `check_weights_file` has a word on.
    """

    sha256: str
    num_bytes: int
    archive: ModelArchive


def check_model(source: bytes | Path) -> CheckedModel:
    """Check a `.keras` file without Keras, and without opening its weights.

    Args:
        source: its content, or where it is.

    Raises:
        InvalidInputError: it is no such file, or holds what is not let in.
        DamagedFileError: it breaks off, or was changed.
    """
    content = source if isinstance(source, bytes) else _content(source)
    archive = read_archive(content)
    return CheckedModel(
        hashlib.sha256(content).hexdigest(),
        len(content),
        ModelArchive(
            check_metadata(archive.metadata), check_config(archive.config), archive.weights
        ),
    )


def load_checked(checked: CheckedModel) -> Any:
    """Return the model of a checked file, not compiled; nothing of it is left if that fails.

    Raises:
        InvalidInputError: its weights are not plain arrays.
        DamagedFileError: Keras cannot build it, or its weights do not fit it.
    """
    from .weights_check import check_weights_file

    check_weights_file(checked.archive.weights)
    with tempfile.TemporaryDirectory(prefix="labrador-") as folder:
        path = Path(folder) / _FILE
        path.write_bytes(checked.archive.packed())
        return load_file(path)


def load_file(path: Path) -> Any:
    """Load a file that holds nothing but what was checked, in Keras' safe mode.

    Raises:
        DamagedFileError: Keras cannot build it, or its weights do not fit it.
    """
    import keras

    try:
        return keras.saving.load_model(path, compile=False, safe_mode=True)
    except Exception as error:  # what Keras raises depends on what is wrong with the file
        raise DamagedFileError(
            f"The model file cannot be loaded as a Keras model. Keras says: {_told(error)} Save it"
            " again with model.save('name.keras'), with the version of Keras that made it."
        ) from error


@contextmanager
def about_file(name: str) -> Iterator[None]:
    """Let what is raised about a model file call it by its name."""
    try:
        yield
    except InvalidInputError as error:
        if error.argument != "model file":
            raise
        raise type(error)(
            f"model file {one_line(name)}",
            expected=error.expected,
            received=error.received,
            advice=error.advice,
        ) from error
    except DamagedFileError as error:
        raise DamagedFileError(f"{one_line(name)}: {error}") from error


def _content(path: Path) -> bytes:
    """Return a file's content, no more of it than is taken."""
    if path.suffix != ".keras" or not path.is_file():
        raise InvalidInputError(
            "model file",
            expected="the path of a Keras model that ends in .keras",
            received="one that does not" if path.is_file() else "a path where there is no file",
            advice=SAVE_IT,
        )
    with path.open("rb") as file:
        return file.read(MAX_MODEL_BYTES + 1)


def _told(error: Exception) -> str:
    """Return the part of Keras' words that says what is wrong, without paths of this machine."""
    text = str(error)
    parts = _FAILURE.split(text)
    return one_line(_A_PATH.sub("…", parts[min(1, len(parts) - 1)]), MAX_TOLD)
