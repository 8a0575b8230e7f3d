"""What a network says of a batch: a row an item, kept small, with all that verdicts need."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ..inference.samples import Counts, Floats
from ..uncertainty.classes import Classes
from ..uncertainty.measures import MEASURES
from ..uncertainty.reasons import Votes
from .reference_data import NO_LABEL

Booleans = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class BatchResult:
    """Answers to the items of a batch, in the order in which they were read.

    Of an item that could not be read the numbers are NaN, and the classes `NO_LABEL`. Nothing here
    depends on a policy, so verdicts follow another one without a pass.

    Attributes:
        classes: what the network tells apart.
        num_samples: T.
        seed: of the passes.
        num_expected: how many items there were to be; more than N where the run was stopped.
        names: of the items, N of them.
        problems: why an item could not be read or its label not be used; "" where all is well.
        is_read: shape (N,), whether there is an answer.
        labels: shape (N,), true classes, `NO_LABEL` where none came.
        predicted: shape (N,), class of the largest mean softmax.
        runner_up: shape (N,), the second class.
        twin_predicted: shape (N,), answer of the twin.
        twin_confidence: shape (N,), its softmax.
        measures: each measure of `MEASURES` by its name, shape (N,).
        votes: how the passes voted.
        thumbnails: shape (N, h, w, channels), 8 bits, no side over 32 pixels; None for rows of
            numbers. Images of 28x28 are whole.
    """

    classes: Classes
    num_samples: int
    seed: int
    num_expected: int
    names: tuple[str, ...]
    problems: tuple[str, ...]
    is_read: Booleans
    labels: Counts
    predicted: Counts
    runner_up: Counts
    twin_predicted: Counts
    twin_confidence: Floats
    measures: dict[str, Floats]
    votes: Votes
    thumbnails: npt.NDArray[np.uint8] | None

    def __len__(self) -> int:
        """N."""
        return len(self.names)

    @property
    def is_complete(self) -> bool:
        """Whether every item was asked about."""
        return len(self) >= self.num_expected

    @property
    def is_labelled(self) -> Booleans:
        """Shape (N,), whether there is an answer and its true class is known."""
        return np.asarray(self.is_read & (self.labels != NO_LABEL))

    @property
    def right(self) -> Booleans:
        """Shape (N,), whether the answer is the true class; false where either is not known."""
        return np.asarray(self.is_labelled & (self.predicted == self.labels))

    @property
    def twin_right(self) -> Booleans:
        """Shape (N,), the same of the twin's answer."""
        return np.asarray(self.is_labelled & (self.twin_predicted == self.labels))

    def order(self, measure: str = "predictive_entropy") -> Counts:
        """Return the places of the items, the most uncertain first, what could not be read last.

        Args:
            measure: of `MEASURES`. Items that tie stay in their order.
        """
        values = self.measures[measure]
        sign = -1.0 if MEASURES[measure].higher_is_less_certain else 1.0
        return np.asarray(np.argsort(sign * values, kind="stable"))  # NaN comes last

    def class_name(self, index: Any) -> str:
        """Return what a class is called, "" for none."""
        return "" if index == NO_LABEL else self.classes.names[int(index)]
