"""Draws a sheet of built-in handwriting, beside one of MNIST's digits where they are at hand.

    python -m tools.contact_sheet --out sheet.png

For an honest look: nothing is picked. The left half holds the first writings of each digit, the
right half the first digits of MNIST's test set, both through the frame that the network sees.
"""

from __future__ import annotations

import argparse
from itertools import combinations
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

from core.images import (
    NUM_VARIANTS,
    ink_image,
    load_mnist_test,
    normalise,
    stroke_distance,
    write_digit,
)

Floats = npt.NDArray[np.float32]

SCALE = 2  # screen pixels for one of the network's
MARGIN = 16  # screen pixels around each half
HEAD = 28  # screen pixels for its title


def handwriting(columns: int) -> Floats:
    """Return the first writings of each digit, shape (10, columns, 28, 28), in [0, 1]."""
    rows = [[ink_image(write_digit(d, v))[..., 0] for v in range(columns)] for d in range(10)]
    return np.array(rows, np.float32)


def mnist(columns: int) -> Floats | None:
    """Return the first test digits of each kind, shaped alike; None where MNIST is not found."""
    test = load_mnist_test()
    if test is None:
        return None
    rows = [
        [normalise(image)[..., 0] for image in test.x[test.y == digit][:columns]]
        for digit in range(10)
    ]
    return np.array(rows, np.float32)


def sheet(halves: dict[str, Floats]) -> Image.Image:
    """Lay titled blocks of digits side by side, bright on black.

    Args:
        halves: title to images of shape (10, columns, 28, 28), in [0, 1].
    """
    blocks = []
    for title, images in halves.items():
        rows, columns, height, width = images.shape
        grey = images.transpose(0, 2, 1, 3).reshape(rows * height, columns * width)
        digits = Image.fromarray(np.rint(grey * 255).astype(np.uint8)).resize(
            (columns * width * SCALE, rows * height * SCALE), Image.Resampling.NEAREST
        )
        block = Image.new("L", (digits.width + 2 * MARGIN, digits.height + 2 * MARGIN + HEAD))
        font = ImageFont.load_default(size=16)
        ImageDraw.Draw(block).text((MARGIN, MARGIN), title, fill=255, font=font)
        block.paste(digits, (MARGIN, MARGIN + HEAD))
        blocks.append(block)
    whole = Image.new("L", (sum(block.width for block in blocks), blocks[0].height))
    left = 0
    for block in blocks:
        whole.paste(block, (left, 0))
        left += block.width
    return whole


def main(arguments: list[str] | None = None) -> int:
    """Write the sheet and say how near the nearest two writings on it are."""
    parser = argparse.ArgumentParser(prog="python -m tools.contact_sheet", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--out", type=Path, required=True, help="the PNG to write")
    parser.add_argument(
        "--columns", type=int, default=15, choices=range(2, NUM_VARIANTS + 1), metavar="N"
    )
    parser.add_argument("--without-mnist", action="store_true", help="draw the left half only")
    options = parser.parse_args(arguments)
    halves = {"Built-in handwriting": handwriting(options.columns)}
    digits = None if options.without_mnist else mnist(options.columns)
    if digits is not None:
        halves["MNIST"] = digits
    sheet(halves).save(options.out, format="PNG")
    nearest = min(
        stroke_distance(one, other)
        for digit in range(10)
        for one, other in combinations(
            [write_digit(digit, variant) for variant in range(options.columns)], 2
        )
    )
    print(f"{options.out}: {' beside '.join(halves)}, {options.columns} of each digit.")
    print(f"The nearest two writings of a digit are {nearest:.3f} of its height apart.")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
