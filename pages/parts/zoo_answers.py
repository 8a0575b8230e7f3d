"""What each of the compared networks says of an image, kept for whoever asks again."""

from __future__ import annotations

import threading
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from cachetools import LRUCache, cached
from cachetools.keys import hashkey

from core.inference import McSamples, McSummary
from core.store import array_checksum

from .answers import Image, asked
from .settings import Settings
from .zoo_networks import Member

_KEPT = 2_048  # answers of networks that are cheap to ask


@dataclass(frozen=True, eq=False)
class Said:
    """What one network says of one image.

    Attributes:
        summary: of its passes; of the plain network its only one, of the ensemble its members'.
        twin: shape (C,), softmax of one pass without dropout; None where that is all there is.
    """

    summary: McSummary
    twin: npt.NDArray[np.float32] | None


def said_by(member: Member, image: Image, settings: Settings) -> Said:
    """Return what a network says of an image.

    Args:
        member: the network.
        image: of MNIST's frame.
        settings: of the passes, where it has any.
    """
    if member.committee is not None:
        return Said(*asked(member.committee, image, settings))
    return Said(_few_passes(member, array_checksum(image), _image=image), None)


@cached(
    LRUCache(_KEPT),
    key=lambda member, checksum, **_: hashkey(member, checksum),
    condition=threading.Condition(),
)
def _few_passes(member: Member, checksum: str, *, _image: Image) -> McSummary:
    if member.ensemble is not None:
        return member.ensemble.summarise(_image[None])
    from core.experiments.scoring import score_one_pass

    one_pass = score_one_pass(member.plain, _image[None]).astype(np.float32)
    return McSamples(one_pass[None]).summary()
