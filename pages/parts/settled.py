"""After how many passes a decision had settled, and how its measure got there."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import streamlit as st
from cachetools import LRUCache, cached

from core.figures import numbers
from core.figures.convergence import convergence_spec
from core.inference import McSamples
from core.store import array_checksum
from core.uncertainty.convergence import (
    convergence,
    decisive_measure,
    settle,
    why_unsettled,
)
from core.uncertainty.measures import MEASURES

from .answers import Answer, Image, question
from .engine import Engine
from .live_figure import live_figure
from .settings import Settings

_ERROR = 0.01
_WHY = {
    "limit": "too close to a limit",
    "class": "two {} are too close",
    "passes": "it takes more of them to be sure",
}
# Beyond these the samples of one answer take many megabytes, or a chart of them seconds.
_MOST_PASSES, _MOST_SCORES, _MOST_CHARTED = 10_000, 2_000_000, 200
_KEPT_BYTES = 64 * 2**20  # of samples


def show_settled(
    answer: Answer, image: Image, settings: Settings, key: str, *, live: bool = False
) -> None:
    """Show after how many of its passes an answer had settled; the chart only where it is open.

    Args:
        answer: about the image.
        image: as it was asked about.
        settings: with which it was asked.
        key: of the page.
        live: whether the image is about to change, so that it can wait.
    """
    num_classes = answer.summary.num_classes
    if settings.num_samples > min(_MOST_PASSES, _MOST_SCORES // num_classes):
        return
    shown = None if live else _settled(answer, image, settings)
    was_open = f"{key}.settled_open"  # which the expander forgets while nothing is drawn
    waits = f"Settled after … of {numbers.passes(settings.num_samples)}"
    with st.container(key=f"{key}-when"):
        st.html(f'<p class="lb-settled">{waits if shown is None else shown[0]}</p>')
        if num_classes > _MOST_CHARTED:
            return
        # Its label stays: an expander with another label is another one, and closed.
        expander = st.expander(
            "How many passes are enough?",
            key=f"{key}.settled",
            icon=":material/stacked_line_chart:",
            expanded=st.session_state.get(was_open, False),
            on_change="rerun",
        )
    st.session_state[was_open] = expander.open
    if not expander.open:
        return
    last = f"{key}.settled_last"
    if shown is not None:
        st.session_state[last] = _chart(answer, *shown)
    if last not in st.session_state:
        return
    chart: _Chart = st.session_state[last]  # while the pen moves, that of the stroke before
    with expander:
        # The chart of this drawing comes when the pen rests; until then the older one is pale.
        st.html(f'<div class="lb-older">{chart.head}</div>' if shown is None else chart.head)
        live_figure(chart.spec, f"{key}.convergence", label=chart.label)
        st.html(chart.note)


@dataclass(frozen=True)
class _Chart:
    head: str
    spec: dict[str, Any]
    label: str
    note: str


def _settled(answer: Answer, image: Image, settings: Settings) -> tuple[str, McSamples, int]:
    """Return in words when an answer had settled, its samples, and after how many passes."""
    probs_tnc = _samples(
        answer.engine.identity,
        array_checksum(image),
        settings.num_samples,
        settings.seed,
        _image=image,
        _engine=answer.engine,
    )
    samples = McSamples(probs_tnc)
    settling = settle(samples, answer.policy, _ERROR)
    after = int(settling.after[0])
    why = why_unsettled(answer.summary, answer.policy)
    why_words = _WHY[why].format(answer.engine.facts.classes.plural)
    return _said(after, samples.num_samples, why_words), samples, after


def _chart(answer: Answer, said: str, samples: McSamples, after: int) -> _Chart:
    name = decisive_measure(samples, answer.policy, _ERROR)
    one = convergence(samples, name, answer.policy, _ERROR)
    measure = MEASURES[name]
    unit = f" ({measure.unit})" if measure.unit else ""
    return _Chart(
        f'<div class="lb-head close always"><b>{measure.label}{unit} of the passes so far</b>'
        f"<span>{_chosen(answer)}</span></div>",
        convergence_spec(one, limit=answer.policy.limits.get(name), settled_after=after),
        f"{measure.label} of the passes so far. {said}.",
        f'<p class="lb-note">{_explained(answer, one.level)}</p>',
    )


def _said(after: int, passes: int, why: str) -> str:
    if after:
        return f"Settled after {numbers.count(after)} of {numbers.passes(passes)}"
    return f"Not settled after {numbers.passes(passes)}: {why}"


def _chosen(answer: Answer) -> str:
    """Return why this measure is shown."""
    if not answer.policy.limits:
        return f"no limit: only the {answer.engine.facts.classes.noun} has to settle"
    return "the limit that settles last" if len(answer.policy.limits) > 1 else ""


def _explained(answer: Answer, level: float) -> str:
    what = "decision and answer" if answer.policy.limits else "answer"
    return (
        "Blue band: ± Monte-Carlo standard error, which is for one look. Grey band:"
        f" {int(100 * level)}% confidence sequence, 1% for each of its sides, which holds however"
        " often one looks. Settled:"
        f" infinitely many passes would give the same {what}, but for one time in"
        f" {1 / _ERROR:.0f} at most."
    )


@cached(
    LRUCache(_KEPT_BYTES, getsizeof=lambda samples: samples.nbytes),
    key=question,
    condition=threading.Condition(),
)
def _samples(
    weights: str, checksum: str, num_samples: int, seed: int, *, _image: Image, _engine: Engine
) -> npt.NDArray[np.float32]:
    return _engine.sampler.sample(_image[None], num_samples, seed).probs_tnc
