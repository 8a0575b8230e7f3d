"""The most uncertain images of a batch, side by side, framed in their verdicts."""

from __future__ import annotations

import html

import numpy as np
import numpy.typing as npt

from core.experiments.batch_decisions import BatchDecisions
from core.experiments.batch_result import BatchResult
from core.figures import numbers
from core.uncertainty.measures import MEASURES

from .batch_kept import KeptBatch

_MOST = 24


def grid_html(
    kept: KeptBatch, decisions: BatchDecisions, places: npt.NDArray[np.int64], measure: str
) -> str:
    """Return the first images as HTML: what was said of each, how unsure, and its name.

    Args:
        kept: the batch.
        decisions: on it.
        places: of what is looked at, in order; what could not be read has no image.
        measure: that they are in order of.
    """
    shown = [place for place in places.tolist() if kept.result.is_read[place]][:_MOST]
    if not shown:
        return ""
    cells = "".join(_cell(kept, decisions, place, measure) for place in shown)
    label = MEASURES[measure].label.lower()
    unit = f", {MEASURES[measure].unit}" if MEASURES[measure].unit else ""
    order = "least sure first" if len(shown) > 1 else "this one"
    return (
        f'<div class="lb-head always"><b>The most uncertain, by {label}</b>'
        f"<span>answer and {label}{unit}; {order}</span></div>"
        f'<div class="lb-grid">{cells}</div>'
    )


def _cell(kept: KeptBatch, decisions: BatchDecisions, place: int, measure: str) -> str:
    result = kept.result
    name = html.escape(result.names[place])
    last = html.escape(result.names[place].rpartition("/")[2])
    answer = html.escape(result.class_name(result.predicted[place]))
    state, told = _state(result, decisions, place)
    value = value_text(measure, float(result.measures[measure][place]))
    true = ""
    if result.is_labelled[place] and not result.right[place]:
        true = f"<em>not {html.escape(result.class_name(result.labels[place]))}</em>"
    return (
        f'<figure class="{state}" title="{name}">'
        f'<img src="{kept.picture(place)}" alt="{name}: {answer}, {told}" loading="lazy">'
        f"<figcaption><b>{answer}</b>{true}<i>{value}</i><small>{last}</small></figcaption></figure>"
    )


def _state(result: BatchResult, decisions: BatchDecisions, place: int) -> tuple[str, str]:
    """Return a CSS class and words for what is said of an image, and whether it is right."""
    accepted = bool(decisions.accepted[place])
    words = decisions.verdicts[place]
    if result.is_labelled[place] and not result.right[place]:
        return ("wrong" if accepted else "wrong refused"), f"{words}, wrong"
    return ("accepted" if accepted else "refused"), words


def value_text(measure: str, value: float) -> str:
    """Return a measure as it reads everywhere."""
    if measure in ("confidence", "variation_ratio"):
        return numbers.share(value)
    return numbers.variance(value) if measure == "variance" else numbers.entropy(value)
