"""Scores of one pass beside the committee of the same weights: how unusual is an image by each."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from core.errors import LabradorError
from core.experiments.quantiles import Distribution, MeasureQuantiles
from core.experiments.reference_scores import load_reference
from core.experiments.rivals import load_rivals, score_rivals
from core.experiments.rivals_file import RivalsOfNetwork
from core.figures import numbers
from core.uncertainty import MEASURES, RIVALS

from .answers import Image
from .engine import Engine
from .panel import of_items
from .zoo_answers import Said

VALIDATION, TEST = "validation digit", "test digit"
_COMMITTEE = ("mutual_information", "predictive_entropy")


@dataclass(frozen=True, slots=True)
class Unusual:
    """One score of one image.

    Attributes:
        label: of the score.
        explanation: what it is, half a sentence.
        share: of the digits that are less uncertain by it; None where that is not known.
        item: what these digits are.
        value: the score where its unit is one that people know, else "".
    """

    label: str
    explanation: str
    share: float | None
    item: str = VALIDATION
    value: str = ""


def rival_scores(engine: Engine, image: Image) -> tuple[Unusual, ...]:
    """Return the scores of one pass.

    Args:
        engine: a network of the zoo.
        image: of its frame.

    Raises:
        LabradorError: what was fitted for them is missing, damaged or of other weights.
    """
    rivals = _rivals(engine.facts.name, engine.identity)
    scores = score_rivals(rivals, engine.model, image[None])
    return tuple(
        Unusual(rival.label, rival.explanation, rivals.share_below(name, float(scores[name][0])))
        for name, rival in RIVALS.items()
    )


def committee_scores(engine: Engine, said: Said) -> tuple[Unusual, ...]:
    """Return the committee's measures of what the passes say, placed likewise."""
    places, item = _validation(engine.facts.name, engine.identity), VALIDATION
    if not places and engine.quantiles is not None:
        places, item = engine.quantiles.distributions, TEST
    found = []
    for name in _COMMITTEE:
        measure = MEASURES[name]
        value = float(measure.value(said.summary)[0])
        share = places[name].share_below(value) if places else None
        found.append(
            Unusual(
                measure.label, measure.explanation, share, item, f"{numbers.entropy(value)} nats"
            )
        )
    return tuple(found)


def unusual_html(title: str, groups: Mapping[str, Sequence[Unusual]]) -> str:
    """Return scores as rows on one scale: what it is, where the image lies, and that in words.

    Args:
        title: of the network.
        groups: the scores, by whose they are.
    """
    rows = "".join(
        f'<div class="lb-unusual-head">{html.escape(whose)}</div>{"".join(map(_row, scores))}'
        for whose, scores in groups.items()
    )
    return (
        f'<div class="lb-head always"><b>How unusual is that to “{html.escape(title)}”?</b>'
        "<span>bars: share of digits that are less so</span></div>"
        f'<div class="lb-unusual">{rows}</div>'
    )


def _row(score: Unusual) -> str:
    value = f" <b>{html.escape(score.value)}</b>" if score.value else ""
    if score.share is None:
        mark, place = "", "where that lies was not measured"
    else:
        mark = f'<i style="left:0;width:{max(100.0 * score.share, 0.6):.1f}%"></i>'
        place = f"more unusual than {of_items(score.share, score.item)}"
    return (
        f'<div class="name">{html.escape(score.label)}{value}'
        f"<small>{html.escape(score.explanation)}</small></div>"
        f'<div class="lb-track">{mark}</div>'
        f'<div class="place">{html.escape(place)}</div>'
    )


@st.cache_resource(max_entries=16, show_spinner=False)
def _rivals(name: str, weights_sha256: str) -> RivalsOfNetwork:
    """Load what was fitted for a network, once for these weights."""
    return load_rivals(name)


@st.cache_resource(max_entries=16, show_spinner=False)
def _validation(name: str, weights_sha256: str) -> Mapping[str, Distribution]:
    """Return where the committee's measures lie among validation digits; empty if not scored."""
    try:
        scores = load_reference(name)
    except LabradorError:
        return {}
    if "validation" not in scores.sets:
        return {}
    return MeasureQuantiles.from_reference(scores, "validation").distributions
