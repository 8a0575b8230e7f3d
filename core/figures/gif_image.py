"""A sweep's images in the frames of its GIF: as indices of a palette, in a square of one size."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from .gif_ink import PALETTE, Colour, Indices, grey_indices

_MOST_SEEN = 64  # images that the colours are chosen by


class GifImages:
    """Images of shape (S, H, W, channels) as they stand in a GIF.

    Grey ones have greys of the palette that all frames share. Those in colour get what is left of
    a GIF's 256 colours, chosen by all of them together, and are dithered to these.

    Args:
        images: in [0, 1].
        side: of the square that they fill, in pixels; what is not square stands in its middle.

    Attributes:
        palette: of the whole GIF.
    """

    def __init__(self, images: npt.NDArray[Any], side: int) -> None:
        self._images, self._side = images, side
        self.palette: list[Colour] = PALETTE
        self._chosen: Image.Image | None = None
        if images.shape[3] == 3:
            self._chosen = self._choose()
            found = np.asarray(self._chosen.getpalette(), dtype=np.int64).reshape(-1, 3)
            self.palette = [*PALETTE, *((int(r), int(g), int(b)) for r, g, b in found)]

    def __getitem__(self, step: int) -> Indices:
        """Return the square of a step, shape (side, side); around the image there is paper."""
        picture = self._picture(step)
        square = np.zeros((self._side, self._side), dtype=np.uint8)
        top, left = ((self._side - length) // 2 for length in picture.shape)
        square[top : top + picture.shape[0], left : left + picture.shape[1]] = picture
        return square

    def _picture(self, step: int) -> Indices:
        image = self._images[step]
        if self._chosen is None:
            levels = np.asarray(_sized(Image.fromarray(grey_indices(image)), self._side))
            return np.asarray(levels, dtype=np.uint8)
        dithered = _sized(_coloured(image), self._side).quantize(
            palette=self._chosen, dither=Image.Dither.FLOYDSTEINBERG
        )
        return np.asarray(np.asarray(dithered) + len(PALETTE), dtype=np.uint8)

    def _choose(self) -> Image.Image:
        steps = np.linspace(0, len(self._images) - 1, min(len(self._images), _MOST_SEEN))
        seen = [_sized(_coloured(self._images[step]), self._side) for step in steps.astype(int)]
        width, height = seen[0].size
        sheet = Image.new("RGB", (width, height * len(seen)))
        for place, picture in enumerate(seen):
            sheet.paste(picture, (0, place * height))
        return sheet.quantize(256 - len(PALETTE), Image.Quantize.MEDIANCUT)


def _coloured(image: npt.NDArray[Any]) -> Image.Image:
    return Image.fromarray(np.rint(np.clip(image, 0.0, 1.0) * 255.0).astype(np.uint8))


def _sized(picture: Image.Image, side: int) -> Image.Image:
    """Return a picture whose longer side is so many pixels: enlarged as squares, or made small."""
    scale = side / max(picture.size)
    width, height = (max(1, round(scale * length)) for length in picture.size)
    # Of greys that are indices the mean is an index between, as they are in order.
    way = Image.Resampling.NEAREST if scale >= 1.0 else Image.Resampling.BOX
    return picture.resize((width, height), way)
