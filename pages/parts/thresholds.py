"""The Thresholds page: its choices, presets, and what is worth what."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import streamlit as st

from core.errors import InvalidInputError, LabradorError
from core.experiments.default_policy import fit_default_policy, validation_of
from core.experiments.policy_outcome import PolicyOutcome, policy_outcome
from core.experiments.reference_scores import ReferenceScores
from core.experiments.set_scores import SetScores
from core.figures import numbers
from core.figures.uncertainty_map import PARTS
from core.uncertainty.binomial import wilson_interval
from core.uncertainty.measures import MEASURES
from core.uncertainty.policy import Policy

from .fields import following
from .keep_policy import show_keeping
from .limit_field import SETTLED, show_limit_field
from .links import plain, rerun, write_link
from .own_scores import Pictures
from .policies import current_policy, default_policy, in_words, set_policy
from .presets import preset, presets_of, why_impossible
from .set_names import is_set, set_title
from .settings import Settings
from .threshold_figures import show_curves, show_rows
from .threshold_numbers import numbers_html
from .uncertainty_map import show_uncertainty_map

_KNOWN, _STRANGE, _MEASURE = "thresholds.known", "thresholds.strange", "thresholds.measure"
_PRESETS = "thresholds.presets"
_DEFAULTS = {_KNOWN: "test", _STRANGE: "kmnist", _MEASURE: "predictive_entropy"}


def choices_of_link() -> Mapping[str, Callable[[str], None]]:
    """Return what takes the page's choices in a link over, by name."""

    def take(key: str, name: str, text: str) -> None:
        known = text in MEASURES if key == _MEASURE else is_set(text)
        if not known and not (key == _STRANGE and text == "none"):
            raise InvalidInputError(name, expected="one of the page’s choices", received=text)
        st.session_state[key] = text

    return {
        "answered": lambda text: take(_KNOWN, "answered", text),
        "refused": lambda text: take(_STRANGE, "refused", text),
        "limit": lambda text: take(_MEASURE, "limit", text),
    }


def show_thresholds(
    scores: ReferenceScores,
    settings: Settings,
    *,
    pictures: Mapping[str, Pictures] | None = None,
    notes: Sequence[str] = (),
) -> None:
    """Show the page below its title.

    Args:
        scores: of the network, on the reference sets or on somebody's own images.
        settings: the policy among them.
        pictures: of somebody's own images, by set.
        notes: what to keep in mind of these scores, a sentence each.
    """
    with st.container(key="thresholds-row", horizontal=True, vertical_alignment="bottom"):
        known_names = [name for name, each in scores.sets.items() if each.has_labels]
        known = _choice(_KNOWN, "Meant to be answered", known_names, scores.item)
        # Nothing can be meant to be answered and refused at once.
        strange_names = ["none", *scores.sets.keys() - {"validation", "test", known}]
        strange_names.sort(key=["none", *scores.sets].index)
        # Of somebody's own there is one such set at most, which they have brought for this.
        usual = strange_names[-1 if scores.is_own else 0]
        strange = _choice(_STRANGE, "Meant to be refused", strange_names, scores.item, usual)
        measure = _choice(_MEASURE, "Limit on", list(MEASURES), scores.item)
        _show_presets(scores, settings)
    if notes:
        st.caption(":material/info: " + " ".join(map(plain, notes)))
    _live(scores, known, strange, measure, settings)
    show_keeping(settings)
    with st.expander("Two limits at once", icon=":material/scatter_plot:"):
        _show_map(scores, known, strange, settings, pictures)


def _choice(key: str, label: str, options: list[str], item: str, usual: str = "") -> str:
    kept = st.session_state.setdefault(key, _DEFAULTS[key])

    def keep(name: str) -> None:
        st.session_state[key] = name

    def title(name: str) -> str:
        return MEASURES[name].label if name in MEASURES else set_title(name, item)

    field = following(key, kept if kept in options else usual or options[0], keep)
    return str(st.selectbox(label, options, format_func=title, width=205, **field))


