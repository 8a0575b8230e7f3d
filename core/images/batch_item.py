"""What goes into a batch, and what comes of it: images by name, or why there is none."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

from ..errors import InvalidInputError
from .frame import Frame, in_frame

Floats = npt.NDArray[np.float32]


class NamedClasses(Protocol):
    """The classes of a network, as `core.uncertainty.classes.Classes` holds them."""

    @property
    def names(self) -> tuple[str, ...]:
        """One for each class, in the order of the softmax."""


@dataclass(frozen=True)
class BatchFile:
    """A file that somebody brings.

    Attributes:
        name: as people know it; a path below the folder that was given, with "/" between names.
        data: its bytes, or where it lies.
    """

    name: str
    data: bytes | Path


@dataclass(frozen=True)
class Preparation:
    """How what is brought becomes what a network takes.

    Attributes:
        frame: of its images; None for a network that takes rows of numbers.
        num_inputs: length of a row where there is no frame.
        centred: whether pictures are put into the frame as MNIST's digits were: ink found, scaled
            and centred. Otherwise the whole picture is resized into the frame. Pixels in tables
            are taken as they are, either way.
        classes: that labels name, or number.

    Raises:
        InvalidInputError: neither frame nor length, or ink to be centred in no small grey frame.
    """

    frame: Frame | None
    num_inputs: int
    centred: bool
    classes: NamedClasses

    def __post_init__(self) -> None:
        if self.frame is None and self.num_inputs < 1:
            raise InvalidInputError(
                "num_inputs", expected="a number of values, 1 or more", received=self.num_inputs
            )
        if self.centred and (self.frame is None or not self.frame.is_small_grey):
            raise InvalidInputError(
                "centred",
                expected="a small grey frame to centre ink in",
                received=str(self.frame or f"rows of {self.num_inputs} numbers"),
            )

    @property
    def shape(self) -> tuple[int, ...]:
        """Of one image or row."""
        return (self.num_inputs,) if self.frame is None else self.frame.shape

    @property
    def words(self) -> str:
        """What it takes, as in "images of 28 x 28, grey" or "rows of 4 numbers"."""
        if self.frame is None:
            return f"rows of {self.num_inputs:,} numbers"
        return f"images of {self.frame}"


@dataclass(frozen=True, eq=False)
class BatchItem:
    """One image of a batch, or why there is none.

    Attributes:
        name: which file, row or entry; fit for a line.
        image: in [0, 1] and of the frame's shape, or a row as it is; None where it is bad.
        label: true class, where one came with it.
        problem: why there is no image, or why the label was not used; "" where all is well.
    """

    name: str
    image: Floats | None
    label: int | None = None
    problem: str = ""


def sentence(error: InvalidInputError) -> str:
    """Return what is wrong in one sentence, for a place where the name stands already."""
    return f"Expected {error.expected}, got {error.received}."


def item_of_image(
    name: str, image: Floats, digit: int | None, preparation: Preparation
) -> BatchItem:
    """Return an image that is there already as an item, in the network's frame.

    Args:
        name: of the item.
        image: shape (h, w, 1), in [0, 1].
        digit: which one it shows, where that is known; its label where the classes are digits.
        preparation: what the network takes.
    """
    if preparation.frame is None:
        why = f"The network takes {preparation.words}, and this is an image."
        return BatchItem(name, None, problem=why)
    names = preparation.classes.names
    label = names.index(str(digit)) if str(digit) in names else None
    return BatchItem(name, in_frame(image, preparation.frame), label)
