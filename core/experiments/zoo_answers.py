"""What the networks of the zoo say of every reference set that its table needs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import softmax

from ..inference.samples import Counts, Floats, McSummary
from ..store import array_checksum
from ..uncertainty import MEASURES, predicted_class, softmax_entropy
from .checkpoint import Checkpoint, Rows
from .rankings import MAIN_FOR_STRANGERS, MAIN_MEASURE
from .reference_data import ROTATED_SETS, ReferenceData, load_reference_data
from .scoring import BATCH_SIZE, Images, score_twin

ZOO_SETS = ("validation", "test", "kmnist", *ROTATED_SETS)

Sets = Mapping[str, ReferenceData]
Summarise = Callable[[npt.NDArray[np.float32]], McSummary]
Advance = Callable[[int, int], None]  # images done, of how many, of all sets

_SCORED_AT_A_TIME = 1_000
_CALIBRATED = ("validation", "test")  # of which the distributions are kept


@dataclass(frozen=True, eq=False)
class ZooAnswers:
    """What one way of asking says: many passes, or one.

    Attributes:
        probs: distributions over the classes, of validation and test, shape (N, C).
        predicted: by set, the answer, shape (N,).
        entropy: by set, predictive entropy in nats, shape (N,).
        strangeness: by set, what tells strangers, shape (N,): mutual information of many passes,
            the entropy of one.
    """

    probs: Mapping[str, Floats]
    predicted: Mapping[str, Counts]
    entropy: Mapping[str, Floats]
    strangeness: Mapping[str, Floats]


def load_zoo_sets(limit: int | None = None) -> dict[str, ReferenceData]:
    """Load what every network of the zoo is asked; arguments and errors as of one set.

    Args:
        limit: the first so many images of each set only; all if None.
    """
    return {name: load_reference_data(name, limit) for name in ZOO_SETS}


def ask_committee(
    summarise: Summarise,
    sets: Sets,
    identity: str,
    *,
    checkpoint: Checkpoint,
    advance: Advance | None = None,
) -> ZooAnswers:
    """Ask many passes together.

    Args:
        summarise: from images of shape (N, *input shape) to the sums of all passes.
        sets: each of `ZOO_SETS`.
        identity: everything besides the images that the answers depend on.
        checkpoint: what it holds is not computed again.
        advance: called after each batch that was computed.
    """
    found: dict[str, Rows] = {}
    for name, data in sets.items():

        def compute(batch: slice, data: ReferenceData = data, name: str = name) -> Rows:
            summary = summarise(floats(data.images[batch]))
            return {
                "predicted": predicted_class(summary),
                "entropy": MEASURES[MAIN_MEASURE].value(summary),
                "strangeness": MEASURES[MAIN_FOR_STRANGERS].value(summary),
                **({"probs": summary.mean} if name in _CALIBRATED else {}),
            }

        found[name] = checkpoint.fill(
            f"committee-{identity}-{_identity_of(data)}",
            len(data),
            BATCH_SIZE,
            compute,
            _counted(advance, sets, name),
        )
    return ZooAnswers(
        probs={name: found[name]["probs"] for name in _CALIBRATED},
        **{
            key: {name: rows[key] for name, rows in found.items()}
            for key in ("predicted", "entropy", "strangeness")
        },
    )


def ask_once(model: Any, sets: Sets, identity: str, *, checkpoint: Checkpoint) -> ZooAnswers:
    """Ask one pass with dropout off.

    Args:
        model: a Keras classifier that ends in a softmax.
        sets: each of `ZOO_SETS`.
        identity: of its weights.
        checkpoint: what it holds is not computed again.
    """
    logits = {
        name: score_twin(model, data.images, checkpoint=checkpoint, setup=f"-{identity}")
        for name, data in sets.items()
    }
    entropy = {name: softmax_entropy(each) for name, each in logits.items()}
    return ZooAnswers(
        probs={
            name: np.asarray(softmax(logits[name].astype(np.float64), axis=1))
            for name in _CALIBRATED
        },
        predicted={name: each.argmax(axis=1) for name, each in logits.items()},
        entropy=entropy,
        strangeness=entropy,
    )


def score_sets(
    score: Callable[[Any], Mapping[str, Floats]],
    sets: Sets,
    identity: str,
    *,
    checkpoint: Checkpoint,
) -> dict[str, dict[str, Floats]]:
    """Return the scores of one pass of every set, by the score's name and then by the set's.

    Args:
        score: from images to scores by name, each of shape (N,), higher is less certain.
        sets: each of `ZOO_SETS`.
        identity: of the weights, and of what the scores were fitted on.
        checkpoint: what it holds is not computed again.
    """
    found = {
        name: checkpoint.fill(
            f"scores-{identity}-{_identity_of(data)}",
            len(data),
            _SCORED_AT_A_TIME,
            lambda batch, data=data: score(data.images[batch]),  # type: ignore[misc]
        )
        for name, data in sets.items()
    }
    names = list(found["test"])
    return {name: {which: rows[name] for which, rows in found.items()} for name in names}


def floats(batch: Images) -> npt.NDArray[np.float32]:
    """Return images as networks take them."""
    if batch.dtype == np.uint8:
        return batch.astype(np.float32) / np.float32(255.0)
    return batch.astype(np.float32, copy=False)


def _identity_of(data: ReferenceData) -> str:
    return array_checksum(data.images)[:16]


def _counted(advance: Advance | None, sets: Sets, name: str) -> Advance | None:
    """Return what counts the images of a set behind those of the sets before it."""
    if advance is None:
        return None
    sizes = {which: len(data) for which, data in sets.items()}
    before = sum(list(sizes.values())[: list(sizes).index(name)])
    return lambda done, _: advance(before + done, sum(sizes.values()))
