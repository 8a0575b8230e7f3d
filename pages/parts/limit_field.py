"""The limit that is dragged, typed or removed: how it reaches the policy."""

from __future__ import annotations

import streamlit as st

from core.uncertainty.measures import MEASURES
from core.uncertainty.policy import Policy, Provenance

from .fields import following
from .live_figure import Selection
from .policies import current_policy, set_policy

SETTLED = "thresholds.settled"
_FIELD = "thresholds.limit"
_STEPS = 100  # of the field's buttons, from one end of a measure to the other


def drag_limit(network: str, measure: str, selection: Selection) -> None:
    """Move the limit on a measure to where a hand or a key has put it."""
    _set_limit(network, measure, float(selection["x"]))
    # The rest of the page, which names the policy, follows when the hand lets go.
    st.session_state[SETTLED] = bool(selection.get("settled"))


def show_limit_field(network: str, policy: Policy, measure: str, place: str = "rows") -> None:
    """Show the limit as a number to type, with a button that removes it.

    Args:
        network: whose policy it is.
        policy: that the limit is of.
        measure: that it is on.
        place: on the page, which may show the same limit in two places.
    """
    about, limit = MEASURES[measure], policy.limits.get(measure)
    upper = about.upper(policy.num_classes)
    unit = f", {about.unit}" if about.unit else ""
    way = "up to" if about.higher_is_less_certain else "from"
    field = f"{_FIELD}.{network}.{place}.{measure}"
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.number_input(
            f"Accept {about.label.lower()} {way}{unit}",
            0.0,
            upper,
            value=None,
            step=upper / _STEPS,
            format="%.4f",
            placeholder="no limit",
            help=f"From 0 to {upper:.4g}. Enter takes it over.",
            **following(field, limit, lambda typed: _type_limit(network, measure, typed)),
            width=300,
        )
        if limit is not None:
            st.button(
                "Remove this limit",
                icon=":material/close:",
                key=f"{field}.remove",
                on_click=_drop,
                args=(network, measure),
            )


def loose_end(measure: str, num_classes: int) -> float:
    """Return the limit that accepts every answer."""
    about = MEASURES[measure]
    return about.upper(num_classes) if about.higher_is_less_certain else 0.0


def _type_limit(network: str, measure: str, limit: float | None) -> None:
    if limit is None:  # emptied, or filled with what is no number: the limit stays and is shown
        return
    _set_limit(network, measure, float(limit))
    st.session_state[SETTLED] = True


def _set_limit(network: str, measure: str, limit: float) -> None:
    policy = current_policy(network)
    changed = Policy(
        {**policy.limits, measure: limit},
        name="Your own",
        model_sha256=policy.model_sha256,
        provenance=Provenance(target="limits set by hand"),
        num_classes=policy.num_classes,
    )
    set_policy(changed, network)


def _drop(network: str, measure: str) -> None:
    policy = current_policy(network)
    limits = {name: limit for name, limit in policy.limits.items() if name != measure}
    changed = Policy(
        limits, name="Your own" if limits else "No limits", num_classes=policy.num_classes
    )
    set_policy(changed, network)
    st.session_state[SETTLED] = True  # the rest of the page names the policy too
