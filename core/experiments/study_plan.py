"""A study's plan: which test images a sweep runs over, chosen without asking a network."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ..errors import InvalidInputError
from ..limits import MAX_NUM_SAMPLES, MAX_SEED
from .recipe import DEFAULT_NUM_STEPS, SweepKind, SweepRecipe
from .scoring import Images

DEFAULT_NUM_IMAGES = 1_000
DEFAULT_STUDY_SAMPLES = 200
DEFAULT_NUM_UPRIGHT = 10_000

Indices = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class StudyPlan:
    """One sweep for each of many images.

    Attributes:
        kind: what changes from step to step.
        num_images: N, test images of the study, and as many validation images for the twin's
            best threshold.
        num_samples: T, passes at each step.
        num_steps: S.
        seed: of the choice of images and of the passes. The passes of image i have the seed
            `seed + i`: each image meets T subnetworks of its own, at all of its steps the same,
            so that chance in the passes is part of what varies from image to image. The grains
            of noise are an image's own for the same reason.
        num_upright: validation images, as they are, on which limits are set to a coverage; all
            there are if fewer.

    Raises:
        InvalidInputError: an argument is out of range.
    """

    kind: SweepKind
    num_images: int = DEFAULT_NUM_IMAGES
    num_samples: int = DEFAULT_STUDY_SAMPLES
    num_steps: int = DEFAULT_NUM_STEPS
    seed: int = 0
    num_upright: int = DEFAULT_NUM_UPRIGHT

    def __post_init__(self) -> None:
        for name, least, most in (
            ("num_images", 1, 1_000_000),
            ("num_samples", 1, MAX_NUM_SAMPLES),
            ("seed", 0, MAX_SEED),
            ("num_upright", 1, 1_000_000),
        ):
            value = getattr(self, name)
            is_whole = isinstance(value, (int, np.integer)) and not isinstance(value, bool)
            if not is_whole or not least <= value <= most:
                raise InvalidInputError(
                    name, expected=f"a whole number from {least} to {most:,}", received=value
                )
        blank = np.zeros((28, 28, 1), np.float32)
        # A recipe checks the kind and the steps.
        SweepRecipe(
            kind=self.kind,
            images=(blank,) * (2 if self.kind == "blending" else 1),
            num_steps=self.num_steps,
        )

    def values(self) -> npt.NDArray[np.float64]:
        """How much at each step, shape (S,): degrees, alphas or shares of pixels."""
        blank = np.zeros((28, 28, 1), np.float32)
        images = (blank,) * (2 if self.kind == "blending" else 1)
        return SweepRecipe(kind=self.kind, images=images, num_steps=self.num_steps).values


@dataclass(frozen=True, slots=True, eq=False)
class StudyImages:
    """The images that a study shows, by their place in a data set.

    Attributes:
        first: shape (N,), the images that are turned, covered in noise, or blended into.
        second: shape (N,), of a blending the images that are added, each of another digit than
            its first; None otherwise.
    """

    first: Indices
    second: Indices | None

    @classmethod
    def choose(cls, plan: StudyPlan, labels: npt.NDArray[Any]) -> StudyImages:
        """Choose N images at random, as many of each digit as goes, in a random order.

        Second images are ones that are not among the first, each used once, as long as there
        are any.

        Args:
            plan: how many, and the seed.
            labels: shape (M,), the data set's.

        Raises:
            InvalidInputError: the data set has fewer than N images, or one digit to blend.
        """
        if plan.num_images > len(labels):
            raise InvalidInputError(
                "num_images",
                expected=f"at most {len(labels):,}, the images there are",
                received=plan.num_images,
            )
        rng = np.random.default_rng(plan.seed)
        shuffled = rng.permutation(len(labels))
        # One of each digit in turn: first by how many of its digit came before it, then by digit.
        rounds = np.empty(len(labels), dtype=np.int64)
        for digit in np.unique(labels):
            of_digit = labels[shuffled] == digit
            rounds[of_digit] = np.arange(of_digit.sum())
        in_turn = shuffled[np.argsort(rounds, kind="stable")]
        first = rng.permutation(in_turn[: plan.num_images])
        if plan.kind != "blending":
            return cls(first, None)
        spare = rng.permutation(in_turn[plan.num_images :])
        return cls(first, _partners(first, [*spare, *rng.permutation(first)], labels))

    def recipe(
        self, plan: StudyPlan, place: int, images: Images, labels: npt.NDArray[Any]
    ) -> SweepRecipe:
        """Return the sweep over the image in one place of the study, from 0 to N - 1."""
        chosen = [self.first] if self.second is None else [self.first, self.second]
        indices = [int(each[place]) for each in chosen]
        return SweepRecipe(
            kind=plan.kind,
            images=tuple(_scaled(images[index]) for index in indices),
            labels=tuple(int(labels[index]) for index in indices),
            num_steps=plan.num_steps,
            num_samples=plan.num_samples,
            seed=seed_of(plan, place),
            noise_seed=seed_of(plan, place),
        )


def seed_of(plan: StudyPlan, place: int) -> int:
    """Return the seed of the passes of the images from one place on."""
    return (plan.seed + place) % (MAX_SEED + 1)


def _partners(first: Indices, pool: list[Any], labels: npt.NDArray[Any]) -> Indices:
    waiting = [int(index) for index in pool]
    partners = []
    for index in first:
        place = next((k for k, other in enumerate(waiting) if labels[other] != labels[index]), None)
        if place is not None:
            partners.append(waiting.pop(place))
            continue
        # What is left is all of this digit: one is taken twice.
        again = next((int(k) for k in pool if labels[k] != labels[index]), None)
        if again is None:
            raise InvalidInputError(
                "kind",
                expected="images of two digits at least, to blend",
                received="images of one digit",
            )
        partners.append(again)
    return np.array(partners, dtype=np.int64)


def _scaled(image: npt.NDArray[Any]) -> npt.NDArray[np.float32]:
    """Return an image as (28, 28, 1) in [0, 1]; bytes are scaled."""
    scaled = image if image.dtype != np.uint8 else image.astype(np.float32) / np.float32(255.0)
    return np.asarray(scaled, dtype=np.float32).reshape(28, 28, 1)
