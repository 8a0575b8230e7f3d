"""An independent reference: Keras itself runs the model, its dropout layers under given masks.

It shares no code with the sampler's walk through the graph. Keras calls every layer of the model
as it always does, in one eager batch of all passes of all images; only the `call` of its dropout
classes is replaced for that time, by the layer's definition with a mask that is not drawn anew.
What a layer drops is read from the layer and from the features that reach it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest import mock

import keras
import numpy as np

from core.inference.dropblock import DropBlock2D
from core.inference.masks import Blocks, pass_masks

DROPOUTS = (
    keras.layers.Dropout,
    keras.layers.SpatialDropout1D,
    keras.layers.SpatialDropout2D,
    keras.layers.SpatialDropout3D,
    keras.layers.GaussianDropout,
    keras.layers.AlphaDropout,
    DropBlock2D,
)
# Of SELU: an AlphaDropout layer puts what it drops at this, the value that SELU saturates at.
_SATURATION = -1.0507009873554804934193349852946 * 1.6732632423543772848170429916717

Images = np.ndarray | Sequence[np.ndarray]


def mask_shape(layer: Any, sides: Sequence[int]) -> tuple[int, ...]:
    """Shape of the mask of one image whose features have these sides; 1 where it is shared."""
    if isinstance(layer, keras.layers.SpatialDropout1D):
        return (1, sides[-1])
    if isinstance(layer, keras.layers.SpatialDropout2D | keras.layers.SpatialDropout3D):
        if layer.data_format == "channels_first":
            return (sides[0], *[1] * (len(sides) - 1))
        return (*[1] * (len(sides) - 1), sides[-1])
    wanted = getattr(layer, "noise_shape", None) or (None,) * (len(sides) + 1)
    return tuple(side if own is None else own for side, own in zip(sides, wanted[1:], strict=True))


def masked(layer: Any, features: Any, mask: Any, rate: float) -> Any:
    """What a dropout layer makes of features where its random numbers came out as `mask`."""
    if not isinstance(layer, keras.layers.AlphaDropout):
        return features * mask
    scale = ((1 - rate) * (1 + rate * _SATURATION**2)) ** -0.5
    kept = features * mask + _SATURATION * (1 - mask)
    return scale * kept - scale * _SATURATION * rate


def reference_samples(
    model: keras.Model,
    images: Images,
    num_samples: int,
    seed: int,
    rates: Sequence[float] | Mapping[str, float],
    image_ids: Sequence[int] | None = None,
    positions: Mapping[str, Sequence[int]] | None = None,
) -> np.ndarray:
    """Samples (T, N, C) in one eager batch of T * N rows.

    Args:
        model: one input, or several.
        images: shape (N, ...) for each input.
        num_samples: T.
        seed: of the masks.
        rates: by position, or by layer name where they are not the layer's own.
        image_ids: of independent masks; None for shared ones.
        positions: of a layer's calls, by layer name; None for the order in which Keras calls
            the dropout layers.
    """
    arrays = [images] if isinstance(images, np.ndarray) else list(images)
    num_images = len(arrays[0])
    calls: list[str] = []

    def call(layer: Any, inputs: Any, training: bool = False) -> Any:
        own = calls.count(layer.name)
        position = len(calls) if positions is None else positions[layer.name][own]
        calls.append(layer.name)
        rate = rates.get(layer.name, layer.rate) if isinstance(rates, Mapping) else rates[position]
        shape = mask_shape(layer, inputs.shape[1:])
        kind = type(layer).__name__
        masks = pass_masks(
            seed,
            position,
            int(np.prod(shape)),
            rate,
            0,
            num_samples,
            image_ids,
            # What Dropout and SpatialDropout multiply with are the masks that come unasked.
            kind=kind if kind in ("GaussianDropout", "AlphaDropout") else "Dropout",
            blocks=Blocks(layer.block_size, (shape[0], shape[1], shape[2]))
            if isinstance(layer, DropBlock2D)
            else None,
        )
        whole = np.broadcast_to(masks, (num_samples, num_images, masks.shape[-1]))
        return masked(layer, inputs, whole.reshape(-1, *shape), rate)

    passes = [np.tile(array, (num_samples,) + (1,) * (array.ndim - 1)) for array in arrays]
    with dropout_calls(call):
        probs = model(passes if len(passes) > 1 else passes[0], training=False)
    # A position that Keras never calls, or a call without a position, is another model.
    if positions is not None:
        assert sorted(calls) == sorted(name for name in positions for _ in positions[name])
    return np.asarray(keras.ops.convert_to_numpy(probs)).reshape(num_samples, num_images, -1)


def reference_twin(model: keras.Model, images: Images) -> np.ndarray:
    """Samples (N, C) of the model without its dropout layers, however they are called."""
    with dropout_calls(lambda layer, inputs, training=False: inputs):
        probs = model(images, training=False)
    return np.asarray(keras.ops.convert_to_numpy(probs))


@contextmanager
def dropout_calls(call: Callable[..., Any]) -> Iterator[None]:
    """Let `call(layer, inputs, training)` stand for the calls of Keras' dropout classes."""
    with ExitStack() as stack:
        for kind in DROPOUTS:
            # A plain function: Keras reads the signature, and Python binds the layer to it.
            def method(self: Any, inputs: Any, training: bool = False) -> Any:
                return call(self, inputs, training)

            stack.enter_context(mock.patch.object(kind, "call", method))
        yield
