"""What a limit does, in figures and numbers: rows to drag it in, curves over coverage."""

from __future__ import annotations

import html

import numpy as np
import streamlit as st

from core.experiments.policy_outcome import TWIN_MEASURE, PolicyOutcome
from core.experiments.set_scores import SetScores
from core.figures import numbers
from core.figures.coverage_curves import CoverageCurve, coverage_curve_spec
from core.figures.limit_rows import LimitGroup, limit_rows_spec
from core.figures.study_text import softmax_limit
from core.uncertainty.binomial import wilson_interval
from core.uncertainty.measures import MEASURES
from core.uncertainty.policy import Policy, Provenance
from core.uncertainty.resampling import Interval
from core.uncertainty.selective import risk_at_coverage

from .live_figure import Selection, live_figure
from .policies import set_policy

SETTLED = "thresholds.settled"
_COVERAGES = np.linspace(0.4, 1.0, 61)


def show_rows(
    policy: Policy,
    measure: str,
    known: SetScores,
    strangers: SetScores | None,
    result: PolicyOutcome,
) -> None:
    """Show the rows, whose limit can be dragged.

    Args:
        policy: whose limits are shown.
        measure: that the rows are of.
        known: what is meant to be answered.
        strangers: what is meant to be refused.
        result: of the policy on both.
    """
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
    st.session_state[SETTLED] = bool(selection.get("settled"))


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
    st.session_state[SETTLED] = True  # the rest of the page names the policy too


def numbers_html(result: PolicyOutcome, strangers: SetScores | None) -> str:
    """Return what the policy is worth in four numbers, as HTML, the twin under each."""
    committee, twin = result.committee, result.twin
    more = result.more_false_accepts
    risk = "–" if committee.risk is None else numbers.share(committee.risk)
    twin_risk = "–" if twin.risk is None else numbers.share(twin.risk)
    cells = [
        (
            "Coverage",
            numbers.share(committee.coverage),
            "",
            f"twin set to match: softmax from {softmax_limit(result.twin_softmax)}",
        ),
        ("Selective risk", risk, "wrong", f"twin {twin_risk}"),
        (
            "False accepts",
            f"{1000 * committee.false_accepts:.1f}",
            "per 1,000 digits",
            f"twin {1000 * twin.false_accepts:.1f}, {_compared(more, 1000)}",
        ),
    ]
    if strangers is not None and result.more_strangers is not None:
        refused = 1.0 - float(result.strangers_accepted.mean())
        cells.append(
            (
                "Strangers refused",
                numbers.share(refused),
                "",
                f"twin {numbers.share(1.0 - result.twin_strangers)},"
                f" {_compared(result.more_strangers, -100)}",
            )
        )
    rows = "".join(
        f"<div><span>{title}</span><b>{html.escape(value)}</b> <i>{unit}</i><small>{beside}</small>"
        "</div>"
        for title, value, unit, beside in cells
    )
    return f'<div class="lb-numbers">{rows}</div>'


def _compared(more: Interval, unit: float) -> str:
    """Say who lets fewer through, and the 95% interval of committee minus twin.

    Args:
        more: committee minus twin, of what is let through.
        unit: in which it is told; negative where the number above counts what is refused.
    """
    word = "no clear difference"
    if more.excludes_zero:
        word = "clearly worse" if more.high < 0.0 else "clearly better"
    low, high = sorted((unit * more.low, unit * more.high))
    ends = f"{low:+z.1f} to {high:+z.1f}".replace("-", "−")
    return f"{word}<br>committee minus twin: {ends}"


def show_curves(
    measure: str, known: SetScores, strangers: SetScores | None, result: PolicyOutcome
) -> None:
    """Show risk and strangers over coverage, with the policy's point; arguments as `show_rows`."""
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
