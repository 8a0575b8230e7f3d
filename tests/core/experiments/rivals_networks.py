"""A small network in a folder of its own, for the tests of the rivals."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from core.networks import Network, TrainingResult, TrainingSettings, load_network, store_network
from core.networks.training import TrainingData

if TYPE_CHECKING:
    from pathlib import Path

SIDE, F, C = 8, 6, 4


def images_of_classes(
    num_images: int, seed: int, size: int = SIDE, num_classes: int = C
) -> tuple[np.ndarray, np.ndarray]:
    """Noise of which the rows of the class are brighter: uint8 (N, size, size), and the classes."""
    rng = np.random.default_rng(seed)
    labels = np.arange(num_images) % num_classes
    images = rng.integers(0, 120, (num_images, size, size))
    height = size // num_classes
    for image, label in zip(images, labels, strict=True):
        image[label * height : (label + 1) * height] += 120
    return images.astype(np.uint8), labels


def store_small_network(
    folder: Path,
    name: str = "small",
    *,
    seed: int = 0,
    rate: float = 0.5,
    size: int = SIDE,
    num_classes: int = C,
) -> Network:
    """Store an untrained network of F features under a name; a rate of 0 leaves dropout out."""
    import keras

    keras.utils.set_random_seed(seed)
    layers = keras.layers
    drop = [layers.Dropout(rate, name="dropout")] if rate else []
    model = keras.Sequential(
        [
            keras.Input((size, size, 1)),
            layers.Flatten(),
            layers.Dense(F, activation="tanh"),
            *drop,
            layers.Dense(num_classes, activation="softmax"),
        ]
    )
    nothing = np.zeros((1, size, size, 1), np.float32), np.zeros(1, np.int64)
    store_network(
        model,
        name=name,
        title="Small",
        data=TrainingData(*nothing, *nothing, checksum="0" * 64, description="nothing"),
        settings=TrainingSettings(epochs=1, seed=seed),
        result=TrainingResult(1, 1, (2.2,), (0.5,), 1.0),
        folder=folder,
    )
    return load_network(name, folder)
