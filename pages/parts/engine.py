"""The engine: network and sampler, loaded once for all visitors and warmed up before them."""

from __future__ import annotations

import gc
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import streamlit as st

from core.errors import LabradorError

from .first_page import first_page
from .host_network import HOST_NAME, load_host_network

if TYPE_CHECKING:
    from core.experiments.quantiles import MeasureQuantiles
    from core.inference import McSampler
    from core.networks.own_network import OwnNetwork

    from .networks import NetworkFacts

DEFAULT = "mc"
PLAIN = "plain"
_SWEEP_STEPS = 36
_LATER = 2.0  # seconds; sweeps are made fast after the first answer, but not much later
_OWN = "engine.own"  # engines of this session's own networks, by name
_host: dict[str, Engine] = {}
_ready: set[str] = set()
_device: list[str] = []


@dataclass(frozen=True, eq=False)
class Engine:
    """A network that is ready to answer.

    Attributes:
        facts: what it is.
        identity: a sha256 over all that its answers depend on.
        sampler: runs its passes.
        quantiles: where a measure lies among test images; None where none were scored.
        item: what one of these is: "digit", "image" or "row".
        model: the Keras model itself, for what needs one pass of it only.
    """

    facts: NetworkFacts
    identity: str
    sampler: McSampler
    quantiles: MeasureQuantiles | None
    item: str = "digit"
    model: Any = None


def load_engine(name: str = DEFAULT) -> Engine:
    """Return a network that is ready: a shipped one once for all, somebody's own for them alone.

    Raises:
        LabradorError: its files are missing or were changed.
    """
    from .networks import brought

    own = brought(name)
    if own is None:
        return load_shipped(name)
    return _own_engine(name, own, _host if name == HOST_NAME else _session())


def load_shipped(name: str) -> Engine:
    """Return a network of the zoo that is ready; from a thread of no visitor's as well.

    Raises:
        LabradorError: its files are missing or were changed.
    """
    return _load_shipped(name)


def _session() -> dict[str, Engine]:
    """Return the engines of this session's own networks; they go when the visitor goes."""
    kept: dict[str, Engine] = st.session_state.setdefault(_OWN, {})
    return kept


def _own_engine(name: str, own: OwnNetwork, kept: dict[str, Engine]) -> Engine:
    """Make a network that is not shipped ready, once; its names and scores may be newer."""
    from core.experiments.own_scores import item_of
    from core.inference import McSampler

    from .networks import facts_of
    from .own_scores import own_quantiles

    if name not in kept or kept[name].identity != own.identity:
        sampler = McSampler(own.model)
        _run_once(sampler, 1, own.model.input_shape[1:])
        kept[name] = Engine(facts_of(name), own.identity, sampler, None, item_of(own), own.model)
    return replace(kept[name], facts=facts_of(name), quantiles=own_quantiles(own))


def forget_engine(name: str) -> None:
    """Let go of one of this session's own networks."""
    _session().pop(name, None)


@st.cache_resource(show_spinner=False)
def _load_shipped(name: str) -> Engine:
    """Load a network, once for the whole server, and run it once."""
    first_page.wait()
    # TensorFlow takes seconds to import: here, not before the first page.
    from core.errors import MissingDataError
    from core.experiments.quantiles import load_quantiles
    from core.images import MNIST_FRAME
    from core.inference import McSampler
    from core.networks import describe_device, load_network
    from core.uncertainty.classes import DIGITS

    from .networks import NetworkFacts

    network = load_network(name)
    sampler = McSampler(network.model)
    try:
        quantiles = load_quantiles(name)
    except MissingDataError:
        quantiles = None
    _run_once(sampler, 1)
    _device[:] = [describe_device()]
    _ready.add(name)
    card = network.card
    facts = NetworkFacts(name, card.title, card.weights_sha256, DIGITS, MNIST_FRAME, card=card)
    return Engine(facts, card.weights_sha256, sampler, quantiles, model=network.model)


@st.cache_resource(show_spinner=False)
def load_plain() -> Any:
    """Load the network that was trained without dropout, once for the whole server.

    Raises:
        LabradorError: its files are missing or were changed.
    """
    from core.networks import load_network

    return load_network(PLAIN).model


def warm_up() -> None:
    """Load the default network as the server starts, and run it until it is fast."""
    try:
        engine = load_engine()
    except LabradorError:
        # The page that asks for it will say so; the server has nobody to tell.
        return
    # The first answer is on its way to somebody; sweeps come later.
    first_page.wait_for_quiet(_LATER)
    _run_once(engine.sampler, _SWEEP_STEPS)
    load_host_network()
    keep_what_is_loaded()


def keep_what_is_loaded() -> None:
    """Take what is loaded now out of garbage collection: walking through it takes 300 ms."""
    gc.collect()
    gc.freeze()


def _run_once(sampler: McSampler, num_images: int, shape: tuple[int, ...] = (28, 28, 1)) -> None:
    """Trace and compile what so many images need."""
    import numpy as np

    blank = np.zeros((num_images, *shape), dtype=np.float32)
    sampler.summarise(blank)
    sampler.twin(blank)


def is_ready(name: str = DEFAULT) -> bool:
    """Return whether a network answers at once."""
    from .networks import brought

    return name in _ready or brought(name) is not None


def device() -> str:
    """Return what the passes run on, or "" while that is not known."""
    return _device[0] if _device else ""
