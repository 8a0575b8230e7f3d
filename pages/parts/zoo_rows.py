"""The compared networks' answers to one image, as rows of one table."""

from __future__ import annotations

import html
import math
from collections.abc import Sequence
from dataclasses import dataclass

from core.figures import numbers
from core.uncertainty import confidence, mutual_information, predicted_class, predictive_entropy
from core.uncertainty.classes import DIGITS

from .zoo_answers import Said
from .zoo_networks import INSTEAD

_MOST = math.log(len(DIGITS))  # nats
_HEADS = (
    ("Network", ""),
    ("Says", ""),
    ("Mean softmax", "of 0 to 9"),
    ("Mutual information", "the passes disagree"),
    ("Predictive entropy", "how unsure, in all"),
    ("One pass", "same weights"),
)


@dataclass(frozen=True, eq=False)
class ZooLine:
    """A row: one network, and what it says or why it says nothing.

    Attributes:
        title: for people.
        varies: what it differs in from the base, a key of `INSTEAD`.
        said: its answer; None while there is none.
        problem: why there will be none, a sentence.
        is_asked: whether it is the one that all pages ask.
    """

    title: str
    varies: str
    said: Said | None = None
    problem: str = ""
    is_asked: bool = False


def rows_html(lines: Sequence[ZooLine], tag: str) -> str:
    """Return the table.

    Args:
        lines: its rows.
        tag: put on it as `data-tag`, for who waits for the answers to one image.
    """
    heads = "".join(
        f'<th role="columnheader" scope="col">{head}{f"<small>{more}</small>" if more else ""}</th>'
        for head, more in _HEADS
    )
    rows = "".join(map(_row, lines))
    return (
        f'<table class="lb-zoo" role="table" data-tag="{html.escape(tag)}">'
        '<caption class="lb-unseen">What each network says of the same image</caption>'
        f'<thead role="rowgroup"><tr role="row">{heads}</tr></thead>'
        f'<tbody role="rowgroup">{rows}</tbody></table>'
    )


def _row(line: ZooLine) -> str:
    asked = '<span class="lb-unseen"> (asked on every page)</span>' if line.is_asked else ""
    row = f'<tr role="row"{" class=asked" if line.is_asked else ""}>'
    title = (
        f'<th role="rowheader" scope="row">{html.escape(line.title)}{asked}'
        f"<small>{INSTEAD[line.varies]}</small></th>"
    )
    if line.problem:
        text = f'<span class="lb-zoo-problem">{html.escape(line.problem)}</span>'
    elif line.said is None:
        text = '<span class="lb-zoo-waits">loading …</span>'
    else:
        return f"{row}{title}{_cells(line.said)}</tr>"
    return f'{row}{title}<td role="cell" colspan="5">{text}</td></tr>'


def _cells(said: Said) -> str:
    summary = said.summary
    winner = int(predicted_class(summary)[0])
    cells = [
        f'<td role="cell" class="says">{DIGITS.names[winner]}</td>',
        f'<td role="cell" class="spark">{_spark(summary.mean[0].tolist(), winner)}'
        f"<b>{numbers.share(float(confidence(summary)[0]))}</b></td>",
    ]
    if summary.num_samples == 1:
        cells.append(
            '<td role="cell" class="bar"><span class="on-phone">Mutual information</span>'
            "<small>one pass has none</small></td>"
        )
    else:
        cells.append(_bar("Mutual information", float(mutual_information(summary)[0])))
    cells.append(_bar("Predictive entropy", float(predictive_entropy(summary)[0])))
    if said.twin is None:
        cells.append('<td role="cell" class="twin"></td>')
    else:
        twin = int(said.twin.argmax())
        cells.append(
            f'<td role="cell" class="twin"><span class="on-phone">One pass</span>'
            f"<i>{DIGITS.names[twin]}</i> {numbers.share(float(said.twin[twin]))}</td>"
        )
    return "".join(cells)


def _bar(name: str, nats: float) -> str:
    width = max(100.0 * nats / _MOST, 0.6)
    return (
        f'<td role="cell" class="bar"><span class="on-phone">{name}</span>'
        f'<div class="lb-track"><i style="left:0;width:{width:.2f}%"></i></div>'
        f"<b>{numbers.entropy(nats)}</b></td>"
    )


def _spark(mean: list[float], winner: int) -> str:
    """Return ten bars from 0 to 1, the answer's solid."""
    told = ", ".join(
        f"{name}: {numbers.short_share(share)}"
        for name, share in zip(DIGITS.names, mean, strict=True)
        if share >= 0.01
    )
    bars = "".join(
        f'<i{" class=best" if k == winner else ""} style="height:{max(100 * share, 2):.1f}%"></i>'
        for k, share in enumerate(mean)
    )
    return f'<span class="ten" role="img" aria-label="{told}">{bars}</span>'
