"""A sweep's recipe: all that it takes to compute it, and to compute it again."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal, get_args

import numpy as np
import numpy.typing as npt

from ..errors import InvalidInputError
from ..images.corruptions import blend, rotate, salt_and_pepper
from ..inference.samples import Floats
from ..limits import (
    DEFAULT_NUM_SAMPLES,
    MAX_FRAME_SIDE,
    MAX_SEED,
    MAX_SWEEP_STEPS,
    MIN_FRAME_SIDE,
)
from ..uncertainty.classes import Classes

SweepKind = Literal["rotation", "blending", "noise"]
Image = npt.NDArray[np.float32]

KINDS: tuple[SweepKind, ...] = get_args(SweepKind)
DEFAULT_NUM_STEPS = 36
WHOLE_TURN = 360.0
MOST_NOISE = 0.9  # of the pixels: "most"

DEFAULT_RANGES: Mapping[SweepKind, tuple[float, float]] = MappingProxyType(
    {"rotation": (0.0, WHOLE_TURN), "blending": (0.0, 1.0), "noise": (0.0, MOST_NOISE)}
)
_UNITS: Mapping[SweepKind, str] = MappingProxyType(
    {
        "rotation": f"degrees from {-WHOLE_TURN:.0f} to {2 * WHOLE_TURN:.0f}",
        "blending": "an alpha from 0 to 1",
        "noise": "a share of the pixels from 0 to 1",
    }
)
_ENDS: Mapping[SweepKind, tuple[float, float]] = MappingProxyType(
    {"rotation": (-WHOLE_TURN, 2 * WHOLE_TURN), "blending": (0.0, 1.0), "noise": (0.0, 1.0)}
)


@dataclass(frozen=True, slots=True, eq=False)
class SweepRecipe:
    """What is done to which images, who is asked, and how often.

    Step k of S shows, with value v_k between `start` and `stop`:

    * rotation: the image turned by v_k degrees, counter-clockwise. Of a whole turn the end is
      left out, where it would be the start again;
    * blending: clip(image1 + v_k * image2, 0, 1);
    * noise: the image with a share v_k of its pixels replaced by white and black ones, in one
      seeded order, so that each step contains the one before.

    Attributes:
        kind: what changes from step to step.
        images: each of shape (H, W, channels), in [0, 1], grey or colour; two of one shape for a
            blending, else one.
        labels: the true class of each, None where that is not known.
        references: what names each, as `mnist:5`; "" where nothing does.
        start: value of step 0.
        stop: of the last step; DEFAULT_RANGES' if None.
        num_steps: S.
        num_samples: T, passes at each step.
        seed: of the passes.
        noise_seed: of the order of pixels; only noise has one.
        network: the name of the network to ask, "" where it has none.
        classes: what that network tells apart; None where they are digits, or have no names.

    Raises:
        InvalidInputError: an argument is out of range.
    """

    kind: SweepKind
    images: tuple[Image, ...]
    labels: tuple[int | None, ...] = ()
    references: tuple[str, ...] = ()
    start: float | None = None
    stop: float | None = None
    num_steps: int = DEFAULT_NUM_STEPS
    num_samples: int = DEFAULT_NUM_SAMPLES
    seed: int = 0
    noise_seed: int = 0
    network: str = ""
    classes: Classes | None = None

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise InvalidInputError(
                "kind", expected=f"one of {', '.join(KINDS)}", received=self.kind
            )
        names = ("image1", "image2") if self.kind == "blending" else ("image",)
        if len(self.images) != len(names):
            raise InvalidInputError(
                "images",
                expected=f"{len(names)} of them for {self.kind}",
                received=f"{len(self.images)}",
            )
        checked: dict[str, Any] = {
            "images": tuple(map(_check_image, names, self.images)),
            "labels": self.labels or (None,) * len(names),
            "references": self.references or ("",) * len(names),
            "num_steps": _check_whole("num_steps", self.num_steps, 2, MAX_SWEEP_STEPS),
            "noise_seed": _check_whole("noise_seed", self.noise_seed, 0, MAX_SEED),
        }
        shapes = {image.shape for image in checked["images"]}
        if len(shapes) > 1:
            raise InvalidInputError(
                "image2",
                expected=f"an image of shape {checked['images'][0].shape}, as the first",
                received=f"shape {checked['images'][1].shape}",
            )
        if not (self.classes is None or isinstance(self.classes, Classes)):
            raise InvalidInputError("classes", expected="classes, or None", received=self.classes)
        texts = (*checked["references"], self.network)
        if not all(isinstance(text, str) for text in texts):
            raise InvalidInputError("references and network", expected="texts", received=texts)
        for each in ("labels", "references"):
            if len(checked[each]) != len(names):
                raise InvalidInputError(
                    each, expected=f"one for each of {len(names)}", received=checked[each]
                )
        for each, value in zip(("start", "stop"), self.ends, strict=True):
            checked[each] = _check_value(each, self.kind, value)
        _check_range(self.kind, checked["start"], checked["stop"])
        for name, value in checked.items():
            object.__setattr__(self, name, value)

    @property
    def values(self) -> Floats:
        """How much at each step, shape (S,), rising."""
        start, stop = self.ends
        is_turn = self.kind == "rotation" and stop - start == WHOLE_TURN
        intervals = self.num_steps if is_turn else self.num_steps - 1
        # Not linspace: k / (S - 1) is to be what it is, not its neighbour.
        return np.asarray(np.arange(self.num_steps) * (stop - start) / intervals + start)

    @property
    def ends(self) -> tuple[float, float]:
        """Start and stop, as they were given or as they are by default."""
        start, stop = DEFAULT_RANGES[self.kind]
        return (
            start if self.start is None else self.start,
            stop if self.stop is None else self.stop,
        )

    @property
    def truths(self) -> tuple[int, ...]:
        """The classes that are right at every step; none unless all labels are known."""
        known = tuple(label for label in self.labels if label is not None)
        return known if len(known) == len(self.images) else ()

    def step_images(self) -> Image:
        """Return the image of each step, shape (S, H, W, channels)."""
        return np.stack([self.image_at(value) for value in self.values.tolist()])

    def image_at(self, value: float) -> Image:
        """Return what the image looks like at a value, which need not be a step's."""
        if self.kind == "rotation":
            return rotate(self.images[0], value)
        if self.kind == "blending":
            return blend(self.images[0], self.images[1], value)
        return salt_and_pepper(self.images[0], value, self.noise_seed)


