"""The single-pass rivals of a network: fitted on its training images, scored, kept beside it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from ..errors import DamagedFileError, InvalidInputError, MissingDataError
from ..images.sources import load_mnist_train
from ..networks.zoo import DEFAULT_NETWORK, load_card, load_network, models_folder
from ..uncertainty import RIVALS, FittedRivals
from .quantiles import Distribution
from .rivals_file import RivalsOfNetwork
from .scoring import Images, Progress

if TYPE_CHECKING:
    from ..networks.training import TrainingData
    from ..networks.zoo import Network

_AT_A_TIME = 2_000  # images; of all 60,000 in float32 there would be 180 MiB at once

Singles = npt.NDArray[np.float32]


def fit_rivals(
    network: Network,
    images: Images,
    labels: npt.NDArray[Any],
    validation_images: Images,
    progress: Progress | None = None,
) -> RivalsOfNetwork:
    """Fit the rivals on training images; know what they are of images kept out of the training.

    Args:
        network: any that ends in a dense layer with a softmax, with dropout or without.
        images: that it was trained on and nothing else, of MNIST the first 50,000: shape
            (N, *input shape). uint8 images are scaled to [0, 1].
        labels: shape (N,), their classes.
        validation_images: that it was not trained on, likewise.
        progress: called with how many images were seen, of how many.

    Raises:
        InvalidInputError: images or labels that do not fit the network or one another, or a
            network with another end.
    """
    if len(labels) != len(images):
        raise InvalidInputError(
            "labels", expected=f"one for each of {len(images)} images", received=len(labels)
        )
    total = len(images) + len(validation_images)
    seen = _Seen(progress, total)
    features, logits = _features(network.model, images, seen)
    fitted = FittedRivals.fit(features, labels, num_classes=logits.shape[1])
    scores = fitted.scores(*_features(network.model, validation_images, seen))
    return RivalsOfNetwork(
        network=network.name,
        weights_sha256=network.card.weights_sha256,
        num_images=len(images),
        fitted=fitted,
        distributions={name: Distribution.of(scores[name]) for name in RIVALS},
    )


def score_rivals(
    rivals: RivalsOfNetwork, model: Any, images: Images
) -> dict[str, npt.NDArray[np.float64]]:
    """Return each of `RIVALS` for each image, of one pass with dropout off.

    Args:
        rivals: of the network.
        model: the network's Keras model.
        images: shape (N, *input shape). uint8 images are scaled to [0, 1].

    Returns:
        By name, shape (N,). Higher is less certain.

    Raises:
        InvalidInputError: images of another shape, or a model with other features.
    """
    return rivals.fitted.scores(*_features(model, images, _Seen(None, len(images))))


def complete_rivals(
    name: str,
    folder: Path | None = None,
    progress: Progress | None = None,
    data: TrainingData | None = None,
) -> bool:
    """Fit and write a network's rivals, if they are missing, damaged or of other weights.

    Args:
        name: of the network.
        folder: where it is; the shipped networks' folder if None.
        progress: called with how many images were seen, of how many.
        data: what it was trained on; all of MNIST's training images, as they are split, if None.

    Returns:
        Whether there was anything to do.

    Raises:
        MissingDataError: MNIST, or the network, is not on this machine.
        InvalidInputError: no network has this name.
        DamagedFileError: the network's card or weights are damaged.
    """
    card = load_card(name, folder)
    try:
        RivalsOfNetwork.load(rivals_path(name, folder), card)
    except (MissingDataError, DamagedFileError):
        pass
    else:
        return False
    if data is None:
        from ..networks.training import split_training_data

        data = split_training_data(*load_mnist_train())
    rivals = fit_rivals(
        load_network(name, folder), data.images, data.labels, data.validation_images, progress
    )
    save_rivals(rivals, folder)
    return True


def rivals_path(name: str, folder: Path | None = None) -> Path:
    """Return where a network's rivals are kept."""
    return (folder or models_folder()) / f"{name}.rivals.npz"


def save_rivals(rivals: RivalsOfNetwork, folder: Path | None = None) -> Path:
    """Write a network's rivals beside it, atomically, and return where."""
    path = rivals_path(rivals.network, folder)
    rivals.save(path)
    return path


def load_rivals(name: str = DEFAULT_NETWORK, folder: Path | None = None) -> RivalsOfNetwork:
    """Load the rivals of a network in the zoo; errors as `RivalsOfNetwork.load` and `load_card`."""
    return RivalsOfNetwork.load(rivals_path(name, folder), load_card(name, folder))


class _Seen:
    """Counts images for a progress bar."""

    def __init__(self, progress: Progress | None, total: int) -> None:
        self._progress = progress
        self._total = total
        self._count = 0

    def add(self, count: int) -> None:
        self._count += count
        if self._progress is not None:
            self._progress(self._count, self._total)


def _features(model: Any, images: Images, seen: _Seen) -> tuple[Singles, Singles]:
    """Return features and logits of images, a part of them at a time."""
    from ..inference import twin_features  # which loads TensorFlow

    features: list[Singles] = []
    logits: list[Singles] = []
    for start in range(0, max(len(images), 1), _AT_A_TIME):
        part = images[start : start + _AT_A_TIME]
        if part.dtype == np.uint8:
            part = part.astype(np.float32) / np.float32(255.0)
        of_part = twin_features(model, part)
        features.append(of_part[0])
        logits.append(of_part[1])
        seen.add(len(part))
    return np.concatenate(features), np.concatenate(logits)
