"""Ready-made policies: the post's, a promise, a price; all but the first fitted on validation."""

from __future__ import annotations

import streamlit as st

from core.experiments.default_policy import data_of, fit_promise, validation_of
from core.experiments.reference_scores import ReferenceScores
from core.uncertainty.costs import best_threshold_for_costs
from core.uncertainty.policy import Policy, Provenance
from core.uncertainty.promise import fewest_images

_MEASURE = "predictive_entropy"  # chosen before anything was computed
PRESETS = (
    "Softmax 0.5, as in the post",
    "Promise 1%",
    "Promise 0.5%",
    "Promise 0.2%",
    "Promise 0.1%",
    "Cost 1:50",
)
# Of the images that people bring there are fewer, and more of them are answered wrongly.
_OWN_PRESETS = (PRESETS[0], "Promise 10%", "Promise 5%", *PRESETS[1:3], PRESETS[-1])


def presets_of(scores: ReferenceScores) -> tuple[str, ...]:
    """Return the names of the policies that are offered with scores."""
    return _OWN_PRESETS if scores.is_own else PRESETS


@st.cache_resource(max_entries=64, show_spinner=False)
def preset(name: str, _scores: ReferenceScores, checksum: str) -> Policy | None:
    """Return a ready-made policy; None where it is not possible on these data.

    Args:
        name: one of `presets_of`.
        _scores: of the network.
        checksum: of the scores, which tells them from others.
    """
    if name == PRESETS[0]:
        return Policy(
            {"confidence": 0.5},
            name=name,
            provenance=Provenance(target="a mean softmax over 0.5, as the post suggests"),
            num_classes=_scores.num_classes,
        )
    if name.startswith("Promise"):
        return fit_promise(_scores, target=promised(name))
    validation = validation_of(_scores)
    uncertainty, wrong = validation.uncertainty(_MEASURE), ~validation.right
    cheapest = best_threshold_for_costs(uncertainty, wrong, cost_wrong=50.0, cost_refuse=1.0)
    if cheapest.threshold is None:
        return None
    return Policy(
        {_MEASURE: cheapest.threshold},
        name=name,
        model_sha256=_scores.weights_sha256,
        provenance=Provenance(
            data=data_of(_scores),
            target="least cost, a wrong answer costing as much as 50 questions back",
        ),
        num_classes=_scores.num_classes,
    )


def why_impossible(name: str, scores: ReferenceScores) -> str:
    """Say why a preset is not possible on these scores."""
    count, item = validation_of(scores).num_images, scores.item
    if name.startswith("Promise") and count < (needed := fewest_images(promised(name))):
        return f"not possible, it takes {needed:,} validation {item}s and there are {count:,}"
    if name.startswith("Promise"):
        return f"not possible, too many of the {count:,} validation {item}s are answered wrongly"
    return "not possible, it is cheapest to accept nothing"


def promised(name: str) -> float:
    """Return the risk that a promise is called by."""
    return float(name.split()[1].rstrip("%")) / 100.0
