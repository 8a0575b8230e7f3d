"""A batch to try without images of one's own: test digits, or the built-in handwriting."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator

import numpy as np
from PIL import Image

from .batch_item import BatchItem, Floats, Preparation, item_of_image
from .handwriting import write_digit
from .normalise import ink_image
from .sources import MnistTest

NUM_EXAMPLES = 100
_OF_EACH = 3  # digits in the ZIP
_PAPER_SIDE = 84  # pixels of a picture in the ZIP: such as a scan, and no frame of a network


def example_items(mnist: MnistTest | None, preparation: Preparation) -> Iterator[BatchItem]:
    """Yield 100 digits with their labels: the first test images, or ten writings of each."""
    for name, image, digit in _digits(mnist, NUM_EXAMPLES):
        yield item_of_image(name, image, digit, preparation)


def example_zip(mnist: MnistTest | None) -> bytes:
    """Return a ZIP of 3 of each digit, dark ink on white paper in folders, and a broken one."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        of_digit = dict.fromkeys(range(10), 0)
        for name, image, digit in _digits(mnist, NUM_EXAMPLES):
            of_digit[digit] += 1
            if of_digit[digit] > _OF_EACH:
                continue
            picture = _png(image)
            archive.writestr(f"{digit}/{name.replace(' ', '-')}.png", picture)
        archive.writestr("broken.png", picture[: len(picture) // 2])
    return packed.getvalue()


def _digits(mnist: MnistTest | None, count: int) -> Iterator[tuple[str, Floats, int]]:
    for index in range(count):
        if mnist is not None:
            yield f"test digit {index}", mnist.image(index), mnist.label(index)
        else:
            digit, variant = index % 10, index // 10
            image = ink_image(write_digit(digit, variant))
            yield f"handwritten {digit} no {variant}", image, digit


def _png(image: Floats) -> bytes:
    levels = np.rint(255.0 * (1.0 - image[..., 0])).astype(np.uint8)
    picture = Image.fromarray(np.pad(levels, 4, constant_values=255))
    file = io.BytesIO()
    picture.resize((_PAPER_SIDE, _PAPER_SIDE), Image.Resampling.BICUBIC).save(file, "PNG")
    return file.getvalue()
