"""The networks that a visitor can ask: the shipped ones, the server's, and those they brought.

What somebody brings is theirs alone: it is kept in their session, under a name that means nothing
in any other.
"""

from __future__ import annotations

import weakref
from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st

from core.errors import InvalidInputError, LabradorError
from core.images import MNIST_FRAME, Frame
from core.limits import MAX_ALL_OWN_NETWORKS, MAX_OWN_NETWORKS
from core.networks.cards import NetworkCard
from core.networks.own_network import OwnNetwork
from core.networks.zoo import list_networks, load_card
from core.uncertainty.classes import DIGITS, Classes

from .host_network import HOST_NAME, host_network

OWN = "own-"  # what the names of such networks begin with
_OWN = "networks.own"  # by name, for this session
# Sessions come and go; what is left of their networks is whatever still holds one.
_all_own: weakref.WeakSet[OwnNetwork] = weakref.WeakSet()


@dataclass(frozen=True, eq=False)
class NetworkFacts:
    """What pages need to know of a network without loading it.

    Attributes:
        name: in the settings and in links.
        title: for people; of somebody's own, what they called it.
        sha256: of its file: what policies and scores are tied to.
        classes: what it tells apart.
        frame: of the images that it takes; None for rows of numbers.
        card: of a shipped network.
        own: the network itself, where it is not a shipped one.
    """

    name: str
    title: str
    sha256: str
    classes: Classes
    frame: Frame | None
    card: NetworkCard | None = None
    own: OwnNetwork | None = None


def facts_of(name: str) -> NetworkFacts:
    """Return what is known of a network by its name.

    Raises:
        LabradorError: there is none of this name, or its card is damaged.
    """
    own = brought(name)
    if own is not None:
        setup = own.setup
        return NetworkFacts(name, own.title, own.sha256, setup.classes, setup.frame, own=own)
    card = load_card(name)
    return NetworkFacts(name, card.title, card.weights_sha256, DIGITS, MNIST_FRAME, card=card)


def brought(name: str) -> OwnNetwork | None:
    """Return a network that is not shipped: the server's own, or this visitor's."""
    return brought_networks().get(name)


def brought_networks() -> Mapping[str, OwnNetwork]:
    """Return the networks that are not shipped, by name: the server's own, and this visitor's."""
    host = host_network()
    return own_networks() if host is None else {HOST_NAME: host, **own_networks()}


def own_networks() -> Mapping[str, OwnNetwork]:
    """Return the networks that this visitor brought, by name."""
    kept: dict[str, OwnNetwork] = st.session_state.get(_OWN, {})
    return kept


def choices() -> tuple[str, ...]:
    """Return the names of the networks that this visitor can ask."""
    shipped = (name for name in list_networks() if _can_be_asked(name))
    host = (HOST_NAME,) if host_network() else ()
    return (*host, *shipped, *own_networks())


def _can_be_asked(name: str) -> bool:
    """Return whether a shipped network has passes; one with a damaged card is left out."""
    try:
        return load_card(name).has_dropout
    except LabradorError:
        return False


def keep_own(network: OwnNetwork) -> str:
    """Keep a network for this session, and return its name; the same one again takes its place.

    Raises:
        InvalidInputError: this visitor, or all together, keep as many as there is room for.
    """
    name = f"own-{network.sha256[:12]}"
    kept = dict(own_networks())
    if name not in kept and len(kept) >= MAX_OWN_NETWORKS:
        raise InvalidInputError(
            "network",
            expected=f"at most {MAX_OWN_NETWORKS} networks of your own at a time",
            received="one more",
            advice="Remove one of them first.",
        )
    if name not in kept and len(_all_own) >= MAX_ALL_OWN_NETWORKS:
        raise InvalidInputError(
            "network",
            expected=f"at most {MAX_ALL_OWN_NETWORKS} networks of all visitors together",
            received="one more",
            advice="Try again when somebody has left, or run Labrador yourself.",
        )
    st.session_state[_OWN] = {**kept, name: network}
    _all_own.add(network)
    return name


def remove_own(name: str) -> None:
    """Forget a network of this session."""
    st.session_state[_OWN] = {
        other: network for other, network in own_networks().items() if other != name
    }


def in_words(facts: NetworkFacts) -> str:
    """Return what a network takes and tells apart: `images of 28 x 28, grey, into 10 classes`."""
    what = "rows of numbers" if facts.frame is None else f"images of {facts.frame}"
    return f"{what}, into {len(facts.classes):,} {facts.classes.plural}"
