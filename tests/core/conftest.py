"""What the tests of several rooms need: digits that people wrote with a pen."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from core.images import Ink

# Of the canvas that a digit's longer side takes; people draw about this large.
_SHARE = 0.7


def load_pen_digits(path: Path) -> list[tuple[Ink, int]]:
    """Return the pen digits as ink on the canvas, with their labels.

    Tablet units with y up become shares of the canvas with y down; each digit is put in the
    middle of the canvas at the size at which people draw there, its aspect kept.
    """
    digits = []
    for entry in json.loads(gzip.decompress(path.read_bytes())):
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
        digits.append((Ink(strokes), int(entry["label"])))
    return digits


@pytest.fixture(scope="session")
def pen_digits(labrador_data: Path) -> list[tuple[Ink, int]]:
    """The 7,494 digits that 30 people wrote with a pen, as (ink, label)."""
    path = labrador_data / "pen_strokes.json.gz"
    if not path.is_file():
        pytest.skip(f"{path.name} is not in LABRADOR_DATA")
    return load_pen_digits(path)
