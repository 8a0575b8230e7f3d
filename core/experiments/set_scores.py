"""What a network says of one reference set, image by image: the committee's answers and the twin's.

Numbers only: whoever holds them can tune thresholds without the images and without a pass.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import log_softmax

from ..errors import InvalidInputError
from ..store import array_checksum
from ..uncertainty import MEASURES, TWIN_MEASURES
from .reference_data import NO_LABEL, ReferenceData
from .scoring import Scores

Singles = npt.NDArray[np.float32]
Classes = npt.NDArray[np.uint8] | npt.NDArray[np.uint16]

_FEW_CLASSES = 128  # whose numbers fit a signed byte
# A mean softmax that underflows in float32 is kept as this, as it is for its NLL.
_SMALLEST = float(np.finfo(np.float32).tiny)


@dataclass(frozen=True, eq=False)
class SetScores:
    """The answers to the N images of one reference set.

    Attributes:
        name: of the set, one of `REFERENCE_SETS`, or "strangers" of somebody's own.
        checksum: of the data set that its images come from.
        positions: shape (N,), uint16 or uint32, place of each image in that data set.
        labels: shape (N,), int8 or int16, the class, or -1 for an image that shows none.
        predicted: shape (N,), uint8 or uint16, the committee's answer: the class of largest mean
            softmax.
        runner_up: likewise, the class of second largest mean softmax.
        measures: each of `MEASURES` by name, shape (N,), float32.
        twin_predicted: shape (N,), uint8 or uint16, the twin's answer.
        twin_measures: each of `TWIN_MEASURES` by name, shape (N,), float32.
        log_mean: shape (N, C), float16, logarithm of the mean softmax in nats, or None. Its
            relative error is 2^-11 at most, and so is that of an NLL from it; a float16 of the
            softmax itself would round what is nearly certain to certain.
        twin_log_softmax: likewise, of the twin: its logits up to one number an image.

    Raises:
        InvalidInputError: the parts do not fit one another.
    """

    name: str
    checksum: str
    positions: npt.NDArray[np.uint16] | npt.NDArray[np.uint32]
    labels: npt.NDArray[np.int8] | npt.NDArray[np.int16]
    predicted: Classes
    runner_up: Classes
    measures: Mapping[str, Singles]
    twin_predicted: Classes
    twin_measures: Mapping[str, Singles]
    log_mean: npt.NDArray[np.float16] | None = None
    twin_log_softmax: npt.NDArray[np.float16] | None = None

    def __post_init__(self) -> None:
        size = (len(self.labels),)
        _require(size[0] > 0, "at least one image", "none")
        for name, kinds in _KINDS.items():
            array = getattr(self, name)
            if array is None:
                continue
            ndim = 2 if np.float16 in kinds else 1
            fits = array.shape[:1] == size and array.ndim == ndim and array.dtype in kinds
            words = " or ".join(str(np.dtype(kind)) for kind in kinds)
            _require(fits, f"{size[0]} {name} of {words}", f"{array.shape} {array.dtype}")
        for expected, found in ((MEASURES, self.measures), (TWIN_MEASURES, self.twin_measures)):
            _require(list(expected) == list(found), f"measures {list(expected)}", list(found))
            for name, values in found.items():
                fits = values.shape == size and values.dtype == np.float32
                _require(fits, f"{size[0]} float32 of {name}", f"{values.shape} {values.dtype}")
                _require(bool(np.isfinite(values).all()), f"finite values of {name}", "others")
        for array in (self.log_mean, self.twin_log_softmax):
            right = array is None or bool((array <= 0.0).all())  # which NaN fails too
            _require(right, "logarithms of distributions", "others")

    @property
    def num_images(self) -> int:
        """N."""
        return len(self.labels)

    @property
    def contents_checksum(self) -> str:
        """A sha256 over all that is said of the images: whether two sets hold the same."""
        own = (getattr(self, name) for name in _KINDS)
        return array_checksum(
            *(each for each in own if each is not None),
            *self.measures.values(),
            *self.twin_measures.values(),
        )

    @property
    def right(self) -> npt.NDArray[np.bool_]:
        """Which of the committee's answers are right, shape (N,); never where there is no class."""
        return np.asarray(self.predicted == self.labels)

    @property
    def twin_right(self) -> npt.NDArray[np.bool_]:
        """Which of the twin's answers are right, shape (N,); never where there is no class."""
        return np.asarray(self.twin_predicted == self.labels)

    @property
    def has_labels(self) -> bool:
        """Whether every image shows one of the classes."""
        return bool((self.labels != NO_LABEL).all())

    def uncertainty(self, measure: str) -> npt.NDArray[np.float64]:
        """Return a measure of the committee so that higher is less certain, shape (N,).

        Args:
            measure: a name of `MEASURES`; the confidence is negated.

        Raises:
            InvalidInputError: there is no such measure.
        """
        return _rising(MEASURES, self.measures, measure)

    def twin_uncertainty(self, measure: str) -> npt.NDArray[np.float64]:
        """Return a measure of the twin so that higher is less certain, shape (N,).

        Args:
            measure: a name of `TWIN_MEASURES`; all but the entropy are negated.

        Raises:
            InvalidInputError: there is no such measure.
        """
        return _rising(TWIN_MEASURES, self.twin_measures, measure)


