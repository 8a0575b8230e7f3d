from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from core.inference import McSampler


@pytest.fixture(scope="session")
def sampler() -> McSampler:
    """A small network, untrained, on images of 28x28 with C = 3."""
    import keras

    from core.inference import McSampler

    keras.utils.set_random_seed(0)
    model = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            keras.layers.AveragePooling2D(4),
            keras.layers.Flatten(),
            keras.layers.Dropout(0.5),
            keras.layers.Dense(3, activation="softmax"),
        ]
    )
    return McSampler(model)


@pytest.fixture(scope="session")
def colour_sampler() -> McSampler:
    """A small network, untrained, on colour images of 9x12 with C = 7."""
    import keras

    from core.inference import McSampler

    keras.utils.set_random_seed(1)
    model = keras.Sequential(
        [
            keras.Input((9, 12, 3)),
            keras.layers.Flatten(),
            keras.layers.Dropout(0.5),
            keras.layers.Dense(7, activation="softmax"),
        ]
    )
    return McSampler(model)
