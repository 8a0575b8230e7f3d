"""MNIST from the network, once, and only what it should be."""

from __future__ import annotations

import http.client
import os
import tempfile
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO

from ..errors import DamagedFileError, MissingDataError
from ..limits import DOWNLOAD_TIMEOUT, MAX_MNIST_BYTES
from ..store import file_sha256
from .sources import MNIST_FILE, is_mnist, mnist_folders

MNIST_URL = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/mnist.npz"
# Of the file at that address.
MNIST_FILE_SHA256 = "731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1"

_BLOCK = 256 * 1024

Progress = Callable[[int, int], None]


def download_mnist(
    progress: Progress | None = None,
    url: str | None = None,
    environment: Mapping[str, str] = os.environ,
) -> Path:
    """Download MNIST to where `find_mnist` looks for it.

    The file appears there whole and checked, or not at all. It goes into `LABRADOR_DATA` if that
    is a folder that can be written, otherwise into Keras' cache.

    Args:
        progress: called with the bytes so far and the bytes in all (0 where the server does not
            say), from this thread.
        url: the address; by default `LABRADOR_MNIST_URL`, else Keras' own. Another address may
            pack MNIST differently: then its arrays are checked instead of the file.
        environment: the variables that name folders and address.

    Returns:
        The file.

    Raises:
        MissingDataError: the address could not be reached, or nothing could be written.
        DamagedFileError: what came is not MNIST.
    """
    url = url or environment.get("LABRADOR_MNIST_URL") or MNIST_URL
    folder = _writable_folder(environment)
    handle, name = tempfile.mkstemp(dir=folder, prefix=f".{MNIST_FILE}.", suffix=".npz")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            _fetch(url, file, progress)
        if file_sha256(temporary) != MNIST_FILE_SHA256 and not is_mnist(temporary):
            raise DamagedFileError(
                f"What came from {url} is not MNIST: expected Keras' {MNIST_FILE}, sha256"
                f" {MNIST_FILE_SHA256}. Nothing was kept; try again, or check the address."
            )
        temporary.chmod(0o644)
        return temporary.replace(folder / MNIST_FILE)
    finally:
        temporary.unlink(missing_ok=True)


def _fetch(url: str, file: IO[bytes], progress: Progress | None) -> None:
    done = 0
    try:
        with urllib.request.urlopen(url, timeout=DOWNLOAD_TIMEOUT) as response:
            total = int(response.headers.get("Content-Length") or 0)
            while block := response.read(_BLOCK):
                done += len(block)
                if done > MAX_MNIST_BYTES:
                    raise DamagedFileError(
                        f"What comes from {url} is not MNIST: expected 11 MB, and more than"
                        f" {MAX_MNIST_BYTES // 2**20} MB came. Check the address."
                    )
                file.write(block)
                if progress is not None:
                    progress(done, total)
    except (urllib.error.URLError, http.client.HTTPException, OSError, ValueError) as error:
        raise MissingDataError(
            f"MNIST could not be downloaded from {url}: {error}. Check the network, or set"
            " LABRADOR_MNIST_URL to another address, or LABRADOR_DATA to a folder that holds"
            f" {MNIST_FILE}. The built-in handwriting works without it."
        ) from error


def _writable_folder(environment: Mapping[str, str]) -> Path:
    folders = mnist_folders(environment)
    for folder in folders:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            # The only way to know: permissions do not tell of read-only mounts.
            with tempfile.TemporaryFile(dir=folder):
                return folder
        except OSError:
            continue
    places = " or ".join(str(folder) for folder in folders)
    raise MissingDataError(
        f"MNIST cannot be stored: expected a folder that can be written, and {places} cannot."
        " Set LABRADOR_DATA to one that can."
    )
