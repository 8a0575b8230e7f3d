"""What a visitor's own networks said of their own images: kept for this visit, by network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import streamlit as st

from core.experiments.own_images import OwnImages
from core.experiments.quantiles import MeasureQuantiles
from core.experiments.reference_scores import ReferenceScores
from core.images.shrink import shrunk
from core.limits import MAX_SCORE_PICTURES_BYTES
from core.networks.own_network import OwnNetwork

from .networks import brought_networks

_KEPT = "scores.own"  # by identity of the network
_SIDE = 48  # pixels of a picture that is kept, at most


@dataclass(frozen=True, eq=False)
class Pictures:
    """Small pictures of the images that were scored, or of some of them.

    Attributes:
        places: shape (K,), rising, of which images.
        names: of each, shape (K,).
        pixels: shape (K, h, w, channels), bytes; None of rows, which are no pictures.
    """

    places: npt.NDArray[np.int64]
    names: Sequence[str]
    pixels: npt.NDArray[np.uint8] | None

    @classmethod
    def of(cls, brought: OwnImages) -> Pictures:
        """Return small pictures of all images, or of as many as there is room for."""
        images: Any = brought.images
        if images.ndim == 2:
            return cls(np.arange(len(images)), brought.names, None)
        each = shrunk(images[:1], _SIDE).nbytes
        room = min(len(images), MAX_SCORE_PICTURES_BYTES // each)
        places = np.linspace(0, len(images) - 1, room).astype(np.int64)
        names = tuple(brought.names[place] for place in places.tolist())
        return cls(places, names, shrunk(images[places], _SIDE))

    def find(self, place: int) -> tuple[str, npt.NDArray[np.uint8] | None]:
        """Return name and pixels of an image; "" and None where they are not kept."""
        at = int(np.searchsorted(self.places, place))
        if at == len(self.places) or self.places[at] != place:
            return "", None
        return self.names[at], None if self.pixels is None else self.pixels[at]


@dataclass(frozen=True, eq=False)
class OwnScored:
    """Scores, and what goes with them while the visit lasts.

    Attributes:
        scores: of the network.
        pictures: by the name of a set; none of scores that were brought.
        left_out: names of what could not be scored, each with the reason.
    """

    scores: ReferenceScores
    pictures: Mapping[str, Pictures] = field(default_factory=dict)
    left_out: Sequence[tuple[str, str]] = ()

    @cached_property
    def quantiles(self) -> MeasureQuantiles:
        """Where a measure lies among the test images."""
        return MeasureQuantiles.from_reference(self.scores)

    @cached_property
    def file(self) -> bytes:
        """The scores as they are downloaded."""
        return self.scores.to_bytes()


def scored_by(network: OwnNetwork) -> OwnScored | None:
    """Return the scores of a network; None while it has none."""
    return _kept().get(network.identity)


def keep_scored(network: OwnNetwork, scored: OwnScored) -> None:
    """Keep the scores of a network for this visit, in place of those before."""
    st.session_state[_KEPT] = {**_kept(), network.identity: scored}


def forget_scored(network: OwnNetwork) -> None:
    """Let go of the scores of a network."""
    st.session_state[_KEPT] = {
        identity: scored for identity, scored in _kept().items() if identity != network.identity
    }


def own_quantiles(network: OwnNetwork) -> MeasureQuantiles | None:
    """Return where a measure lies among the test images of a network; None without scores."""
    scored = scored_by(network)
    return None if scored is None else scored.quantiles


def _kept() -> dict[str, OwnScored]:
    """Return what is kept, without what was said by networks that are no longer there."""
    there = {network.identity for network in brought_networks().values()}
    kept: Mapping[str, OwnScored] = st.session_state.get(_KEPT, {})
    return {identity: scored for identity, scored in kept.items() if identity in there}
