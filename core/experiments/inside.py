"""Inside the committee: the passes behind a bar, and the feature maps that matter for an image."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from ..errors import InvalidInputError
from ..inference.dropped import DroppedUnits
from ..inference.samples import HISTOGRAM_BINS, Counts, McSamples, McSummary, histogram_bins
from ..limits import DEFAULT_NUM_SAMPLES
from ..uncertainty.measures import predicted_class
from ..uncertainty.pass_effects import (
    DropEffects,
    UnitEffects,
    VoteDifferences,
    drop_differences,
    drop_effects,
    vote_differences,
)

if TYPE_CHECKING:  # the sampler loads TensorFlow, which a result does without
    from ..inference import McSampler

Features = npt.NDArray[np.float32]
Truths = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class BehindBar:
    """The passes that one bar of a histogram counts, beside the rest.

    Attributes:
        label: whose histogram.
        bar: from 0 to 9, which bar.
        num_passes: in the bar.
        num_rest: not in it.
        differences: by map (see `Inside.by_share`): how much more often they dropped each than the
            rest. None where the bar is empty or holds every pass: there is nothing to compare; and
            where no layer drops units.
        votes: how their mean softmax differs; for `label` that is so by construction. None where
            there is nothing to compare.
        wins: shape (C,), passes of the bar by their favourite.
        wins_of_rest: shape (C,), of the others.
    """

    label: int
    bar: int
    num_passes: int
    num_rest: int
    differences: UnitEffects | None
    votes: VoteDifferences | None
    wins: Counts
    wins_of_rest: Counts


@dataclass(frozen=True, slots=True, eq=False)
class MapEffects:
    """What dropping each map does to the softmax of a class.

    Attributes:
        label: the class.
        effects: by map: mean softmax of the passes that dropped it less that of the others; of a
            map that is dropped in part, what a tenth of it more does.
    """

    label: int
    effects: DropEffects


@dataclass(frozen=True, slots=True, eq=False)
class Inside:
    """What the passes of one image dropped and said.

    A map is what results are told by: a feature map of a layer before which whole maps, places of
    maps or blocks are dropped, or one feature of a vector. Results name it by the index of its
    layer in `dropped`, and by its own.

    Attributes:
        samples: of shape (T, 1, C).
        dropped: for each layer that drops units what each pass dropped; none where all that is
            random is GaussianDropout.
        features: for each of `dropped` what comes into the layer with nothing dropped.

    Raises:
        InvalidInputError: the parts are not of one image and T passes.
    """

    samples: McSamples
    dropped: tuple[DroppedUnits, ...]
    features: tuple[Features, ...]

    def __post_init__(self) -> None:
        num_samples, num_images, _ = self.samples.probs_tnc.shape
        passes = {each.num_samples for each in self.dropped}
        fits = passes <= {num_samples} and len(self.features) == len(self.dropped)
        if num_images != 1 or not fits:
            raise InvalidInputError(
                "samples, dropped, features",
                expected="one image, as many passes in each, and features for each of dropped",
                received=f"{num_images} images, {num_samples} samples, {sorted(passes)} passes,"
                f" {len(self.features)} features for {len(self.dropped)} layers",
            )

    @property
    def layers(self) -> tuple[str, ...]:
        """Names of the layers."""
        return tuple(each.layer for each in self.dropped)

    @property
    def by_share(self) -> tuple[bool, ...]:
        """For each layer whether its maps are dropped in part: place by place, or in blocks.

        How much of a map a pass dropped is then told as a share.
        """
        return tuple(sum(side > 1 for side in each.shape) > 1 for each in self.dropped)

    @property
    def summary(self) -> McSummary:
        """Of the samples: its histogram is the one whose bars `behind` opens."""
        return self.samples.summary()

    @property
    def favourite(self) -> int:
        """The committee's answer."""
        return int(predicted_class(self.summary)[0])

    def behind(self, label: int, bar: int) -> BehindBar:
        """Return who is behind a bar.

        Args:
            label: of whose histogram, from 0.
            bar: from 0 to 9.

        Raises:
            InvalidInputError: there is no such class or bar.
        """
        chosen = passes_in_bar(self.samples, label, bar)
        probs = self.samples.probs_tnc[:, 0]
        favourites = probs.argmax(axis=1)
        count = int(chosen.sum())
        some = 0 < count < len(chosen)
        return BehindBar(
            label=label,
            bar=bar,
            num_passes=count,
            num_rest=len(chosen) - count,
            differences=drop_differences(self._by_map(), chosen) if some and self.dropped else None,
            votes=vote_differences(probs, chosen) if some else None,
            wins=np.bincount(favourites[chosen], minlength=probs.shape[1]),
            wins_of_rest=np.bincount(favourites[~chosen], minlength=probs.shape[1]),
        )

    def effects(self, label: int | None = None) -> MapEffects:
        """Return what dropping each map does to the softmax of a class.

        Args:
            label: the class; None for the committee's answer.

        Raises:
            InvalidInputError: there is no such class, or no layer drops units.
        """
        if not self.dropped:
            raise InvalidInputError(
                "dropped", expected="at least one layer that drops units", received="none"
            )
        label = self.favourite if label is None else label
        _check_label(self.samples, label)
        values = self.samples.probs_tnc[:, 0, label]
        return MapEffects(label, drop_effects(self._by_map(), values))

    def maps(self, layer: int | str) -> Features | None:
        """Return the feature maps that come into a layer, shape (H, W, C).

        Args:
            layer: its index in `dropped`, or its name.

        Returns:
            None where its features are no maps, but a vector or a sequence.

        Raises:
            InvalidInputError: there is no such layer.
        """
        index = self._index(layer)
        features, shape = self.features[index], self.dropped[index].shape
        if features.ndim != 3:
            return None
        first = shape[0] > 1 and shape[1:] == (1, 1)  # channels come first
        return np.moveaxis(features, 0, -1) if first else features

    def _by_map(self) -> list[Any]:
        return [
            _shares(each) if by_share else each.dropped
            for each, by_share in zip(self.dropped, self.by_share, strict=True)
        ]

    def _index(self, layer: int | str) -> int:
        if layer in self.layers:
            return self.layers.index(str(layer))
        if isinstance(layer, int) and 0 <= layer < len(self.dropped):
            return layer
        raise InvalidInputError(
            "layer", expected=f"one of {', '.join(self.layers)}, or its index", received=layer
        )


