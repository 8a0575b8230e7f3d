"""The numbers that the post published of its sweeps, to lay ours beside them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ..errors import DamagedFileError
from ..inference.samples import Counts, Floats
from ..store import read_json
from .recipe import SweepKind

POST_FILE = Path(__file__).with_name("post_curves.json")


@dataclass(frozen=True, slots=True, eq=False)
class PostCurve:
    """What the post's network said at each step of one of its sweeps.

    Read from the headers of the post's animations, so everything is rounded to two decimals.

    Attributes:
        kind: what changes from step to step.
        references: what names the images, as `mnist:5`; two for a blending.
        labels: the true class of each; an answer is right if it is one of them.
        values: how much at each step, shape (S,): degrees or alphas.
        predicted: the answer at each step, shape (S,).
        mean_softmax: of the answer, shape (S,).
        entropy: predictive, in nats, shape (S,).
        variance: over the passes, of the answer's softmax, shape (S,).
        num_samples: passes that each step is drawn from.

    Raises:
        DamagedFileError: the parts are not of the same steps.
    """

    kind: SweepKind
    references: tuple[str, ...]
    labels: tuple[int, ...]
    values: Floats
    predicted: Counts
    mean_softmax: Floats
    entropy: Floats
    variance: Floats
    num_samples: int

    def __post_init__(self) -> None:
        for array in (self.predicted, self.mean_softmax, self.entropy, self.variance):
            if array.shape != self.values.shape:
                raise DamagedFileError(
                    f"The post's numbers of its {self.kind} are damaged: expected"
                    f" {len(self.values)} steps, and a list has {len(array)}. Restore"
                    f" {POST_FILE.name} from the repository."
                )
            array.flags.writeable = False
        self.values.flags.writeable = False

    @property
    def num_steps(self) -> int:
        """S."""
        return len(self.values)

    @property
    def right(self) -> npt.NDArray[np.bool_]:
        """Whether the answer is one of the labels, shape (S,)."""
        return np.isin(self.predicted, self.labels)


@cache
def post_curve(kind: SweepKind) -> PostCurve | None:
    """Return what the post published of a kind of sweep.

    Returns:
        The curve, its arrays read-only; None for noise, of which the post shows no numbers.

    Raises:
        DamagedFileError: the file with the numbers is damaged.
    """
    if kind == "noise":
        return None
    document = read_json(POST_FILE)
    try:
        return _rotation(document) if kind == "rotation" else _blending(document)
    except (KeyError, TypeError, ValueError) as error:
        raise DamagedFileError(
            f"The post's numbers in {POST_FILE.name} are damaged ({error!r})."
            " Restore the file from the repository."
        ) from error


def _rotation(document: dict[str, Any]) -> PostCurve:
    entry = document["rotation"]
    return _curve(
        "rotation",
        entry,
        references=(f"mnist:{entry['mnist_test_index']}",),
        labels=(int(entry["true_label"]),),
        values=np.arange(entry["steps"]) * float(entry["degrees_per_step"]),
    )


def _blending(document: dict[str, Any]) -> PostCurve:
    entry = document["blending"]
    return _curve(
        "blending",
        entry,
        references=tuple(f"mnist:{entry[f'mnist_test_index_{which}']}" for which in (1, 2)),
        labels=(int(entry["label_1"]), int(entry["label_2"])),
        values=np.arange(entry["steps"]) / (entry["steps"] - 1),
    )


def _curve(
    kind: SweepKind,
    entry: dict[str, Any],
    *,
    references: tuple[str, ...],
    labels: tuple[int, ...],
    values: Floats,
) -> PostCurve:
    return PostCurve(
        kind=kind,
        references=references,
        labels=labels,
        values=values,
        predicted=np.array(entry["predicted"], dtype=np.int64),
        mean_softmax=np.array(entry["mean_softmax"], dtype=np.float64),
        entropy=np.array(entry["entropy_nats"], dtype=np.float64),
        variance=np.array(entry["variance"], dtype=np.float64),
        num_samples=int(entry["num_samples"]),
    )
