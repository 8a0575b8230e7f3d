"""What is laid over a sweep to compare: a sweep that was pinned, or curves that were published."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from ..errors import InvalidInputError
from ..uncertainty.measures import confidence, predictive_entropy, variance

if TYPE_CHECKING:
    from ..experiments.sweep import SweepResult

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Overlay:
    """Three curves over the values of a sweep.

    Attributes:
        name: what a person calls them; written beside the line.
        values: shape (K,), in the units of the sweep that they are laid over.
        softmax: mean softmax of the answer, shape (K,).
        entropy: predictive entropy in nats, shape (K,).
        variance: of the answer's softmax, shape (K,).
        dotted: whether the lines are dotted, as those of somebody else are.

    Raises:
        InvalidInputError: the curves are not of the same number of steps.
    """

    name: str
    values: Floats
    softmax: Floats
    entropy: Floats
    variance: Floats
    dotted: bool = False

    def __post_init__(self) -> None:
        shapes = {each.shape for each in (self.softmax, self.entropy, self.variance)}
        if shapes != {self.values.shape} or self.values.ndim != 1 or not len(self.values):
            raise InvalidInputError(
                "curves",
                expected=f"shape {self.values.shape} for all, as the values",
                received=f"shapes {sorted(shapes)}",
            )

    @classmethod
    def of(cls, result: SweepResult, name: str) -> Overlay:
        """Return the curves of a sweep."""
        summary = result.summary
        return cls(
            name, result.values, confidence(summary), predictive_entropy(summary), variance(summary)
        )
