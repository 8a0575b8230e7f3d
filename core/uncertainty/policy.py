"""A policy: the limits under which an answer is accepted; otherwise "I don't know"."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from numbers import Real
from typing import Any

import numpy as np
import numpy.typing as npt

from ..errors import InvalidInputError
from ..inference.samples import McSummary
from .measures import MEASURES
from .reasons import reasons
from .sequential import PolicyWatch

MAX_NAME = 80  # characters; it stands in sentences
MAX_PROVENANCE = 500  # characters of one text
_MAX_CLASSES = 1_000_000
_SHA256 = re.compile(r"[0-9a-f]{64}")
_HAIR = 1e-5  # by which six digits of the largest value can be over it
_ROUNDING = 1e-9  # by which a measure can be over its largest value


class Limits(Mapping[str, float]):
    """Limits by measure, in the order of `MEASURES`: immutable, with a hash, can be pickled.

    Args:
        values: limits by measure; already validated, as a policy does.
    """

    __slots__ = ("_values",)

    def __init__(self, values: Mapping[str, float] | None = None) -> None:
        given = values or {}
        self._values = {name: given[name] for name in MEASURES if name in given}

    def __getitem__(self, name: str) -> float:
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __hash__(self) -> int:
        return hash(tuple(self._values.items()))

    def __repr__(self) -> str:
        return repr(self._values)


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a policy comes from, in words; any of them may be empty.

    Attributes:
        data: what it was fitted on: "the last 10,000 training images of MNIST".
        target: what was asked for: "at most 1% wrong among the accepted".
        guarantee: what holds: "with 95% confidence, on digits like those it was fitted on".

    Raises:
        InvalidInputError: no text, or one longer than 500 characters.
    """

    data: str = ""
    target: str = ""
    guarantee: str = ""

    def __post_init__(self) -> None:
        for one in fields(self):
            _require_text(one.name, getattr(self, one.name), MAX_PROVENANCE)


@dataclass(frozen=True, slots=True, eq=False)
class Decisions:
    """What a policy makes of N images.

    Attributes:
        accepted: shape (N,), whether every limit holds.
        broken: for each image the names of the limits that do not, in the order of `MEASURES`.
        reasons: for each image one or two plain sentences.
    """

    accepted: npt.NDArray[np.bool_]
    broken: tuple[tuple[str, ...], ...]
    reasons: tuple[str, ...]

    def __len__(self) -> int:
        """N."""
        return len(self.broken)


