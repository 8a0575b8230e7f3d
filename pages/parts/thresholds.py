"""The Thresholds page: rows and one limit through them, numbers, curves, the policy to keep."""

from __future__ import annotations

import html
import json
from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np
import streamlit as st

from core.errors import InvalidInputError, LabradorError
from core.experiments.policy_outcome import TWIN_MEASURE, PolicyOutcome, policy_outcome
from core.experiments.reference_scores import ReferenceScores
from core.experiments.set_scores import SetScores
from core.figures import numbers
from core.figures.coverage_curves import CoverageCurve, coverage_curve_spec
from core.figures.limit_rows import LimitGroup, limit_rows_spec
from core.networks.zoo import load_card
from core.uncertainty.binomial import wilson_interval
from core.uncertainty.measures import MEASURES
from core.uncertainty.policy import Policy, Provenance
from core.uncertainty.policy_file import load_policy, to_document
from core.uncertainty.selective import risk_at_coverage

from .links import rerun, write_link
from .live_figure import Selection, live_figure
from .policies import current_policy, default_policy, in_words, save_in_session, set_policy
from .presets import PRESETS, preset
from .settings import Settings
from .uncertainty_map import show_uncertainty_map

_KNOWN, _STRANGE, _MEASURE = "thresholds.known", "thresholds.strange", "thresholds.measure"
_DEFAULTS = {_KNOWN: "test", _STRANGE: "kmnist", _MEASURE: "predictive_entropy"}
_TITLES = {
    "validation": "Validation digits",
    "test": "Test digits",
    "pen-digits": "Pen digits",
    "kmnist": "KMNIST characters",
}
_SETTLED = "thresholds.settled"
_COVERAGES = np.linspace(0.4, 1.0, 61)


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
    _show_keeping(settings)
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
    if st.session_state.pop(_SETTLED, False):
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
        _show_rows(policy, measure, known, strangers, result)
    with right:
        st.html(_numbers_html(result, strangers))
        _show_curves(measure, known, strangers, result)
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


def _show_rows(
    policy: Policy,
    measure: str,
    known: SetScores,
    strangers: SetScores | None,
    result: PolicyOutcome,
) -> None:
    values = known.measures[measure].astype(np.float64)
    right = known.right
    groups = [
        LimitGroup(
            "Right", "answers", "accepted_fill", "accepted_text",
            values[right], result.accepted[right], "answered",
        ),
        LimitGroup(
            "Wrong", "answers", "wrong_fill", "wrong_text",
            values[~right], result.accepted[~right], "false accepts",
        ),
    ]  # fmt: skip
    if strangers is not None:
        strange = strangers.measures[measure].astype(np.float64)
        groups.append(
            LimitGroup(
                "Stranger", "images", "stranger", "ink",
                strange, result.strangers_accepted, "let in",
            )
        )  # fmt: skip
    others = [MEASURES[name].label.lower() for name in policy.limits if name != measure]
    also = f" There is also a limit on {' and '.join(others)}." if others else ""
    limit = policy.limits.get(measure)
    hint = "Drag the limit" if limit is not None else "Click to set a limit"
    st.html(
        f'<div class="lb-head"><b>{hint}</b><span>solid: accepted · pale: “I don’t know” · each'
        f" group to its own height.{also}</span></div>"
    )
    live_figure(
        limit_rows_spec(groups, measure, limit),
        "thresholds.rows",
        label=f"Histograms of {MEASURES[measure].label.lower()} with the limit through them.",
        on_select=lambda selection: _drag(measure, selection),
        tag=f"{measure}:{limit}",
        narrow=limit_rows_spec(groups, measure, limit, compact=True),
        settles=True,
    )
    with st.container(horizontal=True):
        if limit is not None:
            st.button("Remove this limit", icon=":material/close:", on_click=_drop, args=(measure,))


def _drag(measure: str, selection: Selection) -> None:
    _set_limit(measure, float(selection["x"]))
    # The rest of the page, which names the policy, follows when the hand lets go.
    st.session_state[_SETTLED] = bool(selection.get("settled"))


def _set_limit(measure: str, limit: float) -> None:
    policy: Policy = st.session_state["policy.current"]
    limits = {**policy.limits, measure: limit}
    set_policy(
        Policy(
            limits,
            name="Your own",
            model_sha256=policy.model_sha256,
            provenance=Provenance(target="limits set by hand"),
        )
    )


def _drop(measure: str) -> None:
    policy: Policy = st.session_state["policy.current"]
    limits = {name: limit for name, limit in policy.limits.items() if name != measure}
    set_policy(Policy(limits, name="Your own" if limits else "No limits"))


def _numbers_html(result: PolicyOutcome, strangers: SetScores | None) -> str:
    committee, twin = result.committee, result.twin
    more = result.more_false_accepts
    risk = "–" if committee.risk is None else numbers.share(committee.risk)
    twin_risk = "–" if twin.risk is None else numbers.share(twin.risk)
    cells = [
        ("Coverage", numbers.share(committee.coverage), "", "twin set to match"),
        ("Selective risk", risk, "wrong", f"twin {twin_risk}"),
        (
            "False accepts",
            f"{1000 * committee.false_accepts:.1f}",
            "per 1,000 digits",
            f"twin {1000 * twin.false_accepts:.1f}, {_compared(more.low, more.high)}",
        ),
    ]
    if strangers is not None and result.more_strangers is not None:
        refused = 1.0 - float(result.strangers_accepted.mean())
        low, high = result.more_strangers.low, result.more_strangers.high
        cells.append(
            (
                "Strangers refused",
                numbers.share(refused),
                "",
                f"twin {numbers.share(1.0 - result.twin_strangers)}, {_compared(low, high)}",
            )
        )
    rows = "".join(
        f"<div><span>{title}</span><b>{html.escape(value)}</b> <i>{unit}</i><small>{beside}</small>"
        "</div>"
        for title, value, unit, beside in cells
    )
    return f'<div class="lb-numbers">{rows}</div>'


