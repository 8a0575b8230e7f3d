"""A Keras classifier made stochastic: Monte-Carlo dropout, computed once where it can be."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from ..errors import InvalidInputError, NoActiveDropoutError
from ..limits import (
    CHUNK_BYTES,
    DEFAULT_NUM_SAMPLES,
    MAX_NUM_SAMPLES,
    MAX_SAMPLES_BYTES,
    MAX_SEED,
)
from .compiled import Array, CompiledGraph
from .graph import DropoutSpec, read_graph
from .masks import pass_masks
from .plan import Plan, explain, split_graph
from .samples import McSamples, McSummary

Rates = float | Mapping[str, float]
MaskSharing = Literal["shared", "independent"]

# A chunk holds this many passes of few images rather than few passes of many: what is computed
# once for an image is then read from cache by all its passes. 36 images took 1.17 s with 4 passes
# a chunk and 0.73 s with 262.
_PASSES_BEFORE_IMAGES = 256
_STREAM_PARTS = 5  # the first running summary comes within a fifth of the whole time
_FLOAT_BYTES = 4


@dataclass(frozen=True, slots=True)
class _Call:
    """The checked arguments of one call."""

    images: npt.NDArray[np.float32]
    num_samples: int
    seed: int
    rates: tuple[float, ...]
    image_ids: tuple[int, ...] | None


class McSampler:
    """Runs many stochastic passes of a Keras model.

    Dropout and SpatialDropout layers are active, every other layer is in inference mode, and
    the model is left as it was. Nothing is kept between calls that a result depends on, so
    threads may share one sampler.

    Args:
        model: a built sequential or functional Keras model with one input, ending in a softmax.
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
                expected="at least one Dropout or SpatialDropout layer",
                received=f"{model.name}, which has none: all its passes would be the same",
                advice="Train it with dropout, for example keras.layers.Dropout(0.5) before its"
                " last dense layer, or look at its single pass.",
            )
        split = split_graph(graph)
        self._dropouts = graph.dropouts
        self._input_shape = graph.input_shape
        self._num_classes = int(model.output_shape[-1])
        self._compiled = CompiledGraph(graph, split)
        self._plan = explain(graph, split)
        self._chunk_rows = (
            chunk_rows
            if chunk_rows is not None
            else max(1, CHUNK_BYTES // (self._plan.floats_per_row * _FLOAT_BYTES))
        )
        self._passes_run = 0
        self._counting = threading.Lock()

    @property
    def plan(self) -> Plan:
        """Which layers are stochastic, and what is computed once."""
        return self._plan

    def sample(
        self,
        images: Array,
        num_samples: int = DEFAULT_NUM_SAMPLES,
        seed: int = 0,
        rates: Rates | None = None,
        masks: MaskSharing = "shared",
        image_ids: Sequence[int] | None = None,
    ) -> McSamples:
        """Return every pass's softmax.

        Args:
            images: shape (N, *input shape).
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
        size = call.num_samples * len(call.images) * classes * _FLOAT_BYTES
        if size > MAX_SAMPLES_BYTES:
            raise InvalidInputError(
                "num_samples times the number of images",
                expected=f"samples of at most {MAX_SAMPLES_BYTES / 2**30:.0f} GiB",
                received=f"{size / 2**30:.1f} GiB",
                advice="Use summarise or stream, which keep sums instead of samples.",
            )
        probs = np.empty((call.num_samples, len(call.images), classes), dtype=np.float32)
        for batch in self._batches(len(call.images), call.num_samples):
            for passes, part in self._run(call, batch, slice(0, call.num_samples)):
                probs[passes, batch] = part
        return McSamples(probs)

    def summarise(
        self,
        images: Array,
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
        images: Array,
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

    def twin(self, images: Array) -> npt.NDArray[np.float32]:
        """Return the softmax of one pass with dropout off, shape (N, C)."""
        checked = self._check_images(images)
        return np.concatenate(
            [self._compiled.twin(checked[batch]) for batch in self._batches(len(checked), 1)]
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
        images = []
        for batch in self._batches(len(call.images), passes.stop - passes.start):
            parts = (McSummary.from_samples(part) for _, part in self._run(call, batch, passes))
            total = next(parts)
            for part in parts:
                total = total + part
            images.append(total)
        return McSummary.stack(images)

    def _run(
        self, call: _Call, batch: slice, passes: slice
    ) -> Iterator[tuple[slice, npt.NDArray[np.float32]]]:
        """Run some passes over a batch of images, chunk by chunk: (passes, samples (t, n, C))."""
        frontier = self._compiled.prefix(call.images[batch])
        num_images = batch.stop - batch.start
        step = max(1, self._chunk_rows // num_images)
        ids = None if call.image_ids is None else call.image_ids[batch]
        for start in range(passes.start, passes.stop, step):
            chunk = slice(start, min(start + step, passes.stop))
            masks = [
                pass_masks(
                    call.seed, spec.position, spec.num_units, rate, chunk.start, chunk.stop, ids
                ).reshape(chunk.stop - chunk.start, -1, *spec.noise_shape)
                for spec, rate in zip(self._dropouts, call.rates, strict=True)
            ]
            yield chunk, self._compiled.suffix(frontier, masks)
            with self._counting:
                self._passes_run += num_images * (chunk.stop - chunk.start)

    def _batches(self, num_images: int, num_passes: int) -> Iterator[slice]:
        size = max(1, self._chunk_rows // min(num_passes, _PASSES_BEFORE_IMAGES))
        for start in range(0, num_images, size):
            yield slice(start, min(start + size, num_images))

    def _call(
        self,
        images: Array,
        num_samples: int,
        seed: int,
        rates: Rates | None,
        masks: MaskSharing,
        image_ids: Sequence[int] | None,
    ) -> _Call:
        checked = self._check_images(images)
        return _Call(
            images=checked,
            num_samples=check_whole_number("num_samples", num_samples, 1, MAX_NUM_SAMPLES),
            seed=check_whole_number("seed", seed, 0, MAX_SEED),
            rates=_check_rates(rates, self._dropouts),
            image_ids=_check_image_ids(masks, image_ids, len(checked)),
        )

    def _check_images(self, images: Array) -> npt.NDArray[np.float32]:
        array = np.asarray(images)
        shape = self._input_shape
        if (
            array.ndim != len(shape) + 1
            or len(array) == 0
            or any(
                side is not None and side != got
                for side, got in zip(shape, array.shape[1:], strict=True)
            )
        ):
            raise InvalidInputError(
                "images",
                expected=f"a batch of shape (N, {', '.join(map(str, shape))}), N at least 1",
                received=f"shape {array.shape}",
                advice="Put a single image into a batch with image[None]."
                if array.shape == shape
                else "",
            )
        if array.dtype.kind not in "fiub" or not np.isfinite(array).all():
            raise InvalidInputError(
                "images",
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


def _check_rates(rates: Rates | None, dropouts: Sequence[DropoutSpec]) -> tuple[float, ...]:
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


def _check_image_ids(
    masks: str, image_ids: Sequence[int] | None, num_images: int
) -> tuple[int, ...] | None:
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
