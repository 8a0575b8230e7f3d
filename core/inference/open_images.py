"""Images whose passes go on, look after look, with what precedes their passes kept.

For the shipped network what precedes an image's passes costs as much as 65 of them: it is computed
once, and handed on from one look to the next for the images that go on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from .compiled import CompiledGraph, Masks
from .samples import Counts
from .workers import num_workers, parted, worker_pool

Samples = npt.NDArray[np.float32]

_PASSES_OF_A_PART = 64  # a chunk of so many passes fills the cache; more are parted


@dataclass(slots=True)
class _Part:
    """Some of the images, side by side on the images' axis of their frontier."""

    images: Counts
    frontier: list[Any] | None = None


class OpenImages:
    """Runs passes of the images that are still open.

    Args:
        compiled: the graph.
        inputs: shape (N, ...) each, of all images.
        images: shape (n,), which of them are open.
        masks: from the numbers of some images and a range of passes to their masks.
        shifts: see `CompiledGraph.suffix`.
        chunk_rows: images times passes computed at a time.
        num_classes: C.
        count: told of images and passes once they are run.
    """

    def __init__(
        self,
        compiled: CompiledGraph,
        inputs: Sequence[npt.NDArray[np.float32]],
        images: Counts,
        masks: Callable[[Counts, slice], Masks],
        shifts: npt.NDArray[np.float32],
        chunk_rows: int,
        num_classes: int,
        count: Callable[[int, int], None],
    ) -> None:
        self._num_classes = num_classes
        self._compiled, self._inputs, self._masks, self._shifts = compiled, inputs, masks, shifts
        self._chunk_rows, self._count = chunk_rows, count
        self._images_of_a_part = max(1, chunk_rows // _PASSES_OF_A_PART)
        self._parts = [
            _Part(images[start : start + self._images_of_a_part])
            for start in range(0, len(images), self._images_of_a_part)
        ]

    def run(self, passes: slice) -> Samples:
        """Run passes of all open images: softmax samples, shape (k, n, C)."""
        num_passes = passes.stop - passes.start
        num_images = sum(len(part.images) for part in self._parts)
        samples = np.empty((num_passes, num_images, self._num_classes), dtype=np.float32)
        few = len(self._parts) < num_workers()
        jobs = []
        start = 0
        for part in self._parts:
            size = len(part.images)
            ranges = parted(passes, size, self._chunk_rows, among_workers=few)
            target = samples[:, start : start + size]
            start += size
            if few:
                self._prepare(part)  # once, not by each worker
                jobs += [(part, [each], passes.start, target) for each in ranges]
            else:
                jobs.append((part, ranges, passes.start, target))
        waiting = [worker_pool().submit(self._work, *job) for job in jobs]
        for job in waiting:
            job.result()
        self._count(num_images, num_passes)
        return samples

    def _prepare(self, part: _Part) -> list[Any]:
        if part.frontier is None:
            part.frontier = self._compiled.prefix([each[part.images] for each in self._inputs])
        return part.frontier

    def _work(self, part: _Part, ranges: Sequence[slice], first: int, target: Samples) -> None:
        frontier = self._prepare(part)
        for each in ranges:
            masks = self._masks(part.images, each)
            target[each.start - first : each.stop - first] = self._compiled.suffix(
                frontier, masks, self._shifts
            )

    def keep(self, which: npt.NDArray[np.bool_]) -> None:
        """Go on with some of the images only; `which` is a mask of shape (n,)."""
        joined: list[list[tuple[_Part, Counts]]] = []
        room = start = 0
        for part in self._parts:
            size = len(part.images)
            places = np.flatnonzero(which[start : start + size])
            start += size
            if not len(places):
                continue
            if not joined or len(places) > room:
                joined.append([])
                room = self._images_of_a_part
            joined[-1].append((part, places))
            room -= len(places)
        self._parts = [self._join(group) for group in joined]

    def _join(self, group: Sequence[tuple[_Part, Counts]]) -> _Part:
        images = np.concatenate([part.images[places] for part, places in group])
        frontiers = [part.frontier or [] for part, _ in group]
        if len(group) == 1 and len(images) == len(group[0][0].images):
            return group[0][0]
        return _Part(images, self._compiled.join(frontiers, [places for _, places in group]))
