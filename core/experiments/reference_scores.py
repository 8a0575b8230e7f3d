"""Reference scores: a network's answers to all reference sets, kept beside the network."""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import IO, Any

import numpy as np
import numpy.typing as npt

from ..errors import DamagedFileError, InvalidInputError, MissingDataError
from ..limits import MAX_REFERENCE_FILE_BYTES
from ..networks.cards import NetworkCard
from ..networks.zoo import DEFAULT_NETWORK, load_card, models_folder
from ..store import read_arrays, write_atomically
from ..uncertainty import DIGITS, MEASURES, TWIN_MEASURES, Classes
from .reference_data import NO_LABEL
from .set_scores import SetScores

_SCHEMA = 1
_OWN_SCHEMA = 2  # which says what the network's owner told of it
ITEMS = ("digit", "image", "row")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_PER_IMAGE = ("positions", "labels", "predicted", "runner_up", "twin_predicted")
_DISTRIBUTIONS = ("log_mean", "twin_log_softmax")
_DAMAGES = (
    OSError,
    EOFError,
    AttributeError,
    KeyError,
    TypeError,
    ValueError,  # which an InvalidInputError is as well
    OverflowError,
    RecursionError,
    zipfile.BadZipFile,
    zlib.error,
)


@dataclass(frozen=True, eq=False)
class ReferenceScores:
    """A network's answers to the reference sets.

    Attributes:
        network: its name.
        weights_sha256: of the network that was asked.
        num_samples: T, the committee's passes an image.
        seed: of the passes.
        sets: by name, in the order of `REFERENCE_SETS`; those of which the data were at hand.
        classes: what the network tells apart.
        identity: of a network that somebody brought, a sha256 over all that its answers depend
            on; empty for one of the zoo.
        item: what one of the images is called: "digit", "image", or "row" of a table.

    Raises:
        InvalidInputError: there is no set, one is filed under another name, or an answer is none
            of the classes.
    """

    network: str
    weights_sha256: str
    num_samples: int
    seed: int
    sets: Mapping[str, SetScores]
    classes: Classes = DIGITS
    identity: str = ""
    item: str = "digit"

    def __post_init__(self) -> None:
        wrong = [name for name, one in self.sets.items() if one.name != name]
        if not self.sets or wrong:
            raise InvalidInputError(
                "sets", expected="sets, each under its name", received=wrong or "none"
            )
        for one in self.sets.values():
            highest = max(int(getattr(one, name).max()) for name in _PER_IMAGE[1:])
            if highest >= len(self.classes) or one.labels.min() < NO_LABEL:
                raise InvalidInputError(
                    "sets", expected=f"answers of {len(self.classes)} classes", received="others"
                )

    @property
    def num_images(self) -> int:
        """Images of all sets together."""
        return sum(one.num_images for one in self.sets.values())

    @property
    def num_classes(self) -> int:
        """C."""
        return len(self.classes)

    @cached_property
    def checksum(self) -> str:
        """A sha256 over all that is said: what tells these scores from others."""
        told = [self.weights_sha256, self.identity, self.num_classes, self.item]
        sets = [[name, one.contents_checksum] for name, one in self.sets.items()]
        return hashlib.sha256(json.dumps([told, sets]).encode()).hexdigest()

    @property
    def is_own(self) -> bool:
        """Whether they are of a network that somebody brought."""
        return bool(self.identity)

    def save(self, path: Path) -> None:
        """Write what `to_bytes` returns, atomically."""
        write_atomically(path, self.to_bytes())

    def to_bytes(self) -> bytes:
        """Return the scores as a compressed `.npz` without pickle.

        Sets lie one after another in each array; the document says how long each is.
        """
        every = list(self.sets.values())
        document = {
            "schema": _OWN_SCHEMA if self.is_own else _SCHEMA,
            "network": self.network,
            "weights_sha256": self.weights_sha256,
            "num_samples": self.num_samples,
            "seed": self.seed,
            "sets": [
                {
                    "name": one.name,
                    "num_images": one.num_images,
                    "checksum": one.checksum,
                    **{name: getattr(one, name) is not None for name in _DISTRIBUTIONS},
                }
                for one in every
            ],
        }
        if self.is_own:
            document |= {
                "identity": self.identity,
                "num_classes": self.num_classes,
                "class_names": list(self.classes),
                "noun": self.classes.noun,
                "item": self.item,
            }
        arrays: dict[str, npt.NDArray[Any]] = {"document": np.array(json.dumps(document))}
        for name in _PER_IMAGE:
            arrays[name] = np.concatenate([getattr(one, name) for one in every])
        for name in MEASURES:
            arrays[f"measure_{name}"] = np.concatenate([one.measures[name] for one in every])
        for name in TWIN_MEASURES:
            arrays[f"twin_{name}"] = np.concatenate([one.twin_measures[name] for one in every])
        for name in _DISTRIBUTIONS:
            kept = [getattr(one, name) for one in every if getattr(one, name) is not None]
            if kept:
                arrays[name] = np.concatenate(kept)
        buffer = io.BytesIO()
        np.savez_compressed(buffer, allow_pickle=False, **arrays)
        return buffer.getvalue()

    @classmethod
    def read(cls, stream: IO[bytes]) -> ReferenceScores:
        """Read what `to_bytes` returned, of whatever network.

        Raises:
            ValueError: what `to_bytes` returned reads otherwise, as does an InvalidInputError.
        """
        try:
            return _read(stream)
        except _DAMAGES as error:
            raise ValueError(str(error)) from error

    @classmethod
    def load(cls, path: Path, card: NetworkCard) -> ReferenceScores:
        """Read what `save` wrote, if it is of the network that `card` describes.

        Raises:
            MissingDataError: there is no such file.
            DamagedFileError: the file is damaged, or of other weights.
        """
        remedy = (
            "Restore the folder `models` from the repository, or score the network again with"
            f" `python -m core score --network {card.name}`."
        )
        try:
            # Opened here: NumPy leaves a damaged file open.
            with path.open("rb") as stream:
                scores = cls.read(stream)
        except FileNotFoundError:
            raise MissingDataError(
                f"The reference scores are missing: expected {path.name} beside the network"
                f" {card.name}, and there is no such file. {remedy}"
            ) from None
        except (OSError, ValueError) as error:
            raise DamagedFileError(
                f"The reference scores in {path.name} are damaged ({error}). {remedy}"
            ) from error
        if scores.weights_sha256 != card.weights_sha256:
            raise DamagedFileError(
                f"The reference scores in {path.name} are of other weights: expected the sha256"
                f" {card.weights_sha256[:12]}… of the network's card, and they were made with"
                f" {scores.weights_sha256[:12]}…. {remedy}"
            )
        return scores


