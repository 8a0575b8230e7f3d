"""A batch of somebody's own images: asked a few at a time, stopped at will, and kept so far."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from ..errors import InvalidInputError
from ..images import BatchItem
from ..limits import BATCH_BYTES, DEFAULT_NUM_SAMPLES, MAX_THUMBNAIL_SIDE
from ..uncertainty.classes import Classes
from ..uncertainty.measures import MEASURES, runner_up
from ..uncertainty.reasons import Votes
from .batch_result import BatchResult
from .reference_data import NO_LABEL

if TYPE_CHECKING:
    from ..inference import McSampler

Progress = Callable[[int, int], None]  # items done, of how many
Array = npt.NDArray[Any]

_AT_ONCE = 20  # images; more are no faster, and a bar that moves seldom cannot be stopped soon


@dataclass(frozen=True, eq=False)
class _Part:
    """Some items one after another, and the columns of those of them that were answered."""

    items: tuple[tuple[str, str, int], ...]  # name, problem, label
    is_read: npt.NDArray[np.bool_]
    columns: dict[str, Array]


class BatchRun:
    """Asks a network about a batch, and keeps what is said; memory holds a few images at a time.

    Args:
        sampler: of the network.
        classes: what it tells apart.
        num_samples: T.
        seed: of the passes; all images meet the same T subnetworks, as on every page.
        num_expected: how many items there will be, as far as that is known.
    """

    def __init__(
        self,
        sampler: McSampler,
        classes: Classes,
        *,
        num_samples: int = DEFAULT_NUM_SAMPLES,
        seed: int = 0,
        num_expected: int = 0,
    ) -> None:
        self._sampler = sampler
        self._classes = classes
        self._num_samples = num_samples
        self._seed = seed
        self._num_expected = num_expected
        self._parts: list[_Part] = []
        self._num_done = 0
        self._was_stopped = True  # until all of it is done

    def run(self, items: Iterable[BatchItem], progress: Progress | None = None) -> None:
        """Ask about items; what is done before anything is raised here is in the `result`.

        Args:
            items: as a batch gives them.
            progress: called as items are done; what it raises ends the run.

        Raises:
            InvalidInputError: passes or seed out of range, or images that do not fit the network.
        """
        waiting: list[BatchItem] = []
        room = _AT_ONCE
        for item in items:
            if len(waiting) >= room:
                self._ask(waiting)
                waiting = []
                self._tell(progress)
            waiting.append(item)
            if item.image is not None:
                each = item.image.nbytes + 8 * len(self._classes) ** 2
                room = max(1, min(_AT_ONCE, BATCH_BYTES // each))
        self._ask(waiting)
        self._was_stopped = False
        self._tell(progress)

    def result(self) -> BatchResult:
        """Return what is done."""
        rows = [row for part in self._parts for row in part.items]
        names, problems, labels = zip(*rows, strict=True) if rows else ((), (), ())
        flags = [part.is_read for part in self._parts]
        is_read = np.concatenate(flags) if flags else np.zeros(0, bool)
        answered = [part.columns for part in self._parts if part.columns]

        def column(name: str, kind: Any, missing: Any) -> Array:
            whole = np.full(len(rows), missing, kind)
            if answered:
                whole[is_read] = np.concatenate([columns[name] for columns in answered])
            return whole

        votes = {
            each.name: column(each.name, np.int64, NO_LABEL)
            for each in fields(Votes)
            if each.name != "num_samples"
        }
        thumbnails = None
        if answered and "thumbnail" in answered[0]:
            shape = answered[0]["thumbnail"].shape[1:]
            thumbnails = np.zeros((len(rows), *shape), np.uint8)
            thumbnails[is_read] = np.concatenate([each["thumbnail"] for each in answered])
        expected = max(self._num_expected, len(rows) + 1) if self._was_stopped else len(rows)
        return BatchResult(
            classes=self._classes,
            num_samples=self._num_samples,
            seed=self._seed,
            num_expected=expected,
            names=tuple(names),
            problems=tuple(problems),
            is_read=is_read,
            labels=np.array(labels, np.int64),
            predicted=column("winner", np.int64, NO_LABEL),
            runner_up=column("runner_up", np.int64, NO_LABEL),
            twin_predicted=column("twin", np.int64, NO_LABEL),
            twin_confidence=column("twin_confidence", np.float64, np.nan),
            measures={name: column(name, np.float64, np.nan) for name in MEASURES},
            votes=Votes(self._num_samples, **votes),
            thumbnails=thumbnails,
        )

    def _ask(self, items: list[BatchItem]) -> None:
        # One call that adds all of it: an interruption from the keyboard cannot part it.
        self._parts.extend(self._answers(items))
        self._num_done += len(items)

    def _tell(self, progress: Progress | None) -> None:
        if progress is not None:
            expected = self._num_expected if self._was_stopped else 0
            progress(self._num_done, max(expected, self._num_done))

    def _answers(self, items: list[BatchItem]) -> list[_Part]:
        images = [item.image for item in items if item.image is not None]
        columns: dict[str, Array] = {}
        if images:
            try:
                columns = self._columns(np.stack(images))
            except InvalidInputError as error:
                if error.argument != "probs_tnc":
                    raise
                if len(items) > 1:  # one of them only, perhaps
                    return [part for item in items for part in self._answers([item])]
                why = "The network’s answer is no distribution: its numbers are too large."
                items = [BatchItem(items[0].name, None, items[0].label, why)]
        rows = tuple(
            (item.name, item.problem, NO_LABEL if item.label is None else item.label)
            for item in items
        )
        return [_Part(rows, np.array([item.image is not None for item in items], bool), columns)]

    def _columns(self, batch: npt.NDArray[np.float32]) -> dict[str, Array]:
        summary = self._sampler.summarise(batch, num_samples=self._num_samples, seed=self._seed)
        twin = self._sampler.twin(batch)
        votes = Votes.of(summary)
        columns: dict[str, Array] = {
            each.name: getattr(votes, each.name)
            for each in fields(Votes)
            if each.name != "num_samples"
        }
        columns |= {name: measure.value(summary) for name, measure in MEASURES.items()}
        columns["runner_up"] = runner_up(summary)
        columns["twin"] = twin.argmax(axis=1)
        columns["twin_confidence"] = twin.max(axis=1)
        if batch.ndim == 4:
            columns["thumbnail"] = thumbnails_of(batch)
        return columns


def run_batch(
    sampler: McSampler,
    items: Iterable[BatchItem],
    *,
    classes: Classes,
    num_samples: int = DEFAULT_NUM_SAMPLES,
    seed: int = 0,
    num_expected: int = 0,
    progress: Progress | None = None,
) -> BatchResult:
    """Ask a network about a batch; arguments as `BatchRun` takes them.

    What `progress` raises ends the run, and what is done so far comes back: it is not complete.

    Raises:
        InvalidInputError: passes or seed out of range, or images that do not fit the network.
    """
    run = BatchRun(sampler, classes, num_samples=num_samples, seed=seed, num_expected=num_expected)
    stopped: list[Exception] = []

    def watched(done: int, total: int) -> None:
        if progress is not None:
            try:
                progress(done, total)
            except Exception as error:
                stopped.append(error)
                raise

    try:
        run.run(items, watched)
    except Exception:
        if not stopped:
            raise
    return run.result()


def thumbnails_of(batch: npt.NDArray[np.float32]) -> npt.NDArray[np.uint8]:
    """Return images in 8 bits, shrunk by a whole factor so that no side is over 32 pixels.

    Args:
        batch: shape (N, H, W, channels), in [0, 1].
    """
    height, width = batch.shape[1:3]
    factor = -(-max(height, width) // MAX_THUMBNAIL_SIDE)
    small = batch
    if factor > 1:
        rows, columns = (-(-side // factor) * factor for side in (height, width))
        edges = ((0, 0), (0, rows - height), (0, columns - width), (0, 0))
        blocks = np.pad(batch, edges, mode="edge").reshape(
            len(batch), rows // factor, factor, columns // factor, factor, batch.shape[3]
        )
        small = blocks.mean(axis=(2, 4))
    return np.asarray(np.clip(np.rint(small * 255.0), 0, 255), np.uint8)