def _compared(low: float, high: float) -> str:
    """Say who lets fewer through, from a 95% interval of committee minus twin."""
    if high < 0.0:
        return "clearly worse"
    return "clearly better" if low > 0.0 else "no clear difference"


def _show_curves(
    measure: str, known: SetScores, strangers: SetScores | None, result: PolicyOutcome
) -> None:
    committee, twin = known.uncertainty(measure), known.twin_uncertainty(TWIN_MEASURE)
    risk = risk_at_coverage(committee, ~known.right, _COVERAGES)
    accepted = np.rint(_COVERAGES * known.num_images)
    low, high = wilson_interval(np.rint(risk * accepted), accepted)
    outcome = result.committee
    live_figure(
        coverage_curve_spec(
            CoverageCurve(
                title="Wrong among the accepted",
                about="by coverage, 95% interval",
                coverage=_COVERAGES,
                committee=risk,
                twin=risk_at_coverage(twin, ~known.twin_right, _COVERAGES),
                low=low,
                high=high,
                point=(outcome.coverage, outcome.risk or 0.0),
                twin_point=(outcome.coverage, result.twin.risk or 0.0),
            )
        ),
        "thresholds.risk",
        label="Selective risk of committee and twin over coverage.",
        hover=True,
    )
    if strangers is None:
        return
    live_figure(
        coverage_curve_spec(
            CoverageCurve(
                title="Strangers let in",
                about="by coverage",
                coverage=_COVERAGES,
                committee=_let_in(committee, strangers.uncertainty(measure)),
                twin=_let_in(twin, strangers.twin_uncertainty(TWIN_MEASURE)),
                low=None,
                high=None,
                point=(outcome.coverage, float(result.strangers_accepted.mean())),
                twin_point=(outcome.coverage, result.twin_strangers),
            )
        ),
        "thresholds.strangers",
        label="Strangers that committee and twin let in over coverage.",
        hover=True,
    )


def _let_in(known: np.ndarray, strange: np.ndarray) -> np.ndarray:
    """Return the share of strangers let in at each coverage of the known."""
    limits = np.quantile(known, _COVERAGES)
    return np.asarray(np.searchsorted(np.sort(strange), limits, side="right") / len(strange))


@st.fragment
def _show_map(scores: ReferenceScores, known: str, strange: str, settings: Settings) -> None:
    policy = current_policy(settings.network)
    show_uncertainty_map(policy, scores.sets[known], scores.sets.get(strange))


@st.fragment
def _show_keeping(settings: Settings) -> None:
    """Show what the policy promises, and how to keep it, take it home or bring one."""
    policy = current_policy(settings.network)
    about = policy.provenance
    st.divider()
    told = ", ".join(part for part in (about.target, about.guarantee) if part)
    if about.data:
        told += f". Fitted on {about.data}"
    st.html(
        f'<p class="lb-finding"><b>{html.escape(policy.name)}</b>: accepts'
        f" {html.escape(in_words(policy))}.</p>"
        f'<p class="lb-note">{html.escape(told[:1].upper() + told[1:])}{"." if told else ""}</p>'
    )
    with st.container(key="thresholds-keep", horizontal=True, vertical_alignment="bottom"):
        name = st.text_input("Name", policy.name, max_chars=80, width=220)
        st.button(
            "Save policy",
            type="primary",
            icon=":material/save:",
            on_click=_save,
            args=(name, settings.network),
        )
        st.download_button(
            "Download",
            json.dumps(to_document(policy), indent=2, ensure_ascii=False),
            "policy.json",
            "application/json",
            icon=":material/download:",
            on_click="ignore",
        )
        st.button(
            "Reset",
            icon=":material/undo:",
            on_click=set_policy,
            args=(default_policy(settings.network),),
        )
        with st.popover("Upload", icon=":material/upload:"):
            st.file_uploader("A policy (.json)", type="json", key="policy.upload", on_change=_open)
            if refused := st.session_state.get("policy.refused"):
                st.info(refused, icon=":material/error:")
    if problem := st.session_state.get("policy.problem"):
        st.info(problem, icon=":material/error:")


def _save(name: str, network: str) -> None:
    try:
        policy = current_policy(network)
        sha256 = load_card(network).weights_sha256
        save_in_session(replace(policy, name=name.strip(), model_sha256=sha256))
        st.session_state["policy.problem"] = None
    except LabradorError as error:
        st.session_state["policy.problem"] = str(error)


def _open() -> None:
    upload = st.session_state["policy.upload"]
    st.session_state["policy.refused"] = None
    if upload is None:
        return
    try:
        save_in_session(load_policy(upload.getvalue()))
    except LabradorError as error:
        st.session_state["policy.refused"] = f"{upload.name}: {error}"