def reference_path(name: str, folder: Path | None = None) -> Path:
    """Return where a network's reference scores are kept."""
    return (folder or models_folder()) / f"{name}.reference.npz"


def load_reference(name: str = DEFAULT_NETWORK, folder: Path | None = None) -> ReferenceScores:
    """Load the reference scores of a network in the zoo; errors as `load` and `load_card`."""
    return ReferenceScores.load(reference_path(name, folder), load_card(name, folder))


def _read(stream: IO[bytes]) -> ReferenceScores:
    arrays = read_arrays(stream, MAX_REFERENCE_FILE_BYTES)
    for array in arrays.values():
        array.flags.writeable = False  # what is loaded may be shared between sessions
    document = json.loads(str(arrays["document"]))
    if document["schema"] not in (_SCHEMA, _OWN_SCHEMA) or document["schema"] is True:
        raise ValueError(
            f"its schema is {document['schema']!r}, and {_SCHEMA} or {_OWN_SCHEMA} was expected"
        )
    weights = document["weights_sha256"]
    if not isinstance(weights, str) or not _SHA256.fullmatch(weights):
        raise ValueError("its weights have no sha256")
    sets: dict[str, SetScores] = {}
    at = dict.fromkeys(("images", *_DISTRIBUTIONS), 0)
    for entry in document["sets"]:
        sets[str(entry["name"])] = _read_set(entry, arrays, at)
    if any(len(arrays[name]) != at["images"] for name in _PER_IMAGE):
        raise ValueError(f"it holds scores of other than {at['images']:,} images")
    return ReferenceScores(
        network=str(document["network"]),
        weights_sha256=weights,
        num_samples=int(document["num_samples"]),
        seed=int(document["seed"]),
        sets=sets,
        **(_told(document) if document["schema"] == _OWN_SCHEMA else {}),
    )


def _told(document: dict[str, Any]) -> dict[str, Any]:
    """Return what a file says of a network that somebody brought."""
    identity, names = document["identity"], document["class_names"]
    if not isinstance(identity, str) or not _SHA256.fullmatch(identity):
        raise ValueError("its network has no identity")
    if document["num_classes"] != len(names):
        raise ValueError(f"it holds {len(names)} class names and says {document['num_classes']}")
    if document["item"] not in ITEMS or not isinstance(document["noun"], str):
        raise ValueError("it does not say what its images are called")
    classes = Classes(tuple(names), document["noun"])
    return {"classes": classes, "identity": identity, "item": document["item"]}


def _read_set(
    entry: dict[str, Any], arrays: Mapping[str, npt.NDArray[Any]], at: dict[str, int]
) -> SetScores:
    """Take the next images from the arrays, and move `at` behind them."""
    size = int(entry["num_images"])

    def take(array: str, counter: str) -> npt.NDArray[Any]:
        return arrays[array][at[counter] : at[counter] + size]

    distributions = {name: take(name, name) if entry[name] else None for name in _DISTRIBUTIONS}
    one = SetScores(
        name=str(entry["name"]),
        checksum=str(entry["checksum"]),
        **{name: take(name, "images") for name in _PER_IMAGE},
        measures={name: take(f"measure_{name}", "images") for name in MEASURES},
        twin_measures={name: take(f"twin_{name}", "images") for name in TWIN_MEASURES},
        log_mean=distributions["log_mean"],
        twin_log_softmax=distributions["twin_log_softmax"],
    )
    if one.num_images != size:
        raise ValueError(f"it holds fewer images of {one.name} than it says")
    at["images"] += size
    for name, kept in distributions.items():
        at[name] += 0 if kept is None else size
    return one
