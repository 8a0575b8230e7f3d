"""What the passes answer on the page Inside: verdict, rates, histograms; or the twin alone."""

from __future__ import annotations

import contextlib
import html

import streamlit as st

from core.errors import LabradorError
from core.figures import numbers
from core.figures.inside_histograms import picked_histograms_spec
from core.figures.paired_bars import paired_bars_spec
from core.figures.palette import TOKENS

from .answers import Answer, answer, engine_of
from .inside_asked import Asked
from .inside_bar import show_bar_fields, take_click
from .inside_rates import show_rates
from .live_figure import live_figure
from .panel import described, histograms_head, verdict_html


def show_passes(asked: Asked) -> None:
    """Show rates, which stand above all that they change and so stay in place, and the answer.

    Args:
        asked: with a rate above 0.

    Raises:
        LabradorError: the network's files are missing.
    """
    looked, picked = asked.looked, asked.picked
    show_rates(asked.settings.network, asked.layers, _note(asked))
    said = _said(asked)
    st.html(verdict_html(said))
    classes = said.engine.facts.classes
    labels = () if looked.label is None else (looked.label,)
    st.html(histograms_head(said, labels))
    wide, narrow = (
        picked_histograms_spec(
            said.summary,
            picked,
            true_labels=labels,
            class_names=classes.names,
            compact=compact,
        )
        for compact in (False, True)
    )
    live_figure(
        wide,
        "inside.histograms",
        label=f"{described(said)} The fields below pick one of their bars.",
        hover=True,
        on_bar=lambda place: take_click(place, said.summary, labels),
        tag=asked.tag,
        narrow=narrow,
    )
    show_bar_fields(said.summary, picked, classes)


def _said(asked: Asked) -> Answer:
    """Return the answer of the very passes that are looked into, so that all numbers agree."""
    if asked.rests:
        # Where there are too many units to look into, the sections say so.
        with contextlib.suppress(LabradorError):
            look = asked.look
            return Answer(look.summary, look.twin, engine_of(asked.settings), asked.settings.policy)
    return answer(asked.image, asked.settings, asked.rates)


def _note(asked: Asked) -> str:
    """Return what other rates than the trained ones do to a policy's limits."""
    if not asked.rates:
        return "as in training"
    if not asked.settings.policy.limits:
        return "other than in training"
    name = html.escape(asked.settings.policy.name)
    return f"other than in training, which “{name}” was made for: here it promises nothing"


def show_twin(asked: Asked) -> None:
    """Show what is left where nothing is dropped: one pass, whose like all others are.

    Args:
        asked: with all rates 0.

    Raises:
        LabradorError: the network's files are missing.
    """
    note = "all 0: raise one to have passes differ again"
    show_rates(asked.settings.network, asked.layers, note)
    # What there is beside the twin: the passes with the rates of training.
    said = answer(asked.image, asked.settings)
    classes = said.engine.facts.classes
    twin = int(said.twin.argmax())
    passes = numbers.passes(asked.settings.num_samples)
    st.html(
        '<div class="lb-verdict" role="status"><div>'
        f'<div class="lb-voice">“{html.escape(classes.names[twin])}”,'
        f" {numbers.share(float(said.twin[twin]))} sure</div>"
        "<p>Nothing is random now: with every rate at 0 all passes are the same, and one pass, the"
        f" twin’s, is all there is. {passes} would repeat it.</p></div></div>"
    )
    st.html('<div class="lb-head close"><b>What the one pass says</b></div>')
    with st.container(key="inside-twin"):
        live_figure(
            paired_bars_spec(
                said.summary.mean[0],
                said.twin.astype(float),
                classes.names,
                (f"mean of {passes}, rates as in training", "the twin, nothing dropped"),
                TOKENS,
            ),
            "inside.twin",
            label=f"The twin’s softmax for each {classes.noun}, beside the mean of the passes with"
            " the rates of training.",
            tag=asked.tag,
        )