def set_scores(
    data: ReferenceData,
    scores: Scores,
    logits: npt.NDArray[Any],
    *,
    keep_distributions: bool = False,
) -> SetScores:
    """Put together what a network said of a reference set.

    Args:
        data: the set.
        scores: the committee's, of its images.
        logits: the twin's, shape (N, C).
        keep_distributions: whether to keep the logarithms of the mean softmax and of the twin's.

    Raises:
        InvalidInputError: scores or logits are not of N images.
    """
    for argument, count in (("scores", scores.num_images), ("logits", len(logits))):
        if count != len(data):
            raise InvalidInputError(argument, expected=f"{len(data)} images", received=count)
    few = logits.shape[1] <= _FEW_CLASSES
    signed: Any = np.int8 if few else np.int16
    unsigned: Any = np.uint8 if few else np.uint16
    places: Any = np.uint16 if data.positions.max(initial=0) < 2**16 else np.uint32
    log_mean = log_twin = None
    if keep_distributions:
        # Rounding in sums of passes can put the largest entry a hair above 1.
        log_mean = np.log(np.clip(scores.mean, _SMALLEST, 1.0)).astype(np.float16)
        logs = log_softmax(logits.astype(np.float64), axis=1)
        log_twin = np.minimum(logs, 0.0).astype(np.float16)
    return SetScores(
        name=data.name,
        checksum=data.checksum,
        positions=data.positions.astype(places),
        labels=data.labels.astype(signed),
        predicted=scores.predicted.astype(unsigned),
        runner_up=scores.runner_up.astype(unsigned),
        measures={name: scores.measures[name].astype(np.float32) for name in MEASURES},
        twin_predicted=logits.argmax(axis=1).astype(unsigned),
        twin_measures={
            name: measure.value(logits).astype(np.float32)
            for name, measure in TWIN_MEASURES.items()
        },
        log_mean=log_mean,
        twin_log_softmax=log_twin,
    )


def joined(parts: Sequence[SetScores]) -> SetScores:
    """Return the answers to parts of one set, scored one after the other, as those to all of it.

    Args:
        parts: one or more, of one set and one network.
    """
    first = parts[0]

    def whole(name: str) -> Any:
        arrays = [getattr(one, name) for one in parts]
        return None if arrays[0] is None else np.concatenate(arrays)

    return SetScores(
        name=first.name,
        checksum=first.checksum,
        measures={key: np.concatenate([one.measures[key] for one in parts]) for key in MEASURES},
        twin_measures={
            key: np.concatenate([one.twin_measures[key] for one in parts]) for key in TWIN_MEASURES
        },
        **{name: whole(name) for name in _KINDS},
    )


_KINDS: Mapping[str, tuple[type[np.generic], ...]] = {
    "positions": (np.uint16, np.uint32),
    "labels": (np.int8, np.int16),
    "predicted": (np.uint8, np.uint16),
    "runner_up": (np.uint8, np.uint16),
    "twin_predicted": (np.uint8, np.uint16),
    "log_mean": (np.float16,),
    "twin_log_softmax": (np.float16,),
}


def _rising(
    known: Mapping[str, Any], values: Mapping[str, Singles], measure: str
) -> npt.NDArray[np.float64]:
    if measure not in known:
        raise InvalidInputError("measure", expected=f"one of {', '.join(known)}", received=measure)
    sign = 1.0 if known[measure].higher_is_less_certain else -1.0
    return sign * values[measure].astype(np.float64)


def _require(right: bool, expected: str, received: object) -> None:
    if not right:
        raise InvalidInputError("set scores", expected=expected, received=received)
