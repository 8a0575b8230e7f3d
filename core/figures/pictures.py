"""An image of any frame as a picture that a page shows."""

from __future__ import annotations

import base64
import io

import numpy as np
import numpy.typing as npt
from PIL import Image


def picture_uri(pixels: npt.NDArray[np.uint8]) -> str:
    """Return the address (data URI) of an image of shape (H, W, 1) or (H, W, 3), as it is."""
    image = Image.fromarray(pixels[:, :, 0] if pixels.shape[2] == 1 else pixels)
    buffer = io.BytesIO()
    image.save(buffer, format="PNG")
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode("ascii")
