"""The arguments of a sampler's calls, checked where they come in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from ..errors import InvalidInputError, NoActiveDropoutError
from .backend import Array
from .dropout import DropoutSpec
from .graph import Shape

Inputs = Array | Sequence[Array]
Rates = float | Mapping[str, float]
MaskSharing = Literal["shared", "independent"]


def check_inputs(
    images: Inputs, shapes: Sequence[Shape], noun: str = "image"
) -> tuple[npt.NDArray[np.float32], ...]:
    """Return one float32 batch for each input of the model.

    Args:
        images: a batch, or for several inputs one batch for each.
        shapes: of one image, for each input; None for a side that may vary.
        noun: what errors call one of them.

    Raises:
        InvalidInputError: another number of inputs or images, another shape, or not finite.
    """
    if len(shapes) == 1:
        return (_check_batch(f"{noun}s", images, shapes[0], noun),)
    given = list(images) if isinstance(images, (list, tuple)) else [images]
    if len(given) != len(shapes):
        raise InvalidInputError(
            f"{noun}s",
            expected=f"a list of {len(shapes)} batches, one for each input of the model",
            received=f"{len(given)} batches"
            if isinstance(images, (list, tuple))
            else f"one {type(images).__name__}",
            advice="Give them in the order of model.inputs.",
        )
    batches = tuple(
        _check_batch(f"{noun}s[{index}]", batch, shape, noun)
        for index, (batch, shape) in enumerate(zip(given, shapes, strict=True))
    )
    if len({len(batch) for batch in batches}) != 1:
        raise InvalidInputError(
            f"{noun}s",
            expected=f"batches of the same number of {noun}s",
            received=[len(batch) for batch in batches],
        )
    return batches


def _check_batch(name: str, images: Any, shape: Shape, noun: str) -> npt.NDArray[np.float32]:
    array = np.asarray(images)
    if (
        array.ndim != len(shape) + 1
        or len(array) == 0
        or any(
            side is not None and side != got
            for side, got in zip(shape, array.shape[1:], strict=True)
        )
    ):
        raise InvalidInputError(
            name,
            expected=f"a batch of shape (N, {', '.join(map(str, shape))}), N at least 1",
            received=f"shape {array.shape}",
            advice=f"Put a single {noun} into a batch with {noun}[None]."
            if array.shape == shape
            else "",
        )
    if array.dtype.kind not in "fiub" or not np.isfinite(array).all():
        raise InvalidInputError(
            name,
            expected="finite numbers",
            received=f"type {array.dtype}" if array.dtype.kind not in "fiub" else "NaN or inf",
        )
    return np.ascontiguousarray(array, dtype=np.float32)


def check_whole_number(name: str, value: object, lowest: int, highest: int) -> int:
    """Return `value` as an int if it is a whole number in range.

    Raises:
        InvalidInputError: it is not.
    """
    number = value.item() if isinstance(value, np.generic) else value
    if (
        isinstance(number, bool)
        or not isinstance(number, int | float)
        or not lowest <= number <= highest
        or number != int(number)
    ):
        raise InvalidInputError(
            name, expected=f"a whole number from {lowest:,} to {highest:,}", received=value
        )
    return int(number)


def check_rates(rates: Rates | None, dropouts: Sequence[DropoutSpec]) -> tuple[float, ...]:
    """Return the rate of each dropout call.

    Args:
        rates: one number for all layers, a mapping from layer names, or None for the model's own.
        dropouts: the dropout calls.

    Raises:
        InvalidInputError: an unknown layer, or a rate outside [0, 1).
        NoActiveDropoutError: all rates are 0.
    """
    names = [spec.name for spec in dropouts]
    if rates is None:
        chosen = [spec.rate for spec in dropouts]
    elif isinstance(rates, Mapping):
        if unknown := set(rates) - set(names):
            raise InvalidInputError(
                "rates",
                expected=f"names of dropout layers, of {', '.join(names)}",
                received=", ".join(sorted(map(str, unknown))),
            )
        chosen = [rates.get(spec.name, spec.rate) for spec in dropouts]
    else:
        chosen = [rates for _ in dropouts]
    for name, rate in zip(names, chosen, strict=True):
        if not isinstance(rate, (int, float, np.number)) or not 0.0 <= rate < 1.0:
            raise InvalidInputError(
                f"rates, layer {name}", expected="a number from 0 to below 1", received=rate
            )
    if not any(chosen):
        raise NoActiveDropoutError(
            "rates",
            expected="at least one dropout layer with a rate above 0",
            received=f"0 for {', '.join(names)}: all passes would be the same",
            advice="Give rates above 0, for example rates=0.5.",
        )
    return tuple(float(rate) for rate in chosen)


def check_image_ids(
    masks: str, image_ids: Sequence[int] | None, num_images: int
) -> tuple[int, ...] | None:
    """Return the ids by which independent masks are drawn; None for one committee.

    Raises:
        InvalidInputError: another word than "shared" or "independent", or ids that do not fit it.
    """
    if masks not in ("shared", "independent"):
        raise InvalidInputError("masks", expected='"shared" or "independent"', received=masks)
    if masks == "shared":
        if image_ids is not None:
            raise InvalidInputError(
                "image_ids",
                expected='nothing while masks="shared": all images meet the same subnetworks',
                received=image_ids,
                advice='Pass masks="independent" as well.',
            )
        return None
    ids = range(num_images) if image_ids is None else image_ids
    if len(ids) != num_images:
        raise InvalidInputError(
            "image_ids", expected=f"one id for each of {num_images} images", received=len(ids)
        )
    return tuple(check_whole_number("image_ids", image_id, 0, 2**63 - 1) for image_id in ids)
