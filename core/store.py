"""Atomic and safe files: write whole or not at all, read only what is what it claims to be."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import zipfile
from pathlib import Path
from typing import IO, Any

import numpy as np
import numpy.typing as npt

from .errors import DamagedFileError


def write_atomically(path: Path, content: bytes | str) -> None:
    """Write `content` to `path` through a temporary file in the same folder and a rename.

    A reader sees the old file or the new one, never half of one.
    """
    data = content.encode() if isinstance(content, str) else content
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        # mkstemp makes files private to the user; a shared model has to stay readable.
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def write_json(path: Path, value: object) -> None:
    """Write `value` as indented JSON, atomically."""
    write_atomically(path, json.dumps(value, indent=2, ensure_ascii=False) + "\n")


def read_json(path: Path) -> Any:
    """Read a JSON file.

    Raises:
        DamagedFileError: the file is not JSON.
        FileNotFoundError: there is no such file.
    """
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise DamagedFileError(
            f"{path.name} is damaged: expected JSON, and it breaks off or is malformed ({error})."
            " Restore the file from the repository, or make it anew."
        ) from error


def read_arrays(stream: IO[bytes], max_bytes: int) -> dict[str, npt.NDArray[Any]]:
    """Read all arrays of an `.npz` file, without pickle.

    Args:
        stream: open for reading; a caller that opens the file also closes it, which NumPy does not
            where the file is damaged.
        max_bytes: that it may unpack to.

    Raises:
        ValueError: it is no such file, breaks off, or is too large; a damaged one may raise what
            NumPy, `zipfile` and `zlib` raise.
    """
    if not zipfile.is_zipfile(stream):
        raise ValueError("it is no .npz file, or it breaks off")
    stream.seek(0)
    with zipfile.ZipFile(stream) as archive:
        unpacked = sum(each.file_size for each in archive.infolist())
    if unpacked > max_bytes:
        raise ValueError(f"it would unpack to {unpacked / 2**20:,.0f} MiB")
    stream.seek(0)
    loaded = np.load(stream, allow_pickle=False)
    return {name: loaded[name] for name in loaded.files}


def file_sha256(path: Path) -> str:
    """Return the sha256 of a file's bytes, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def array_checksum(*arrays: npt.NDArray[Any]) -> str:
    """Return a sha256 over shape, type and values of arrays, in hexadecimal.

    It does not depend on how a file packs them, so two copies of MNIST that were
    compressed differently agree.
    """
    digest = hashlib.sha256()
    for array in arrays:
        digest.update(f"{array.dtype.str}{array.shape}".encode())
        digest.update(np.ascontiguousarray(array).data)
    return digest.hexdigest()