@dataclass(frozen=True, slots=True)
class Policy:
    """Limits on measures. An answer is accepted only if every one of them holds.

    The measures are of the committee. A measure that is no number breaks its limit.

    Attributes:
        limits: by name of `MEASURES`. An upper limit (accepted at it or below) where higher is
            less certain, a lower one (accepted at it or above) for the confidence. None at all
            accepts every answer.
        name: what people call it: "Promise 1%".
        model_sha256: of the weights file of the network it was made for, as on the network's
            card; empty if it is for any.
        provenance: where it comes from.
        num_classes: C of that network, which bounds the limits.

    Raises:
        InvalidInputError: a value is of the wrong kind, no number, or out of its measure's range.
    """

    limits: Mapping[str, float] = field(default_factory=Limits)
    name: str = "No name"
    model_sha256: str = ""
    provenance: Provenance = field(default_factory=Provenance)
    num_classes: int = 10

    def __post_init__(self) -> None:
        classes: Any = self.num_classes
        if not (
            isinstance(classes, int)
            and not isinstance(classes, bool)
            and 2 <= classes <= _MAX_CLASSES
        ):
            raise InvalidInputError(
                "num_classes", expected="a whole number of classes, 2 or more", received=classes
            )
        _require_text("name", self.name, MAX_NAME)
        if not self.name.strip():
            raise InvalidInputError("name", expected="a name for the policy", received=self.name)
        sha256: Any = self.model_sha256
        if not (isinstance(sha256, str) and (not sha256 or _SHA256.fullmatch(sha256))):
            raise InvalidInputError(
                "model_sha256",
                expected="a sha256 in 64 hexadecimal digits, or nothing",
                received=sha256,
            )
        if not isinstance(self.provenance, Provenance):
            raise InvalidInputError(
                "provenance", expected="a provenance", received=type(self.provenance).__name__
            )
        object.__setattr__(self, "limits", _checked_limits(self.limits, classes))

    def fits(self, sha256: str) -> bool:
        """Return whether the policy was made for the network of this sha256, or for any."""
        return self.model_sha256 in ("", sha256)

    def mismatch(self, sha256: str) -> str:
        """Return a sentence that flags a policy made for another network, empty if it fits."""
        if self.fits(sha256):
            return ""
        return (
            f"The policy '{self.name}' was made for another network: its sha256 begins with"
            f" {self.model_sha256[:12]}, this one's with {sha256[:12] or 'nothing'}. Its limits"
            " work here, but what it promises does not hold."
        )

    def decide_values(self, measures: Mapping[str, npt.ArrayLike]) -> npt.NDArray[np.bool_]:
        """Return which answers are accepted, from stored measures.

        Args:
            measures: values by name of `MEASURES`, all of one shape; others than those with a
                limit only tell the shape.

        Returns:
            Of the same shape.

        Raises:
            InvalidInputError: a measure with a limit is missing, or the shapes differ.
        """
        kept = self.held_limits(measures)
        shape = np.shape(next(iter(measures.values())))
        return np.asarray(np.logical_and.reduce([np.ones(shape, dtype=bool), *kept.values()]))

    def held_limits(
        self, measures: Mapping[str, npt.ArrayLike]
    ) -> dict[str, npt.NDArray[np.bool_]]:
        """Return for each limit where it holds; arguments and errors as `decide_values`."""
        missing = [name for name in self.limits if name not in measures]
        if missing or not measures:
            raise InvalidInputError(
                "measures",
                expected=f"values of {', '.join(self.limits) or 'any measure'}",
                received=", ".join(measures),
            )
        shapes = {np.shape(values) for values in measures.values()}
        if len(shapes) != 1:
            raise InvalidInputError(
                "measures", expected="values of one shape", received=sorted(shapes)
            )
        return {
            name: self._holds(name, np.asarray(measures[name], dtype=np.float64))
            for name in self.limits
        }

    def decide(self, summary: McSummary, class_names: tuple[str, ...] | None = None) -> Decisions:
        """Decide over the N images of a summary, and say why.

        Args:
            summary: of the passes.
            class_names: how to call the C classes; their numbers if None.

        Raises:
            InvalidInputError: another number of names than of classes.
        """
        values = {name: MEASURES[name].value(summary) for name in self.limits}
        held = self.held_limits(values) if values else {}
        broken = tuple(
            tuple(name for name, holds in held.items() if not holds[image])
            for image in range(summary.num_images)
        )
        accepted = np.array([not names for names in broken], dtype=bool)
        sentences = reasons(
            summary, accepted, self.name, has_limits=bool(self.limits), class_names=class_names
        )
        return Decisions(accepted, broken, sentences)

    def accepts(self, summary: McSummary) -> npt.NDArray[np.bool_]:
        """Return which answers of a summary are accepted, shape (N,)."""
        if not self.limits:
            return np.ones(summary.num_images, dtype=bool)
        return self.decide_values({name: MEASURES[name].value(summary) for name in self.limits})

    def watch(self, num_images: int, num_classes: int, error: float) -> PolicyWatch:
        """Begin to follow the passes of images until their decisions have settled.

        Args:
            num_images: N.
            num_classes: C.
            error: the probability, for one image, that it ever settles on another decision or
                class than infinitely many passes would give; above 0, below 1.

        Raises:
            InvalidInputError: a limit is beyond what its measure can reach with so many classes.
        """
        if num_classes != self.num_classes:
            _checked_limits(self.limits, num_classes)
        return PolicyWatch(self.limits, num_images, num_classes, error)

    def _holds(self, name: str, values: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
        limit, measure = self.limits[name], MEASURES[name]
        if not measure.higher_is_less_certain:
            return np.asarray(values >= limit)
        # A limit at the end of the range is no limit, and rounding can carry a value beyond it.
        if limit == measure.upper(self.num_classes):
            limit += _ROUNDING
        return np.asarray(values <= limit)


def _checked_limits(limits: Any, num_classes: int) -> Limits:
    if not isinstance(limits, Mapping):
        raise InvalidInputError("limits", expected="limits by measure", received=limits)
    return Limits({name: _checked(name, limit, num_classes) for name, limit in limits.items()})


def _checked(name: Any, limit: Any, num_classes: int) -> float:
    if not (isinstance(name, str) and name in MEASURES):
        raise InvalidInputError(
            "limits", expected=f"limits on {', '.join(MEASURES)}", received=name
        )
    upper = MEASURES[name].upper(num_classes)
    value = math.nan
    if isinstance(limit, Real) and not isinstance(limit, bool | np.bool_):
        try:
            value = float(limit)
        except OverflowError:  # a whole number beyond all floats
            value = math.inf
    if not 0.0 <= value <= upper * (1.0 + _HAIR):  # NaN fails too
        raise InvalidInputError(
            f"the limit on {name}",
            expected=f"a number from 0 to {upper:.6g}, with {num_classes} classes",
            received=limit if isinstance(limit, Real) else repr(limit),
            advice="Policy(..., num_classes=C) is for a network of C classes.",
        )
    return min(value, upper) + 0.0  # no -0.0


def _require_text(argument: str, value: Any, longest: int) -> None:
    if not (isinstance(value, str) and len(value) <= longest and value.isprintable()):
        raise InvalidInputError(
            argument,
            expected=f"one line of text, at most {longest} characters",
            received=value,
        )
