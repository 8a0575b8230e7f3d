"""Where a measure lies among the test digits: "more uncertain than 97% of test digits"."""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ..errors import DamagedFileError, InvalidInputError, MissingDataError
from ..networks.cards import NetworkCard
from ..networks.zoo import DEFAULT_NETWORK, load_card, models_folder
from ..store import read_json, write_atomically
from ..uncertainty import MEASURES
from .reference_scores import ReferenceScores
from .scoring import Scores

_DIGITS = 7  # of a stored value: float32 samples hold no more


@dataclass(frozen=True)
class Distribution:
    """The empirical distribution of one measure over N images, at some of its values.

    Attributes:
        values: shape (K,), strictly rising in *uncertainty*: for a measure of which more is
            more certain (the confidence) they are negated.
        below: shape (K,), how many images are strictly less uncertain than the value.
        up_to: shape (K,), how many are not more uncertain: `below` plus the ties.
        num_images: N.

    Raises:
        InvalidInputError: these cannot be counts of one distribution.
    """

    values: npt.NDArray[np.float64]
    below: npt.NDArray[np.int64]
    up_to: npt.NDArray[np.int64]
    num_images: int

    def __post_init__(self) -> None:
        values, below, up_to = self.values, self.below, self.up_to
        right = (
            values.ndim == 1
            and 0 < len(values) == len(below) == len(up_to)
            and np.isfinite(values).all()
            and (np.diff(values) > 0).all()
            and below[0] == 0
            and up_to[-1] == self.num_images
            and (below < up_to).all()
            and (up_to[:-1] <= below[1:]).all()
        )
        if not right:
            raise InvalidInputError(
                "quantiles",
                expected="rising values and counts, from none of the images to all",
                received=f"{len(values)} values",
            )

    @classmethod
    def of(cls, uncertainty: npt.NDArray[np.float64]) -> Distribution:
        """Return the distribution of values of which higher is less certain, shape (N,).

        Few values stay as they are. Of many, those at every 200th of the ranks stay, and
        five times as many among the least certain twentieth, which people look at.
        """
        ordered = np.sort(uncertainty)
        rounded = np.array([float(f"{value:.{_DIGITS}g}") for value in ordered])
        values, below, ties = np.unique(rounded, return_index=True, return_counts=True)
        ranks = np.concatenate([np.linspace(0.0, 0.95, 191), np.linspace(0.95, 1.0, 51)])
        kept = np.unique(
            np.searchsorted(values, rounded[np.round(ranks * (len(rounded) - 1)).astype(int)])
        )
        return cls(values[kept], below[kept], (below + ties)[kept], len(rounded))

    def share_below(self, uncertainty: float) -> float:
        """Return the share of images strictly less uncertain; linear between stored values."""
        values = self.values
        right = int(np.searchsorted(values, uncertainty))  # the first value not below
        if right == len(values):
            return 1.0
        if values[right] == uncertainty or right == 0:
            return float(self.below[right] / self.num_images)
        # Between two stored values the count runs from all up to the left one, its ties
        # included, to all below the right one.
        step = (uncertainty - values[right - 1]) / (values[right] - values[right - 1])
        low, high = self.up_to[right - 1], self.below[right]
        return float((low + step * (high - low)) / self.num_images)


