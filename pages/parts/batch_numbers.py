"""A batch in a row of numbers, the twin beside them where labels came."""

from __future__ import annotations

import html

from core.experiments.batch_decisions import BatchDecisions, BatchSummary, summarise_batch
from core.experiments.batch_result import BatchResult
from core.figures import numbers
from core.figures.batch_text import interval

_Cell = tuple[str, str, str, str]  # title, number, what it is, the twin's


def numbers_html(result: BatchResult, decisions: BatchDecisions) -> str:
    """Return how many, how many accepted, and what they are worth, as HTML."""
    summary = summarise_batch(result, decisions)
    cells = [_images(result, summary), _accepted(summary, decisions)]
    note = ""
    if summary.outcome is None:
        if summary.num_read:
            note = '<p class="lb-note">No labels came, so which answers are right is not known.</p>'
    else:
        cells += [_right(summary), _risk(summary)]
    rows = "".join(
        f"<div><span>{title}</span><b>{html.escape(value)}</b><small>{html.escape(words)}</small>"
        f"<small>{html.escape(beside)}</small></div>"
        for title, value, words, beside in cells
    )
    return f'<div class="lb-numbers in-a-row">{rows}</div>{note}'


def _images(result: BatchResult, summary: BatchSummary) -> _Cell:
    unread = summary.num_items - summary.num_read
    words = f"{numbers.count(unread)} could not be read" if unread else "all read"
    stopped = "" if result.is_complete else f"stopped, of {numbers.count(result.num_expected)}"
    return "Images", numbers.count(summary.num_items), words, stopped


def _accepted(summary: BatchSummary, decisions: BatchDecisions) -> _Cell:
    if not summary.num_read:
        return "Accepted", "–", "there is no answer", ""
    share = numbers.share(summary.num_accepted / summary.num_read)
    refused = summary.num_read - summary.num_accepted
    words = (
        f"{numbers.some_of(summary.num_accepted, summary.num_read)}, {numbers.count(refused)}"
        " “I don’t know”"
    )
    beside = "" if decisions.policy.limits else "no limit, so nothing is refused"
    return "Accepted", share, words, beside


def _right(summary: BatchSummary) -> _Cell:
    count = summary.num_labelled
    twin = (
        f"twin {numbers.share(summary.twin_num_right / count)},"
        f" {_short(interval(summary.twin_num_right, count))}"
    )
    words = f"{numbers.some_of(summary.num_right, count)}, {interval(summary.num_right, count)}"
    return "Right", numbers.share(summary.num_right / count), words, twin


def _risk(summary: BatchSummary) -> _Cell:
    let_in = summary.outcome
    if let_in is None or let_in.risk is None or summary.twin_risk is None:
        return "Wrong among the accepted", "–", "nothing with a label is accepted", ""
    count = let_in.num_accepted
    words = (
        f"{numbers.some_of(let_in.num_false, count)},"
        f" {interval(let_in.num_false, count, risk=True)}"
    )
    twin_wrong = summary.twin_risk * count
    twin = (
        f"twin {numbers.risk(summary.twin_risk)}, where it answers as many;"
        f" {_short(interval(twin_wrong, count, risk=True))}"
    )
    return "Wrong among the accepted", numbers.risk(let_in.risk), words, twin


def _short(text: str) -> str:
    return text.removeprefix("95% interval ")
