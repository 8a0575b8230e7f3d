"""Answers: what the committee and the twin say of an image, kept for whoever asks again.

The same question, from any visitor, runs no pass the second time, nor while it is being answered:
answers are kept, so many bytes of them, under the network's identity, the image's checksum, passes,
seed and rates.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import streamlit as st
from cachetools import LRUCache, cached
from cachetools.keys import hashkey

from core.experiments.sweep import SweepResult
from core.inference import McSummary
from core.store import array_checksum
from core.uncertainty.policy import Policy

from .engine import Engine, is_ready, load_engine
from .first_page import first_page
from .settings import Settings

if TYPE_CHECKING:
    from core.inference import McSampler

Image = npt.NDArray[np.float32]
Rates = tuple[tuple[str, float], ...]
"""Of dropout layers by their names, while sampling; none for those they were trained with."""

_KEPT_BYTES = 64 * 2**20  # some 16,000 answers of ten classes, seven of a thousand
_BESIDE_ARRAYS = 2_048  # bytes of an answer


@dataclass(frozen=True, eq=False)
class Answer:
    """What is said of one image.

    Attributes:
        summary: of the committee's passes.
        twin: shape (C,), softmax of one pass without dropout.
        engine: who says it.
        policy: under which it is accepted.
    """

    summary: McSummary
    twin: npt.NDArray[np.float32]
    engine: Engine
    policy: Policy


def answer(image: Image, settings: Settings, rates: Rates = ()) -> Answer:
    """Ask the network of the settings about one image of its frame.

    Args:
        image: shape (H, W, channels).
        settings: whom to ask, and how often.
        rates: of dropout layers that are to drop more or fewer units than in training.

    Raises:
        LabradorError: the network's files are missing, or no pass would drop anything.
    """
    engine = engine_of(settings)
    summary, twin = asked(engine, image, settings, rates)
    return Answer(summary, twin, engine, settings.policy)


def asked(
    engine: Engine, image: Image, settings: Settings, rates: Rates = ()
) -> tuple[McSummary, npt.NDArray[np.float32]]:
    """Return what a network that is ready says of one image of its frame: committee and twin."""
    return _answer(
        engine.identity,
        array_checksum(image),
        settings.num_samples,
        settings.seed,
        rates,
        _image=image,
        _sampler=engine.sampler,
    )


def answer_at(result: SweepResult, step: int, settings: Settings) -> Answer:
    """Return what a sweep has already been told of one of its steps: no pass is run."""
    return Answer(result.summary[step], result.twin[step], engine_of(settings), settings.policy)


def engine_of(settings: Settings) -> Engine:
    """Return the network of the settings, once it is there."""
    if is_ready(settings.network):
        return load_engine(settings.network)
    first_page.note_sent()  # all of it but the answer
    with st.spinner("The network is loading: a few seconds, once.", show_time=True):
        return load_engine(settings.network)


def question(
    weights: str, checksum: str, num_samples: int, seed: int, rates: Rates = (), **_: object
) -> tuple[object, ...]:
    """Return what tells one question from another: the key of a cache of answers."""
    return hashkey(weights, checksum, num_samples, seed, rates)


def _size(said: tuple[McSummary, npt.NDArray[np.float32]]) -> int:
    summary, twin = said
    sums = (getattr(summary, each.name) for each in fields(summary))
    return _BESIDE_ARRAYS + twin.nbytes + sum(np.asarray(each).nbytes for each in sums)


# Not `st.cache_data`: that keeps a lock for each question it was ever asked, and 20 people who
# draw ask 1,200 a minute. With a condition, who asks what is being answered waits for the answer.
@cached(LRUCache(_KEPT_BYTES, getsizeof=_size), key=question, condition=threading.Condition())
def _answer(
    weights: str,
    checksum: str,
    num_samples: int,
    seed: int,
    rates: Rates,
    *,
    _image: Image,
    _sampler: McSampler,
) -> tuple[McSummary, npt.NDArray[np.float32]]:
    summary = _sampler.summarise(
        _image[None], num_samples=num_samples, seed=seed, rates=dict(rates) or None
    )
    twin = _sampler.twin(_image[None])[0]
    for array in (*(getattr(summary, each.name) for each in fields(summary)), twin):
        if isinstance(array, np.ndarray):
            array.flags.writeable = False  # all who ask get the same arrays
    return summary, twin