@dataclass(frozen=True)
class MeasureQuantiles:
    """The distribution of each measure over test images, for one network.

    Attributes:
        network: its name.
        weights_sha256: of the network that was scored.
        num_samples: passes an image.
        seed: of the passes.
        distributions: by measure.
    """

    network: str
    weights_sha256: str
    num_samples: int
    seed: int
    distributions: dict[str, Distribution]

    @classmethod
    def from_scores(cls, scores: Scores, card: NetworkCard) -> MeasureQuantiles:
        """Return the distributions of a scored data set."""
        return cls(
            network=card.name,
            weights_sha256=card.weights_sha256,
            num_samples=scores.num_samples,
            seed=scores.seed,
            distributions={
                name: Distribution.of(_uncertainty(name, scores.measures[name]))
                for name in MEASURES
            },
        )

    @classmethod
    def from_reference(cls, scores: ReferenceScores, name: str = "test") -> MeasureQuantiles:
        """Return the distributions of one of the sets that were scored.

        Args:
            scores: of a network.
            name: of the set.

        Raises:
            InvalidInputError: this set was not scored.
        """
        if name not in scores.sets:
            raise InvalidInputError(
                "set", expected=f"one of {', '.join(scores.sets)}", received=name
            )
        measures = scores.sets[name].measures
        return cls(
            network=scores.network,
            weights_sha256=scores.weights_sha256,
            num_samples=scores.num_samples,
            seed=scores.seed,
            distributions={
                each: Distribution.of(_uncertainty(each, measures[each].astype(np.float64)))
                for each in MEASURES
            },
        )

    def share_below(self, measure: str, value: float) -> float:
        """Return the share of test digits that are strictly less uncertain than `value`.

        "More uncertain than 97% of test digits" is `share_below(...) == 0.97`, for the
        confidence too: there it is the share of test digits with a higher confidence. A value
        that many digits share, as a variation ratio of 0 is, is above none of them.

        Args:
            measure: a name of `MEASURES`.
            value: of that measure.

        Returns:
            In [0, 1]; never falls as the uncertainty rises.

        Raises:
            InvalidInputError: no such measure, or a value that is no number.
        """
        if measure not in self.distributions:
            names = ", ".join(self.distributions)
            raise InvalidInputError("measure", expected=f"one of {names}", received=measure)
        if math.isnan(value):
            raise InvalidInputError("value", expected="a number", received=value)
        return self.distributions[measure].share_below(float(_uncertainty(measure, value)))

    def save(self, path: Path) -> None:
        """Write the distributions as JSON, atomically."""
        document = {
            "network": self.network,
            "weights_sha256": self.weights_sha256,
            "num_samples": self.num_samples,
            "seed": self.seed,
            "distributions": {
                name: {
                    "num_images": one.num_images,
                    "values": one.values.tolist(),
                    "below": one.below.tolist(),
                    "up_to": one.up_to.tolist(),
                }
                for name, one in self.distributions.items()
            },
        }
        text = json.dumps(document, indent=1)
        # One line a list instead of one a number, so that a person can read the file.
        text = re.sub(r"\[[^\[\]]*\]", lambda found: " ".join(found.group().split()), text)
        write_atomically(path, text + "\n")

    @classmethod
    def load(cls, path: Path, card: NetworkCard) -> MeasureQuantiles:
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
            document = read_json(path)
        except FileNotFoundError:
            raise MissingDataError(
                f"The test digits' scores are missing: expected {path.name} beside the network"
                f" {card.name}, and there is no such file. {remedy}"
            ) from None
        try:
            quantiles = _parse(document)
        except (InvalidInputError, AttributeError, KeyError, TypeError, ValueError) as error:
            raise DamagedFileError(
                f"The test digits' scores in {path.name} are damaged ({error}). {remedy}"
            ) from error
        if quantiles.weights_sha256 != card.weights_sha256:
            raise DamagedFileError(
                f"The test digits' scores in {path.name} are of other weights: expected the sha256"
                f" {card.weights_sha256[:12]}… of the network's card, and they were made with"
                f" {str(quantiles.weights_sha256)[:12]}…. {remedy}"
            )
        return quantiles


def scores_path(name: str, folder: Path | None = None) -> Path:
    """Return where a network's test scores are kept."""
    return (folder or models_folder()) / f"{name}.scores.json"


def load_quantiles(name: str = DEFAULT_NETWORK, folder: Path | None = None) -> MeasureQuantiles:
    """Load the distributions of a network in the zoo; errors as `load` and `load_card`."""
    return MeasureQuantiles.load(scores_path(name, folder), load_card(name, folder))


def _uncertainty(measure: str, values: Any) -> Any:
    return values if MEASURES[measure].higher_is_less_certain else -values


def _parse(document: Any) -> MeasureQuantiles:
    distributions = {
        str(name): Distribution(
            values=np.asarray(one["values"], dtype=np.float64),
            below=np.asarray(one["below"], dtype=np.int64),
            up_to=np.asarray(one["up_to"], dtype=np.int64),
            num_images=int(one["num_images"]),
        )
        for name, one in document["distributions"].items()
    }
    missing = sorted(set(MEASURES).difference(distributions))
    if missing:
        raise InvalidInputError("measures", expected="all measures", received=f"no {missing}")
    return MeasureQuantiles(
        network=str(document["network"]),
        weights_sha256=str(document["weights_sha256"]),
        num_samples=int(document["num_samples"]),
        seed=int(document["seed"]),
        distributions=distributions,
    )
