"""Scores of a network that somebody brought, on labelled images of their own.

The images are split in two halves: limits are fitted on one, and what they are worth is told on the
other, on which nothing was chosen.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from ..errors import InvalidInputError
from ..limits import (
    DEFAULT_NUM_SAMPLES,
    MAX_SCORED_IMAGES,
    MIN_SCORED_IMAGES,
)
from ..store import array_checksum
from ..uncertainty import Classes
from .checkpoint import Checkpoint
from .reference_data import NO_LABEL, ReferenceData
from .reference_scores import ReferenceScores
from .scoring import Images, score, score_twin
from .set_scores import SetScores, joined, set_scores

if TYPE_CHECKING:
    from ..inference import McSampler
    from ..networks.own_network import OwnNetwork

Progress = Callable[[int, int], None]  # images done, of how many
Labels = npt.NDArray[np.int64]

STRANGERS = "strangers"  # the set of what should be refused
_AT_ONCE = 20  # images; more are no faster, and a bar that moves seldom cannot be stopped soon
_BATCH_BYTES = 64 * 2**20  # of images as floats, and of sums over their passes
_BLOCK = 1_000  # images whose distributions are held at a time
_KEPT_CLASSES = 32  # up to which whole distributions are worth their room


@dataclass(frozen=True, slots=True)
class _Part:
    """Some of the images, by their places; blocks of them are taken out when they are scored."""

    name: str
    images: Images
    labels: Labels
    places: Labels
    checksum: str

    def block(self, start: int) -> ReferenceData:
        places = self.places[start : start + _BLOCK]
        return ReferenceData(
            self.name, self.images[places], self.labels[places], places, self.checksum
        )


def score_own(
    network: OwnNetwork,
    sampler: McSampler,
    images: Images,
    labels: npt.ArrayLike,
    *,
    strangers: Images | None = None,
    strangers_name: str = STRANGERS,
    num_samples: int = DEFAULT_NUM_SAMPLES,
    seed: int = 0,
    split_seed: int = 0,
    progress: Progress | None = None,
    checkpoint: Checkpoint | None = None,
) -> ReferenceScores:
    """Score labelled images in two halves, "validation" and "test", and strangers beside them.

    Memory for results grows with N by some 60 bytes an image, and not with T.

    Args:
        network: that is asked.
        sampler: of its model.
        images: shape (N, *input shape) in [0, 1], or rows; uint8 images are scaled to [0, 1]. The
            network was not trained on any of them, which nobody but their owner can know.
        labels: shape (N,), the class of each.
        strangers: shape (M, *input shape), what should be refused.
        strangers_name: of their set.
        num_samples: T.
        seed: of the passes.
        split_seed: of the split.
        progress: called as images are done.
        checkpoint: of `scoring_identity`; what it holds is not computed again.

    Raises:
        InvalidInputError: too few images or too many, another number of labels, a label that is
            none of the classes, or images of another shape.
    """
    truth = _checked(images, labels, network.setup.classes)
    if strangers is not None:
        _check_count("strangers", len(strangers), 1)
    fitted, reported = split_in_halves(truth, split_seed)
    checksum = array_checksum(np.asarray(images), truth)
    sets = [
        _Part("validation", images, truth, fitted, checksum),
        _Part("test", images, truth, reported, checksum),
    ]
    if strangers is not None:
        none = np.full(len(strangers), NO_LABEL)
        places = np.arange(len(strangers))
        sets.append(
            _Part(strangers_name, strangers, none, places, array_checksum(np.asarray(strangers)))
        )
    total, done = sum(len(each.places) for each in sets), 0
    scored = {}
    for each in sets:
        answers = []
        for start in range(0, len(each.places), _BLOCK):
            data = each.block(start)
            answers.append(
                _score_block(
                    network,
                    sampler,
                    data,
                    num_samples=num_samples,
                    seed=seed,
                    progress=_onwards(progress, done, total),
                    checkpoint=checkpoint,
                )
            )
            done += len(data)
        scored[each.name] = joined(answers)
    return ReferenceScores(
        network=network.title,
        weights_sha256=network.sha256,
        num_samples=num_samples,
        seed=seed,
        sets=scored,
        classes=network.setup.classes,
        identity=network.identity,
        item=item_of(network),
    )


def split_in_halves(labels: Labels, seed: int = 0) -> tuple[Labels, Labels]:
    """Return the places of two halves of the images, each in rising order.

    Every class is halved where that is possible. Classes of one image each are halved together,
    and where there are more classes than images in a half, nothing but chance decides.

    Args:
        labels: shape (N,), N at least 2.
        seed: of the split.

    Returns:
        What limits are fitted on, and what is reported, which is one more where N is odd.
    """
    from sklearn.model_selection import train_test_split

    _, strata, counts = np.unique(labels, return_inverse=True, return_counts=True)
    lonely = counts == 1
    if lonely.any():
        # One lonely image alone is no stratum either: it goes with the largest class.
        together = int(counts.argmax()) if lonely.sum() == 1 else len(counts)
        strata = np.where(lonely[strata], together, strata)
    possible = len(np.unique(strata)) <= len(labels) // 2
    first, second = train_test_split(
        np.arange(len(labels)),
        test_size=0.5,
        random_state=seed,
        stratify=strata if possible else None,
    )
    return np.sort(first), np.sort(second)


def item_of(network: OwnNetwork) -> str:
    """Return what one thing that a network is shown is called: digit, image or row."""
    if network.setup.frame is None:
        return "row"
    return "digit" if network.setup.classes.noun == "digit" else "image"


def _checked(images: Images, labels: npt.ArrayLike, classes: Classes) -> Labels:
    truth = np.asarray(labels)
    if truth.shape != (len(images),) or truth.dtype.kind not in "iu":
        raise InvalidInputError(
            "labels",
            expected=f"one whole number for each of {len(images):,} images",
            received=f"shape {truth.shape} of {truth.dtype}",
        )
    _check_count("labelled images", len(images), MIN_SCORED_IMAGES)
    wrong = (truth < 0) | (truth >= len(classes))
    if wrong.any():
        raise InvalidInputError(
            "labels",
            expected=f"classes from 0 to {len(classes) - 1}",
            received=f"{truth[wrong][0]}, and {int(wrong.sum()):,} such in all",
            advice="What is none of the classes belongs among the images that should be refused.",
        )
    return truth.astype(np.int64)


def _check_count(what: str, count: int, fewest: int) -> None:
    if not fewest <= count <= MAX_SCORED_IMAGES:
        raise InvalidInputError(
            what,
            expected=f"from {fewest:,} to {MAX_SCORED_IMAGES:,} of them",
            received=f"{count:,}",
            advice="Half of them fit the limits and half tell what they are worth; from fewer, both"
            " would be chance."
            if count < fewest and fewest > 1
            else "",
        )


def _onwards(progress: Progress | None, before: int, total: int) -> Progress | None:
    """Return what tells of a part of the images, `before` of all of which are done."""
    return None if progress is None else lambda done, _: progress(before + done, total)


def _score_block(
    network: OwnNetwork,
    sampler: McSampler,
    data: ReferenceData,
    *,
    num_samples: int,
    seed: int,
    progress: Progress | None,
    checkpoint: Checkpoint | None,
) -> SetScores:
    num_classes = len(network.setup.classes)
    # What a call holds of an image: its floats, and sums of products over all pairs of classes.
    each = 4 * int(np.prod(data.images.shape[1:])) + 8 * num_classes**2
    batch_size = max(1, min(_AT_ONCE, _BATCH_BYTES // each))
    scores = score(
        sampler,
        data.images,
        data.labels,
        num_samples=num_samples,
        seed=seed,
        batch_size=batch_size,
        progress=progress,
        state=checkpoint,
        setup=network.identity[:16],
    )
    logits = score_twin(
        network.model,
        data.images,
        batch_size=batch_size,
        checkpoint=checkpoint,
        any_end=True,
        setup=network.identity[:16],
    )
    return set_scores(data, scores, logits, keep_distributions=num_classes <= _KEPT_CLASSES)
