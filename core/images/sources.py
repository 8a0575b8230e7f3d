"""MNIST on this machine: where it is looked for, and whether it is what it claims to be."""

from __future__ import annotations

import os
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from numpy.lib.npyio import NpzFile

from ..errors import DamagedFileError, InvalidInputError, MissingDataError
from ..store import array_checksum

Bytes = npt.NDArray[np.uint8]

MNIST_FILE = "mnist.npz"
NUM_TEST_IMAGES = 10_000
# Over the arrays, not the file: copies of MNIST are packed differently.
TEST_CHECKSUM = "43eade786d86f967f3e08102d3f21409f5b69b59f1d56701589f1a10416cb79b"
TRAIN_CHECKSUM = "465b4c294b957b850120e6abb5b8a2e81d06429f0e2fd488ddf7a4e046b4c37d"

MISSING_ADVICE = (
    "Run `python -m core data` to download MNIST, or set LABRADOR_DATA to a folder that holds"
    f" {MNIST_FILE}."
)


@dataclass(frozen=True, eq=False)
class MnistTest:
    """MNIST's 10,000 test images, read-only, in their original order.

    Args:
        x: shape (10000, 28, 28), uint8, ink bright on dark.
        y: shape (10000,), uint8, the digits.
    """

    x: Bytes
    y: Bytes

    def __len__(self) -> int:
        return len(self.y)

    def image(self, index: int) -> npt.NDArray[np.float32]:
        """Return one image, of shape (28, 28, 1), in [0, 1].

        Raises:
            InvalidInputError: there is no such image.
        """
        if not 0 <= index < len(self):
            raise InvalidInputError(
                "test image", expected=f"a number from 0 to {len(self) - 1}", received=index
            )
        return np.asarray(as_batch(self.x[index : index + 1])[0])

    def label(self, index: int) -> int:
        """Return the digit that an image shows."""
        return int(self.y[index])


def as_batch(x: Bytes) -> npt.NDArray[np.float32]:
    """Return images of shape (N, 28, 28), uint8, as a batch (N, 28, 28, 1) in [0, 1]."""
    return (x.astype(np.float32) / np.float32(255.0))[..., None]


def mnist_folders(environment: Mapping[str, str] = os.environ) -> tuple[Path, ...]:
    """Return the folders in which MNIST is looked for, in this order."""
    folders = []
    if data := environment.get("LABRADOR_DATA"):
        folders.append(Path(data).expanduser())
    keras_home = environment.get("KERAS_HOME") or "~/.keras"
    folders.append(Path(keras_home).expanduser() / "datasets")
    return tuple(folders)


def find_mnist(environment: Mapping[str, str] = os.environ) -> Path | None:
    """Return the file with MNIST in `LABRADOR_DATA`, else in Keras' cache, else None."""
    for folder in mnist_folders(environment):
        if (folder / MNIST_FILE).is_file():
            return folder / MNIST_FILE
    return None


def load_mnist_test(path: Path | None = None) -> MnistTest | None:
    """Load the test set; the training set is not even unpacked.

    Args:
        path: the file; by default the one that `find_mnist` finds.

    Returns:
        The test set, or None where MNIST is not on this machine.

    Raises:
        DamagedFileError: the file is not MNIST.
    """
    path = path or find_mnist()
    if path is None:
        return None
    return MnistTest(*_load(path, "test", TEST_CHECKSUM))


def load_mnist_train(path: Path | None = None) -> tuple[Bytes, Bytes]:
    """Load the training set: x of shape (60000, 28, 28) and y of shape (60000,), uint8.

    Raises:
        MissingDataError: MNIST is not on this machine.
        DamagedFileError: the file is not MNIST.
    """
    path = path or find_mnist()
    if path is None:
        raise MissingDataError(f"MNIST is not on this machine. {MISSING_ADVICE}")
    return _load(path, "train", TRAIN_CHECKSUM)


def is_mnist(path: Path) -> bool:
    """Return whether a file holds MNIST's images and labels, all 70,000, however packed."""
    try:
        _load(path, "test", TEST_CHECKSUM)
        _load(path, "train", TRAIN_CHECKSUM)
    except DamagedFileError:
        return False
    return True


def _load(path: Path, part: str, checksum: str) -> tuple[Bytes, Bytes]:
    try:
        # Opened here: NumPy leaves a damaged file open.
        with path.open("rb") as file:
            arrays = np.load(file, allow_pickle=False)
            if not isinstance(arrays, NpzFile):
                raise ValueError("a single array")
            x: npt.NDArray[Any] = arrays[f"x_{part}"]
            y: npt.NDArray[Any] = arrays[f"y_{part}"]
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise _damaged(path, f"it cannot be read ({error})") from error
    if array_checksum(x, y) != checksum:
        raise _damaged(path, f"the {part} images in it are not MNIST's")
    x.flags.writeable = y.flags.writeable = False
    return x, y


def _damaged(path: Path, reason: str) -> DamagedFileError:
    return DamagedFileError(
        f"{path} is damaged: expected MNIST, but {reason}. Delete the file and run"
        " `python -m core data` to download it again."
    )
