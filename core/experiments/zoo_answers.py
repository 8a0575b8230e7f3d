"""What the networks of the zoo say of every reference set that its table needs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import softmax

from ..inference.samples import Counts, Floats, McSummary
from ..uncertainty import MEASURES, predicted_class, softmax_entropy
from .checkpoint import Checkpoint, Progress, Rows
from .rankings import MAIN_FOR_STRANGERS, MAIN_MEASURE
from .scoring import BATCH_SIZE
from .zoo_sets import ZooSets

Summarise = Callable[[npt.NDArray[np.float32]], McSummary]

_ONE_PASS_BATCH = 1_000
_CALIBRATED = ("validation", "test")  # of which the distributions are needed


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


def ask_committee(
    summarise: Summarise,
    sets: ZooSets,
    identity: str,
    *,
    checkpoint: Checkpoint,
    progress: Progress | None = None,
) -> ZooAnswers:
    """Ask many passes together.

    Args:
        summarise: from images of shape (N, *input shape) to the sums of all passes.
        sets: what is asked.
        identity: everything besides the images that the answers depend on.
        checkpoint: what it holds is not computed again.
        progress: called after each batch that was computed.
    """

    def compute(batch: slice) -> Rows:
        summary = summarise(sets.images(batch))
        return {
            "mean": summary.mean.astype(np.float32),
            "predicted": predicted_class(summary),
            "entropy": MEASURES[MAIN_MEASURE].value(summary),
            "strangeness": MEASURES[MAIN_FOR_STRANGERS].value(summary),
        }

    part = f"committee-{identity}-{sets.checksum}"
    rows = checkpoint.fill(part, sets.num_images, BATCH_SIZE, compute, progress)
    mean = sets.split(rows["mean"])
    return ZooAnswers(
        {name: mean[name].astype(np.float64) for name in _CALIBRATED},
        *(sets.split(rows[key]) for key in ("predicted", "entropy", "strangeness")),
    )


def ask_once(model: Any, sets: ZooSets, identity: str, *, checkpoint: Checkpoint) -> ZooAnswers:
    """Ask one pass with dropout off.

    Args:
        model: a Keras classifier that ends in a softmax.
        sets: what is asked.
        identity: of its weights.
        checkpoint: what it holds is not computed again.
    """
    from ..inference import twin_logits

    logits = checkpoint.fill(
        f"once-{identity}-{sets.checksum}",
        sets.num_images,
        _ONE_PASS_BATCH,
        lambda batch: {"logits": twin_logits(model, sets.images(batch))},
    )["logits"]
    of_set = sets.split(logits)
    entropy = sets.split(softmax_entropy(logits))
    return ZooAnswers(
        {
            name: np.asarray(softmax(of_set[name].astype(np.float64), axis=1))
            for name in _CALIBRATED
        },
        sets.split(logits.argmax(axis=1)),
        entropy,
        entropy,
    )


def score_once(
    score: Callable[[Any], Mapping[str, Floats]],
    sets: ZooSets,
    identity: str,
    *,
    checkpoint: Checkpoint,
) -> dict[str, dict[str, Floats]]:
    """Return scores of one pass, by the score's name and then by set.

    Args:
        score: from images to scores by name, each of shape (N,), higher is less certain.
        sets: what is asked.
        identity: of the weights, and of what the scores were fitted on.
        checkpoint: what it holds is not computed again.
    """
    rows = checkpoint.fill(
        f"scores-{identity}-{sets.checksum}",
        sets.num_images,
        _ONE_PASS_BATCH,
        lambda batch: score(sets.images(batch)),
    )
    return {name: sets.split(values) for name, values in rows.items()}
