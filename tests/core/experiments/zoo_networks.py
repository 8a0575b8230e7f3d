"""A zoo of tiny networks and of noise for images, for the tests of several files."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import keras
import numpy as np

from core.experiments.reference_data import NO_LABEL, ReferenceData
from core.experiments.rivals import fit_rivals, save_rivals
from core.experiments.scoring import Images
from core.networks import load_card, load_network
from core.networks.cards import write_card
from core.networks.zoo_plan import ENSEMBLE_MEMBERS
from core.store import file_sha256

HIDDEN = 12


def store_tiny(folder: Path, name: str, seed: int, rate: float | None = 0.5) -> None:
    """Write a network of one hidden layer and its card."""
    keras.utils.set_random_seed(seed)
    layers: list[keras.layers.Layer] = [
        keras.Input((28, 28, 1)),
        keras.layers.Flatten(),
        keras.layers.Dense(HIDDEN, "relu"),
    ]
    if rate is not None:
        layers.append(keras.layers.Dropout(rate))
    layers.append(keras.layers.Dense(10, "softmax"))
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.keras"
    keras.Sequential(layers, name=name.replace("-", "_")).save(path)
    card = dataclasses.replace(
        load_card("mc"),
        name=name,
        title=f"Tiny {name}",
        rates={} if rate is None else {"dropout": rate},
        weights_file=path.name,
        weights_sha256=file_sha256(path),
    )
    write_card(card, folder)


def store_tiny_zoo(folder: Path) -> None:
    """Write the base, one network of another rate, and the plain ones; scores for the base."""
    store_tiny(folder, "mc", 1)
    store_tiny(folder, "rate-01", 2, rate=0.1)
    for place, name in enumerate(ENSEMBLE_MEMBERS):
        store_tiny(folder, name, 10 + place, rate=None)
    rng = np.random.default_rng(5)
    images = rng.random((60, 28, 28, 1)).astype(np.float32)
    labels = np.arange(60) % 10
    save_rivals(fit_rivals(load_network("mc", folder), images, labels, images[:20]), folder)


def noise_set(name: str, limit: int | None = None) -> ReferenceData:
    """Return images of noise under the name of a reference set, as bytes where MNIST has bytes."""
    rng = np.random.default_rng([*name.encode()])
    num_images = 12 if name.startswith("rotated") else 30
    images = rng.integers(0, 256, (num_images, 28, 28, 1)).astype(np.uint8)
    labels = rng.integers(0, 10, num_images)
    if name == "kmnist":
        labels = np.full(num_images, NO_LABEL)
    drawn: Images = images
    if name.startswith("rotated"):
        drawn = images.astype(np.float32) / np.float32(255)
    places = np.arange(num_images)
    return ReferenceData(name, drawn[:limit], labels[:limit], places[:limit], f"sha of {name}")
