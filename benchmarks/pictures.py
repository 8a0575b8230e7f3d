"""The images that contenders are given: how long a pass takes does not depend on what they show."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from core.experiments import SweepRecipe
from core.images import ink_image, load_mnist_test, write_digit

Images = npt.NDArray[np.float32]


def pictures(what: str) -> Images:
    """Return images of shape (N, 28, 28, 1).

    Args:
        what: "sweep" for the 36 steps of a 3 that is turned all the way round, or the number of
            images: the first ones of MNIST's test set, or of the built-in handwriting where MNIST
            is not at hand.
    """
    if what == "sweep":
        return SweepRecipe("rotation", (ink_image(write_digit(3, 17)),), (3,)).step_images()
    count = int(what)
    mnist = load_mnist_test()
    if mnist is not None:
        return np.stack([mnist.image(index) for index in range(count)])
    few = np.stack([ink_image(write_digit(index % 10, index)) for index in range(min(count, 100))])
    return np.resize(few, (count, *few.shape[1:]))


def inputs_for(model: Any, what: str) -> Images:
    """Return inputs that a Keras model takes: images as `pictures` gives them, or noise.

    Args:
        model: with one input.
        what: as for `pictures`.
    """
    images = pictures(what)
    shape = tuple(model.input_shape[1:])
    if shape == images.shape[1:]:
        return images
    return np.random.default_rng(0).random((len(images), *shape), dtype=np.float32)
