"""The policy that every verdict of the app follows: one a network, the shipped one at first."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from core.errors import InvalidInputError, LabradorError
from core.experiments.default_policy import load_default_policy
from core.figures import numbers
from core.networks.zoo import DEFAULT_NETWORK
from core.uncertainty.measures import MEASURES
from core.uncertainty.policy import Policy
from core.uncertainty.policy_text import policy_from_text, policy_to_text

from .fields import following
from .links import plain
from .networks import brought_networks, facts_of

_NO_LIMITS = "No limits"
NO_POLICY = Policy({}, name=_NO_LIMITS)
_CURRENT = "policy.current"  # by network, which has classes of its own
PROBLEM = "policy.problem"  # why a policy could not be saved
_CHOICE = "policy.choice"
_SAVED = "policy.saved"  # by number of classes and name, for this session


def no_policy(num_classes: int) -> Policy:
    """Return the policy that accepts every answer of a network of so many classes."""
    return Policy({}, name=_NO_LIMITS, num_classes=num_classes)


def default_policy(network: str) -> Policy:
    """Return the policy that comes with a network; none at all where nothing does."""
    if network in brought_networks():
        return no_policy(num_classes_of(network))
    return _shipped_policy(network)


@st.cache_resource(show_spinner=False)
def _shipped_policy(network: str) -> Policy:
    try:
        return load_default_policy(network) or NO_POLICY
    except LabradorError:
        return NO_POLICY


def num_classes_of(network: str) -> int:
    """Return how many classes a network has; ten where nothing is known of it."""
    try:
        return len(facts_of(network).classes)
    except LabradorError:  # which the page tells
        return NO_POLICY.num_classes


def current_policy(network: str) -> Policy:
    """Return the policy that verdicts of a network follow now."""
    policy: Policy = st.session_state.setdefault(_key(network), default_policy(network))
    # Somebody's own network keeps its name where it is set up anew, with other classes even.
    if policy.num_classes != num_classes_of(network):
        policy = st.session_state[_key(network)] = default_policy(network)
    return policy


def set_policy(policy: Policy, network: str | None = None) -> None:
    """Have all verdicts of a network follow a policy from the next run on.

    Args:
        policy: of as many classes as the network has.
        network: whose; that of the settings if None.

    Raises:
        InvalidInputError: the policy is for another number of classes.
    """
    network = network or _asked()
    num_classes = num_classes_of(network)
    if policy.num_classes != num_classes:
        raise InvalidInputError(
            "policy",
            expected=f"one for a network of {num_classes:,} classes",
            received=f"'{policy.name}', for one of {policy.num_classes:,}",
            advice="Its limits mean something else there. Choose the network it was made for.",
        )
    st.session_state[_key(network)] = policy
    st.session_state[PROBLEM] = None  # whatever was wrong before, this one is right


def save_in_session(policy: Policy, network: str | None = None) -> None:
    """Keep a policy under its name, for the sidebar's choice; arguments as `set_policy`."""
    set_policy(policy, network)
    saved: dict[tuple[int, str], Policy] = st.session_state.setdefault(_SAVED, {})
    saved[policy.num_classes, policy.name] = policy


def is_saved(policy: Policy) -> bool:
    """Return whether exactly this policy was saved in this session."""
    saved: Mapping[tuple[int, str], Policy] = st.session_state.get(_SAVED, {})
    return saved.get((policy.num_classes, policy.name)) == policy


def take_policy(text: str) -> None:
    """Take over the limits of a link, for the network that is asked.

    Raises:
        InvalidInputError: there are no such limits of a network of its classes.
    """
    set_policy(policy_from_text(text, num_classes=num_classes_of(_asked())))


def policy_in_link(policy: Policy, network: str) -> dict[str, object]:
    """Return the part of a link that reopens a policy; nothing for the shipped one."""
    text = policy_to_text(policy)
    return {} if text == policy_to_text(default_policy(network)) else {"policy": text}


def show_policy(network: str) -> Policy:
    """Show which policy verdicts follow, with the others to choose from; return it."""
    current, shipped = current_policy(network), default_policy(network)
    saved: Mapping[tuple[int, str], Policy] = st.session_state.get(_SAVED, {})
    fitting = [each for each in saved.values() if each.num_classes == current.num_classes]
    nothing = no_policy(current.num_classes)
    choices = {each.name: each for each in (nothing, shipped, *fitting, current)}
    st.selectbox(
        "Policy",
        list(choices),
        **following(
            f"{_CHOICE}.{network}", current.name, lambda name: set_policy(choices[name], network)
        ),
        help="The limits under which an answer is accepted; otherwise “I don’t know”.",
    )
    if current.limits:
        st.caption(f"Accepts {in_words(current)}.")
    elif not shipped.limits:
        st.caption("No limits come with this network, so every answer is accepted.")
    try:
        mismatch = current.mismatch(facts_of(network).sha256)
    except LabradorError:
        mismatch = ""  # the page says what is wrong with the network
    if mismatch:
        st.caption(f":material/warning: {plain(mismatch)}")
    return current


def _key(network: str) -> str:
    return f"{_CURRENT}.{network}"


def _asked() -> str:
    return str(st.session_state.get("settings.network", DEFAULT_NETWORK))


def in_words(policy: Policy) -> str:
    """Return the limits of a policy: `predictive entropy up to 0.46 nats`."""
    parts = []
    for name, limit in policy.limits.items():
        measure = MEASURES[name]
        way = "up to" if measure.higher_is_less_certain else "from"
        unit = f" {measure.unit}" if measure.unit else ""
        parts.append(f"{measure.label.lower()} {way} {limit_text(name, limit)}{unit}")
    return " and ".join(parts) or "every answer"


def limit_text(measure: str, limit: float) -> str:
    """Return a limit as it is read beside its measure."""
    return numbers.variance(limit) if measure == "variance" else numbers.entropy(limit)
