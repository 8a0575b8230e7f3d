from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from core.errors import InvalidInputError
from core.networks.architecture import build_mc_network
from core.networks.training import (
    TrainingData,
    TrainingProgress,
    TrainingSettings,
    split_training_data,
    train_network,
)
from core.store import array_checksum


def _bars(num_images: int) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.int64]]:
    """Images of a bright bar whose height says the class: learnt in a few steps."""
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 10, num_images)
    images = rng.integers(0, 40, (num_images, 28, 28)).astype(np.uint8)
    for image, label in zip(images, labels, strict=True):
        image[2 + 2 * label : 5 + 2 * label] = 220
    return images, labels


@pytest.fixture
def bars() -> TrainingData:
    return split_training_data(*_bars(240))


def _nll_and_accuracy(model: Any, data: TrainingData) -> tuple[float, float]:
    probs = np.asarray(model(data.validation_images, training=False))
    true_class = probs[np.arange(len(probs)), data.validation_labels]
    return float(-np.log(true_class).mean()), float(
        (probs.argmax(axis=1) == data.validation_labels).mean()
    )


def test_split_sets_the_last_sixth_aside() -> None:
    images, labels = _bars(60)

    data = split_training_data(images, labels)

    assert data.images.shape == (50, 28, 28, 1) and data.images.dtype == np.float32
    assert data.validation_images.shape == (10, 28, 28, 1)
    np.testing.assert_array_equal(data.labels, labels[:50])
    np.testing.assert_array_equal(data.validation_labels, labels[50:])
    np.testing.assert_allclose(data.validation_images[3, :, :, 0], images[53] / 255.0, atol=1e-7)
    assert data.checksum == array_checksum(images, labels)
    assert "first 50 of its 60" in data.description and "on the last 10" in data.description


def test_split_with_a_limit_never_trains_on_what_the_full_split_validates_on() -> None:
    images, labels = _bars(60)

    data = split_training_data(images, labels, limit=12)

    np.testing.assert_array_equal(data.labels, labels[:10])
    np.testing.assert_array_equal(data.validation_labels, labels[50:52])
    assert "2 of the last 10" in data.description


@pytest.mark.parametrize("limit", [-1, 0, 5, 61])
def test_split_with_an_impossible_limit_is_refused(limit: int) -> None:
    with pytest.raises(InvalidInputError, match="limit"):
        split_training_data(*_bars(60), limit=limit)


def test_split_of_mnist_is_50000_and_10000(mnist_data: Path) -> None:
    from core.images.sources import TRAIN_CHECKSUM, load_mnist_train

    data = split_training_data(*load_mnist_train(mnist_data))

    assert len(data.images) == 50_000 and len(data.validation_images) == 10_000
    assert data.checksum == TRAIN_CHECKSUM


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("epochs", 0),
        ("epochs", 2.5),
        ("epochs", True),
        ("batch_size", 0),
        ("seed", -1),
        ("seed", 2**32),
        ("learning_rate", 0.0),
        ("learning_rate", float("nan")),
    ],
)
def test_settings_out_of_range_are_refused(name: str, value: Any) -> None:
    with pytest.raises(InvalidInputError, match=name):
        TrainingSettings(**{name: value})


def test_training_learns_and_keeps_the_epoch_of_best_validation_nll(bars: TrainingData) -> None:
    model = build_mc_network(rate=0.1)
    before, _ = _nll_and_accuracy(model, bars)

    # A learning rate so high that later epochs are not simply better.
    settings = TrainingSettings(epochs=5, batch_size=16, learning_rate=0.02)
    result = train_network(model, bars, settings)

    nll, accuracy = _nll_and_accuracy(model, bars)
    assert result.epochs_trained == 5 == len(result.validation_nll)
    assert result.best_epoch == 1 + int(np.argmin(result.validation_nll))
    assert nll == pytest.approx(min(result.validation_nll), abs=1e-4)
    assert accuracy == pytest.approx(result.validation_accuracy[result.best_epoch - 1], abs=1e-6)
    assert nll < before
    assert result.seconds > 0


def test_training_with_the_same_seed_gives_the_same_network(bars: TrainingData) -> None:
    def train(seed: int) -> list[npt.NDArray[Any]]:
        model = build_mc_network(seed=seed)
        train_network(model, bars, TrainingSettings(epochs=1, batch_size=64, seed=seed))
        weights: list[npt.NDArray[Any]] = model.get_weights()
        return weights

    first, second, other = train(1), train(1), train(2)

    for one, same in zip(first, second, strict=True):
        np.testing.assert_allclose(one, same, atol=1e-5)
    assert np.abs(first[0] - other[0]).max() > 1e-2


def test_progress_counts_steps_and_ends_each_epoch_with_validation(bars: TrainingData) -> None:
    seen: list[TrainingProgress] = []

    train_network(build_mc_network(), bars, TrainingSettings(epochs=2, batch_size=64), seen.append)

    # 200 images in steps of 64: 4 steps, and one more call with the validation.
    assert [(at.epoch, at.step) for at in seen] == [
        (epoch, step) for epoch in (1, 2) for step in (1, 2, 3, 4, 4)
    ]
    assert {(at.epochs, at.steps) for at in seen} == {(2, 4)}
    ends = [at for at in seen if at.validation_nll is not None]
    assert [at.epoch for at in ends] == [1, 2]
    assert all(at.validation_accuracy is not None and at.loss > 0 for at in ends)
