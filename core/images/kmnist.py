"""Kuzushiji-MNIST: Japanese characters in MNIST's frame, none of them a digit.

Source:
    Clanuwat et al. 2018, *Deep Learning for Classical Japanese Literature*; CC BY-SA 4.0.
"""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from numpy.lib.npyio import NpzFile

from ..errors import DamagedFileError
from ..store import array_checksum
from .data_folder import require_data_file

KMNIST_FILE = "kmnist_test.npz"
# Over the arrays, not the file.
KMNIST_CHECKSUM = "784221df378f3878c689a8c978e1b74bc5c72def4c15b510d2a2c36ec2b01556"


def load_kmnist_test(path: Path | None = None) -> npt.NDArray[np.uint8]:
    """Load the test images; their classes are left out, because none of them is a digit.

    Args:
        path: the file; by default the one in LABRADOR_DATA.

    Returns:
        Shape (10000, 28, 28), read-only, ink bright on dark.

    Raises:
        MissingDataError: the file is not on this machine.
        DamagedFileError: the file is not Kuzushiji-MNIST.
    """
    path = path or require_data_file(KMNIST_FILE, "The Kuzushiji characters")
    try:
        # Opened here: NumPy leaves a damaged file open.
        with path.open("rb") as file:
            arrays = np.load(file, allow_pickle=False)
            if not isinstance(arrays, NpzFile):
                raise ValueError("it holds a single array")
            x: npt.NDArray[Any] = arrays["x"]
            y: npt.NDArray[Any] = arrays["y"]
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise _damaged(path, f"it cannot be read ({error})") from error
    if array_checksum(x, y) != KMNIST_CHECKSUM:
        raise _damaged(path, "the images in it are others")
    x.flags.writeable = False
    return x


def _damaged(path: Path, reason: str) -> DamagedFileError:
    return DamagedFileError(
        f"{path.name} is damaged: expected the test images of Kuzushiji-MNIST, but {reason}."
        " Get the file anew."
    )
