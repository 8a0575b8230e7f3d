"""The bar whose passes are looked at: clicked in the histograms, or chosen in fields below."""

from __future__ import annotations

import re

import streamlit as st

from core.errors import InvalidInputError
from core.figures.inside_histograms import Bar, label_of_trace
from core.figures.inside_text import bar_words
from core.inference.samples import HISTOGRAM_BINS, McSummary
from core.uncertainty import predicted_class
from core.uncertainty.classes import Classes

from .fields import following

_PICKED = "inside.bar"
_IN_LINK = re.compile(r"(\d{1,4})-(\d)", re.ASCII)


def take_bar(text: str) -> None:
    """Take the bar of a link over: a class and a bar of its histogram, both from 0.

    Raises:
        InvalidInputError: not two such numbers.
    """
    found = _IN_LINK.fullmatch(text)
    if found is None:
        raise InvalidInputError(
            "bar", expected="a class and one of its ten bars, as 3-9", received=text
        )
    st.session_state[_PICKED] = (int(found[1]), int(found[2]))


def picked_bar(num_classes: int) -> Bar | None:
    """Return the bar that is picked, of a network of so many classes."""
    picked: Bar | None = st.session_state.get(_PICKED)
    return picked if picked is not None and picked[0] < num_classes else None


def bar_in_link(picked: Bar | None) -> dict[str, object]:
    """Return the part of a link that reopens the bar."""
    return {} if picked is None else {"bar": f"{picked[0]}-{picked[1]}"}


def take_click(place: tuple[int, int], summary: McSummary, labels: tuple[int, ...]) -> None:
    """Pick the bar of a click, or none where it was picked already.

    Args:
        place: index of a trace and of its bar; anything, since it comes from outside.
        summary: that the histograms are of.
        labels: the true classes that they show.
    """
    label, bar = label_of_trace(summary, place[0], labels), place[1]
    if label is None or not 0 <= bar < HISTOGRAM_BINS:
        return
    picked = (label, bar)
    st.session_state[_PICKED] = None if st.session_state.get(_PICKED) == picked else picked


def show_bar_fields(summary: McSummary, picked: Bar | None, classes: Classes) -> None:
    """Show fields for the class and the bar, which say what is picked and pick without a pointer.

    Args:
        summary: of the histograms.
        picked: the bar that is.
        classes: of the network.
    """
    favourite = int(predicted_class(summary)[0])

    def take_label(label: int | None) -> None:
        if label is None:
            st.session_state[_PICKED] = None
        else:
            fullest = int(summary.histogram[0, label].argmax())
            st.session_state[_PICKED] = (label, fullest if picked is None else picked[1])

    def take_which(bar: int | None) -> None:
        label = favourite if picked is None else picked[0]
        st.session_state[_PICKED] = None if bar is None else (label, bar)

    with st.container(key="inside-bar", horizontal=True, vertical_alignment="bottom"):
        st.selectbox(
            classes.noun.capitalize(),
            list(range(len(classes))),
            index=None,
            format_func=classes.names.__getitem__,
            placeholder="none",
            width=110,
            **following("inside.bar.label", None if picked is None else picked[0], take_label),
        )
        st.selectbox(
            "Bar of its histogram",
            list(range(HISTOGRAM_BINS)),
            index=None,
            # Without the number of passes: a browser sends the words, which must not change.
            format_func=bar_words,
            placeholder="click one",
            width=200,
            **following("inside.bar.which", None if picked is None else picked[1], take_which),
        )
