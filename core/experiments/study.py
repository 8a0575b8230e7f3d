"""A study: the same sweep over many images, each answer's uncertainty kept and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from ..inference.samples import McSummary
from ..store import array_checksum
from ..uncertainty import MEASURES, predicted_class
from .checkpoint import Checkpoint, Rows
from .recipe import check_labels
from .scoring import BATCH_SIZE, Images
from .study_answers import Answers
from .study_plan import StudyImages, StudyPlan, seed_of

if TYPE_CHECKING:
    from ..inference import McSampler

PART_NAMES = {
    "upright": "validation, upright",
    "validation": "validation, the twin's sweeps",
    "test": "test sweeps",
}

StudyProgress = Callable[[str, int, int], None]  # which part, images done, of how many


@dataclass(frozen=True, slots=True, eq=False)
class StudyData:
    """Where a study takes its images: limits from validation images, results from test images.

    Attributes:
        validation_images: shape (M, 28, 28) or (M, 28, 28, 1), bytes or numbers in [0, 1].
        validation_labels: shape (M,).
        test_images: likewise; test_labels likewise.
    """

    validation_images: Images
    validation_labels: npt.NDArray[Any]
    test_images: Images
    test_labels: npt.NDArray[Any]

    @property
    def checksum(self) -> str:
        """A sha256 over all of it."""
        return array_checksum(
            self.validation_images, self.validation_labels, self.test_images, self.test_labels
        )


@dataclass(frozen=True, slots=True, eq=False)
class StudyAnswers:
    """All that a study asked.

    Attributes:
        plan: of the study.
        upright: committee and twin on validation images as they are, one step.
        validation: the twin alone, on sweeps over N validation images.
        test: committee and twin on sweeps over N test images.
        digits: shape (N,), the true digit of each test image, of a blending of the first.
        validation_digits: shape (N,), likewise of the swept validation images.
    """

    plan: StudyPlan
    upright: Answers
    validation: Answers
    test: Answers
    digits: npt.NDArray[np.int64]
    validation_digits: npt.NDArray[np.int64]


def run_study(
    plan: StudyPlan,
    sampler: McSampler,
    data: StudyData,
    *,
    state: Path | Checkpoint | None = None,
    progress: StudyProgress | None = None,
) -> StudyAnswers:
    """Run a study, image by image; memory grows by a few bytes an answer.

    Args:
        plan: of the study.
        sampler: of the network to ask.
        data: the images.
        state: a file that holds what is done, or the checkpoint of it, saved every few seconds
            and when the study is interrupted; what it holds of the same study is not computed
            again, and the result is the same. A damaged one is not used. None keeps nothing.
            The caller deletes it when the results are safe.
        progress: called after each image or batch of images with the part's name, how many of
            its images are done, and of how many.

    Raises:
        InvalidInputError: the data has too few images, or the file is of another study.
    """
    chosen = {
        "validation": StudyImages.choose(plan, data.validation_labels),
        "test": StudyImages.choose(plan, data.test_labels),
    }
    checkpoint = Checkpoint.of(state, "study", study_identity(plan, sampler, data))

    def ask(part: str, num_rows: int, batch_size: int, compute: Callable[[slice], Rows]) -> Answers:
        def show(done: int, total: int) -> None:
            if progress is not None:
                progress(part, done, total)

        return Answers.of(checkpoint.fill(part, num_rows, batch_size, compute, show))

    def sweep(part: str, images: Images, labels: npt.NDArray[Any]) -> Callable[[slice], Rows]:
        def compute(batch: slice) -> Rows:
            recipe = chosen[part].recipe(plan, batch.start, images, labels)
            steps = recipe.step_images()
            summary = (
                sampler.summarise(steps, num_samples=plan.num_samples, seed=recipe.seed)
                if part == "test"
                else None
            )
            rows = _rows(summary, sampler.twin(steps), np.array([recipe.truths]))
            return {name: array[None] for name, array in rows.items()}

        return compute

    upright = ask(
        "upright",
        min(plan.num_upright, len(data.validation_labels)),
        BATCH_SIZE,
        lambda batch: _ask_upright(batch, plan, sampler, data),
    )
    validation = ask(
        "validation",
        plan.num_images,
        1,
        sweep("validation", data.validation_images, data.validation_labels),
    )
    test = ask("test", plan.num_images, 1, sweep("test", data.test_images, data.test_labels))
    return StudyAnswers(
        plan=plan,
        upright=upright,
        validation=validation,
        test=test,
        digits=np.asarray(data.test_labels, dtype=np.int64)[chosen["test"].first],
        validation_digits=np.asarray(data.validation_labels, dtype=np.int64)[
            chosen["validation"].first
        ],
    )


def study_identity(plan: StudyPlan, sampler: McSampler, data: StudyData) -> dict[str, object]:
    """Return what tells one study from another: plan, weights and images."""
    return {
        "plan": asdict(plan),
        "weights": sampler.weights_checksum,
        "data": data.checksum,
        "measures": list(MEASURES),
    }


def _ask_upright(batch: slice, plan: StudyPlan, sampler: McSampler, data: StudyData) -> Rows:
    images = data.validation_images[batch]
    if images.dtype == np.uint8:
        images = images.astype(np.float32) / np.float32(255.0)
    shown = images.reshape(-1, 28, 28, 1)
    summary = sampler.summarise(
        shown, num_samples=plan.num_samples, seed=seed_of(plan, batch.start)
    )
    truths = np.asarray(data.validation_labels[batch])[:, None]
    rows = _rows(summary, sampler.twin(shown), truths)
    return {name: array[:, None] for name, array in rows.items()}


def _rows(
    summary: McSummary | None, twin: npt.NDArray[np.float32], truths: npt.NDArray[Any]
) -> dict[str, npt.NDArray[Any]]:
    """Return the arrays of `Answers` to K images, each of shape (K, ...).

    Args:
        summary: of the passes; None where the committee was not asked.
        twin: shape (K, C).
        truths: the classes that are right, shape (K or 1, 1 or 2).
    """
    check_labels(tuple(truths.ravel().tolist()), twin.shape[1])
    answer = twin.argmax(axis=1)
    rows: dict[str, npt.NDArray[Any]] = {
        "twin": answer.astype(np.int16),
        "softmax": twin.max(axis=1),
        "twin_right": (answer[:, None] == truths).any(axis=1),
    }
    if summary is not None:
        predicted = predicted_class(summary)
        measures = [each.value(summary) for each in MEASURES.values()]
        rows["committee"] = predicted.astype(np.int16)
        rows["measures"] = np.stack(measures, axis=1).astype(np.float32)
        rows["right"] = (predicted[:, None] == truths).any(axis=1)
    return rows
