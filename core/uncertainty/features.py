"""Features of one pass, and their logits, as numbers that can be reckoned with."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from ..errors import InvalidInputError

Floats = npt.NDArray[np.float64]
Singles = npt.NDArray[np.float32]


def checked_rows(argument: str, rows: npt.ArrayLike, width: int | None = None) -> Floats:
    """Return rows of finite numbers, one an image, in float64.

    Args:
        argument: what errors call them.
        rows: shape (N, W), N at least 1.
        width: W; any but 0 if None.

    Raises:
        InvalidInputError: another shape, no numbers, or NaN or infinity among them.
    """
    array: npt.NDArray[Any] = np.asarray(rows)
    fits = array.ndim == 2 and array.size > 0 and (width is None or array.shape[1] == width)
    if not fits or array.dtype.kind not in "fiu":
        raise InvalidInputError(
            argument,
            expected=f"numbers of shape (N, {width or 'W'}), one row for each of at least one"
            " image",
            received=f"{array.dtype} of shape {array.shape}",
            advice="Give what twin_features makes of the images"
            + (", with the network that was fitted." if width else "."),
        )
    if not np.isfinite(array).all():
        raise InvalidInputError(
            argument,
            expected="finite numbers",
            received="NaN or infinity among them",
            advice="Look at the images and at the network's weights: one of them is not finite.",
        )
    return array.astype(np.float64)


def as_stored(array: Floats) -> Singles:
    """Return what is fitted as it is stored: in float32, read-only.

    Rounded when it is fitted, so that what is loaded gives the same scores bit for bit.
    """
    stored = array.astype(np.float32)
    stored.flags.writeable = False
    return stored
