"""What passes dropped and said of an image, kept for whoever asks again."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from cachetools import LRUCache, cached

from core.errors import LabradorError
from core.experiments.inside import Inside, look_inside
from core.experiments.layer_shares import LayerShares, layer_shares
from core.inference import McSummary
from core.store import array_checksum

from .answers import Image, Rates, engine_of, question
from .settings import Settings

if TYPE_CHECKING:
    from core.inference import McSampler

_KEPT_BYTES = 64 * 2**20
_KEPT_SHARES = 1_000


@dataclass(frozen=True, eq=False)
class Look:
    """A look inside the passes of one image.

    Attributes:
        inside: what they dropped and said.
        summary: of what they said.
        twin: shape (C,), softmax of one pass without dropout.
    """

    inside: Inside
    summary: McSummary
    twin: npt.NDArray[np.float32]

    @property
    def num_bytes(self) -> int:
        """Memory that it takes."""
        inside = self.inside
        arrays = (inside.samples.probs_tnc, *inside.features, *(d.dropped for d in inside.dropped))
        return sum(array.nbytes for array in arrays)


def look(image: Image, settings: Settings, rates: Rates) -> Look:
    """Look inside the passes of an image.

    Args:
        image: of the network's frame.
        settings: whom to ask, and how often.
        rates: while sampling, as for `answer`.

    Raises:
        LabradorError: no layer drops units, or there are too many of them and of passes to keep
            what was dropped.
    """
    found = _look(*_asked(image, settings), rates, _image=image, _sampler=_sampler(settings))
    if isinstance(found, LabradorError):
        raise found.with_traceback(None)
    return found


def shares(image: Image, settings: Settings, rates: Rates) -> LayerShares:
    """Return how much each dropout layer adds to the passes' disagreement. Arguments as `look`."""
    return _shares(*_asked(image, settings), rates, _image=image, _sampler=_sampler(settings))


def _asked(image: Image, settings: Settings) -> tuple[str, str, int, int]:
    return (
        engine_of(settings).identity,
        array_checksum(image),
        settings.num_samples,
        settings.seed,
    )


def _sampler(settings: Settings) -> McSampler:
    return engine_of(settings).sampler


@cached(
    LRUCache(_KEPT_BYTES, getsizeof=lambda look: getattr(look, "num_bytes", 1)),
    key=question,
    condition=threading.Condition(),
)
def _look(
    weights: str,
    checksum: str,
    num_samples: int,
    seed: int,
    rates: Rates,
    *,
    _image: Image,
    _sampler: McSampler,
) -> Look | LabradorError:
    try:
        inside = look_inside(
            _sampler, _image, num_samples=num_samples, seed=seed, rates=dict(rates) or None
        )
    except LabradorError as error:
        return error  # kept like an answer: three sections ask, and it takes as long to find out
    return Look(inside, inside.summary, _sampler.twin(_image[None])[0])


@cached(LRUCache(_KEPT_SHARES), key=question, condition=threading.Condition())
def _shares(
    weights: str,
    checksum: str,
    num_samples: int,
    seed: int,
    rates: Rates,
    *,
    _image: Image,
    _sampler: McSampler,
) -> LayerShares:
    return layer_shares(
        _sampler, _image, num_samples=num_samples, seed=seed, rates=dict(rates) or None
    )
