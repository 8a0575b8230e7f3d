"""Images made small to be looked at, never to be asked about."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
from PIL import Image

Bytes = npt.NDArray[np.uint8]


def shrunk(images: Bytes, longest: int) -> Bytes:
    """Return images of which no side is longer than that, each pixel the mean of those it covers.

    Args:
        images: shape (N, H, W, 1) or (N, H, W, 3).
        longest: in pixels.

    Returns:
        The images themselves where they are small enough.
    """
    factor = math.ceil(max(images.shape[1:3]) / longest)
    if factor <= 1 or len(images) == 0:
        return images
    is_grey = images.shape[3] == 1
    small = [
        np.asarray(Image.fromarray(image[:, :, 0] if is_grey else image).reduce(factor))
        for image in images
    ]
    whole = np.stack(small)
    return whole[..., None] if is_grey else whole
