"""Small pictures of any frame, grey or in colour, as addresses that a page shows."""

from __future__ import annotations

import base64
import io

import numpy as np
import numpy.typing as npt
from PIL import Image


def picture_uri(pixels: npt.NDArray[np.uint8]) -> str:
    """Return the address (data URI) of a picture, as PNG.

    Args:
        pixels: shape (h, w, 1) or (h, w, 3).
    """
    buffer = io.BytesIO()
    Image.fromarray(pixels[..., 0] if pixels.shape[2] == 1 else pixels).save(buffer, "PNG")
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode("ascii")
