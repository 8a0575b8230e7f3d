"""What drops units in a pass: the dropout layers that become active, and those refused by name."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import keras

from ..errors import UnsupportedLayerError
from .dropblock import DropBlock2D

_ELEMENTWISE = (keras.layers.Dropout, keras.layers.AlphaDropout, keras.layers.GaussianDropout)
_SPATIAL = (
    keras.layers.SpatialDropout1D,
    keras.layers.SpatialDropout2D,
    keras.layers.SpatialDropout3D,
)
_ACTIVE = (*_ELEMENTWISE, *_SPATIAL, DropBlock2D)

# Keras' AlphaDropout puts units at the value to which SELU falls, scale times alpha.
ALPHA_FLOOR = -1.6732632423543772 * 1.0507009873554805


@dataclass(frozen=True, slots=True)
class DropoutSpec:
    """What one call of a dropout layer drops.

    Attributes:
        position: among the dropout calls of the graph, in the order of the walk.
        name: of the layer.
        kind: class of the layer.
        rate: share of units dropped in training.
        noise_shape: shape of one image's mask; 1 where the mask is shared along an axis.
        block_size: side of the blocks that are dropped together; 1 where units are on their own.
    """

    position: int
    name: str
    kind: str
    rate: float
    noise_shape: tuple[int, ...]
    block_size: int = 1

    @property
    def num_units(self) -> int:
        """Units that a pass keeps or drops: the size of one image's mask."""
        return math.prod(self.noise_shape)

    @property
    def is_scaling(self) -> bool:
        """Whether the layer only multiplies: mask times features, nothing added."""
        return self.kind != "AlphaDropout"

    @property
    def is_never_negative(self) -> bool:
        """Whether no entry of a mask is below 0."""
        return self.kind != "GaussianDropout"


def alpha_affine(rate: float) -> tuple[float, float]:
    """Return a and b with which AlphaDropout brings mean and variance back: a x + b.

    References:
        Klambauer et al. 2017, *Self-Normalizing Neural Networks*.
    """
    if rate == 0.0:
        return 1.0, 0.0
    a = ((1.0 - rate) * (1.0 + rate * ALPHA_FLOOR**2)) ** -0.5
    return a, -a * ALPHA_FLOOR * rate


def is_dropout(layer: Any) -> bool:
    """Whether a layer of a graph is one that the sampler makes active itself.

    A subclass may do anything in its own `call`, and is not.
    """
    return type(layer) in _ACTIVE


def describe_dropout(layer: Any, shape: tuple[int | None, ...], position: int) -> DropoutSpec:
    """Return what a call of a dropout layer on features of `shape` (N, ...) drops.

    Raises:
        UnsupportedLayerError: the shape of its mask is not known.
    """
    noise_shape = _noise_shape(layer, shape)
    if None in noise_shape:
        raise UnsupportedLayerError(
            f"layer {layer.name}",
            expected="dropout on features of a known shape",
            received=f"features of shape {tuple(shape[1:])}",
            advice="Give keras.Input the full shape of one image.",
        )
    return DropoutSpec(
        position=position,
        name=layer.name,
        kind=type(layer).__name__,
        rate=float(layer.rate),
        noise_shape=tuple(side for side in noise_shape if side is not None),
        block_size=layer.block_size if type(layer) is DropBlock2D else 1,
    )


def refuse_hidden_dropout(layer: Any) -> None:
    """Raise if a layer would hide dropout that inference mode turns off silently.

    Raises:
        UnsupportedLayerError: it does; the message names it.
    """
    if not isinstance(layer, keras.layers.Layer) or not _hides_dropout(layer):
        return
    raise UnsupportedLayerError(
        f"layer {layer.name}",
        expected="dropout as Keras' own dropout layers in the model's own graph",
        received=f"{type(layer).__name__}, which is or hides another kind of dropout",
        advice="Put a Dropout layer of its own in its place, or set its rate to 0.",
    )


def _noise_shape(layer: Any, shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
    """Shape of the mask of one image."""
    sides = tuple(shape[1:])
    if type(layer) in _ELEMENTWISE:
        wanted = getattr(layer, "noise_shape", None)  # GaussianDropout has none
        asked = (None,) * len(sides) if wanted is None else wanted[1:]
        return tuple(side if own is None else own for side, own in zip(sides, asked, strict=True))
    if type(layer) is DropBlock2D:
        return sides
    # SpatialDropout1D has no data format: its channels are always last.
    if getattr(layer, "data_format", "channels_last") == "channels_first":
        return (sides[0], *(1 for _ in sides[1:]))
    return (*(1 for _ in sides[:-1]), sides[-1])


def _hides_dropout(layer: Any) -> bool:
    within = layer._flatten_layers()  # at any depth, the layer itself too
    return any(_is_hidden(inner) or _recurrent_rate(inner) > 0.0 for inner in within)


def _is_hidden(layer: Any) -> bool:
    if type(layer) in _ACTIVE:
        return float(layer.rate) > 0.0
    return isinstance(layer, _ACTIVE)  # what a subclass drops need not be told by its rate


def _recurrent_rate(layer: Any) -> float:
    """Dropout that recurrent and attention layers hold as a number instead of a layer."""
    rates = (getattr(layer, name, 0) for name in ("dropout", "recurrent_dropout"))
    return max((float(rate) for rate in rates if isinstance(rate, (int, float))), default=0.0)
