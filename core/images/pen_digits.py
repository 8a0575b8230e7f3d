"""Pen digits: 7,494 digits that 30 people wrote with a pen on a tablet, as ink.

Source:
    Alpaydin, Alimoglu 1998, *Pen-Based Recognition of Handwritten Digits*; CC BY 4.0.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import zlib
from pathlib import Path
from typing import Any

from ..errors import DamagedFileError
from .data_folder import require_data_file
from .ink import Ink

PEN_DIGITS_FILE = "pen_strokes.json.gz"
# Over the unpacked text: the same strokes can be packed differently.
PEN_DIGITS_CHECKSUM = "a79bfbebfa745fbf81fe05cd972a9bd27e036cd276244ab0f4d389df14e164f2"

# Of the canvas that a digit's longer side takes; people draw about this large.
_SHARE = 0.7


def load_pen_digits(path: Path | None = None, limit: int | None = None) -> list[tuple[Ink, int]]:
    """Load the pen digits as ink on the canvas, with their labels.

    Tablet units with y up become shares of the canvas with y down; each digit is put in the
    middle of the canvas at the size at which people draw there, its aspect kept.

    Args:
        path: the file; by default the one in LABRADOR_DATA.
        limit: the first so many only; all if None.

    Raises:
        MissingDataError: the file is not on this machine.
        DamagedFileError: the file is not the pen digits.
    """
    path = path or require_data_file(PEN_DIGITS_FILE, "The pen digits")
    try:
        text = gzip.decompress(path.read_bytes())
    except (OSError, EOFError, zlib.error) as error:
        raise _damaged(path, f"it cannot be unpacked ({error})") from error
    if hashlib.sha256(text).hexdigest() != PEN_DIGITS_CHECKSUM:
        raise _damaged(path, "the strokes in it are others")
    return [_digit(entry) for entry in json.loads(text)[:limit]]


def _digit(entry: dict[str, Any]) -> tuple[Ink, int]:
    points = [point for stroke in entry["strokes"] for point in stroke]
    (left, low), (right, high) = (
        [choose(point[axis] for point in points) for axis in (0, 1)] for choose in (min, max)
    )
    scale = _SHARE / max(right - left, high - low, 1)
    strokes = tuple(
        tuple(
            (0.5 + scale * (x - (left + right) / 2), 0.5 - scale * (y - (low + high) / 2))
            for x, y in stroke
        )
        for stroke in entry["strokes"]
    )
    return Ink(strokes), int(entry["label"])


def _damaged(path: Path, reason: str) -> DamagedFileError:
    return DamagedFileError(
        f"{path.name} is damaged: expected the strokes of 7,494 pen digits, but {reason}."
        " Get the file anew."
    )
