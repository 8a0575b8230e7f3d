"""Files that a batch can be made of."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from core.images import MNIST_FRAME, BatchFile, BatchItem, Preparation, read_batch
from core.uncertainty.classes import DIGITS

DIGIT = Preparation(MNIST_FRAME, 0, True, DIGITS)
# Three digits' worth of pixels, in MNIST's frame, of which no two are alike.
PIXELS = np.random.default_rng(0).integers(0, 256, (3, 28, 28), dtype=np.uint8)


def png(pixels: npt.NDArray[np.uint8]) -> bytes:
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return file.getvalue()


def a_digit() -> npt.NDArray[np.uint8]:
    """Dark ink on bright paper, larger than any frame."""
    from core.images import render_ink, write_digit

    return np.round(255 * (1 - render_ink(write_digit(4, 1), 120))).astype(np.uint8)


def zipped(entries: Mapping[str, bytes], way: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", way) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return file.getvalue()


def npz(**arrays: Any) -> bytes:
    file = io.BytesIO()
    np.savez(file, **arrays)
    return file.getvalue()


def table(rows: Sequence[Sequence[Any]], header: Sequence[Any] = ()) -> bytes:
    lines = [header, *rows] if header else rows
    return "".join(",".join(map(str, line)) + "\r\n" for line in lines).encode()


def read(preparation: Preparation = DIGIT, **files: bytes) -> list[BatchItem]:
    """Read files by name, of which the last "_" stands for the dot: `digits_zip=...`."""
    names = {name: ".".join(name.rsplit("_", 1)) for name in files}
    return list(
        read_batch([BatchFile(names[key], data) for key, data in files.items()], preparation)
    )
