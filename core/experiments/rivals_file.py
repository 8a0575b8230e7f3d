"""The rivals of a network, as they are kept beside it: fitted once, on its training images."""

from __future__ import annotations

import io
import json
import math
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
from ..limits import MAX_RIVALS_FILE_BYTES
from ..networks.cards import NetworkCard
from ..store import read_arrays, write_atomically
from ..uncertainty import RIVALS, Certificates, FittedRivals, Mahalanobis
from .quantiles import Distribution

_SCHEMA = 1
_SHA256 = re.compile(r"[0-9a-f]{64}")
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
class RivalsOfNetwork:
    """The single-pass scores of a network, and what they are of digits that it did not learn from.

    Attributes:
        network: its name.
        weights_sha256: of the network whose features were fitted.
        num_images: training images that were fitted on.
        fitted: the scores.
        distributions: of each of `RIVALS`, over validation images.

    Raises:
        InvalidInputError: a score has no distribution, or the weights no sha256.
    """

    network: str
    weights_sha256: str
    num_images: int
    fitted: FittedRivals
    distributions: Mapping[str, Distribution]

    def __post_init__(self) -> None:
        if list(self.distributions) != list(RIVALS):
            raise InvalidInputError(
                "distributions",
                expected=f"one for each of {', '.join(RIVALS)}, in this order",
                received=", ".join(self.distributions) or "none",
            )
        if not isinstance(self.weights_sha256, str) or not _SHA256.fullmatch(self.weights_sha256):
            raise InvalidInputError(
                "weights_sha256",
                expected="a sha256 in 64 hexadecimal digits",
                received=self.weights_sha256,
            )

    def share_below(self, rival: str, score: float) -> float:
        """Return the share of validation images that are strictly less uncertain.

        "More unusual than 97% of the digits it was not trained on" is 0.97 or more.

        Args:
            rival: a name of `RIVALS`.
            score: of that rival.

        Returns:
            In [0, 1]; never falls as the score rises.

        Raises:
            InvalidInputError: no such rival, or a score that is no number.
        """
        if rival not in self.distributions:
            names = ", ".join(self.distributions)
            raise InvalidInputError("rival", expected=f"one of {names}", received=rival)
        if math.isnan(score):
            raise InvalidInputError("score", expected="a number", received=score)
        return self.distributions[rival].share_below(float(score))

    def save(self, path: Path) -> None:
        """Write what `to_bytes` returns, atomically."""
        write_atomically(path, self.to_bytes())

    def to_bytes(self) -> bytes:
        """Return the rivals as a compressed `.npz` without pickle."""
        document = {
            "schema": _SCHEMA,
            "network": self.network,
            "weights_sha256": self.weights_sha256,
            "num_images": self.num_images,
            "num_validation": {name: one.num_images for name, one in self.distributions.items()},
        }
        arrays: dict[str, npt.NDArray[Any]] = {
            "document": np.array(json.dumps(document)),
            "centre": self.fitted.certificates.centre,
            "directions": self.fitted.certificates.directions,
            "class_means": self.fitted.mahalanobis.class_means,
            "whitening": self.fitted.mahalanobis.whitening,
        }
        for name, one in self.distributions.items():
            # In float64: neighbours of seven digits may be one number in float32.
            arrays[f"values_{name}"] = one.values
            arrays[f"below_{name}"] = one.below.astype(np.int32)
            arrays[f"up_to_{name}"] = one.up_to.astype(np.int32)
        buffer = io.BytesIO()
        np.savez_compressed(buffer, allow_pickle=False, **arrays)
        return buffer.getvalue()

    @classmethod
    def load(cls, path: Path, card: NetworkCard) -> RivalsOfNetwork:
        """Read what `save` wrote, if it is of the network that `card` describes.

        Raises:
            MissingDataError: there is no such file.
            DamagedFileError: the file is damaged, or of other weights.
        """
        remedy = (
            "Restore the folder `models` from the repository, or fit them anew with"
            " `python -m core train --zoo`."
        )
        try:
            # Opened here: NumPy leaves a damaged file open.
            with path.open("rb") as stream:
                rivals = _read(stream)
        except FileNotFoundError:
            raise MissingDataError(
                f"The single-pass scores are missing: expected {path.name} beside the network"
                f" {card.name}, and there is no such file. {remedy}"
            ) from None
        except _DAMAGES as error:
            raise DamagedFileError(
                f"The single-pass scores in {path.name} are damaged ({error}). {remedy}"
            ) from error
        if rivals.weights_sha256 != card.weights_sha256:
            raise DamagedFileError(
                f"The single-pass scores in {path.name} are of other weights: expected the sha256"
                f" {card.weights_sha256[:12]}… of the network's card, and they were fitted with"
                f" {rivals.weights_sha256[:12]}…. {remedy}"
            )
        return rivals


def _read(stream: IO[bytes]) -> RivalsOfNetwork:
    arrays = read_arrays(stream, MAX_RIVALS_FILE_BYTES)
    for array in arrays.values():
        array.flags.writeable = False  # what is loaded may be shared between sessions
    document = json.loads(str(arrays["document"]))
    if document["schema"] != _SCHEMA or document["schema"] is True:
        raise ValueError(f"its schema is {document['schema']!r}, and {_SCHEMA} was expected")
    return RivalsOfNetwork(
        network=str(document["network"]),
        weights_sha256=document["weights_sha256"],
        num_images=int(document["num_images"]),
        fitted=FittedRivals(
            Certificates(arrays["centre"], arrays["directions"]),
            Mahalanobis(arrays["class_means"], arrays["whitening"]),
        ),
        distributions={
            name: Distribution(
                values=arrays[f"values_{name}"].astype(np.float64),
                below=arrays[f"below_{name}"].astype(np.int64),
                up_to=arrays[f"up_to_{name}"].astype(np.int64),
                num_images=int(document["num_validation"][name]),
            )
            for name in RIVALS
        },
    )
