"""A sweep: one image changed step by step, and what the passes say at each step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import numpy.typing as npt

from ..errors import InvalidInputError
from ..inference.samples import Counts, Floats, McSummary
from ..limits import MAX_SWEEP_STEPS
from ..uncertainty.measures import predicted_class

if TYPE_CHECKING:  # the sampler loads TensorFlow, which a result does without
    from ..inference import McSampler

SweepKind = Literal["rotation", "blending"]
Image = npt.NDArray[np.float32]
Truths = npt.NDArray[np.bool_]

DEFAULT_NUM_STEPS = 36
_IMAGE_SHAPE = (28, 28, 1)


@dataclass(frozen=True, slots=True, eq=False)
class SweepResult:
    """What T passes and the twin say at each of S steps.

    Attributes:
        kind: what changes from step to step.
        values: shape (S,), rising: degrees of a rotation, alphas of a blending.
        images: shape (S, 28, 28, 1), in [0, 1].
        summary: of S images.
        twin: shape (S, C), softmax of the pass with dropout off.
        labels: the classes that are right at every step: one for a rotation, both images' for
            a blending; empty where that is not known.
        seed: of the passes.

    Raises:
        InvalidInputError: the parts are not of the same steps and classes.
    """

    kind: SweepKind
    values: Floats
    images: Image
    summary: McSummary
    twin: npt.NDArray[np.float32]
    labels: tuple[int, ...]
    seed: int

    def __post_init__(self) -> None:
        steps, classes = self.num_steps, self.num_classes
        shapes = (self.values.shape, self.images.shape[:1], self.twin.shape)
        if shapes != ((steps,), (steps,), (steps, classes)):
            raise InvalidInputError(
                "values, images, twin",
                expected=f"{steps} steps and {classes} classes, as in the summary",
                received=f"shapes {shapes}",
            )
        check_labels(self.labels, classes)

    @property
    def num_steps(self) -> int:
        """S."""
        return self.summary.num_images

    @property
    def num_classes(self) -> int:
        """C."""
        return self.summary.num_classes

    @property
    def num_samples(self) -> int:
        """T, the passes at each step."""
        return self.summary.num_samples

    @property
    def predicted(self) -> Counts:
        """The committee's answer at each step, shape (S,)."""
        return predicted_class(self.summary)

    @property
    def twin_predicted(self) -> Counts:
        """The twin's answer at each step, shape (S,)."""
        return np.asarray(self.twin.argmax(axis=1), dtype=np.int64)

    @property
    def right(self) -> Truths | None:
        """Whether the committee's answer is one of the labels, shape (S,); None without labels."""
        return self._is_right(self.predicted)

    @property
    def twin_right(self) -> Truths | None:
        """Whether the twin's answer is one of the labels, shape (S,); None without labels."""
        return self._is_right(self.twin_predicted)

    def _is_right(self, answers: Counts) -> Truths | None:
        return np.isin(answers, self.labels) if self.labels else None


def run_sweep(
    sampler: McSampler,
    kind: SweepKind,
    values: Floats,
    images: Sequence[Image],
    *,
    labels: tuple[int, ...],
    num_samples: int,
    seed: int,
) -> SweepResult:
    """Ask the committee and the twin at each step; all steps meet the same subnetworks.

    Args:
        sampler: of the network to ask.
        kind: what changes from step to step.
        values: shape (S,), how much.
        images: one of shape (28, 28, 1) for each step.
        labels: see `SweepResult`.
        num_samples: T, passes at each step.
        seed: of the passes.

    Raises:
        InvalidInputError: the sampler refuses an argument, or a label is not a class.
    """
    batch = np.stack(images).astype(np.float32, copy=False)
    # First, because it is cheap: labels are then refused before a thousand passes, not after.
    twin = sampler.twin(batch)
    check_labels(labels, twin.shape[1])
    return SweepResult(
        kind=kind,
        values=values,
        images=batch,
        summary=sampler.summarise(batch, num_samples=num_samples, seed=seed),
        twin=twin,
        labels=labels,
        seed=seed,
    )


def check_image(name: str, image: Any) -> Image:
    """Return an image as float32 if it is one that a sweep can start from.

    Raises:
        InvalidInputError: another shape, or values that are not in [0, 1].
    """
    array = np.asarray(image)
    if array.shape != _IMAGE_SHAPE:
        raise InvalidInputError(
            name, expected=f"an image of shape {_IMAGE_SHAPE}", received=f"shape {array.shape}"
        )
    # One comparison that NaN fails too.
    if array.dtype.kind not in "fiub" or not (array.min() >= 0 and array.max() <= 1):
        raise InvalidInputError(
            name,
            expected="numbers in [0, 1], ink bright on dark",
            received=f"type {array.dtype}"
            if array.dtype.kind not in "fiub"
            else f"values from {array.min():.3g} to {array.max():.3g}",
            advice="Divide 8-bit pixels by 255.",
        )
    return array.astype(np.float32, copy=False)


def check_num_steps(num_steps: Any) -> int:
    """Return the number of steps if it is one.

    Raises:
        InvalidInputError: it is not a whole number from 2 to the limit.
    """
    is_whole = isinstance(num_steps, (int, np.integer)) and not isinstance(num_steps, bool)
    if not is_whole or not 2 <= num_steps <= MAX_SWEEP_STEPS:
        raise InvalidInputError(
            "num_steps",
            expected=f"a whole number from 2 to {MAX_SWEEP_STEPS}",
            received=num_steps,
        )
    return int(num_steps)


def check_labels(labels: Sequence[int], num_classes: int) -> None:
    """Refuse labels that are not classes.

    Raises:
        InvalidInputError: one is not a whole number from 0 to C - 1.
    """
    if not all(
        isinstance(label, (int, np.integer)) and 0 <= label < num_classes for label in labels
    ):
        raise InvalidInputError(
            "label",
            expected=f"a class from 0 to {num_classes - 1}, or None where it is not known",
            received=labels[0] if len(labels) == 1 else tuple(labels),
        )
