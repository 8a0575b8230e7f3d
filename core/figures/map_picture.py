"""A feature map as a small picture whose colour is left to the page."""

from __future__ import annotations

import base64
import io
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

_SIDE = 96  # pixels that a page shows of the longer side, at least


def map_uri(features: npt.NDArray[Any], low: float, high: float) -> str:
    """Return the address (data URI) of a map as a mask: opaque where it is strong.

    A page fills it with its own ink, light or dark. Each value is a square of whole pixels, so
    that no browser blurs it.

    Args:
        features: shape (h, w).
        low: value that is left empty; smaller ones as well.
        high: value that is full.
    """
    span = max(high - low, float(np.finfo(np.float32).tiny))
    levels = np.rint(255.0 * np.clip((features - low) / span, 0.0, 1.0)).astype(np.uint8)
    times = max(1, -(-_SIDE // max(levels.shape)))
    alpha = np.kron(levels, np.ones((times, times), dtype=np.uint8))
    picture = Image.merge(
        "LA", (Image.new("L", (alpha.shape[1], alpha.shape[0])), Image.fromarray(alpha))
    )
    buffer = io.BytesIO()
    picture.save(buffer, format="PNG", optimize=True)
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode("ascii")
