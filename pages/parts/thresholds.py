"""The Thresholds page: its choices, presets, and what is worth what."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import streamlit as st

from core.errors import InvalidInputError, LabradorError
from core.experiments.policy_outcome import PolicyOutcome, policy_outcome
from core.experiments.reference_scores import ReferenceScores
from core.experiments.set_scores import SetScores
from core.figures import numbers
from core.networks.zoo import load_card
from core.uncertainty.measures import MEASURES
from core.uncertainty.policy import Policy

from .keep_policy import show_keeping
from .links import rerun, write_link
from .policies import current_policy, default_policy, set_policy
from .presets import PRESETS, preset
from .settings import Settings
from .threshold_figures import SETTLED, numbers_html, show_curves, show_rows
from .uncertainty_map import show_uncertainty_map

_KNOWN, _STRANGE, _MEASURE = "thresholds.known", "thresholds.strange", "thresholds.measure"
_DEFAULTS = {_KNOWN: "test", _STRANGE: "kmnist", _MEASURE: "predictive_entropy"}
_TITLES = {
    "validation": "Validation digits",
    "test": "Test digits",
    "pen-digits": "Pen digits",
    "kmnist": "KMNIST characters",
}


def choices_of_link() -> Mapping[str, Callable[[str], None]]:
    """Return what takes the page's choices in a link over, by name."""

    def take(key: str, name: str, text: str) -> None:
        known = text in MEASURES if key == _MEASURE else text in _TITLES or _is_turned(text)
        if not known and not (key == _STRANGE and text == "none"):
            raise InvalidInputError(name, expected="one of the page’s choices", received=text)
        st.session_state[key] = text

    return {
        "answered": lambda text: take(_KNOWN, "answered", text),
        "refused": lambda text: take(_STRANGE, "refused", text),
        "limit": lambda text: take(_MEASURE, "limit", text),
    }


def show_thresholds(scores: ReferenceScores, settings: Settings) -> None:
    """Show the page below its title.

    Args:
        scores: of the network, on the reference sets.
        settings: the policy among them.
    """
    with st.container(key="thresholds-row", horizontal=True, vertical_alignment="bottom"):
        known_names = [name for name, each in scores.sets.items() if each.has_labels]
        strange_names = ["none", *(n for n in scores.sets if n not in ("validation", "test"))]
        known = _choice(_KNOWN, "Meant to be answered", known_names)
        strange = _choice(_STRANGE, "Meant to be refused", strange_names)
        measure = _choice(_MEASURE, "Limit on", list(MEASURES))
        _show_presets(scores, settings)
    _live(scores, known, strange, measure, settings)
    show_keeping(settings)
    with st.expander("Two limits at once", icon=":material/scatter_plot:"):
        _show_map(scores, known, strange, settings)


def _choice(key: str, label: str, options: list[str]) -> str:
    field = f"{key}.field"
    kept = st.session_state.setdefault(key, _DEFAULTS[key])
    st.session_state[field] = kept if kept in options else options[0]

    def keep() -> None:
        st.session_state[key] = st.session_state[field]

    chosen = st.selectbox(label, options, format_func=_title, key=field, on_change=keep, width=205)
    return str(chosen)


def _title(name: str) -> str:
    if name in MEASURES:
        return MEASURES[name].label
    if _is_turned(name):
        return f"Turned by {name.removeprefix('rotated-')}°"
    return _TITLES.get(name, "Nothing")


def _is_turned(name: str) -> bool:
    return name.startswith("rotated-") and name.removeprefix("rotated-").isdecimal()


def _show_presets(scores: ReferenceScores, settings: Settings) -> None:
    weights = load_card(settings.network).weights_sha256
    shipped = default_policy(settings.network)
    with st.popover("Presets", icon=":material/tune:"):
        if shipped.limits:
            st.button(f"{shipped.name} (shipped)", on_click=set_policy, args=(shipped,))
        for name in PRESETS:
            policy = preset(name, scores, weights)
            if policy is None:
                st.caption(f"{name}: not possible on the validation digits.")
            else:
                st.button(name, on_click=_take_preset, args=(policy,))
        st.caption("Fitted on validation digits, none of which is shown as a test digit.")


def _take_preset(policy: Policy) -> None:
    set_policy(policy)
    st.session_state[_MEASURE] = next(iter(policy.limits))


@st.fragment
def _live(
    scores: ReferenceScores,
    known_name: str,
    strange_name: str,
    measure: str,
    settings: Settings,
) -> None:
    """Show what changes while the limit is dragged."""
    if st.session_state.pop(SETTLED, False):
        rerun()
    policy = current_policy(settings.network)
    known = scores.sets[known_name]
    strangers = scores.sets.get(strange_name)
    try:
        result = policy_outcome(policy, known, strangers)
    except LabradorError as error:
        st.info(str(error), icon=":material/error:")
        return
    st.html(f'<p class="lb-finding">{_finding(result, strangers)}</p>')
    with st.container(key="thresholds-live"):
        left, right = st.columns([690, 380])
    with left:
        show_rows(policy, measure, known, strangers, result)
    with right:
        st.html(numbers_html(result, strangers))
        show_curves(measure, known, strangers, result)
    choices = {"answered": known_name, "refused": strange_name, "limit": measure}
    now = replace(settings, policy=policy)
    write_link(now.in_link(), **choices)


def _finding(result: PolicyOutcome, strangers: SetScores | None) -> str:
    committee = result.committee
    if committee.risk is None:
        return "No answer is accepted: the limits are too tight for these digits."
    text = (
        f"Accepts <b>{numbers.share(committee.coverage)}</b> of the digits, and"
        f" <b>{numbers.risk(committee.risk)}</b> of those answers are wrong."
    )
    if strangers is not None:
        refused = 1.0 - float(result.strangers_accepted.mean())
        text += f" It turns away <b>{numbers.share(refused)}</b> of what it should refuse."
    return text


@st.fragment
def _show_map(scores: ReferenceScores, known: str, strange: str, settings: Settings) -> None:
    policy = current_policy(settings.network)
    show_uncertainty_map(policy, scores.sets[known], scores.sets.get(strange))
