"""Ready-made policies: the post's, a promise, a price; all but the first fitted on validation."""

from __future__ import annotations

import streamlit as st

from core.experiments.default_policy import fit_promise, validation_of
from core.experiments.reference_scores import ReferenceScores
from core.uncertainty.costs import best_threshold_for_costs
from core.uncertainty.policy import Policy, Provenance

_MEASURE = "predictive_entropy"  # chosen before anything was computed
_DATA = "the last 10,000 training images of MNIST"
PRESETS = (
    "Softmax 0.5, as in the post",
    "Promise 1%",
    "Promise 0.5%",
    "Promise 0.2%",
    "Promise 0.1%",
    "Cost 1:50",
)


@st.cache_resource(max_entries=64, show_spinner=False)
def preset(name: str, _scores: ReferenceScores, weights_sha256: str) -> Policy | None:
    """Return a ready-made policy; None where it is not possible on these data.

    Args:
        name: one of `PRESETS`.
        _scores: of the network.
        weights_sha256: of the network.
    """
    if name == PRESETS[0]:
        return Policy(
            {"confidence": 0.5},
            name=name,
            provenance=Provenance(target="a mean softmax over 0.5, as the post suggests"),
        )
    if name.startswith("Promise"):
        return fit_promise(_scores, target=float(name.split()[1].rstrip("%")) / 100.0)
    validation = validation_of(_scores)
    uncertainty, wrong = validation.uncertainty(_MEASURE), ~validation.right
    cheapest = best_threshold_for_costs(uncertainty, wrong, cost_wrong=50.0, cost_refuse=1.0)
    if cheapest.threshold is None:
        return None
    return Policy(
        {_MEASURE: cheapest.threshold},
        name=name,
        model_sha256=weights_sha256,
        provenance=Provenance(
            data=_DATA, target="least cost, a wrong answer costing as much as 50 questions back"
        ),
    )
