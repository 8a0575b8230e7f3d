"""What a digit can suffer: turned, or blended with another one."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
from PIL import Image

from ..errors import InvalidInputError

Floats = npt.NDArray[np.float32]


def rotate(image: Floats, degrees: float) -> Floats:
    """Turn an image about its centre, counter-clockwise; corners that turn in are dark.

    Args:
        image: shape (H, W, 1), in [0, 1].
        degrees: any finite angle; negative turns clockwise.

    Returns:
        Same shape, bilinear (Pillow), in [0, 1].

    Raises:
        InvalidInputError: the angle is not finite.
    """
    if not math.isfinite(degrees):
        raise InvalidInputError("degrees", expected="a finite angle", received=degrees)
    picture = Image.fromarray(np.ascontiguousarray(image[:, :, 0], dtype=np.float32))
    turned = np.asarray(picture.rotate(degrees, Image.Resampling.BILINEAR), np.float32)
    return np.clip(turned, 0.0, 1.0)[:, :, None]


def blend(image1: Floats, image2: Floats, alpha: float) -> Floats:
    """Lay a second image over the first: clip(image1 + alpha * image2, 0, 1).

    Args:
        image1: shape (H, W, 1), in [0, 1].
        image2: same shape.
        alpha: how much of the second image, in [0, 1].

    Returns:
        Same shape, in [0, 1].

    Raises:
        InvalidInputError: alpha is out of [0, 1], or the shapes differ.
    """
    if not 0.0 <= alpha <= 1.0:
        raise InvalidInputError("alpha", expected="a number in [0, 1]", received=alpha)
    if image1.shape != image2.shape:
        raise InvalidInputError(
            "image2", expected=f"shape {image1.shape}, that of image1", received=image2.shape
        )
    return np.clip(image1 + np.float32(alpha) * image2, 0.0, 1.0).astype(np.float32)
