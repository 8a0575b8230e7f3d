"""Scores of somebody's own network in a file, and whether they can be believed."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import DamagedFileError, InvalidInputError
from ..uncertainty import MEASURES
from .reference_scores import ReferenceScores

if TYPE_CHECKING:
    from ..networks.own_network import OwnNetwork

_HAIR = 1e-5  # by which rounding can carry a measure over its end


def load_own_scores(source: Path | bytes, network: OwnNetwork | None = None) -> ReferenceScores:
    """Read scores that were saved, if they are of this network.

    Args:
        source: the file, or its content as an upload has it.
        network: that they have to be of; any if None.

    Raises:
        InvalidInputError: there is no such file.
        DamagedFileError: these are no scores, or those of another network.
    """
    name = source.name if isinstance(source, Path) else "this file"
    try:
        with source.open("rb") if isinstance(source, Path) else io.BytesIO(source) as stream:
            scores = ReferenceScores.read(stream)
        _check_sound(scores)
    except FileNotFoundError:
        raise InvalidInputError(
            "scores", expected="a file of scores", received=f"{name}, and there is none"
        ) from None
    except (OSError, ValueError) as error:
        raise DamagedFileError(
            f"The scores in {name} cannot be used ({error}). Give a file that Labrador has written,"
            " or score the labelled images again."
        ) from error
    if network is None:
        return scores
    if scores.weights_sha256 != network.sha256:
        raise DamagedFileError(
            f"The scores in {name} are of another network: the sha256 of its file begins with"
            f" {scores.weights_sha256[:12]}, this one's with {network.sha256[:12]}. Score the"
            " labelled images with this network."
        )
    if scores.identity != network.identity:
        raise DamagedFileError(
            f"The scores in {name} were made with this network set up otherwise: other images,"
            " input range or number of classes. Set it up as it was then, or score the images"
            " again."
        )
    return scores


def _check_sound(scores: ReferenceScores) -> None:
    """Check what limits rely on: all that a person brings may be damaged, by accident or not."""
    if not scores.is_own:
        raise InvalidInputError(
            "scores", expected="those of a network of your own", received="others"
        )
    missing = [name for name in ("validation", "test") if name not in scores.sets]
    if missing or not all(scores.sets[name].has_labels for name in ("validation", "test")):
        raise InvalidInputError(
            "scores", expected="labelled images in two halves", received=", ".join(scores.sets)
        )
    for one in scores.sets.values():
        for name, measure in MEASURES.items():
            values, end = one.measures[name], measure.upper(scores.num_classes)
            if not (values.min() >= 0.0 and values.max() <= end * (1.0 + _HAIR)):
                raise InvalidInputError(
                    "scores", expected=f"values of {name} from 0 to {end:.6g}", received="others"
                )
