"""An `.npz` of images or rows, with labels or without."""

from __future__ import annotations

import math
import zipfile
from collections.abc import Iterator, Mapping
from typing import IO, Any

import numpy as np
import numpy.typing as npt

from ..errors import InvalidInputError
from ..limits import MAX_ARRAYS_BYTES
from ..store import read_arrays
from .batch_archive import BoundedStream
from .batch_item import BatchItem, Preparation
from .batch_labels import LabelReader
from .batch_pixels import PixelScale

Array = npt.NDArray[Any]

_FIRST = ("x", "images", "x_test", "data")  # looked at before any other array
_LABELS = ("y", "labels", "label", "targets")
_MAGIC = b"\x93NUMPY"


class PixelArrays:
    """The images of an `.npz` file, and their labels.

    Taken is `x`, `images`, `x_test` or `data`, else the first array that fits: of shape (N, H, W),
    (N, H, W, channels) or (N, D). Its labels are `y` or `labels`, or the `y_test` of an `x_test`.

    Args:
        stream: of the file, open for reading.
        preparation: what fits.

    Raises:
        InvalidInputError: it is no such file, too large, or no array in it fits.
    """

    def __init__(self, stream: IO[bytes], preparation: Preparation) -> None:
        self._preparation = preparation
        try:
            arrays = _read(stream)
        except Exception as error:  # NumPy, zipfile and zlib: whatever a damaged file trips
            raise InvalidInputError(
                "arrays",
                expected="an undamaged .npz file of plain numbers",
                received=f"one that cannot be read ({str(error) or type(error).__name__})",
            ) from error
        self.name, x = _chosen(arrays, preparation)
        self._x = x.reshape(len(x), math.prod(preparation.shape))
        self._y = _labels_of(self.name, len(x), arrays)

    def __len__(self) -> int:
        return len(self._x)

    def items(self, prefix: str) -> Iterator[BatchItem]:
        """Yield the images as `x[0]`, `x[1]`, ... behind a prefix."""
        reader, scale = LabelReader(self._preparation.classes), PixelScale(self._preparation)
        for values in self._x:
            scale.note(float(values.min()), float(values.max()))
        for index, values in enumerate(self._x):
            label, problem = reader.read(None if self._y is None else self._y[index])
            name = f"{prefix}{self.name}[{index}]"
            yield scale.item(name, values.astype(np.float64), label, problem)


def _read(stream: IO[bytes]) -> dict[str, Array]:
    bounded: Any = BoundedStream(stream)
    with zipfile.ZipFile(bounded) as archive:
        for info in archive.infolist():
            # NumPy unpacks what is no array of its own in one piece, whatever its size.
            if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise ValueError("it is packed in another way than NumPy does")
            with archive.open(info) as member:
                if member.read(len(_MAGIC)) != _MAGIC:
                    raise ValueError(f"{info.filename[:60]} in it is no array")
    return read_arrays(bounded, MAX_ARRAYS_BYTES)


def _chosen(arrays: Mapping[str, Array], preparation: Preparation) -> tuple[str, Array]:
    for name in dict.fromkeys((*_FIRST, *arrays)):
        if name in arrays and _fits(arrays[name], preparation):
            return name, arrays[name]
    shapes = ", ".join(f"{name} of {array.dtype} {array.shape}" for name, array in arrays.items())
    raise InvalidInputError(
        "arrays",
        expected=f"an array of {preparation.words}, of shape (N, {_sides(preparation.shape)})",
        received=shapes or "no array at all",
    )


def _fits(array: Array, preparation: Preparation) -> bool:
    if array.dtype.kind not in "buif" or array.ndim < 2 or not len(array):
        return False
    one, wanted = array.shape[1:], preparation.shape
    return one in (wanted, (math.prod(wanted),)) or (*one, 1) == wanted


def _labels_of(name: str, count: int, arrays: Mapping[str, Array]) -> Array | None:
    own = f"y{name[1:]}" if name.startswith("x") else ""
    for each in (own, *_LABELS):
        if each in arrays and arrays[each].size == count:
            return arrays[each].reshape(count)
    return None


def _sides(shape: tuple[int, ...]) -> str:
    return ", ".join(map(str, shape))
