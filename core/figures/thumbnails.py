"""A 28x28 image as a small picture in a page or, framed in a palette's colour, in a figure."""

from __future__ import annotations

import base64
import io
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

_SIDE = 28
_FRAME = 2


def thumbnail(image: npt.NDArray[Any], frame: str) -> str:
    """Return the address (data URI) of an image as a picture with round corners and a frame.

    An SVG around the PNG, because only there can the frame's colour be a token, which the
    browser looks up for its theme.

    Args:
        image: shape (28, 28, 1), in [0, 1].
        frame: its colour, a token or `rgb(...)`; never `#rrggbb`, which would end the address.
    """
    png = data_uri(image)
    whole = _SIDE + 2 * _FRAME
    box = f"x='1' y='1' width='{whole - 2}' height='{whole - 2}' rx='4'"
    svg = (
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {whole} {whole}'>"
        f"<rect {box} fill='black'/>"
        f"<image x='{_FRAME}' y='{_FRAME}' width='{_SIDE}' height='{_SIDE}' href='{png}'/>"
        f"<rect {box} fill='none' stroke='{frame}' stroke-width='{_FRAME}'/></svg>"
    )
    return "data:image/svg+xml," + svg.replace("<", "%3C").replace(">", "%3E")


def data_uri(image: npt.NDArray[Any]) -> str:
    """Return the address (data URI) of an image of shape (28, 28, 1), in [0, 1], as it is."""
    return _encoded(np.clip(np.rint(image[:, :, 0] * 255.0), 0, 255).astype(np.uint8).tobytes())


@lru_cache(maxsize=512)  # a step is selected many times, its images stay
def _encoded(grey: bytes) -> str:
    buffer = io.BytesIO()
    Image.frombytes("L", (_SIDE, _SIDE), grey).save(buffer, format="PNG")
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode("ascii")
