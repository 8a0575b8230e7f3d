"""The frame in which a network sees its images: height, width, and grey or colour."""

from __future__ import annotations

from dataclasses import dataclass

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
