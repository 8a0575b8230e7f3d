"""What a limit does, in figures: rows to drag it in, curves over coverage."""

from __future__ import annotations

import numpy as np
import streamlit as st

from core.experiments.policy_outcome import TWIN_MEASURE, PolicyOutcome
from core.experiments.set_scores import SetScores
from core.figures.coverage_curves import CoverageCurve, coverage_curve_spec
from core.figures.limit_rows import LimitGroup, limit_rows_spec
from core.uncertainty.binomial import wilson_interval
from core.uncertainty.measures import MEASURES
from core.uncertainty.policy import Policy
from core.uncertainty.selective import risk_at_coverage

from .limit_field import drag_limit, loose_end
from .live_figure import live_figure
from .policies import limit_text
from .set_names import short_title

_COVERAGES = np.linspace(0.01, 1.0, 100)


def show_rows(
    network: str,
    policy: Policy,
    measure: str,
    known: SetScores,
    strangers: SetScores | None,
    result: PolicyOutcome,
    item: str = "digit",
) -> None:
    """Show the rows, whose limit can be dragged.

    Args:
        network: whose policy it is.
        policy: whose limits are shown.
        measure: that the rows are of.
        known: what is meant to be answered.
        strangers: what is meant to be refused.
        result: of the policy on both.
        item: what one of the images is called.
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
        things = "rows" if item == "row" else "images"
        groups.append(
            LimitGroup(
                short_title(strangers.name), things, "stranger", "ink",
                strange, result.strangers_accepted, "let in",
            )
        )  # fmt: skip
    others = [MEASURES[name].label.lower() for name in policy.limits if name != measure]
    also = f" <b>There is also a limit on {' and '.join(others)}.</b>" if others else ""
    limit = policy.limits.get(measure)
    hint = "Drag the limit" if limit is not None else "Click to set a limit"
    st.html(
        f'<div class="lb-head always"><b>{hint}</b><span>solid: accepted · pale: “I don’t know” ·'
        f" each group to its own height.{also}</span></div>"
    )
    num_classes = policy.num_classes
    live_figure(
        limit_rows_spec(groups, measure, limit, num_classes=num_classes),
        "thresholds.rows",
        label=f"Limit on {MEASURES[measure].label.lower()}, in histograms of it.",
        on_select=lambda selection: drag_limit(network, measure, selection),
        tag=f"{network}:{measure}:{limit}",
        narrow=limit_rows_spec(groups, measure, limit, num_classes=num_classes, compact=True),
        settles=True,
        # Without a limit the keys begin at the end where all is accepted.
        at=limit if limit is not None else loose_end(measure, num_classes),
        at_text="no limit" if limit is None else limit_text(measure, limit),
    )


def show_curves(
    measure: str, known: SetScores, strangers: SetScores | None, result: PolicyOutcome
) -> None:
    """Show risk and strangers over coverage, with the policy's point; arguments as `show_rows`."""
    committee, twin = known.uncertainty(measure), known.twin_uncertainty(TWIN_MEASURE)
    st.html(
        '<div class="lb-head lb-legend always"><b>Over coverage</b><span><i></i>committee, 95%'
        ' interval <i class="twin"></i>twin</span></div>'
    )
    risk = risk_at_coverage(committee, ~known.right, _COVERAGES)
    accepted = np.rint(_COVERAGES * known.num_images)
    low, high = wilson_interval(np.rint(risk * accepted), accepted)
    outcome = result.committee
    live_figure(
        coverage_curve_spec(
            CoverageCurve(
                title="Wrong among the accepted",
                about="their selective risk",
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
                title=f"{short_title(strangers.name)} let in",
                about="",
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
        label="What committee and twin let in of what is meant to be refused, over coverage.",
        hover=True,
    )


def _let_in(known: np.ndarray, strange: np.ndarray) -> np.ndarray:
    """Return the share of strangers let in at each coverage of the known."""
    limits = np.quantile(known, _COVERAGES)
    return np.asarray(np.searchsorted(np.sort(strange), limits, side="right") / len(strange))
