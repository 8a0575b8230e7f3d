"""Rows of pixels as images: one scale for a whole table, and what is wrong with a row of it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from .batch_item import BatchItem, Preparation

Values = npt.NDArray[np.float64]

_BRIGHTEST = 255.0
_LARGEST = float(np.finfo(np.float32).max)
_HAIR = 1e-4  # by which rounding may carry a pixel out of its range


class PixelScale:
    """Decides over a whole table whether its pixels are 0 to 255 or 0 to 1.

    Rows of a network without a frame are left as they are.

    Args:
        preparation: what the rows become.
    """

    def __init__(self, preparation: Preparation) -> None:
        self._preparation = preparation
        self._brightest = 0.0

    def note(self, low: float, high: float) -> None:
        """Take a row's lowest and highest value into account; one that cannot be is left out."""
        if low >= -_HAIR and high <= _BRIGHTEST + _HAIR:  # NaN fails too
            self._brightest = max(self._brightest, high)

    def item(self, name: str, values: Values, label: int | None, problem: str) -> BatchItem:
        """Return a row of values, of shape (D,), as an item."""
        # Written so that NaN fails as well.
        if not np.abs(values).max() <= _LARGEST:
            return BatchItem(name, None, label, "Some of its values are no finite numbers.")
        if self._preparation.frame is None:
            return BatchItem(name, values.astype(np.float32), label, problem)
        low, high = float(values.min()), float(values.max())
        if low < -_HAIR or high > _BRIGHTEST + _HAIR:
            why = f"Expected pixels from 0 to 255 or from 0 to 1, got {low:.6g} to {high:.6g}."
            return BatchItem(name, None, label, why)
        scale = _BRIGHTEST if self._brightest > 1.0 + _HAIR else 1.0
        # In single precision from the start: the same numbers as of a picture's bytes.
        pixels = values.astype(np.float32) / np.float32(scale)
        image = np.clip(pixels, 0.0, 1.0).reshape(self._preparation.shape)
        return BatchItem(name, image, label, problem)
