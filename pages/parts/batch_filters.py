"""Which rows of a batch are looked at, and the measure that puts them in order."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import streamlit as st

from core.experiments.batch_decisions import BatchDecisions
from core.experiments.batch_result import BatchResult
from core.figures import numbers
from core.uncertainty.measures import MEASURES

Places = npt.NDArray[np.int64]

_ALL, _ACCEPTED, _DONT_KNOW, _WRONG, _NOT_READ = "all", "accepted", "refused", "wrong", "unread"
_WORDS = {
    _ALL: "All",
    _ACCEPTED: "Accepted",
    _DONT_KNOW: "I don’t know",
    _WRONG: "Wrong",
    _NOT_READ: "Not read",
}
_ANY = -1


def show_filters(result: BatchResult, decisions: BatchDecisions) -> tuple[Places, str, bool]:
    """Show the filters; return the places of what passes them, the measure, and whether any is set.

    Places come with the most uncertain first, and what could not be read last.
    """
    which = {
        _ALL: np.ones(len(result), bool),
        _ACCEPTED: decisions.accepted,
        _DONT_KNOW: result.is_read & ~decisions.accepted,
        _WRONG: result.is_labelled & ~result.right,
        _NOT_READ: ~result.is_read,
    }
    counts = {name: int(chosen.sum()) for name, chosen in which.items()}
    offered = [_ALL, _ACCEPTED, _DONT_KNOW]
    offered += [_WRONG] if result.is_labelled.any() else []
    offered += [_NOT_READ] if counts[_NOT_READ] else []
    verdict = st.segmented_control(
        "Verdict",
        offered,
        default=_ALL,
        required=True,
        format_func=lambda name: f"{_WORDS[name]} {numbers.count(counts[name])}",
        key=f"batch.verdict.{'-'.join(offered)}",
        wrap=True,
    )
    names = result.classes.names
    answers = np.unique(result.predicted[result.is_read]).tolist()
    answer = st.selectbox(
        "Answer",
        [_ANY, *answers],
        format_func=lambda index: "Any" if index == _ANY else names[index],
        key=f"batch.answer.{hash(names)}",
        width=110,
    )
    text = st.text_input("Name contains", key="batch.text", max_chars=80, width=140).strip()
    measure = st.selectbox(
        "Most uncertain by",
        list(MEASURES),
        index=list(MEASURES).index("predictive_entropy"),
        format_func=lambda name: MEASURES[name].label,
        key="batch.measure",
        width=180,
    )
    passes = which[verdict or _ALL].copy()
    if answer in answers:
        passes &= result.predicted == answer
    if text:
        wanted = text.casefold()
        passes &= np.array([wanted in name.casefold() for name in result.names], bool)
    order = result.order(measure)
    return order[passes[order]], measure, not passes.all()
