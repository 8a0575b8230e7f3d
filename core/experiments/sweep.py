"""A sweep: one image changed step by step, and what the passes say at each step."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from ..errors import InvalidInputError
from ..inference.samples import Counts, Floats, McSummary
from ..limits import MAX_SWEEP_BYTES
from ..uncertainty.classes import DIGITS, Classes
from ..uncertainty.measures import predicted_class
from .recipe import Image, SweepKind, SweepRecipe, check_labels

if TYPE_CHECKING:  # the sampler loads TensorFlow, which a result does without
    from ..inference import McSampler

Truths = npt.NDArray[np.bool_]
Softmax = npt.NDArray[np.float32]

# Steps times passes that are asked for at a time: some 0.3 s on two processor cores. A sweep of 36
# steps and 1,000 passes is one call; a longer one can be shown as it grows.
BLOCK_ROWS = 40_000
# Of a step in memory: sums, votes and histogram of a class beside the C x C sums, and the rest.
_NUMBERS_PER_CLASS, _BYTES_PER_STEP = 17, 2_048


@dataclass(frozen=True, slots=True, eq=False)
class SweepResult:
    """What T passes and the twin say at each of the steps of a recipe.

    While a sweep is being computed, a result holds its first K steps of S.

    Attributes:
        recipe: what was asked.
        images: shape (K, H, W, channels), in [0, 1].
        summary: of K images.
        twin: shape (K, C), softmax of the pass with dropout off.
        weights_checksum: sha256 over the network's weights.
        plain: shape (K, C), softmax of a network trained without dropout; None where it was not
            asked.

    Raises:
        InvalidInputError: the parts are not of the same steps and classes.
    """

    recipe: SweepRecipe
    images: Image
    summary: McSummary
    twin: Softmax
    weights_checksum: str = ""
    plain: Softmax | None = None

    def __post_init__(self) -> None:
        steps, classes = self.num_steps, self.num_classes
        softmax = [self.twin] if self.plain is None else [self.twin, self.plain]
        shapes = (self.images.shape[:1], *(each.shape for each in softmax))
        if shapes != ((steps,), *((steps, classes) for _ in softmax)):
            raise InvalidInputError(
                "images, twin, plain",
                expected=f"{steps} steps and {classes} classes, as in the summary",
                received=f"shapes {shapes}",
            )
        if steps > self.recipe.num_steps or self.summary.num_samples != self.recipe.num_samples:
            raise InvalidInputError(
                "summary",
                expected=(
                    f"{self.recipe.num_samples} passes at {self.recipe.num_steps} steps,"
                    " as in the recipe"
                ),
                received=f"{self.summary.num_samples} passes at {steps} steps",
            )
        frame = self.recipe.images[0].shape
        if self.images.shape[1:] != frame:
            raise InvalidInputError(
                "images",
                expected=f"images of shape {frame}, as in the recipe",
                received=f"shape {self.images.shape[1:]}",
            )
        named = self.recipe.classes
        if named is not None and len(named) != classes:
            raise InvalidInputError(
                "classes", expected=f"{classes} of them, as in the summary", received=len(named)
            )
        check_labels(self.labels, classes)

    @property
    def kind(self) -> SweepKind:
        """What changes from step to step."""
        return self.recipe.kind

    @property
    def values(self) -> Floats:
        """How much at each step, shape (K,), rising: degrees, alphas or shares of pixels."""
        return self.recipe.values[: self.num_steps]

    @property
    def labels(self) -> tuple[int, ...]:
        """The classes that are right at every step: of a blending both images'; maybe none."""
        return self.recipe.truths

    @property
    def seed(self) -> int:
        """Of the passes."""
        return self.recipe.seed

    @property
    def is_complete(self) -> bool:
        """Whether all steps of the recipe are there."""
        return self.num_steps == self.recipe.num_steps

    @property
    def num_steps(self) -> int:
        """K."""
        return self.summary.num_images

    @property
    def num_classes(self) -> int:
        """C."""
        return self.summary.num_classes

    @property
    def classes(self) -> Classes:
        """What the network tells apart: the recipe's classes, ten digits, or numbers."""
        return self.recipe.classes or _unnamed(self.num_classes)

    @property
    def num_samples(self) -> int:
        """T, the passes at each step."""
        return self.summary.num_samples

    @property
    def predicted(self) -> Counts:
        """The committee's answer at each step, shape (K,)."""
        return predicted_class(self.summary)

    @property
    def twin_predicted(self) -> Counts:
        """The twin's answer at each step, shape (K,)."""
        return np.asarray(self.twin.argmax(axis=1), dtype=np.int64)

    @property
    def right(self) -> Truths | None:
        """Whether the committee's answer is one of the labels, shape (K,); None without labels."""
        return self._is_right(self.predicted)

    @property
    def twin_right(self) -> Truths | None:
        """Whether the twin's answer is one of the labels, shape (K,); None without labels."""
        return self._is_right(self.twin_predicted)

    @property
    def plain_right(self) -> Truths | None:
        """Whether the plain network's answer is one of the labels; None without it or labels."""
        return None if self.plain is None else self._is_right(self.plain.argmax(axis=1))

    def twin_accepted(self, threshold: float) -> Truths:
        """Whether the twin alone would be believed: its softmax is over a threshold, shape (K,)."""
        return np.asarray(self.twin.max(axis=1) > threshold)

    def with_plain(self, plain: Softmax) -> SweepResult:
        """Return the result with what a plain network says beside it, shape (K, C)."""
        return replace(self, plain=plain)

    def _is_right(self, answers: Counts) -> Truths | None:
        return np.isin(answers, self.labels) if self.labels else None


