"""DropBlock: dropout of square blocks of feature maps instead of single places or whole maps."""

from __future__ import annotations

from typing import Any

import keras

from ..errors import InvalidInputError
from .masks import seed_rate

DEFAULT_BLOCK_SIZE = 3


@keras.saving.register_keras_serializable(package="labrador")
class DropBlock2D(keras.layers.Layer):  # type: ignore[misc]  # Keras has no type stubs
    """Drops square blocks of each feature map, in training only; the rest is scaled up.

    Blocks may be cut by the border: they start outside as well, so that each place is dropped
    equally often. DropBlock's authors keep blocks inside, and drop corners seldom.

    Args:
        rate: share of places dropped, in [0, 1).
        block_size: side of the blocks, in places of the feature map.
        seed: of the masks in training.

    Raises:
        InvalidInputError: a rate or a size out of its range.

    References:
        Ghiasi, Lin & Le 2018, *DropBlock: A regularization method for convolutional networks*.
        Zhang, Dalca & Sabuncu 2019, *Confidence Calibration for Convolutional Neural Networks
        Using Structured Dropout*.
    """

    def __init__(
        self,
        rate: float,
        block_size: int = DEFAULT_BLOCK_SIZE,
        seed: int | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        if not 0.0 <= rate < 1.0:  # which NaN fails too
            raise InvalidInputError("rate", expected="a number from 0 to below 1", received=rate)
        if isinstance(block_size, bool) or not isinstance(block_size, int) or block_size < 1:
            raise InvalidInputError(
                "block_size", expected="a whole number, 1 or more", received=block_size
            )
        self.rate = float(rate)
        self.block_size = block_size
        self.seed = seed
        self.seed_generator = keras.random.SeedGenerator(seed)
        self.supports_masking = True

    def call(self, inputs: Any, training: bool = False) -> Any:
        """Return feature maps of shape (N, H, W, C), in training with blocks dropped."""
        if not training or self.rate == 0.0:
            return inputs
        num_images, height, width, channels = keras.ops.shape(inputs)
        around = self.block_size - 1
        starts = keras.random.uniform(
            (num_images, height + around, width + around, channels), seed=self.seed_generator
        ) < seed_rate(self.rate, self.block_size)
        dropped = keras.ops.max_pool(
            keras.ops.cast(starts, inputs.dtype), self.block_size, strides=1, padding="valid"
        )
        return inputs * (1.0 - dropped) / (1.0 - self.rate)

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        """Return the shape that comes in."""
        return input_shape

    def get_config(self) -> dict[str, Any]:
        """Return what the layer can be made of again."""
        own = {"rate": self.rate, "block_size": self.block_size, "seed": self.seed}
        return {**super().get_config(), **own}
