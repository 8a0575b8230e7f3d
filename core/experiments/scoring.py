"""Scoring: a network's answers and measures over a whole data set, in constant memory."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from ..errors import InvalidInputError
from ..inference.samples import Counts, Floats
from ..limits import DEFAULT_NUM_SAMPLES
from ..store import array_checksum
from ..uncertainty import MEASURES, predicted_class, runner_up
from .checkpoint import Checkpoint, Rows

if TYPE_CHECKING:
    from ..inference import McSampler

Images = npt.NDArray[np.float32] | npt.NDArray[np.uint8]
Singles = npt.NDArray[np.float32]
Progress = Callable[[int, int], None]  # images done, of how many

BATCH_SIZE = 100


@dataclass(frozen=True)
class Scores:
    """The answers of T passes to each image of a data set, and their measures.

    Attributes:
        num_samples: T.
        seed: of the passes.
        mean: mean softmax, shape (N, C).
        predicted: predicted class, shape (N,).
        runner_up: second class, shape (N,).
        measures: each measure of `MEASURES` by its name, shape (N,).
        labels: true class, shape (N,), or None where it is not known.
    """

    num_samples: int
    seed: int
    mean: Floats
    predicted: Counts
    runner_up: Counts
    measures: dict[str, Floats]
    labels: Counts | None

    @property
    def num_images(self) -> int:
        """N."""
        return len(self.predicted)

    @property
    def accuracy(self) -> float | None:
        """Share of right answers, None without labels."""
        if self.labels is None:
            return None
        return accuracy(self.mean, self.labels)

    @property
    def nll(self) -> float | None:
        """Mean negative log-likelihood of the mean softmax in nats, None without labels."""
        if self.labels is None:
            return None
        return negative_log_likelihood(self.mean, self.labels)


def score(
    sampler: McSampler,
    images: Images,
    labels: Sequence[int] | npt.NDArray[Any] | None = None,
    *,
    num_samples: int = DEFAULT_NUM_SAMPLES,
    seed: int = 0,
    batch_size: int = BATCH_SIZE,
    progress: Progress | None = None,
    state: Path | Checkpoint | None = None,
    setup: str = "",
) -> Scores:
    """Score a data set, batch by batch: no samples and no sums are kept, only results.

    Memory grows with N by some 150 bytes an image, and not with T.

    Args:
        sampler: of the network to score.
        images: shape (N, *input shape), N at least 1. uint8 images are scaled to [0, 1].
        labels: true classes, shape (N,).
        num_samples: T.
        seed: of the passes; all images meet the same T subnetworks.
        batch_size: images at a time.
        progress: called after each batch that was computed.
        state: a file that holds what is done, or a checkpoint that several data sets share, saved
            every few seconds and when the scoring is interrupted. What it holds is not computed
            again, and the scores are the same. The caller deletes it when the scores are safe.
        setup: what tells networks of the same weights apart, as the range of what they take.

    Raises:
        InvalidInputError: no images, another number of labels than of images, or the file is of
            another network, T or seed.
    """
    truth = _checked_labels(images, labels)
    identity = scoring_identity(sampler.weights_checksum, num_samples, seed)
    checkpoint = Checkpoint.of(state, "scoring", identity)

    def compute(batch: slice) -> Rows:
        summary = sampler.summarise(_floats(images[batch]), num_samples=num_samples, seed=seed)
        return {
            "mean": summary.mean,
            "predicted": predicted_class(summary),
            "runner_up": runner_up(summary),
            **{f"measure_{name}": measure.value(summary) for name, measure in MEASURES.items()},
        }

    part = _part(f"scores{setup}", images)
    rows = checkpoint.fill(part, len(images), batch_size, compute, progress)
    return Scores(
        num_samples=num_samples,
        seed=seed,
        mean=rows["mean"],
        predicted=rows["predicted"],
        runner_up=rows["runner_up"],
        measures={name: rows[f"measure_{name}"] for name in MEASURES},
        labels=truth,
    )


def scoring_identity(weights: str, num_samples: int, seed: int) -> dict[str, object]:
    """Return what tells one scoring from another, for a checkpoint; data sets are its parts.

    Args:
        weights: their checksum.
        num_samples: T.
        seed: of the passes.
    """
    return {
        "weights": weights,
        "num_samples": num_samples,
        "seed": seed,
        "measures": list(MEASURES),
    }


def score_one_pass(
    model: Any,
    images: Images,
    *,
    batch_size: int = BATCH_SIZE,
    progress: Progress | None = None,
    checkpoint: Checkpoint | None = None,
) -> Floats:
    """Return the softmax of one pass with dropout off, shape (N, C).

    Args:
        model: any Keras classifier, with dropout layers or without.
        images: shape (N, *input shape), N at least 1. uint8 images are scaled to [0, 1].
        batch_size: images at a time.
        progress: called after each batch that was computed.
        checkpoint: of these weights; what it holds is not computed again.

    Raises:
        InvalidInputError: no images.
    """
    _checked_labels(images, None)

    def compute(batch: slice) -> Rows:
        probs = model(_floats(images[batch]), training=False)
        return {"probs": np.asarray(probs, dtype=np.float64)}

    checkpoint = checkpoint or Checkpoint()
    part = _part("one-pass", images)
    return checkpoint.fill(part, len(images), batch_size, compute, progress)["probs"]


def score_twin(
    model: Any,
    images: Images,
    *,
    batch_size: int = BATCH_SIZE,
    checkpoint: Checkpoint | None = None,
    any_end: bool = False,
    setup: str = "",
) -> Singles:
    """Return the logits of one pass with dropout off, shape (N, C).

    Args:
        model: a Keras classifier that ends in a softmax.
        images: shape (N, *input shape), N at least 1. uint8 images are scaled to [0, 1].
        batch_size: images at a time.
        checkpoint: of these weights; what it holds is not computed again.
        any_end: whether the logarithms of the answer do where its logits cannot be told.
        setup: as `score` takes it.

    Raises:
        InvalidInputError: no images, or a model whose logits cannot be told from its answer.
    """
    from ..inference import twin_logits, twin_logits_or_logs

    _checked_labels(images, None)
    checkpoint = checkpoint or Checkpoint()
    part = _part(f"twin{setup}", images)
    logits_of = twin_logits_or_logs if any_end else twin_logits
    return checkpoint.fill(
        part,
        len(images),
        batch_size,
        lambda batch: {"logits": logits_of(model, _floats(images[batch]))},
    )["logits"]


def accuracy(probs: Floats, labels: npt.NDArray[Any]) -> float:
    """Share of images whose largest entry is the true class; ties go to the lowest class.

    Args:
        probs: shape (N, C).
        labels: shape (N,).
    """
    return float(np.mean(probs.argmax(axis=1) == labels))


def negative_log_likelihood(probs: Floats, labels: npt.NDArray[Any]) -> float:
    """Mean of -ln p(true class), in nats. Lower is better.

    Args:
        probs: shape (N, C), rows that are distributions.
        labels: shape (N,).
    """
    true_class = probs[np.arange(len(labels)), labels]
    # A float32 softmax underflows to 0 where its logarithm is still finite: at most 87 nats.
    return float(-np.log(np.maximum(true_class, np.finfo(np.float32).tiny)).mean())


def _floats(batch: Images) -> Images:
    """Return a batch as the network takes it: a data set of bytes is never held as floats."""
    return batch if batch.dtype != np.uint8 else batch.astype(np.float32) / np.float32(255.0)


def _part(what: str, images: Images) -> str:
    """Return the name of what is asked of a data set: a changed set is another part."""
    return f"{what}-{array_checksum(images)[:16]}"


def _checked_labels(
    images: Images, labels: Sequence[int] | npt.NDArray[Any] | None
) -> Counts | None:
    if len(images) == 0:
        raise InvalidInputError("images", expected="at least one image", received="none")
    if labels is None:
        return None
    truth = np.asarray(labels)
    if truth.shape != (len(images),) or truth.dtype.kind not in "iu":
        raise InvalidInputError(
            "labels",
            expected=f"one whole number for each of {len(images)} images",
            received=f"shape {truth.shape} of {truth.dtype}",
        )
    return truth.astype(np.int64)