@lru_cache(maxsize=16)
def _unnamed(num_classes: int) -> Classes:
    return DIGITS if num_classes == len(DIGITS) else Classes.numbered(num_classes)


def run_sweep(recipe: SweepRecipe, sampler: McSampler) -> SweepResult:
    """Ask the committee and the twin at each step; all steps meet the same subnetworks.

    Raises:
        InvalidInputError: the sampler refuses an argument, or a label is not a class.
    """
    *_, result = stream_sweep(recipe, sampler)
    return result


def stream_sweep(
    recipe: SweepRecipe, sampler: McSampler, *, block_rows: int | None = None
) -> Iterator[SweepResult]:
    """Yield the sweep as it grows, the whole of it last.

    Args:
        recipe: what to ask.
        sampler: of the network to ask.
        block_rows: steps times passes in one call, BLOCK_ROWS if None; a sweep of up to so many
            is one result.

    Raises:
        InvalidInputError: the sampler refuses an argument, a label is not a class, or there are
            more steps than there is room for with so many classes.
    """
    check_room(recipe, 2)
    images = recipe.step_images()
    # First, because it is cheap: labels are then refused before a thousand passes, not after.
    twin = sampler.twin(images)
    check_labels(recipe.truths, twin.shape[1])
    check_room(recipe, twin.shape[1])
    size = max(1, (block_rows or BLOCK_ROWS) // max(recipe.num_samples, 1))
    parts: list[McSummary] = []
    for start in range(0, recipe.num_steps, size):
        block = images[start : start + size]
        parts.append(sampler.summarise(block, num_samples=recipe.num_samples, seed=recipe.seed))
        done = start + len(block)
        yield SweepResult(
            recipe=recipe,
            images=images[:done],
            summary=parts[0] if len(parts) == 1 else McSummary.stack(parts),
            twin=twin[:done],
            weights_checksum=sampler.weights_checksum,
        )


def bytes_of_sweep(recipe: SweepRecipe, num_classes: int) -> int:
    """Return about what a whole sweep takes in memory, by C classes."""
    numbers = num_classes * (num_classes + _NUMBERS_PER_CLASS)
    return recipe.num_steps * (recipe.images[0].nbytes + 8 * numbers + _BYTES_PER_STEP)


def check_room(recipe: SweepRecipe, num_classes: int) -> None:
    """Refuse a sweep that takes too much memory.

    Raises:
        InvalidInputError: with so many classes, or images so large, there are too many steps.
    """
    needed = bytes_of_sweep(recipe, num_classes)
    if needed > MAX_SWEEP_BYTES:
        height, width, _ = recipe.images[0].shape
        raise InvalidInputError(
            "num_steps",
            expected=f"at most {recipe.num_steps * MAX_SWEEP_BYTES // needed} with {num_classes:,}"
            f" classes and images of {height} x {width} pixels",
            received=recipe.num_steps,
        )
