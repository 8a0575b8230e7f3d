"""Training: fit a network on MNIST's first 50,000 images, the best epoch by validation NLL kept."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
import numpy.typing as npt

from ..errors import InvalidInputError
from ..limits import MAX_SEED
from ..store import array_checksum

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class TrainingData:
    """What a network learns from and what its epochs are chosen on.

    Attributes:
        images: (N, 28, 28, 1) float32 in [0, 1].
        labels: (N,) int64.
        validation_images: (M, 28, 28, 1) float32 in [0, 1].
        validation_labels: (M,) int64.
        checksum: `array_checksum` over the images and labels as they came, before the split.
        description: which images these are, in words.
    """

    images: Floats
    labels: Ints
    validation_images: Floats
    validation_labels: Ints
    checksum: str
    description: str


@dataclass(frozen=True)
class TrainingSettings:
    """How a network is trained.

    Attributes:
        epochs: most epochs; the learning rate falls along half a cosine over them all.
        batch_size: images a step.
        learning_rate: Adam's, at the first step.
        seed: decides initial weights, order of the images and dropout masks.

    Raises:
        InvalidInputError: a setting is out of its range.
    """

    epochs: int = 30
    batch_size: int = 128
    learning_rate: float = 1e-3
    seed: int = 0

    def __post_init__(self) -> None:
        _require_between("epochs", self.epochs, 1, 1_000)
        _require_between("batch_size", self.batch_size, 1, 10_000)
        _require_between("seed", self.seed, 0, MAX_SEED)
        if not 0.0 < self.learning_rate <= 1.0:
            raise InvalidInputError(
                "learning_rate", expected="a number in (0, 1]", received=self.learning_rate
            )


@dataclass(frozen=True)
class TrainingProgress:
    """Where a training stands, after each step.

    Attributes:
        epoch: the epoch that runs, from 1.
        epochs: of how many.
        step: steps done in this epoch.
        steps: of how many.
        loss: mean training NLL of this epoch so far, in nats, with dropout.
        validation_nll: of the epoch, in nats, without dropout; None until the epoch's end.
        validation_accuracy: likewise.
    """

    epoch: int
    epochs: int
    step: int
    steps: int
    loss: float
    validation_nll: float | None = None
    validation_accuracy: float | None = None


@dataclass(frozen=True)
class TrainingResult:
    """What a training did.

    Attributes:
        epochs_trained: epochs that ran.
        best_epoch: the epoch whose weights were kept, from 1.
        validation_nll: of every epoch, in nats, without dropout.
        validation_accuracy: of every epoch.
        seconds: the fit's wall time.
    """

    epochs_trained: int
    best_epoch: int
    validation_nll: tuple[float, ...]
    validation_accuracy: tuple[float, ...]
    seconds: float


def split_training_data(
    images: npt.NDArray[np.uint8], labels: npt.NDArray[Any], limit: int | None = None
) -> TrainingData:
    """Return MNIST's training images as the networks take them, the last sixth set aside.

    Args:
        images: (N, 28, 28) uint8, in the original order.
        labels: (N,) of any integer type.
        limit: use only so many images, the first of those to train on and the last of those
            to validate on; all if None.

    Raises:
        InvalidInputError: the limit leaves no image to train or to validate on.
    """
    used = len(images) if limit is None else limit
    num_validation = used // 6
    num_train = used - num_validation
    if num_validation < 1 or used > len(images):
        raise InvalidInputError(
            "limit", expected=f"a whole number from 6 to {len(images):,}", received=limit
        )
    scaled = images[..., None].astype(np.float32) / np.float32(255.0)
    classes = labels.astype(np.int64)
    held_out = len(images) - len(images) // 6
    validated = "" if limit is None else f"{num_validation:,} of "
    return TrainingData(
        images=scaled[:num_train],
        labels=classes[:num_train],
        validation_images=scaled[held_out : held_out + num_validation],
        validation_labels=classes[held_out : held_out + num_validation],
        checksum=array_checksum(images, labels),
        description=(
            f"MNIST, the first {num_train:,} of its {len(images):,} training images; validated on"
            f" {validated}the last {len(images) - held_out:,}"
        ),
    )


def train_network(
    model: keras.Model,
    data: TrainingData,
    settings: TrainingSettings,
    progress: Callable[[TrainingProgress], None] | None = None,
) -> TrainingResult:
    """Train `model` in place and leave it with the weights of its best epoch.

    The best epoch is the one of lowest validation NLL with dropout off. Sets Keras' and
    NumPy's global seeds, because Keras shuffles by them. The same seed gives the same network
    on the same machine and versions only: parallel sums round differently elsewhere.

    Args:
        model: as `build_mc_network` or `build_plain_network` returns it; gets compiled.
        data: images and labels.
        settings: epochs, batch size, learning rate, seed.
        progress: called after every step and once more at every epoch's end.
    """
    keras.utils.set_random_seed(settings.seed)
    steps = -(-len(data.images) // settings.batch_size)
    schedule = keras.optimizers.schedules.CosineDecay(
        settings.learning_rate, decay_steps=steps * settings.epochs
    )
    model.compile(
        optimizer=keras.optimizers.Adam(schedule),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    best = _BestEpoch()
    callbacks: list[keras.callbacks.Callback] = [best]
    if progress is not None:
        callbacks.append(_Reporter(progress, settings.epochs, steps))
    start = time.perf_counter()
    history = model.fit(
        data.images,
        data.labels,
        batch_size=settings.batch_size,
        epochs=settings.epochs,
        validation_data=(data.validation_images, data.validation_labels),
        validation_batch_size=1_000,
        callbacks=callbacks,
        verbose=0,
    ).history
    seconds = time.perf_counter() - start
    return TrainingResult(
        epochs_trained=len(history["val_loss"]),
        best_epoch=best.epoch,
        validation_nll=tuple(float(value) for value in history["val_loss"]),
        validation_accuracy=tuple(float(value) for value in history["val_accuracy"]),
        seconds=seconds,
    )


class _BestEpoch(keras.callbacks.Callback):  # type: ignore[misc]  # Keras has no type stubs
    """Keeps the weights of the epoch with the lowest validation loss and puts them back."""

    def __init__(self) -> None:
        super().__init__()
        self.epoch = 0
        self._loss = np.inf
        self._weights: list[npt.NDArray[Any]] = []

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        loss = (logs or {})["val_loss"]
        # The first epoch counts whatever its loss is: a NaN must not leave no weights at all.
        if self.epoch == 0 or loss < self._loss:
            self.epoch, self._loss = epoch + 1, loss
            self._weights = self.model.get_weights()

    def on_train_end(self, logs: dict[str, float] | None = None) -> None:
        self.model.set_weights(self._weights)


class _Reporter(keras.callbacks.Callback):  # type: ignore[misc]  # Keras has no type stubs
    """Turns Keras' callbacks into calls of a progress function."""

    def __init__(
        self, progress: Callable[[TrainingProgress], None], epochs: int, steps: int
    ) -> None:
        super().__init__()
        self._progress = progress
        self._epochs = epochs
        self._steps = steps
        self._epoch = 1

    def on_epoch_begin(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        self._epoch = epoch + 1

    def on_train_batch_end(self, batch: int, logs: dict[str, float] | None = None) -> None:
        loss = float((logs or {})["loss"])
        self._progress(
            TrainingProgress(self._epoch, self._epochs, batch + 1, self._steps, loss=loss)
        )

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        values = logs or {}
        self._progress(
            TrainingProgress(
                self._epoch,
                self._epochs,
                self._steps,
                self._steps,
                loss=float(values["loss"]),
                validation_nll=float(values["val_loss"]),
                validation_accuracy=float(values["val_accuracy"]),
            )
        )


def _require_between(argument: str, value: int, low: int, high: int) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise InvalidInputError(
            argument, expected=f"a whole number from {low} to {high}", received=value
        )
