"""Any grey image of a digit into MNIST's frame: the picture a network trained on MNIST expects."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from ..errors import InvalidInputError
from ..limits import MAX_UPLOAD_PIXELS, MIN_UPLOAD_SIDE
from .find_ink import find_ink
from .ink import Ink
from .render import render_ink

Floats = npt.NDArray[np.float32]

FRAME = 28
DIGIT = 20
# Index of the pixel that MNIST's centres of mass lie on.
_CENTRE = 14
# MNIST's faintest edges are within the box that was scaled to 20 pixels, and so are these.
_EDGE = 0.04


def normalise(grey: npt.NDArray[Any]) -> Floats:
    """Put a digit into MNIST's frame.

    Ink is found whether dark or bright, cropped, scaled (antialiased) so that its longest side
    is 20 pixels, and moved by whole pixels until its centre of mass is at the centre of 28x28.
    An image from MNIST comes out as it was.

    Args:
        grey: shape (H, W) or (H, W, 1); unsigned integers over their whole range, booleans, or
            floats in [0, 1].

    Returns:
        Shape (28, 28, 1), in [0, 1], ink bright on dark.

    Raises:
        InvalidInputError: not such an array, or no ink in it.

    References:
        LeCun, Cortes, Burges, *The MNIST database*: the same box and centre.
    """
    ink = find_ink(_as_floats(grey))
    visible = ink > _EDGE
    rows, columns = np.flatnonzero(visible.any(axis=1)), np.flatnonzero(visible.any(axis=0))
    box = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    scale = DIGIT / max(box.shape)
    height, width = (max(1, round(scale * side)) for side in box.shape)
    if (height, width) != box.shape:
        small = Image.fromarray(np.ascontiguousarray(box)).resize(
            (width, height), Image.Resampling.BOX if scale < 1 else Image.Resampling.BICUBIC
        )
        box = np.clip(np.asarray(small, np.float32), 0.0, 1.0)
    frame = np.zeros((FRAME, FRAME, 1), np.float32)
    top, left = (_offset(box.sum(axis=axis)) for axis in (1, 0))
    frame[top : top + height, left : left + width, 0] = box
    return frame


def ink_image(ink: Ink) -> Floats:
    """Return the image that the network sees of a drawing, of shape (28, 28, 1).

    Raises:
        InvalidInputError: nothing is drawn yet.
    """
    if ink.is_empty:
        raise InvalidInputError(
            "ink", expected="at least one stroke", received="nothing drawn yet", advice="Draw!"
        )
    # A margin, so that a stroke along the edge of the canvas is not taken for its background.
    return normalise(np.pad(render_ink(ink), 8))


def _as_floats(grey: npt.NDArray[Any]) -> Floats:
    expected = "a grey image, an array of shape (H, W)"
    if grey.ndim == 3 and grey.shape[2] == 1:
        grey = grey[:, :, 0]
    if grey.ndim != 2 or min(grey.shape) < MIN_UPLOAD_SIDE or grey.size > MAX_UPLOAD_PIXELS:
        raise InvalidInputError("image", expected=expected, received=f"shape {grey.shape}")
    if grey.dtype == np.bool_:
        return grey.astype(np.float32)
    if np.issubdtype(grey.dtype, np.unsignedinteger):
        return grey.astype(np.float32) / np.float32(np.iinfo(grey.dtype).max)
    if not np.issubdtype(grey.dtype, np.floating):
        raise InvalidInputError("image", expected=expected, received=f"values of {grey.dtype}")
    low, high = float(grey.min()), float(grey.max())
    # Written so that NaN fails as well.
    if not (low >= 0.0 and high <= 1.0):
        raise InvalidInputError(
            "image", expected="values in [0, 1]", received=f"values from {low:g} to {high:g}"
        )
    return grey.astype(np.float32)


def _offset(profile: Floats) -> int:
    """Return where a box begins so that the centre of mass of its profile is at the centre."""
    centre = float(profile @ np.arange(len(profile)) / profile.sum())
    return min(max(round(_CENTRE - centre), 0), FRAME - len(profile))
