"""An independent reference: the model rebuilt with Multiply layers, run layer by layer by Keras.

It shares no code with the sampler's walk through the graph: Keras' own `clone_model` rebuilds
the model, every dropout layer is replaced by a Multiply with one more input, its mask.
"""

from __future__ import annotations

from typing import Any

import keras
import numpy as np

from core.inference.masks import pass_masks


def _mask_shape(layer: Any, shape: tuple[int, ...]) -> tuple[int, ...]:
    if isinstance(layer, keras.layers.SpatialDropout2D | keras.layers.SpatialDropout1D):
        return (1,) * (len(shape) - 2) + (shape[-1],)
    if layer.noise_shape is not None:
        return tuple(
            side if wanted is None else wanted
            for side, wanted in zip(shape[1:], layer.noise_shape[1:], strict=True)
        )
    return tuple(shape[1:])


def masked_model(model: keras.Model) -> tuple[keras.Model, list[tuple[int, ...]]]:
    """The model with a mask input for each dropout layer, and the masks' shapes."""
    shapes: list[tuple[int, ...]] = []
    mask_inputs: list[Any] = []

    def walk(layers: list[Any], value: Any) -> Any:
        for layer in layers:
            if isinstance(layer, keras.layers.InputLayer):
                continue
            if isinstance(layer, keras.Sequential):
                value = walk(layer.layers, value)
            elif isinstance(layer, keras.layers.Dropout):
                shape = _mask_shape(layer, value.shape)
                shapes.append(shape)
                mask_inputs.append(keras.Input(shape))
                value = keras.layers.Multiply()([value, mask_inputs[-1]])
            else:
                value = layer(value, training=False) if _is_batch_norm(layer) else layer(value)
        return value

    images = keras.Input(model.input_shape[1:])
    output = walk(model.layers, images)  # fills mask_inputs
    return keras.Model([images, *mask_inputs], output), shapes


def _is_batch_norm(layer: Any) -> bool:
    return isinstance(layer, keras.layers.BatchNormalization)


def reference_samples(
    model: keras.Model,
    images: np.ndarray,
    num_samples: int,
    seed: int,
    rates: list[float],
    image_ids: list[int] | None = None,
) -> np.ndarray:
    """Samples (T, N, C): one eager pass after another, one image after another."""
    masked, shapes = masked_model(model)
    masks = [
        pass_masks(seed, position, int(np.prod(shape)), rate, 0, num_samples, image_ids)
        for position, (shape, rate) in enumerate(zip(shapes, rates, strict=True))
    ]
    samples = []
    for t in range(num_samples):
        row = []
        for n in range(len(images)):
            own = [
                mask[t, 0 if image_ids is None else n].reshape(1, *shape)
                for mask, shape in zip(masks, shapes, strict=True)
            ]
            row.append(np.asarray(masked([images[n : n + 1], *own], training=False))[0])
        samples.append(row)
    return np.array(samples)
