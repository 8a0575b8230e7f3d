"""What dropout layers drop, in words: feature maps, units, places of maps."""

from __future__ import annotations

import math
from typing import Literal

from . import numbers

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
