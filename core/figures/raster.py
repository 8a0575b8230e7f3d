"""Drawing with Pillow in a page's pixels: large, then made small, so that edges are smooth."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

PIXEL_RATIO = 2  # pixels of the file to one of the page: crisp where a screen has as many
_SMOOTH = 3  # pixels drawn to one of the file
_SCALE = PIXEL_RATIO * _SMOOTH
_COLOURS = 256  # of the file: a palette makes it half as large

Point = tuple[float, float]


class Raster:
    """A picture that is drawn in the pixels of the page it will stand in.

    Args:
        width: in pixels of the page.
        height: likewise.
        background: `#RRGGBB`, as all colours.
    """

    def __init__(self, width: int, height: int, background: str) -> None:
        self._image = Image.new("RGB", (width * _SCALE, height * _SCALE), background)
        self._draw = ImageDraw.Draw(self._image)

    def line(self, points: Sequence[Point], colour: str, width: float) -> None:
        """Draw a line through points, with round corners."""
        self._draw.line(_scaled(points), fill=colour, width=round(width * _SCALE), joint="curve")

    def dashes(
        self, points: Sequence[Point], colour: str, width: float, *, dash: float, gap: float
    ) -> None:
        """Draw a line of dashes, whose rhythm goes on round corners."""
        for piece in dashes(points, dash, gap):
            self.line(piece, colour, width)

    def disc(self, centre: Point, radius: float, colour: str) -> None:
        """Draw a disc."""
        x, y = centre
        box = _scaled([(x - radius, y - radius), (x + radius, y + radius)])
        self._draw.ellipse(box, fill=colour)

    def cross(self, centre: Point, radius: float, colour: str, width: float) -> None:
        """Draw a cross whose arms reach as far as a disc of this radius."""
        x, y = centre
        arm = radius / math.sqrt(2)
        self.line([(x - arm, y - arm), (x + arm, y + arm)], colour, width)
        self.line([(x - arm, y + arm), (x + arm, y - arm)], colour, width)

    def text(self, at: Point, text: str, size: float, colour: str, anchor: str = "lm") -> None:
        """Write text; the anchor is Pillow's, as "lm" for the middle of the left side."""
        (point,) = _scaled([at])
        self._draw.text(point, text, fill=colour, font=_font(size), anchor=anchor)

    def text_width(self, text: str, size: float) -> float:
        """Return how wide text is."""
        return float(_font(size).getlength(text)) / _SCALE

    def picture(self, centre: Point, image: npt.NDArray[Any]) -> None:
        """Place a grey image of shape (H, W, 1), in [0, 1], a pixel of it to one of the page."""
        grey = np.clip(np.rint(image[:, :, 0] * 255.0), 0, 255).astype(np.uint8)
        large = Image.fromarray(grey).resize(
            (grey.shape[1] * _SCALE, grey.shape[0] * _SCALE), Image.Resampling.NEAREST
        )
        (corner,) = _scaled([(centre[0] - grey.shape[1] / 2, centre[1] - grey.shape[0] / 2)])
        # On whole pixels of the file, so that each of the image's is as wide as the next.
        x, y = (round(each / _SMOOTH) * _SMOOTH for each in corner)
        self._image.paste(large, (x, y))

    def png(self) -> bytes:
        """Return a PNG with few colours, `PIXEL_RATIO` of its pixels to one of the page."""
        small = self._image.reduce(_SMOOTH)
        buffer = io.BytesIO()
        small.quantize(_COLOURS, dither=Image.Dither.NONE).save(buffer, "PNG", optimize=True)
        return buffer.getvalue()


def dashes(points: Sequence[Point], dash: float, gap: float) -> list[list[Point]]:
    """Cut a line through points into dashes, the first of them at its start.

    Args:
        points: shape (N, 2), no two neighbours the same.
        dash: length of a dash along the line.
        gap: length of what is left out.
    """
    xy = np.asarray(points, dtype=np.float64)
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(xy, axis=0).T))])

    def at(distance: float) -> Point:
        return (
            float(np.interp(distance, along, xy[:, 0])),
            float(np.interp(distance, along, xy[:, 1])),
        )

    pieces = []
    for start in np.arange(0.0, along[-1], dash + gap).tolist():
        end = min(start + dash, float(along[-1]))
        corners = xy[(along > start) & (along < end)]
        pieces.append([at(start), *((float(x), float(y)) for x, y in corners), at(end)])
    return pieces


def _scaled(points: Sequence[Point]) -> list[Point]:
    return [(x * _SCALE, y * _SCALE) for x, y in points]


@lru_cache
def _font(size: float) -> Any:
    return ImageFont.load_default(size * _SCALE)
