"""The passes of a model: in batches of images, in chunks that stay in cache, side by side.

What comes out of a pass is not looked at here: it may be a softmax or any numbers.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from ..errors import InvalidInputError, NoActiveDropoutError
from ..limits import MAX_DROPPED_BYTES, MAX_NUM_SAMPLES, MAX_SAMPLES_BYTES, MAX_SEED
from ..store import array_checksum
from .arguments import (
    Inputs,
    MaskSharing,
    Rates,
    check_image_ids,
    check_inputs,
    check_rates,
    check_whole_number,
)
from .backend import runs_branches_at_once
from .committee import Committee
from .compiled import CompiledGraph, Masks
from .dropped import DroppedUnits
from .graph import Graph
from .open_images import OpenImages
from .plan import Plan, explain, split_graph
from .samples import Counts
from .workers import chunk_bytes, num_workers, parted, worker_pool

# A chunk holds this many passes of few images rather than few passes of many: what is computed
# once for an image is then read from cache by all its passes.
_PASSES_BEFORE_IMAGES = 256
_FLOAT_BYTES = 4

Samples = npt.NDArray[np.float32]
_Part = TypeVar("_Part")


@dataclass(frozen=True, slots=True)
class Call:
    """The checked arguments of one call."""

    inputs: tuple[npt.NDArray[np.float32], ...]
    num_samples: int
    seed: int
    rates: tuple[float, ...]
    image_ids: tuple[int, ...] | None

    @property
    def num_images(self) -> int:
        """N."""
        return len(self.inputs[0])

    @property
    def all_passes(self) -> slice:
        """From the first to the last."""
        return slice(0, self.num_samples)

    def of(self, images: slice) -> Call:
        """Return the same call for some of the images; they meet the same masks."""
        ids = self.image_ids
        return replace(
            self,
            inputs=tuple(each[images] for each in self.inputs),
            image_ids=None if ids is None else ids[images],
        )


@dataclass(frozen=True, slots=True)
class _Chunk:
    """Passes over images that are computed at a time."""

    images: slice
    passes: slice
    frontier: list[Any]


class ModelPasses:
    """Runs the passes of one Keras model. Threads may share one.

    Args:
        model: whose graph it is.
        graph: of the model, as `read_graph` lays it out.
        chunk_rows: images times passes computed at a time; None for what fits the cache.
        noun: what errors call one of the things that come in.

    Raises:
        NoActiveDropoutError: the model has no dropout layer.
    """

    def __init__(
        self, model: Any, graph: Graph, chunk_rows: int | None = None, noun: str = "image"
    ) -> None:
        if not graph.dropouts:
            raise NoActiveDropoutError(
                "model",
                expected="at least one dropout layer",
                received=f"{model.name}, which has none: all its passes would be the same",
                advice="Train it with dropout, for example keras.layers.Dropout(0.5) before its"
                " last dense layer, or look at its single pass.",
            )
        split = split_graph(graph)
        self._dropouts = graph.dropouts
        self._input_shapes = graph.input_shapes
        self._compiled = CompiledGraph(graph, split, model.variables)
        self._committee = Committee(graph.dropouts, self._compiled)
        self.plan: Plan = explain(graph, split)
        self._chunk_rows = (
            chunk_rows
            if chunk_rows is not None
            else max(1, chunk_bytes() // (self.plan.floats_per_row * _FLOAT_BYTES))
        )
        self._model = model
        self._noun = noun
        self._run_so_far = 0
        self._counting = threading.Lock()

    @property
    def passes_run(self) -> int:
        """Passes computed so far, each image counted."""
        return self._run_so_far

    @cached_property
    def weights_checksum(self) -> str:
        """A sha256 over the model's weights."""
        return array_checksum(*self._model.get_weights())

    def call(
        self,
        images: Inputs,
        num_samples: int,
        seed: int,
        rates: Rates | None,
        masks: MaskSharing,
        image_ids: Sequence[int] | None,
        called: str = "num_samples",
    ) -> Call:
        """Check the arguments of a call.

        Raises:
            InvalidInputError: one is out of its range.
        """
        inputs = check_inputs(images, self._input_shapes, self._noun)
        return Call(
            inputs=inputs,
            num_samples=check_whole_number(called, num_samples, 1, MAX_NUM_SAMPLES),
            seed=check_whole_number("seed", seed, 0, MAX_SEED),
            rates=check_rates(rates, self._dropouts),
            image_ids=check_image_ids(masks, image_ids, len(inputs[0])),
        )

    def run(
        self, call: Call, passes: slice, reduce: Callable[[Samples], _Part]
    ) -> Iterator[tuple[slice, slice, _Part]]:
        """Run passes over all images of a call, chunk by chunk.

        Args:
            call: whose images and masks.
            passes: some of the call's.
            reduce: what is made of a chunk's samples, shape (t, n, ...), in a worker's thread.

        Yields:
            Which images, which passes, and what `reduce` made of them. All passes of some images
            come before those of the next.
        """
        batches = list(self._batches(call.num_images, passes.stop - passes.start))
        ranges = self._ranges(batches[0], passes)
        if len(batches) == 1 and len(ranges) <= num_workers() and runs_branches_at_once():
            masks = [self._masks(call, batches[0], each) for each in ranges]
            parts = self._compiled.whole(call.inputs, masks, self._shifts(call))
            for each, part in zip(ranges, parts, strict=True):
                self._count(batches[0], each)
                yield batches[0], each, reduce(part)
            return
        waiting: deque[Future[tuple[slice, slice, _Part]]] = deque()
        for chunk in self._chunks(call, batches, passes):
            waiting.append(worker_pool().submit(self._work, call, chunk, reduce))
            if len(waiting) > num_workers():  # one chunk a worker, and the next one ready
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()

    def collect(
        self,
        call: Call,
        shape: tuple[int, ...],
        check: Callable[[Samples], Samples],
        advice: str,
    ) -> Samples:
        """Run all passes of a call and keep what comes out of them.

        Args:
            call: of which images.
            shape: of what one pass makes of one image.
            check: called with a chunk's samples; returns what to keep of them.
            advice: what to do where they are too large, a sentence.

        Returns:
            Shape (T, N, *shape).

        Raises:
            InvalidInputError: they would be too large.
        """
        whole = (call.num_samples, call.num_images, *shape)
        if (size := int(np.prod(whole)) * _FLOAT_BYTES) > MAX_SAMPLES_BYTES:
            raise InvalidInputError(
                "num_samples times the number of images",
                expected=f"samples of at most {MAX_SAMPLES_BYTES / 2**30:.0f} GiB",
                received=f"{size / 2**30:.1f} GiB",
                advice=advice,
            )
        samples = np.empty(whole, dtype=np.float32)
        for batch, passes, part in self.run(call, call.all_passes, check):
            samples[passes, batch] = part
        return samples

    def twin(self, images: Inputs) -> Samples:
        """Run one pass with dropout off, shape (N, ...)."""
        inputs = check_inputs(images, self._input_shapes, self._noun)
        return np.concatenate(
            [
                self._compiled.twin([each[batch] for each in inputs])
                for batch in self._batches(len(inputs[0]), 1)
            ]
        )

    def dropout_inputs(self, images: Inputs) -> list[Samples]:
        """Return what comes into each dropout call with dropout off, shape (N, ...) each."""
        inputs = check_inputs(images, self._input_shapes, self._noun)
        batches = [
            self._compiled.dropout_inputs([each[batch] for each in inputs])
            for batch in self._batches(len(inputs[0]), 1)
        ]
        return [np.concatenate(each) for each in zip(*batches, strict=True)]

    def rates(self, rates: Rates | None) -> tuple[float, ...]:
        """Check rates and return that of each dropout call.

        Raises:
            InvalidInputError: see `check_rates`.
        """
        return check_rates(rates, self._dropouts)

    def dropped(self, num_samples: int, seed: int, rates: Rates | None) -> tuple[DroppedUnits, ...]:
        """Return what each pass drops of the dropout calls that drop units.

        Raises:
            InvalidInputError: an argument is out of its range, or there are too many units.
        """
        num_samples = check_whole_number("num_samples", num_samples, 1, MAX_NUM_SAMPLES)
        seed = check_whole_number("seed", seed, 0, MAX_SEED)
        chosen = check_rates(rates, self._dropouts)
        units = sum(spec.num_units for spec in self._dropouts)
        if num_samples * units > MAX_DROPPED_BYTES:
            raise InvalidInputError(
                "num_samples",
                expected=f"at most {MAX_DROPPED_BYTES // units:,} for {units:,} units a pass",
                received=num_samples,
            )
        return self._committee.dropped(seed, chosen, num_samples)

    def open_images(self, call: Call, images: Counts, num_outputs: int) -> OpenImages:
        """Return what runs passes of some images for as long as they are open.

        Args:
            call: whose images and masks.
            images: shape (n,), which of them.
            num_outputs: numbers that come out of a pass of one image.
        """
        return OpenImages(
            self._compiled,
            call.inputs,
            images,
            lambda some, passes: self._masks(call, some, passes),
            self._shifts(call),
            self._chunk_rows,
            num_outputs,
            self._count_passes,
        )

    def open_image_bytes(self, call: Call) -> int:
        """Return how much memory an open image takes."""
        return self._compiled.frontier_bytes([each[:1] for each in call.inputs])

    def _chunks(self, call: Call, batches: Sequence[slice], passes: slice) -> Iterator[_Chunk]:
        for images in batches:
            frontier = self._compiled.prefix([each[images] for each in call.inputs])
            for each in self._ranges(images, passes):
                yield _Chunk(images, each, frontier)

    def _work(
        self, call: Call, chunk: _Chunk, reduce: Callable[[Samples], _Part]
    ) -> tuple[slice, slice, _Part]:
        masks = self._masks(call, chunk.images, chunk.passes)
        part = reduce(self._compiled.suffix(chunk.frontier, masks, self._shifts(call)))
        self._count(chunk.images, chunk.passes)
        return chunk.images, chunk.passes, part

    def _masks(self, call: Call, images: slice | Counts, passes: slice) -> Masks:
        ids = None
        if call.image_ids is not None:
            ids = [call.image_ids[image] for image in np.arange(call.num_images)[images]]
        return self._committee.masks(call.seed, call.rates, passes, ids)

    def _shifts(self, call: Call) -> npt.NDArray[np.float32]:
        return self._committee.shifts(call.rates)

    def _count(self, images: slice, passes: slice) -> None:
        self._count_passes(images.stop - images.start, passes.stop - passes.start)

    def _count_passes(self, num_images: int, num_passes: int) -> None:
        with self._counting:
            self._run_so_far += num_images * num_passes

    def _ranges(self, images: slice, passes: slice) -> list[slice]:
        return parted(passes, images.stop - images.start, self._chunk_rows)

    def _batches(self, num_images: int, num_passes: int) -> Iterator[slice]:
        size = max(1, self._chunk_rows // min(num_passes, _PASSES_BEFORE_IMAGES))
        for start in range(0, num_images, size):
            yield slice(start, min(start + size, num_images))
