"""An image as a small picture in a page or, framed in a palette's colour, in a figure."""

from __future__ import annotations

import base64
import io
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

_USUAL_SIDE = 28  # of the images that the frame was drawn for
_FRAME = 2
_STRIP_SIDE = 56  # pixels, where a figure shows 28
PICTURE_SIDE = 224  # pixels, where a page shows 112 or 140
PIXELS_SEEN = 64  # of a side, up to which a page shows pixels as squares
_QUALITY = 88  # of a photo, in percent; a figure that is sent ten times a second has 72 of them
_KEPT_BYTES = 16 * 2**10  # of one picture's pixels


def thumbnail(image: npt.NDArray[Any], frame: str) -> str:
    """Return the address (data URI) of an image as a picture with round corners and a frame.

    An SVG around the picture, because only there can the frame's colour be a token, which the
    browser looks up for its theme.

    Args:
        image: shape (H, W, channels), in [0, 1]; shrunk to what a strip shows, and in colour
            packed with losses that are not seen there.
        frame: its colour, a token or `rgb(...)`; never `#rrggbb`, which would end the address.
    """
    pixels = _pixels(image, _STRIP_SIDE)
    picture = _address(pixels, is_exact=image.shape[2] == 1)
    height, width = pixels.shape[:2]
    unit = max(height, width) / _USUAL_SIDE
    line = _FRAME * unit
    whole_width, whole_height = width + 2 * line, height + 2 * line
    box = (
        f"x='{line / 2:g}' y='{line / 2:g}' width='{whole_width - line:g}'"
        f" height='{whole_height - line:g}' rx='{2 * line:g}'"
    )
    svg = (
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {whole_width:g} {whole_height:g}'>"
        f"<rect {box} fill='black'/>"
        f"<image x='{line:g}' y='{line:g}' width='{width}' height='{height}' href='{picture}'/>"
        f"<rect {box} fill='none' stroke='{frame}' stroke-width='{line:g}'/></svg>"
    )
    return "data:image/svg+xml," + svg.replace("<", "%3C").replace(">", "%3E")


def data_uri(image: npt.NDArray[Any]) -> str:
    """Return the address (data URI) of an image of shape (H, W, channels), in [0, 1].

    It is as it is up to 64 pixels a side; a larger one is packed as a photo, whose longer side
    ends at 224 pixels, which is all that pages show.
    """
    pixels = _pixels(image, PICTURE_SIDE)
    return _address(pixels, is_exact=max(pixels.shape[:2]) <= PIXELS_SEEN)


def _pixels(image: npt.NDArray[Any], longest: int) -> npt.NDArray[np.uint8]:
    """Return shape (h, w) of a grey image, (h, w, 3) of one in colour."""
    skip = max(image.shape[:2]) // (2 * longest)
    if skip > 1:
        image = image[::skip, ::skip]  # what is left is more than is needed, and sooner done
    levels = np.clip(np.rint(image * 255.0), 0, 255).astype(np.uint8)
    pixels = levels[:, :, 0] if image.shape[2] == 1 else levels
    height, width = pixels.shape[:2]
    scale = longest / max(height, width)
    if scale >= 1.0:
        return np.ascontiguousarray(pixels)
    size = max(1, round(scale * width)), max(1, round(scale * height))
    small = Image.fromarray(np.ascontiguousarray(pixels)).resize(size, Image.Resampling.BOX)
    return np.asarray(small)


def _address(pixels: npt.NDArray[np.uint8], *, is_exact: bool) -> str:
    encode = _encoded if pixels.nbytes <= _KEPT_BYTES else _encoded.__wrapped__
    return encode(pixels.tobytes(), pixels.shape, is_exact)


@lru_cache(maxsize=512)  # a step is selected many times, its images stay
def _encoded(levels: bytes, shape: tuple[int, ...], is_exact: bool) -> str:
    buffer = io.BytesIO()
    picture = Image.frombytes("L" if len(shape) == 2 else "RGB", (shape[1], shape[0]), levels)
    if is_exact:
        picture.save(buffer, format="PNG")
    else:
        picture.save(buffer, format="WEBP", quality=_QUALITY)
    kind = "png" if is_exact else "webp"
    return f"data:image/{kind};base64,{base64.b64encode(buffer.getvalue()).decode('ascii')}"
