"""The masks of a committee, as the compiled graph takes them, kept for the next question.

An app asks the same committee about one image after the other. Its masks as arrays are cached by
`pass_masks`, but to join the blocks, spread them and hand them to the backend anew each time took
1.2 of the 10 ms of a thousand passes.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from cachetools import LRUCache

from ..limits import COMMITTEE_BYTES
from .compiled import CompiledGraph, Masks
from .dropout import ALPHA_FLOOR, DropoutSpec, alpha_affine
from .dropped import DroppedUnits
from .masks import Blocks, pass_masks

_PASSES_AT_A_TIME = 1_000  # whose masks, four bytes a unit, are made to tell what was dropped

_Key = tuple[int, tuple[float, ...], int, int]


class Committee:
    """Gives the masks of any passes. Threads may share one.

    Args:
        dropouts: the dropout calls of the graph.
        compiled: that the masks are for.
    """

    def __init__(self, dropouts: Sequence[DropoutSpec], compiled: CompiledGraph) -> None:
        self._dropouts = dropouts
        self._compiled = compiled
        self._kept: LRUCache[_Key, Masks] = LRUCache(
            COMMITTEE_BYTES, getsizeof=lambda masks: masks.num_bytes
        )
        self._lock = threading.Lock()

    def masks(
        self,
        seed: int,
        rates: tuple[float, ...],
        passes: slice,
        image_ids: Sequence[int] | None = None,
    ) -> Masks:
        """Return the masks of some passes.

        Args:
            seed: of the whole call.
            rates: one for each dropout call.
            passes: from its start to before its stop.
            image_ids: of images that each meet their own committee; None for one that all meet.
        """
        key = (seed, rates, passes.start, passes.stop)
        if image_ids is None:
            with self._lock:
                if (kept := self._kept.get(key)) is not None:
                    return kept
        masks = self._compiled.prepare(
            [
                _mask(spec, rate, seed, passes, image_ids)
                for spec, rate in zip(self._dropouts, rates, strict=True)
            ]
        )
        if image_ids is None and masks.num_bytes <= COMMITTEE_BYTES:
            with self._lock:
                self._kept[key] = masks
        return masks

    def dropped(
        self, seed: int, rates: tuple[float, ...], num_samples: int
    ) -> tuple[DroppedUnits, ...]:
        """Return what the first passes drop where all images meet the same masks.

        Of the calls that drop units: GaussianDropout only blurs them, and a rate of 0 keeps all.
        """
        dropping = [
            (spec, rate)
            for spec, rate in zip(self._dropouts, rates, strict=True)
            if rate > 0.0 and spec.kind != "GaussianDropout"
        ]
        starts = range(0, num_samples, _PASSES_AT_A_TIME)
        ranges = [slice(s, min(s + _PASSES_AT_A_TIME, num_samples)) for s in starts]
        return tuple(
            DroppedUnits(
                layer=spec.name,
                kind=spec.kind,
                rate=rate,
                shape=spec.noise_shape,
                dropped=np.concatenate(
                    [
                        _mask(spec, rate, seed, passes, None).reshape(-1, spec.num_units) == 0.0
                        for passes in ranges
                    ]
                ),
                position=spec.position,
            )
            for spec, rate in dropping
        )

    def shifts(self, rates: tuple[float, ...]) -> npt.NDArray[np.float32]:
        """Return for each dropout call what is added after its mask."""
        return np.array([_shift(*each) for each in zip(self._dropouts, rates, strict=True)])


def _mask(
    spec: DropoutSpec,
    rate: float,
    seed: int,
    passes: slice,
    image_ids: Sequence[int] | None,
) -> npt.NDArray[np.float32]:
    """Return what a dropout call multiplies its features by, shape (T, M, *noise_shape)."""
    masks = pass_masks(
        seed,
        spec.position,
        spec.num_units,
        rate,
        passes.start,
        passes.stop,
        image_ids,
        kind=spec.kind,
        blocks=_blocks(spec),
    )
    if not spec.is_scaling:
        masks = masks * np.float32(alpha_affine(rate)[0])
    return masks.reshape(*masks.shape[:2], *spec.noise_shape)


def _blocks(spec: DropoutSpec) -> Blocks | None:
    if spec.block_size == 1:
        return None  # each unit on its own, as any dropout
    height, width, channels = spec.noise_shape
    return Blocks(spec.block_size, (height, width, channels))


def _shift(spec: DropoutSpec, rate: float) -> np.float32:
    """Return what is added after the mask: a (m x + f (1 - m)) + b = a m (x - f) + a f + b."""
    if spec.is_scaling:
        return np.float32(0.0)
    a, b = alpha_affine(rate)
    return np.float32(a * ALPHA_FLOOR + b)
