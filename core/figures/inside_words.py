"""What dropout layers drop, in words, and how sure it is what that does."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Literal

from . import numbers

if TYPE_CHECKING:
    from ..experiments.inside import Inside

CLEAR = 0.05  # of what has a q up to it about so large a share is chance, at most
NO_UNITS = "No layer drops units now, only noise is put on all of them: there are none to compare."
_SMALLEST_Q = 0.001
Sort = Literal["map", "channel", "unit", "place"]
_PLURALS = {"map": "feature maps", "channel": "channels", "unit": "units", "place": "places"}


def sort_of_units(shape: tuple[int, ...]) -> Sort:
    """Return what one entry of a mask stands for.

    Args:
        shape: of the mask of one image, 1 where it is shared along an axis.
    """
    if len(shape) == 1:
        return "unit"
    if sum(side > 1 for side in shape) > 1:
        return "place"
    return "map" if len(shape) > 2 else "channel"


def layer_words(shape: tuple[int, ...], kind: str, masked: str) -> str:
    """Return what a dropout layer drops: `32 feature maps after conv1`.

    Args:
        shape: of the mask of one image.
        kind: class of the layer.
        masked: name of the layer whose output it masks; "" where it masks the image itself.
    """
    number, sort = math.prod(shape), sort_of_units(shape)
    what = f"{numbers.count(number)} {_PLURALS[sort] if number > 1 else sort}"
    if sort == "place":
        what += f" of {numbers.count(shape[-1])} map{'s' if shape[-1] > 1 else ''}"
    if kind.startswith("DropBlock"):
        what += ", in blocks,"
    if kind == "GaussianDropout":
        what = f"noise on {what}"
    return f"{what} {f'after {masked}' if masked else 'of the image'}"


def map_words(shape: tuple[int, ...], masked: str, index: int) -> str:
    """Return what a map or unit is called, counted from 0 as Keras does: `map 12 of conv1`.

    Args:
        shape: of the mask of one image; a map whose places are dropped one by one is still a map.
        masked: name of the layer whose output is masked; "" for the image itself.
        index: of the map.
    """
    sort = sort_of_units(shape)
    if sort == "place":
        sort = "map" if len(shape) > 2 else "channel"
    return f"{sort} {index} of {masked or 'the image'}"


def kinds_of(inside: Inside, number: int) -> str:
    """Return so many of what passes drop: `224 maps and units`."""
    sorts = {sort_of_units(each.shape) for each in inside.dropped}
    words = ["maps"] * bool(sorts - {"unit"}) + ["units"] * ("unit" in sorts)
    return f"{numbers.count(number)} {' and '.join(words)}"


def q_words(q: float) -> str:
    """Return a q as it is read: `0.03`, and `<0.001` for what is smaller."""
    return "<0.001" if q < _SMALLEST_Q else f"{q:.3f}" if q < 0.01 else f"{q:.2f}"
