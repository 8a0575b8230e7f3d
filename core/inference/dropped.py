"""Which units each pass dropped: the committee's members, told apart."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..errors import InvalidInputError


@dataclass(frozen=True, slots=True, eq=False)
class DroppedUnits:
    """What one call of a dropout layer dropped in each of T passes.

    A unit is one entry of the mask of an image: a whole feature map of a spatial dropout, a
    feature of a vector, one place of one map where each is dropped on its own or in blocks.

    Attributes:
        layer: its name; a layer that is called twice drops twice, under one name.
        kind: class of the layer.
        rate: share of units that a pass drops on average, in (0, 1).
        shape: of the mask of one image, 1 where it is shared along an axis; U is its size.
        dropped: shape (T, U), True where a pass dropped a unit, units in the order of `shape`.
        position: of the call among the sampler's `dropout_layers`.

    Raises:
        InvalidInputError: not as many units as the mask has entries.
    """

    layer: str
    kind: str
    rate: float
    shape: tuple[int, ...]
    dropped: npt.NDArray[np.bool_]
    position: int

    def __post_init__(self) -> None:
        if self.dropped.ndim != 2 or self.dropped.shape[1] != math.prod(self.shape):
            raise InvalidInputError(
                "dropped",
                expected=f"shape (T, {math.prod(self.shape)}), one column an entry of the mask",
                received=f"shape {self.dropped.shape}",
            )

    @property
    def num_samples(self) -> int:
        """T, the number of passes."""
        return int(self.dropped.shape[0])

    @property
    def num_units(self) -> int:
        """U."""
        return int(self.dropped.shape[1])
