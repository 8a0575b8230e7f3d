"""A study: the same sweep over many images, each answer's uncertainty kept and nothing else."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from ..inference.samples import McSummary
from ..store import array_checksum
from ..uncertainty import MEASURES, predicted_class
from .recipe import check_labels
from .scoring import BATCH_SIZE, Images
from .study_plan import StudyImages, StudyPlan, seed_of
from .study_state import Answers, StudyState

if TYPE_CHECKING:
    from ..inference import McSampler

PART_NAMES = {
    "upright": "validation, upright",
    "validation": "validation, the twin's sweeps",
    "test": "test sweeps",
}
_SECONDS_BETWEEN_SAVES = 5.0

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
    state: Path | None = None,
    progress: StudyProgress | None = None,
) -> StudyAnswers:
    """Run a study, image by image; memory grows by a few bytes an answer.

    Args:
        plan: of the study.
        sampler: of the network to ask.
        data: the images.
        state: a file that holds what is done, saved every few seconds and when the study is
            interrupted; what it holds of the same study is not computed again, and the result
            is the same. None keeps nothing. The caller deletes it when the results are safe.
        progress: called after each image or batch of images with the part's name, how many of
            its images are done, and of how many.

    Raises:
        InvalidInputError: the data has too few images, or the file is of another study.
        DamagedFileError: the file is damaged.
    """
    chosen = {
        "validation": StudyImages.choose(plan, data.validation_labels),
        "test": StudyImages.choose(plan, data.test_labels),
    }
    num_upright = min(plan.num_upright, len(data.validation_labels))
    fingerprint = study_fingerprint(plan, sampler, data)
    kept = StudyState.load(state, fingerprint) if state is not None and state.exists() else None
    kept = kept or StudyState(
        fingerprint,
        {
            "upright": Answers.blank(num_upright, 1),
            "validation": Answers.blank(plan.num_images, plan.num_steps, asks_committee=False),
            "test": Answers.blank(plan.num_images, plan.num_steps),
        },
    )
    saver = _Saver(kept, state)
    try:
        for start in range(kept.done["upright"], num_upright, BATCH_SIZE):
            batch = slice(start, min(start + BATCH_SIZE, num_upright))
            _ask_upright(kept.parts["upright"], batch, plan, sampler, data)
            kept.done["upright"] = batch.stop
            saver.tick()
            if progress is not None:
                progress("upright", batch.stop, num_upright)
        for part, images, labels in (
            ("validation", data.validation_images, data.validation_labels),
            ("test", data.test_images, data.test_labels),
        ):
            for place in range(kept.done[part], plan.num_images):
                recipe = chosen[part].recipe(plan, place, images, labels)
                steps = recipe.step_images()
                summary = (
                    sampler.summarise(steps, num_samples=plan.num_samples, seed=recipe.seed)
                    if part == "test"
                    else None
                )
                answers = _answers(summary, sampler.twin(steps), np.array([recipe.truths]))
                kept.parts[part].put(place, answers)
                kept.done[part] = place + 1
                saver.tick()
                if progress is not None:
                    progress(part, place + 1, plan.num_images)
    except BaseException:  # an interruption from the keyboard too
        saver.save()
        raise
    saver.save()
    return StudyAnswers(
        plan=plan,
        upright=kept.parts["upright"],
        validation=kept.parts["validation"],
        test=kept.parts["test"],
        digits=np.asarray(data.test_labels, dtype=np.int64)[chosen["test"].first],
        validation_digits=np.asarray(data.validation_labels, dtype=np.int64)[
            chosen["validation"].first
        ],
    )


def study_fingerprint(plan: StudyPlan, sampler: McSampler, data: StudyData) -> str:
    """Return what tells one study from another: a sha256 over plan, weights and images."""
    document = {
        "format": "labrador study 1",
        "plan": asdict(plan),
        "weights": sampler.weights_checksum,
        "data": data.checksum,
        "measures": list(MEASURES),
    }
    return hashlib.sha256(json.dumps(document, sort_keys=True).encode()).hexdigest()


class _Saver:
    """Saves a state every few seconds."""

    def __init__(self, state: StudyState, path: Path | None) -> None:
        self._state = state
        self._path = path
        self._saved_at = time.monotonic()

    def tick(self) -> None:
        if time.monotonic() - self._saved_at >= _SECONDS_BETWEEN_SAVES:
            self.save()

    def save(self) -> None:
        if self._path is not None:
            self._state.save(self._path)
        self._saved_at = time.monotonic()


def _ask_upright(
    answers: Answers, batch: slice, plan: StudyPlan, sampler: McSampler, data: StudyData
) -> None:
    images = data.validation_images[batch]
    if images.dtype == np.uint8:
        images = images.astype(np.float32) / np.float32(255.0)
    shown = images.reshape(-1, 28, 28, 1)
    summary = sampler.summarise(
        shown, num_samples=plan.num_samples, seed=seed_of(plan, batch.start)
    )
    truths = np.asarray(data.validation_labels[batch])[:, None]
    answers.put(batch, _answers(summary, sampler.twin(shown), truths))


def _answers(
    summary: McSummary | None, twin: npt.NDArray[np.float32], truths: npt.NDArray[Any]
) -> Answers:
    """Return the answers to K images, each array of shape (K, ...).

    Args:
        summary: of the passes; None where the committee was not asked.
        twin: shape (K, C).
        truths: the classes that are right, shape (K or 1, 1 or 2).
    """
    check_labels(tuple(truths.ravel().tolist()), twin.shape[1])
    none = Answers.blank(0, 1)
    committee, measures, right = none.committee, none.measures, none.right
    if summary is not None:
        predicted = predicted_class(summary)
        committee = predicted.astype(np.int16)
        measures = np.stack([each.value(summary) for each in MEASURES.values()], axis=1).astype(
            np.float32
        )
        right = (predicted[:, None] == truths).any(axis=1)
    answer = twin.argmax(axis=1)
    return Answers(
        committee=committee,
        measures=measures,
        right=right,
        twin=answer.astype(np.int16),
        softmax=twin.max(axis=1),
        twin_right=(answer[:, None] == truths).any(axis=1),
    )
