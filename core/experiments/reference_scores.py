"""Reference scores: a network's answers to all reference sets, kept beside the network."""

from __future__ import annotations

import io
import json
import re
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np
import numpy.typing as npt

from ..errors import DamagedFileError, InvalidInputError, MissingDataError
from ..limits import MAX_REFERENCE_FILE_BYTES
from ..networks.cards import NetworkCard
from ..networks.zoo import DEFAULT_NETWORK, load_card, models_folder
from ..store import read_arrays, write_atomically
from ..uncertainty import MEASURES, TWIN_MEASURES
from .set_scores import SetScores

_SCHEMA = 1
_SHA256 = re.compile(r"[0-9a-f]{64}")
_PER_IMAGE = ("positions", "labels", "predicted", "runner_up", "twin_predicted")
_DISTRIBUTIONS = ("log_mean", "twin_log_softmax")


@dataclass(frozen=True, eq=False)
class ReferenceScores:
    """A network's answers to the reference sets.

    Attributes:
        network: its name.
        weights_sha256: of the network that was asked.
        num_samples: T, the committee's passes an image.
        seed: of the passes.
        sets: by name, in the order of `REFERENCE_SETS`; those of which the data were at hand.

    Raises:
        InvalidInputError: there is no set, or one is filed under another name.
    """

    network: str
    weights_sha256: str
    num_samples: int
    seed: int
    sets: Mapping[str, SetScores]

    def __post_init__(self) -> None:
        wrong = [name for name, one in self.sets.items() if one.name != name]
        if not self.sets or wrong:
            raise InvalidInputError(
                "sets", expected="sets, each under its name", received=wrong or "none"
            )

    @property
    def num_images(self) -> int:
        """Images of all sets together."""
        return sum(one.num_images for one in self.sets.values())

    def save(self, path: Path) -> None:
        """Write the scores as compressed `.npz` without pickle, atomically.

        Sets lie one after another in each array; the document says how long each is.
        """
        every = list(self.sets.values())
        document = {
            "schema": _SCHEMA,
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
        write_atomically(path, buffer.getvalue())

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
                scores = _read(stream)
        except FileNotFoundError:
            raise MissingDataError(
                f"The reference scores are missing: expected {path.name} beside the network"
                f" {card.name}, and there is no such file. {remedy}"
            ) from None
        except (
            OSError,
            EOFError,
            AttributeError,
            KeyError,
            TypeError,
            ValueError,  # which an InvalidInputError is as well
            zipfile.BadZipFile,
            zlib.error,
        ) as error:
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
    if document["schema"] != _SCHEMA:
        raise ValueError(f"its schema is {document['schema']!r}, and {_SCHEMA} was expected")
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
    )


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
