"""What a study has been told: answers, and how certain each is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ..uncertainty import MEASURES


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """The answers to N images at S steps.

    Attributes:
        committee: shape (N, S) int16, the committee's answers; no images where it was not asked.
        measures: shape (N, S, 6) float32, the measures of its passes in the order of `MEASURES`.
        right: shape (N, S) bool, whether its answer is right.
        twin: shape (N, S) int16, the twin's answers.
        softmax: shape (N, S) float32, the twin's softmax of its answer.
        twin_right: shape (N, S) bool, whether its answer is right.
    """

    committee: npt.NDArray[np.int16]
    measures: npt.NDArray[np.float32]
    right: npt.NDArray[np.bool_]
    twin: npt.NDArray[np.int16]
    softmax: npt.NDArray[np.float32]
    twin_right: npt.NDArray[np.bool_]

    @classmethod
    def of(cls, rows: Mapping[str, npt.NDArray[Any]]) -> Answers:
        """Return the answers of these arrays; the committee's may be missing."""
        num_steps = rows["twin"].shape[1]
        nobody: dict[str, npt.NDArray[Any]] = {
            "committee": np.zeros((0, num_steps), np.int16),
            "measures": np.zeros((0, num_steps, len(MEASURES)), np.float32),
            "right": np.zeros((0, num_steps), np.bool_),
        }
        return cls(**{**nobody, **rows})

    def certainty(self, who: str) -> npt.NDArray[np.float64]:
        """Return how certain each answer is, shape (N, S), higher is more certain.

        Args:
            who: "twin", or the name of a measure; one of which more is less certain is negated.
        """
        if who == "twin":
            return self.softmax.astype(np.float64)
        values = self.measures[:, :, list(MEASURES).index(who)].astype(np.float64)
        return -values if MEASURES[who].higher_is_less_certain else values

    def is_right(self, who: str) -> npt.NDArray[np.bool_]:
        """Return whether the answer is right that goes with the twin or a measure, (N, S)."""
        return self.twin_right if who == "twin" else self.right
