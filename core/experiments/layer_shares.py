"""How much of the passes' disagreement each dropout layer makes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy.typing as npt

from ..limits import DEFAULT_NUM_SAMPLES
from ..uncertainty.measures import mutual_information, mutual_information_standard_error

if TYPE_CHECKING:  # the sampler loads TensorFlow, which a result does without
    from ..inference import McSampler


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number from passes, with its Monte-Carlo standard error, both in nats."""

    value: float
    error: float


@dataclass(frozen=True, slots=True)
class LayerShares:
    """Mutual information with some of the dropout layers on.

    They do not add up: what two layers make together is less than the sum where they disagree on
    the same, and more where each alone changes no mind. Nor do the layers' shares of the whole.

    Attributes:
        layers: names of the dropout layers.
        rates: of each, as set.
        whole: with all layers on.
        alone: for each layer, with that one on and the others at rate 0.
        without: for each layer, with that one at rate 0 and the others on.
    """

    layers: tuple[str, ...]
    rates: tuple[float, ...]
    whole: Estimate
    alone: tuple[Estimate, ...]
    without: tuple[Estimate, ...]


_NO_PASS_DIFFERS = Estimate(0.0, 0.0)


def layer_shares(
    sampler: McSampler,
    image: npt.NDArray[Any],
    *,
    num_samples: int = DEFAULT_NUM_SAMPLES,
    seed: int = 0,
    rates: float | Mapping[str, float] | None = None,
) -> LayerShares:
    """Return the mutual information of an image with each layer on alone, and left out.

    A layer keeps its masks whatever the others do: only the rates change from one to the next.

    Args:
        sampler: of a network with one input.
        image: as the network takes it, without an axis of images.
        num_samples: T, passes for each of 2 L + 1 settings at most, of L layers.
        seed: of the masks.
        rates: as set: dropout rates instead of the network's own, as `McSampler.sample`.

    Raises:
        InvalidInputError: an argument is out of range.
        NoActiveDropoutError: all rates are 0.
    """
    chosen = sampler.layer_rates(rates)
    known: dict[tuple[float, ...], Estimate] = {}

    def estimate(wanted: Mapping[str, float]) -> Estimate:
        key = tuple(wanted.values())
        if not any(key):
            return _NO_PASS_DIFFERS
        if key not in known:
            summary = sampler.summarise(image[None], num_samples, seed, wanted)
            known[key] = Estimate(
                float(mutual_information(summary)[0]),
                float(mutual_information_standard_error(summary)[0]),
            )
        return known[key]

    return LayerShares(
        layers=tuple(chosen),
        rates=tuple(chosen.values()),
        whole=estimate(chosen),
        alone=tuple(
            estimate({name: rate if name == layer else 0.0 for name, rate in chosen.items()})
            for layer in chosen
        ),
        without=tuple(
            estimate({name: 0.0 if name == layer else rate for name, rate in chosen.items()})
            for layer in chosen
        ),
    )
