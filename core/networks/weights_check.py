"""A model's weights, an HDF5 file, held against what Keras writes.

HDF5 can do much that no weights need: point at other files (links, external storage and virtual
data sets, CVE-2026-1669), declare arrays far larger than the file (CVE-2026-0897), run filters,
and hold objects. All of it is refused. The library that reads HDF5 is written in C and sees the
bytes first, so a stranger's file is first opened in a process of its own: see `inspection`.
"""

from __future__ import annotations

import io
import math
from typing import Any

import h5py

from ..errors import DamagedFileError, InvalidInputError
from ..limits import MAX_MODEL_OBJECTS
from .archive_check import SAVE_IT, WEIGHTS
from .one_line import MAX_TOLD, one_line

_MAX_ATTRIBUTES = 8  # of one object; Keras writes a name, and a type where HDF5 has none
_MAX_AXES = 32


def check_weights_file(content: bytes) -> None:
    """Raise unless this is an HDF5 file of plain arrays, all of them in it.

    Args:
        content: of `model.weights.h5`.

    Raises:
        InvalidInputError: it holds something else than groups and plain arrays of numbers.
        DamagedFileError: it is no such file, or breaks off.
    """
    try:
        with h5py.File(io.BytesIO(content), "r") as file:
            _check(file, len(content))
    except InvalidInputError:
        raise
    except Exception as error:  # what h5py raises depends on what is wrong with the file
        raise DamagedFileError(
            f"The model file is damaged: {WEIGHTS} cannot be read. {SAVE_IT}"
        ) from error


def _check(file: Any, num_bytes: int) -> None:
    left, seen = num_bytes, {_address(file)}
    groups = [file]
    _check_attributes(file)
    while groups:
        group = groups.pop()
        for name in group:
            # Asked for the link, h5py does not follow it.
            link = group.get(name, getlink=True)
            if type(link) is not h5py.HardLink:
                raise _unfit(f"{name}, a link to somewhere else")
            item = group[name]
            address = _address(item)
            if address in seen:
                raise _unfit(f"{name}, which is there twice")
            seen.add(address)
            if len(seen) > MAX_MODEL_OBJECTS:
                raise _unfit(f"more than {MAX_MODEL_OBJECTS:,} groups and arrays")
            _check_attributes(item)
            if isinstance(item, h5py.Group):
                groups.append(item)
            elif isinstance(item, h5py.Dataset):
                left -= _checked_size(name, item)
                if left < 0:
                    raise _unfit("arrays that are larger than the file")
            else:
                raise _unfit(f"{name}, a {type(item).__name__}")


def _checked_size(name: str, array: Any) -> int:
    """Return the bytes of an array, if the file holds all of them as they are."""
    # bfloat16, which HDF5 does not know, is written as two bytes without a meaning.
    is_number = array.dtype.kind in "fiub" or array.dtype.str == "|V2"
    if not is_number or len(array.shape or ()) > _MAX_AXES:
        raise _unfit(f"{name}, an array of {array.dtype}")
    made = array.id.get_create_plist()
    plain = made.get_layout() in (h5py.h5d.CONTIGUOUS, h5py.h5d.COMPACT)
    if not plain or made.get_nfilters() or made.get_external_count() or array.is_virtual:
        raise _unfit(f"{name}, which is packed, or kept in another file")
    size = math.prod(array.shape) * array.dtype.itemsize if array.shape is not None else 0
    if size != array.id.get_storage_size():
        raise _unfit(f"{name}, which declares {size:,} bytes and does not hold as many")
    return size


def _check_attributes(item: Any) -> None:
    """Raise unless there are few attributes, each one text or number."""
    if len(item.attrs) > _MAX_ATTRIBUTES:
        raise _unfit(f"an object with {len(item.attrs):,} attributes")
    for name in item.attrs:
        attribute = item.attrs.get_id(name)
        kind = attribute.dtype
        text = h5py.check_string_dtype(kind)
        if attribute.shape != () or not (text or kind.kind in "fiub"):
            raise _unfit(f"an attribute {name} of another kind")


def _address(item: Any) -> tuple[int, int]:
    info = h5py.h5o.get_info(item.id)
    return int(info.fileno), int(info.addr)


def _unfit(received: str) -> InvalidInputError:
    return InvalidInputError(
        "model file",
        expected=f"{WEIGHTS} with plain arrays of numbers, as Keras writes them",
        received=one_line(received, MAX_TOLD),
        advice=SAVE_IT,
    )
