"""The post's colours as one palette of a GIF, and text drawn in them.

Frames are arrays of palette indices from the start: nothing has to be quantised, so every frame
has the same colours to the bit, and a bar can be told from its neighbour by its index.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

Colour = tuple[int, int, int]
Indices = npt.NDArray[np.uint8]
Pen = Literal["ink", "quiet", "right", "wrong"]
Anchor = Literal["left", "middle", "right"]

PAPER: Colour = (255, 255, 255)
LINE: Colour = (205, 208, 214)
TRUE_CLASS: Colour = (226, 12, 12)
OTHERS: Colour = (20, 40, 228)
_TRANSLUCENT = 0.35

_PENS: dict[Pen, Colour] = {
    "ink": (24, 26, 32),
    "quiet": (98, 103, 112),
    "right": (0, 128, 62),
    "wrong": (198, 16, 16),
}
_LEVELS = 15  # of a pen's ramp from paper to full: letters have soft edges
_GREYS = 48  # of the images


def bar_colour(*, is_true: bool, is_predicted: bool) -> Colour:
    """Return the colour of a class's bars: red or blue, half seen through unless predicted."""
    colour = TRUE_CLASS if is_true else OTHERS
    return colour if is_predicted else _mixed(colour, _TRANSLUCENT)


def _mixed(colour: Colour, share: float) -> Colour:
    red, green, blue = (
        round(share * part + (1 - share) * paper) for part, paper in zip(colour, PAPER, strict=True)
    )
    return red, green, blue


def _palette() -> list[Colour]:
    colours = [PAPER, LINE]
    colours += [
        bar_colour(is_true=is_true, is_predicted=is_predicted)
        for is_true in (True, False)
        for is_predicted in (True, False)
    ]
    for pen in _PENS.values():
        colours += [_mixed(pen, level / _LEVELS) for level in range(1, _LEVELS + 1)]
    greys = [round(255 * level / (_GREYS - 1)) for level in range(_GREYS)]
    return colours + [(grey, grey, grey) for grey in greys]


PALETTE = _palette()
_RAMPS = {pen: 6 + place * _LEVELS for place, pen in enumerate(_PENS)}
_FIRST_GREY = 6 + len(_PENS) * _LEVELS


def index_of(colour: Colour) -> int:
    """Return the index of a colour that is in the palette."""
    return PALETTE.index(colour)


def pen_index(pen: Pen) -> int:
    """Return the index of a pen's full colour."""
    return _RAMPS[pen] + _LEVELS - 1


def grey_indices(image: npt.NDArray[Any]) -> Indices:
    """Return an image of shape (H, W, 1), in [0, 1], as indices of shape (H, W)."""
    levels = np.rint(np.clip(image[:, :, 0], 0.0, 1.0) * (_GREYS - 1))
    return np.asarray(levels + _FIRST_GREY, dtype=np.uint8)


def write(
    page: Indices,
    text: str,
    x: int,
    baseline: int,
    *,
    size: int,
    pen: Pen = "ink",
    anchor: Anchor = "left",
) -> int:
    """Write a line of text onto a page of indices, in place.

    Args:
        page: shape (height, width).
        text: letters that the built-in font lacks are left out, or lose their accents.
        x: where the text begins, has its middle, or ends.
        baseline: row of pixels on which letters stand.
        size: of the font, in pixels.
        pen: colour.
        anchor: what `x` is.

    Returns:
        The text's width in pixels.
    """
    mask, ascent, advance = _text_mask(plain_text(text), size)
    left = x - {"left": 0, "middle": advance // 2, "right": advance}[anchor]
    top = baseline - ascent
    # A mask has a margin, which may stick out of the page where the letters do not.
    rows = slice(max(top, 0), min(top + mask.shape[0], page.shape[0]))
    columns = slice(max(left, 0), min(left + mask.shape[1], page.shape[1]))
    part = mask[rows.start - top : rows.stop - top, columns.start - left : columns.stop - left]
    place = page[rows, columns]
    place[part > 0] = part[part > 0] + (_RAMPS[pen] - 1)
    return advance


def text_width(text: str, size: int) -> int:
    """Return the pixels that a line of text takes."""
    width: float = _font(size).getlength(plain_text(text))
    return round(width)


def plain_text(text: str) -> str:
    """Return text in the letters that the built-in font has: ASCII and the degree sign."""
    unaccented = unicodedata.normalize("NFKD", text.replace("α", "alpha"))
    return "".join(letter for letter in unaccented if letter == "°" or " " <= letter <= "~")


def to_picture(page: Indices, palette: list[Colour] = PALETTE) -> Image.Image:
    """Return a page of indices as a picture with a palette."""
    height, width = page.shape
    picture = Image.frombytes("P", (width, height), page.tobytes())
    picture.putpalette([part for colour in palette for part in colour])
    return picture


@lru_cache(maxsize=1024)
def _text_mask(text: str, size: int) -> tuple[Indices, int, int]:
    """Levels of shape (height, width), rows above the baseline, and the text's width."""
    font = _font(size)
    width = round(font.getlength(text))
    ascent = 2 * size
    canvas = Image.new("L", (width + size, 3 * size), 0)
    ImageDraw.Draw(canvas).text((0, ascent), text, fill=255, font=font, anchor="ls")
    levels = np.rint(np.asarray(canvas, dtype=np.float64) * (_LEVELS / 255)).astype(np.uint8)
    return levels, ascent, width


@lru_cache(maxsize=16)
def _font(size: int) -> Any:
    return ImageFont.load_default(size)
