"""A Keras classifier made stochastic: Monte-Carlo dropout, computed once where it can be."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from ..errors import InvalidInputError, NoActiveDropoutError
from ..limits import (
    ADAPTIVE_BYTES,
    DEFAULT_NUM_SAMPLES,
    MAX_NUM_SAMPLES,
    MAX_SAMPLES_BYTES,
    MAX_SEED,
)
from ..store import array_checksum
from .adaptive import AdaptiveDecisions, DecisionRule, check_error, decide_adaptively
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
from .graph import read_graph
from .open_images import OpenImages
from .plan import Plan, explain, split_graph
from .samples import Counts, McSamples, McSummary
from .workers import chunk_bytes, num_workers, parted, worker_pool

# A chunk holds this many passes of few images rather than few passes of many: what is computed
# once for an image is then read from cache by all its passes.
_PASSES_BEFORE_IMAGES = 256
_STREAM_PARTS = 5  # the first running summary comes within a fifth of the whole time
_FLOAT_BYTES = 4

Samples = npt.NDArray[np.float32]
_Part = TypeVar("_Part")


@dataclass(frozen=True, slots=True)
class _Call:
    """The checked arguments of one call."""

    inputs: tuple[npt.NDArray[np.float32], ...]
    num_samples: int
    seed: int
    rates: tuple[float, ...]
    image_ids: tuple[int, ...] | None

    @property
    def num_images(self) -> int:
        return len(self.inputs[0])


@dataclass(frozen=True, slots=True)
class _Chunk:
    """Passes over images that are computed at a time."""

    images: slice
    passes: slice
    frontier: list[Any]


class McSampler:
    """Runs many stochastic passes of a Keras model.

    Dropout layers are active (Dropout, SpatialDropout, GaussianDropout, AlphaDropout), every other
    layer is in inference mode, and the model is left as it was. Nothing is kept between calls that
    a result depends on, so threads may share one sampler.

    Args:
        model: a built sequential or functional Keras model with one output, a softmax.
        chunk_rows: images times passes computed at a time; None lets the sampler choose.

    Raises:
        InvalidInputError: no such model.
        NoActiveDropoutError: the model has no dropout layer.
        UnsupportedLayerError: dropout is hidden where it cannot be made active.
    """

    def __init__(self, model: Any, *, chunk_rows: int | None = None) -> None:
        graph = read_graph(model)
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
        self._num_classes = int(model.output_shape[-1])
        self._compiled = CompiledGraph(graph, split, model.variables)
        self._committee = Committee(graph.dropouts, self._compiled)
        self._plan = explain(graph, split)
        self._chunk_rows = (
            chunk_rows
            if chunk_rows is not None
            else max(1, chunk_bytes() // (self._plan.floats_per_row * _FLOAT_BYTES))
        )
        self._model = model
        self._passes_run = 0
        self._counting = threading.Lock()

    @property
    def plan(self) -> Plan:
        """Which layers are stochastic, and what is computed once."""
        return self._plan

    @cached_property
    def weights_checksum(self) -> str:
        """A sha256 over the model's weights: who it was that gave these numbers."""
        return array_checksum(*self._model.get_weights())

    def sample(
        self,
        images: Inputs,
        num_samples: int = DEFAULT_NUM_SAMPLES,
        seed: int = 0,
        rates: Rates | None = None,
        masks: MaskSharing = "shared",
        image_ids: Sequence[int] | None = None,
    ) -> McSamples:
        """Return every pass's softmax.

        Args:
            images: shape (N, *input shape); for a model with several inputs one such array for
                each, in the order of `model.inputs`.
            num_samples: T, the number of passes.
            seed: the same seed gives the same masks, bit for bit, everywhere.
            rates: dropout rates to use instead of the model's own: one number for all layers,
                or a mapping from layer names.
            masks: "shared": all images meet the same T subnetworks. "independent": each image
                meets its own, drawn by its id.
            image_ids: shape (N,), whole numbers from 0; needed by "independent" masks only,
                0 to N - 1 by default.

        Returns:
            Softmax samples of shape (T, N, C).

        Raises:
            InvalidInputError: an argument is out of range, or the samples would not fit memory.
        """
        call = self._call(images, num_samples, seed, rates, masks, image_ids)
        classes = self._num_classes
        size = call.num_samples * call.num_images * classes * _FLOAT_BYTES
        if size > MAX_SAMPLES_BYTES:
            raise InvalidInputError(
                "num_samples times the number of images",
                expected=f"samples of at most {MAX_SAMPLES_BYTES / 2**30:.0f} GiB",
                received=f"{size / 2**30:.1f} GiB",
                advice="Use summarise or stream, which keep sums instead of samples.",
            )
        probs = np.empty((call.num_samples, call.num_images, classes), dtype=np.float32)
        every = slice(0, call.num_samples)
        for batch, passes, part in self._run(call, every, _as_they_are):
            probs[passes, batch] = part
        return McSamples(probs)

    def summarise(
        self,
        images: Inputs,
        num_samples: int = DEFAULT_NUM_SAMPLES,
        seed: int = 0,
        rates: Rates | None = None,
        masks: MaskSharing = "shared",
        image_ids: Sequence[int] | None = None,
    ) -> McSummary:
        """Return the sums over all passes; memory does not grow with T. Arguments as `sample`."""
        call = self._call(images, num_samples, seed, rates, masks, image_ids)
        return self._summary(call, slice(0, call.num_samples))

    def stream(
        self,
        images: Inputs,
        num_samples: int = DEFAULT_NUM_SAMPLES,
        seed: int = 0,
        rates: Rates | None = None,
        masks: MaskSharing = "shared",
        image_ids: Sequence[int] | None = None,
    ) -> Iterator[McSummary]:
        """Yield running summaries, the last one over all passes. Arguments as `sample`."""
        # Arguments are checked at the call, not at the first summary.
        call = self._call(images, num_samples, seed, rates, masks, image_ids)
        return self._stream(call)

    def decide(
        self,
        images: Inputs,
        policy: DecisionRule,
        max_samples: int = DEFAULT_NUM_SAMPLES,
        error: float = 0.01,
        seed: int = 0,
        rates: Rates | None = None,
        masks: MaskSharing = "shared",
        image_ids: Sequence[int] | None = None,
    ) -> AdaptiveDecisions:
        """Return the decisions of a policy, with no more passes than each image needs.

        An image's passes stop as soon as its decision and its predicted class have settled. They
        are the first ones of those that `sample` runs. An image close to a limit may never settle:
        its decision is that of `max_samples` passes, and it is said not to have settled.

        Args:
            images: as for `sample`, as are `seed` to `image_ids`.
            policy: under which answers are accepted, a `core.uncertainty.Policy`. Without limits
                only the predicted class has to settle.
            max_samples: T, the most passes of an image.
            error: the largest probability, for one image, that it settles on another decision or
                class than infinitely many passes would give. All images meet the same passes, so
                their errors come together.
            seed: as for `sample`.
            rates: as for `sample`.
            masks: as for `sample`.
            image_ids: as for `sample`.

        Raises:
            InvalidInputError: an argument is out of range, or no policy.
        """
        call = self._call(images, max_samples, seed, rates, masks, image_ids, "max_samples")
        if not isinstance(policy, DecisionRule):
            raise InvalidInputError(
                "policy",
                expected="a core.uncertainty.Policy",
                received=type(policy).__name__,
                advice="Give Policy({'predictive_entropy': 0.5}), or load_policy(path).",
            )

        def open_images(images: Counts) -> OpenImages:
            return OpenImages(
                self._compiled,
                call.inputs,
                images,
                lambda some, passes: self._masks(call, some, passes),
                self._shifts(call),
                self._chunk_rows,
                self._num_classes,
                self._count_passes,
            )

        kept = self._compiled.frontier_bytes([each[:1] for each in call.inputs])
        return decide_adaptively(
            open_images,
            call.num_images,
            self._num_classes,
            policy,
            call.num_samples,
            check_error(error),
            max(1, ADAPTIVE_BYTES // max(kept, 1)),
        )

    def twin(self, images: Inputs) -> npt.NDArray[np.float32]:
        """Return the softmax of one pass with dropout off, shape (N, C)."""
        inputs = check_inputs(images, self._input_shapes)
        return np.concatenate(
            [
                self._compiled.twin([each[batch] for each in inputs])
                for batch in self._batches(len(inputs[0]), 1)
            ]
        )

    @property
    def passes_run(self) -> int:
        """Passes computed so far, each image counted: what a cache saves."""
        return self._passes_run

    def _stream(self, call: _Call) -> Iterator[McSummary]:
        step = -(-call.num_samples // _STREAM_PARTS)
        running: McSummary | None = None
        for start in range(0, call.num_samples, step):
            part = self._summary(call, slice(start, min(start + step, call.num_samples)))
            running = part if running is None else running + part
            yield running

    def _summary(self, call: _Call, passes: slice) -> McSummary:
        """Sum up some of the passes over all images of a call."""
        sums: dict[int, McSummary] = {}  # by the first image of a batch
        for images, _, part in self._run(call, passes, McSummary.from_samples):
            known = sums.get(images.start)
            sums[images.start] = part if known is None else known + part
        return McSummary.stack(sums.values())

    def _run(
        self, call: _Call, passes: slice, reduce: Callable[[Samples], _Part]
    ) -> Iterator[tuple[slice, slice, _Part]]:
        """Run passes over all images, chunk by chunk: images, passes, `reduce(samples)`."""
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

    def _chunks(self, call: _Call, batches: Sequence[slice], passes: slice) -> Iterator[_Chunk]:
        for images in batches:
            frontier = self._compiled.prefix([each[images] for each in call.inputs])
            for each in self._ranges(images, passes):
                yield _Chunk(images, each, frontier)

    def _work(
        self, call: _Call, chunk: _Chunk, reduce: Callable[[Samples], _Part]
    ) -> tuple[slice, slice, _Part]:
        masks = self._masks(call, chunk.images, chunk.passes)
        part = reduce(self._compiled.suffix(chunk.frontier, masks, self._shifts(call)))
        self._count(chunk.images, chunk.passes)
        return chunk.images, chunk.passes, part

    def _masks(self, call: _Call, images: slice | Counts, passes: slice) -> Masks:
        ids = None
        if call.image_ids is not None:
            ids = [call.image_ids[image] for image in np.arange(call.num_images)[images]]
        return self._committee.masks(call.seed, call.rates, passes, ids)

    def _shifts(self, call: _Call) -> npt.NDArray[np.float32]:
        return self._committee.shifts(call.rates)

    def _count(self, images: slice, passes: slice) -> None:
        self._count_passes(images.stop - images.start, passes.stop - passes.start)

    def _count_passes(self, num_images: int, num_passes: int) -> None:
        with self._counting:
            self._passes_run += num_images * num_passes

    def _ranges(self, images: slice, passes: slice) -> list[slice]:
        return parted(passes, images.stop - images.start, self._chunk_rows)

    def _batches(self, num_images: int, num_passes: int) -> Iterator[slice]:
        size = max(1, self._chunk_rows // min(num_passes, _PASSES_BEFORE_IMAGES))
        for start in range(0, num_images, size):
            yield slice(start, min(start + size, num_images))

    def _call(
        self,
        images: Inputs,
        num_samples: int,
        seed: int,
        rates: Rates | None,
        masks: MaskSharing,
        image_ids: Sequence[int] | None,
        called: str = "num_samples",
    ) -> _Call:
        inputs = check_inputs(images, self._input_shapes)
        return _Call(
            inputs=inputs,
            num_samples=check_whole_number(called, num_samples, 1, MAX_NUM_SAMPLES),
            seed=check_whole_number("seed", seed, 0, MAX_SEED),
            rates=check_rates(rates, self._dropouts),
            image_ids=check_image_ids(masks, image_ids, len(inputs[0])),
        )


def _as_they_are(samples: Samples) -> Samples:
    return samples