def check_labels(labels: tuple[int, ...], num_classes: int) -> None:
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


def _check_image(name: str, image: Any) -> Image:
    array = np.asarray(image)
    sides, channels = array.shape[:2], array.shape[2:]
    fits = channels in ((1,), (3,)) and all(
        MIN_FRAME_SIDE <= side <= MAX_FRAME_SIDE for side in sides
    )
    if not fits:
        raise InvalidInputError(
            name,
            expected="an image of shape (height, width, 1) or (height, width, 3), with sides from"
            f" {MIN_FRAME_SIDE} to {MAX_FRAME_SIDE} pixels",
            received=f"shape {array.shape}",
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


def _check_whole(name: str, value: Any, low: int, high: int) -> int:
    is_whole = isinstance(value, (int, np.integer)) and not isinstance(value, bool)
    if not is_whole or not low <= value <= high:
        raise InvalidInputError(
            name, expected=f"a whole number from {low} to {high:,}", received=value
        )
    return int(value)


def _check_value(name: str, kind: SweepKind, value: Any) -> float:
    is_number = isinstance(value, (int, float, np.number)) and not isinstance(value, bool)
    low, high = _ENDS[kind]
    if not is_number or not (math.isfinite(value) and low <= value <= high):
        raise InvalidInputError(name, expected=_UNITS[kind], received=value)
    return float(value)


def _check_range(kind: SweepKind, start: float, stop: float) -> None:
    if not start < stop:
        raise InvalidInputError(
            "stop", expected=f"more than start, which is {start:g}", received=f"{stop:g}"
        )
    if kind == "rotation" and stop - start > WHOLE_TURN:
        raise InvalidInputError(
            "stop", expected="at most one whole turn after start", received=f"{stop:g}"
        )
