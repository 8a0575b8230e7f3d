"""What an image can suffer: turned, blended with another one, buried in noise."""

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
        image: shape (H, W, channels), in [0, 1].
        degrees: any finite angle; negative turns clockwise.

    Returns:
        Same shape, bilinear (Pillow), in [0, 1].

    Raises:
        InvalidInputError: the angle is not finite.
    """
    if not math.isfinite(degrees):
        raise InvalidInputError("degrees", expected="a finite angle", received=degrees)
    planes = [
        Image.fromarray(np.ascontiguousarray(plane, dtype=np.float32)).rotate(
            degrees, Image.Resampling.BILINEAR
        )
        for plane in np.moveaxis(image, 2, 0)
    ]
    turned = np.stack([np.asarray(plane, np.float32) for plane in planes], axis=2)
    return np.clip(turned, 0.0, 1.0)


def blend(image1: Floats, image2: Floats, alpha: float) -> Floats:
    """Lay a second image over the first: clip(image1 + alpha * image2, 0, 1).

    Args:
        image1: shape (H, W, channels), in [0, 1].
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


def salt_and_pepper(image: Floats, share: float, seed: int = 0) -> Floats:
    """Replace a share of the pixels by white or black ones, as likely one as the other.

    A seed stands for one order of all pixels, so more noise holds all of the noise before it. Of a
    colour image whole pixels are replaced, all channels together.

    Args:
        image: shape (H, W, channels), in [0, 1].
        share: of the pixels that are replaced, in [0, 1]; rounded to whole pixels.
        seed: of the order of pixels and of which turn white, 0 or more.

    Returns:
        Same shape, in [0, 1].

    Raises:
        InvalidInputError: the share is out of [0, 1].
    """
    if not 0.0 <= share <= 1.0:
        raise InvalidInputError("share", expected="a number in [0, 1]", received=share)
    rng = np.random.default_rng(seed)
    num_pixels = image.shape[0] * image.shape[1]
    order, grains = rng.permutation(num_pixels), rng.integers(0, 2, num_pixels)
    replaced = order[: round(share * num_pixels)]
    noisy = image.astype(np.float32).reshape(num_pixels, -1)
    noisy[replaced] = grains[replaced, None]
    return noisy.reshape(image.shape)
