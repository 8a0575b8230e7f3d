"""What a model takes, guessed from its input's shape and from the layers at its front."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np

from ..images.frame import Frame
from ..inference.graph import Graph, Step
from ..limits import MAX_FRAME_SIDE, MIN_FRAME_SIDE
from .one_line import one_line

_LARGER = (64, 96, 128, 224)  # sides that are tried where a model cannot be built smaller
_ROW_SIDES = range(8, 65)  # of an image whose pixels lie in a row
_COLOUR_ROW_SIDES = range(16, 65)  # 192 numbers are more likely no image
_MIN_PLANE_SIDE = 8  # of an image without an axis of channels; shorter ones are sequences
_MAX_PLANE_RATIO = 2
_BYTES, _UNIT = (0.0, 255.0), (0.0, 1.0)
_SMALL_SCALE = 0.1  # 1/255 and 1/127.5 are far below, what rescales [0, 1] is far above
_LARGE_MEAN = 2.0  # of pixels; in [0, 1] it cannot be
_PASSED = (  # what leaves pixels as bright as they are
    "Reshape Flatten Permute ExpandDims Squeeze Cast Identity ZeroPadding2D Cropping2D Resizing"
    " CenterCrop RandomCrop RandomFlip RandomTranslation RandomRotation RandomZoom"
)


@dataclass(frozen=True, slots=True)
class FrameGuess:
    """Frames that may be meant.

    Attributes:
        frames: the likeliest first; none where the input is no image.
        is_guess: whether another might be meant.
    """

    frames: tuple[Frame, ...]
    is_guess: bool


def guess_frame(shape: tuple[int | None, ...]) -> FrameGuess:
    """Return the frames that an input of this shape may be meant for.

    Args:
        shape: of one input; None for a side that may vary.

    Raises:
        InvalidInputError: it is an image, and larger than those that are taken.
    """
    match shape:
        case (height, width, 1 | 3 as channels):
            return _sides(height, width, channels)
        case (None, None):
            return _sides(None, None, 1)
        case (int(height), int(width)) if _is_plane(height, width):
            return FrameGuess((Frame(height, width),), height != width)
        case (int(length),):
            for channels, sides in ((1, _ROW_SIDES), (3, _COLOUR_ROW_SIDES)):
                side = math.isqrt(length // channels)
                if side in sides and side * side * channels == length:
                    return FrameGuess((Frame(side, side, channels),), True)
    return FrameGuess((), False)


def guess_range(graph: Graph) -> tuple[tuple[float, float], str]:
    """Return what a model seems to take for a dark and a bright pixel, and why."""
    step = _first(graph)
    operation = None if step is None else step.operation
    if isinstance(operation, keras.layers.Rescaling):
        scale = float(np.abs(np.asarray(operation.scale, dtype=float)).mean())
        return _told(operation, scale < _SMALL_SCALE, f"multiplies by {scale:.3g}")
    if isinstance(operation, keras.layers.Normalization) and operation.mean is not None:
        mean = float(np.asarray(operation.mean).mean())
        return _told(operation, mean > _LARGE_MEAN, f"takes {mean:.3g} away, its mean")
    if isinstance(operation, keras.layers.BatchNormalization):
        mean = float(np.asarray(operation.moving_mean).mean())
        return _told(operation, mean > _LARGE_MEAN, f"takes {mean:.3g} away, its mean")
    kind = type(operation).__name__
    numbers = [] if step is None else [a for a in step.arguments.args if isinstance(a, float | int)]
    if kind in ("Divide", "TrueDivide") and numbers and numbers[0]:
        scale = 1.0 / abs(numbers[0])
        return _told(operation, scale < _SMALL_SCALE, f"divides by {numbers[0]:.4g}")
    if kind == "Multiply" and numbers and numbers[0]:
        scale = abs(numbers[0])
        return _told(operation, scale < _SMALL_SCALE, f"multiplies by {scale:.3g}")
    return _UNIT, "No layer at its front rescales what comes in."


def _told(operation: Any, is_bytes: bool, does: str) -> tuple[tuple[float, float], str]:
    return (_BYTES if is_bytes else _UNIT), f"Its layer {one_line(operation.name)} {does}."


def _first(graph: Graph) -> Step | None:
    """Return the first step that changes how bright pixels are; None where paths part before."""
    value, readers = graph.inputs[0], graph.readers
    while len(reading := readers.get(value, [])) == 1:
        (step,) = reading
        if type(step.operation).__name__ not in _PASSED.split():
            return step
        value = step.outputs[0]
    return None


def _sides(height: int | None, width: int | None, channels: int) -> FrameGuess:
    if height is not None and width is not None:
        if min(height, width) < MIN_FRAME_SIDE:
            return FrameGuess((), False)
        return FrameGuess((Frame(height, width, channels),), False)
    known = height or width
    sides = (known,) if known else (28 if channels == 1 else 32, *_LARGER)
    return FrameGuess(tuple(Frame(height or s, width or s, channels) for s in sides), True)


def _is_plane(height: int, width: int) -> bool:
    short, long = sorted((height, width))
    return short >= _MIN_PLANE_SIDE and long <= min(MAX_FRAME_SIDE, _MAX_PLANE_RATIO * short)
