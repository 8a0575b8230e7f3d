"""The policy that every verdict of the app follows: one a session, the shipped one at first."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from core.errors import LabradorError
from core.experiments.default_policy import load_default_policy
from core.figures import numbers
from core.networks.zoo import load_card
from core.uncertainty.measures import MEASURES
from core.uncertainty.policy import Policy
from core.uncertainty.policy_text import policy_from_text, policy_to_text

from .fields import following

NO_POLICY = Policy({}, name="No limits")
_CURRENT = "policy.current"
PROBLEM = "policy.problem"  # why a policy could not be saved
_CHOICE = "policy.choice"
_SAVED = "policy.saved"  # by name, for this session


@st.cache_resource(show_spinner=False)
def default_policy(network: str) -> Policy:
    """Return the policy that is shipped with a network; none at all where there is none."""
    try:
        return load_default_policy(network) or NO_POLICY
    except LabradorError:
        return NO_POLICY


def current_policy(network: str) -> Policy:
    """Return the policy that verdicts follow now."""
    policy: Policy = st.session_state.setdefault(_CURRENT, default_policy(network))
    return policy


def set_policy(policy: Policy) -> None:
    """Have all verdicts follow a policy from the next run on."""
    st.session_state[_CURRENT] = policy
    st.session_state[PROBLEM] = None  # whatever was wrong before, this one is right


def save_in_session(policy: Policy) -> None:
    """Keep a policy under its name, for the sidebar's choice."""
    saved: dict[str, Policy] = st.session_state.setdefault(_SAVED, {})
    saved[policy.name] = policy
    set_policy(policy)


def is_saved(policy: Policy) -> bool:
    """Return whether exactly this policy was saved in this session."""
    saved: Mapping[str, Policy] = st.session_state.get(_SAVED, {})
    return saved.get(policy.name) == policy


def take_policy(text: str) -> None:
    """Take over the limits of a link."""
    set_policy(policy_from_text(text))


def policy_in_link(policy: Policy, network: str) -> dict[str, object]:
    """Return the part of a link that reopens a policy; nothing for the shipped one."""
    text = policy_to_text(policy)
    return {} if text == policy_to_text(default_policy(network)) else {"policy": text}


def show_policy(network: str) -> Policy:
    """Show which policy verdicts follow, with the others to choose from; return it."""
    current, shipped = current_policy(network), default_policy(network)
    saved: Mapping[str, Policy] = st.session_state.get(_SAVED, {})
    choices = {each.name: each for each in (NO_POLICY, shipped, *saved.values(), current)}
    st.selectbox(
        "Policy",
        list(choices),
        **following(_CHOICE, current.name, lambda name: set_policy(choices[name])),
        help="The limits under which an answer is accepted; otherwise “I don’t know”.",
    )
    if current.limits:
        st.caption(f"Accepts {in_words(current)}.")
    try:
        mismatch = current.mismatch(load_card(network).weights_sha256)
    except LabradorError:
        mismatch = ""  # the page says what is wrong with the network
    if mismatch:
        st.caption(f":material/warning: {mismatch}")
    return current


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
