"""What a study has been told so far, and the file from which it goes on."""

from __future__ import annotations

import io
import json
import zipfile
import zlib
from dataclasses import dataclass, field, fields
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ..errors import DamagedFileError, InvalidInputError
from ..limits import MAX_STUDY_FILE_BYTES
from ..store import read_arrays, write_atomically
from ..uncertainty import MEASURES

_FORMAT = "labrador study state 1"


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """The answers to N images at S steps; filled image by image.

    Attributes:
        committee: shape (N, S) int16, the committee's answers; no images where it was not asked.
        measures: shape (N, S, 6) float32, the measures of its passes in the order of `MEASURES`.
        right: shape (N, S) bool, whether its answer is right.
        twin: shape (N, S) int16, the twin's answers.
        softmax: shape (N, S) float32, the twin's softmax of its answer.
        twin_right: shape (N, S) bool, whether its answer is right.
    """

    committee: npt.NDArray[np.int16]
    measures: npt.NDArray[np.float32]
    right: npt.NDArray[np.bool_]
    twin: npt.NDArray[np.int16]
    softmax: npt.NDArray[np.float32]
    twin_right: npt.NDArray[np.bool_]

    @classmethod
    def blank(cls, num_images: int, num_steps: int, *, asks_committee: bool = True) -> Answers:
        """Return room for answers."""
        asked = num_images if asks_committee else 0
        return cls(
            committee=np.zeros((asked, num_steps), np.int16),
            measures=np.zeros((asked, num_steps, len(MEASURES)), np.float32),
            right=np.zeros((asked, num_steps), np.bool_),
            twin=np.zeros((num_images, num_steps), np.int16),
            softmax=np.zeros((num_images, num_steps), np.float32),
            twin_right=np.zeros((num_images, num_steps), np.bool_),
        )

    def put(self, where: int | slice, answers: Answers) -> None:
        """Fill in the answers to all steps of one image, or to one step of several."""
        for name in _ARRAYS:
            part = getattr(answers, name)
            if len(part):  # none where the committee was not asked
                room = getattr(self, name)[where]
                room[...] = part.reshape(room.shape)

    def certainty(self, who: str) -> npt.NDArray[np.float64]:
        """Return how certain each answer is, shape (N, S), higher is more certain.

        Args:
            who: "twin", or the name of a measure; one of which more is less certain is negated.
        """
        if who == "twin":
            return self.softmax.astype(np.float64)
        values = self.measures[:, :, list(MEASURES).index(who)].astype(np.float64)
        return -values if MEASURES[who].higher_is_less_certain else values

    def is_right(self, who: str) -> npt.NDArray[np.bool_]:
        """Return whether the answer is right that goes with the twin or a measure, (N, S)."""
        return self.twin_right if who == "twin" else self.right


_ARRAYS = tuple(each.name for each in fields(Answers))


@dataclass(slots=True, eq=False)
class StudyState:
    """The answers so far.

    Attributes:
        fingerprint: of the study.
        parts: the answers, by part.
        done: images of each part that are answered, the first ones.
    """

    fingerprint: str
    parts: dict[str, Answers]
    done: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.done = {name: self.done.get(name, 0) for name in self.parts}

    def save(self, path: Path) -> None:
        """Write the state as `.npz`, atomically."""
        document = {"format": _FORMAT, "fingerprint": self.fingerprint, "done": self.done}
        arrays = {
            f"{part}.{name}": getattr(answers, name)
            for part, answers in self.parts.items()
            for name in _ARRAYS
        }
        buffer = io.BytesIO()
        np.savez(buffer, allow_pickle=False, document=np.array(json.dumps(document)), **arrays)
        write_atomically(path, buffer.getvalue())

    @classmethod
    def load(cls, path: Path, fingerprint: str) -> StudyState:
        """Read what `save` wrote, if it is of the study with this fingerprint.

        Raises:
            InvalidInputError: it is of another study.
            DamagedFileError: it is no such file, or not all of it.
        """
        try:
            # Opened here: NumPy leaves a damaged file open.
            with path.open("rb") as file:
                arrays = read_arrays(file, MAX_STUDY_FILE_BYTES)
            document = json.loads(str(arrays.pop("document")))
            if document["format"] != _FORMAT:
                raise ValueError(f"the format {document['format']!r}")
            of_study = str(document["fingerprint"])
            done = {str(part): int(count) for part, count in document["done"].items()}
            parts = {
                part: Answers(**{name: arrays[f"{part}.{name}"] for name in _ARRAYS})
                for part in done
            }
        except (
            OSError,
            ValueError,
            KeyError,
            TypeError,
            AttributeError,
            EOFError,
            zipfile.BadZipFile,
            zlib.error,
        ) as error:
            raise DamagedFileError(
                f"{path.name} is damaged: expected an interrupted study, and it cannot be read"
                f" ({error}). Delete it and start the study again."
            ) from error
        if of_study != fingerprint:
            raise InvalidInputError(
                "state",
                expected="an interrupted study of this plan, these images and this network",
                received=f"{path.name}, which is of another study",
                advice="It is left as it is. Name another file with --state, finish that study,"
                " or delete the file.",
            )
        return cls(of_study, parts, done)
