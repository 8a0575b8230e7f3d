"""The frame in which a network sees its images: height, width, and grey or colour."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image

from ..errors import InvalidInputError
from ..limits import MAX_FRAME_SIDE, MIN_FRAME_SIDE


@dataclass(frozen=True, slots=True)
class Frame:
    """Height, width and channels of an image, which is (H, W, channels) float32 in [0, 1].

    Attributes:
        height: in pixels.
        width: in pixels.
        channels: 1 for grey, 3 for colour.

    Raises:
        InvalidInputError: a side out of its range, or another number of channels.
    """

    height: int
    width: int
    channels: int = 1

    def __post_init__(self) -> None:
        sides = (self.height, self.width)
        if not all(MIN_FRAME_SIDE <= side <= MAX_FRAME_SIDE for side in sides):
            raise InvalidInputError(
                "frame",
                expected=f"sides from {MIN_FRAME_SIDE} to {MAX_FRAME_SIDE} pixels",
                received=f"{self.height} x {self.width}",
            )
        if self.channels not in (1, 3):
            raise InvalidInputError(
                "frame", expected="1 channel (grey) or 3 (colour)", received=self.channels
            )

    @property
    def shape(self) -> tuple[int, int, int]:
        """Of one image."""
        return (self.height, self.width, self.channels)

    @property
    def is_small_grey(self) -> bool:
        """Whether one can draw in it: grey, and no side over 64 pixels."""
        return self.channels == 1 and max(self.height, self.width) <= 64

    def __str__(self) -> str:
        """As in "28 x 28, grey"."""
        return f"{self.height} x {self.width}, {'grey' if self.channels == 1 else 'colour'}"


MNIST_FRAME = Frame(28, 28)

_BILINEAR = Image.Resampling.BILINEAR
_LUMA = np.array([0.299, 0.587, 0.114], dtype=np.float32)  # of red, green and blue; BT.601


def in_frame(image: npt.NDArray[np.float32], frame: Frame) -> npt.NDArray[np.float32]:
    """Return an image as a network of this frame sees it.

    What already fits comes back as it is. Else colour turns grey by its luma (BT.601) and grey is
    repeated for colour, and the whole image is stretched or shrunk to the frame, bilinear.

    Args:
        image: shape (h, w, 1) or (h, w, 3), in [0, 1].
        frame: to bring it into.

    Returns:
        Shape (H, W, channels) of the frame, float32, in [0, 1].

    Raises:
        InvalidInputError: it is no image of one or three channels.
    """
    if image.shape == frame.shape and image.dtype == np.float32:
        return image
    if image.ndim != 3 or image.shape[2] not in (1, 3) or 0 in image.shape:
        raise InvalidInputError(
            "image",
            expected="shape (height, width, 1) or (height, width, 3)",
            received=f"shape {image.shape}",
        )
    pixels = np.asarray(image, dtype=np.float32)
    if frame.channels < pixels.shape[2]:
        pixels = (pixels @ _LUMA)[:, :, None]
    if pixels.shape[:2] != (frame.height, frame.width):
        size = (frame.width, frame.height)
        planes = [
            np.asarray(Image.fromarray(np.ascontiguousarray(plane)).resize(size, _BILINEAR))
            for plane in np.moveaxis(pixels, 2, 0)
        ]
        pixels = np.stack(planes, axis=2)
    pixels = np.broadcast_to(pixels, frame.shape)
    return np.ascontiguousarray(np.clip(pixels, 0.0, 1.0), dtype=np.float32)