def _show_presets(scores: ReferenceScores, settings: Settings) -> None:
    first = fit_default_policy(scores) if scores.is_own else default_policy(settings.network)
    item = scores.item
    with (
        st.popover("Presets", icon=":material/tune:", key=_PRESETS, on_change="rerun"),
        st.container(key="thresholds-presets", gap="xsmall"),
    ):
        if first.limits:
            label = first.name if scores.is_own else f"{first.name} (shipped)"
            _preset_button(label, first, scores, settings)
        for name in presets_of(scores):
            policy = preset(name, scores, scores.checksum)
            if policy is None:
                st.caption(f"{name}: {why_impossible(name, scores)}.")
            else:
                _preset_button(name, policy, scores, settings)
        whose = "your " if scores.is_own else ""
        st.caption(f"Fitted on {whose}validation {item}s, none of which is shown as a test {item}.")


def _preset_button(label: str, policy: Policy, scores: ReferenceScores, settings: Settings) -> None:
    """Offer a ready-made policy, and say what it means on what it was fitted on."""
    is_current = policy == settings.policy
    st.button(
        label,
        icon=":material/check:" if is_current else None,
        on_click=_take_preset,
        args=(policy, settings.network),
        width="stretch",
    )
    accepted = policy.decide_values(validation_of(scores).measures)
    refused = numbers.some_of(int((~accepted).sum()), len(accepted))
    told = policy.provenance.target
    if policy.name.startswith("Promise"):
        told += f", {policy.provenance.guarantee.split(';')[0]}"
    text = f"{told}: {in_words(policy)}. Refuses {refused} validation {scores.item}s."
    st.caption(text[:1].upper() + text[1:])


def _take_preset(policy: Policy, network: str) -> None:
    set_policy(policy, network)
    st.session_state[_MEASURE] = next(iter(policy.limits))
    st.session_state[_PRESETS] = False  # what it changed is under it


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
    st.html(f'<p class="lb-finding">{_finding(policy, result, strangers, scores.item)}</p>')
    with st.container(key="thresholds-live"):
        left, right = st.columns([690, 380])
    with left:
        show_rows(settings.network, policy, measure, known, strangers, result, scores.item)
        show_limit_field(settings.network, policy, measure)
    with right:
        st.html(numbers_html(policy, result, strangers, scores.item))
        show_curves(measure, known, strangers, result)
    choices = {"answered": known_name, "refused": strange_name, "limit": measure}
    now = replace(settings, policy=policy)
    write_link(now.in_link(), **choices)


def _finding(policy: Policy, result: PolicyOutcome, strangers: SetScores | None, item: str) -> str:
    committee = result.committee
    if committee.risk is None:
        return f"No answer is accepted: the limits are too tight for these {item}s."
    low, high = wilson_interval(committee.num_false, committee.num_accepted)
    wrong = numbers.some_of(committee.num_false, committee.num_accepted)
    text = (
        f"Accepts <b>{numbers.share(committee.coverage)}</b> of the {item}s, and"
        f" <b>{numbers.per_thousand(committee.risk)} in 1,000</b> of those answers are wrong"
        f" ({wrong}; 95% interval {numbers.per_thousand(float(low))} to"
        f" {numbers.per_thousand(float(high))})."
    )
    if strangers is not None:
        refused = 1.0 - float(result.strangers_accepted.mean())
        text += f" It turns away <b>{numbers.share(refused)}</b> of what it should refuse."
    if not policy.limits:
        text += " There is no limit yet."
    return text


@st.fragment
def _show_map(
    scores: ReferenceScores,
    known: str,
    strange: str,
    settings: Settings,
    pictures: Mapping[str, Pictures] | None,
) -> None:
    if st.session_state.pop(SETTLED, False):
        rerun()
    policy = current_policy(settings.network)
    with st.container(horizontal=True):
        for name in PARTS[:2]:
            show_limit_field(settings.network, policy, name, "map")
    show_uncertainty_map(policy, scores, known, strange, pictures)