def look_inside(
    sampler: McSampler,
    image: npt.NDArray[Any],
    *,
    num_samples: int = DEFAULT_NUM_SAMPLES,
    seed: int = 0,
    rates: float | Mapping[str, float] | None = None,
) -> Inside:
    """Run the passes of one image, and keep what each dropped and said.

    Args:
        sampler: of a network with one input.
        image: as the network takes it, without an axis of images.
        num_samples: T.
        seed: of the masks.
        rates: dropout rates to use instead of the network's own, as `McSampler.sample`.

    Raises:
        InvalidInputError: an argument is out of range.
        NoActiveDropoutError: all rates are 0.
    """
    samples = sampler.sample(image[None], num_samples, seed, rates)
    dropped = sampler.dropped(num_samples, seed, rates)
    features = sampler.dropout_inputs(image[None])
    return Inside(samples, dropped, tuple(features[each.position][0] for each in dropped))


def passes_in_bar(samples: McSamples, label: int, bar: int) -> Truths:
    """Return which passes of one image a bar of a histogram counts, shape (T,).

    Args:
        samples: of one image.
        label: of whose histogram, from 0.
        bar: from 0 to 9: of width 0.1, closed on the left, the last one on both sides.

    Raises:
        InvalidInputError: there is no such class or bar, or several images.
    """
    _check_label(samples, label)
    if bar not in range(HISTOGRAM_BINS):
        raise InvalidInputError("bar", expected=f"from 0 to {HISTOGRAM_BINS - 1}", received=bar)
    return np.asarray(histogram_bins(samples.probs_tnc[:, 0, label]) == bar)


def _check_label(samples: McSamples, label: int) -> None:
    _, num_images, num_classes = samples.probs_tnc.shape
    if num_images != 1:
        raise InvalidInputError("samples", expected="of one image", received=f"{num_images} images")
    if label not in range(num_classes):
        raise InvalidInputError("label", expected=f"from 0 to {num_classes - 1}", received=label)


def _shares(dropped: DroppedUnits) -> npt.NDArray[np.float64]:
    """Return what share of each map each pass dropped, shape (T, C); channels come last."""
    by_place = dropped.dropped.reshape(dropped.num_samples, -1, dropped.shape[-1])
    return np.asarray(by_place.mean(axis=1))
