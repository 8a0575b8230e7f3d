"""The zoo's table as HTML: networks by figures, and one pass beside a hundred."""

from __future__ import annotations

import html
from collections.abc import Collection

from core.experiments.zoo_table import BASE, ZOO_FIGURES, ZooRow, ZooTable
from core.experiments.zoo_table_file import RIVAL_FIGURES
from core.figures import numbers
from core.figures.zoo_text import (
    TIME,
    ZooChange,
    zoo_change,
    zoo_columns,
    zoo_interval,
    zoo_label,
    zoo_range,
    zoo_unit,
    zoo_value,
)
from core.uncertainty import RIVALS, Interval

_TIME_IS = "from one image to its answer"
_TIME_OF_ONE = "of the pass alone, and of all passes"
_NOTHING = '<td class="none">none</td>'


def figures_html(
    table: ZooTable,
    *,
    scaled: bool = False,
    one_pass: bool = False,
    stale: Collection[str] = (),
) -> str:
    """Return the table of networks by figures, each with its 95% interval.

    Args:
        table: of the zoo.
        scaled: whether after a temperature, where there are both.
        one_pass: whether of one pass without dropout.
        stale: networks that have other weights now than when they were measured.
    """
    names = zoo_columns(scaled=scaled)
    heads = "".join(map(_head, names))
    rows = []
    for row in table.rows:
        cells = "".join(
            _cell(
                name,
                zoo_interval(row, name, one_pass=one_pass),
                zoo_change(table, row, name, one_pass=one_pass),
            )
            for name in names
        )
        rows.append(f"<tr>{_network(row, one_pass, row.name in stale)}{cells}</tr>")
    return _boxed(
        "Every network by every figure, with 95% intervals",
        f'<tr><th scope="col">Network</th>{heads}</tr>',
        "".join(rows),
    )


def rivals_html(row: ZooRow) -> str:
    """Return the table of one network's scores of one pass beside its committee.

    Args:
        row: of a network that has passes, and scores of one.
    """
    heads = "".join(
        f'<th scope="col">{html.escape(RIVALS[each.rival].label)}'
        f"<small>{html.escape(RIVALS[each.rival].explanation)}</small></th>"
        for each in row.rivals
    )
    committee = (
        f'<th scope="col" class="committee">Committee<small>predictive entropy of'
        f" {row.num_samples:,} passes; for AUROC their mutual information</small></th>"
    )
    rows = []
    for name in RIVAL_FIGURES:
        cells = "".join(
            _cell(name, each.figures[name], _against(name, each.differences[name]))
            for each in row.rivals
        )
        rows.append(f"<tr>{_figure(name)}{cells}{_cell(name, row.figures[name], None)}</tr>")
    one = "".join(_cell(TIME, row.twin_milliseconds, None) for _ in row.rivals)
    rows.append(f"<tr>{_figure(TIME, _TIME_OF_ONE)}{one}{_cell(TIME, row.milliseconds, None)}</tr>")
    return _boxed(
        f"Scores of one pass beside the committee of {row.title}",
        f'<tr><th scope="col">Figure</th>{heads}{committee}</tr>',
        "".join(rows),
    )


def _against(name: str, committee_less_rival: Interval) -> ZooChange | None:
    """Return whether a score of one pass is clearly better or worse than the committee."""
    if not committee_less_rival.excludes_zero:
        return None
    committee_is_more = committee_less_rival.value > 0
    return ZooChange(
        is_better=committee_is_more != ZOO_FIGURES[name].higher_is_better, may_be_seed=False
    )


def _head(name: str, explained: str = "") -> str:
    unit = f", {zoo_unit(name)}" if zoo_unit(name) and name != TIME else ""
    return (
        f'<th scope="col">{html.escape(zoo_label(name))}{unit}'
        f"<small>{html.escape(explained or _explained(name))}</small></th>"
    )


def _figure(name: str, explained: str = "") -> str:
    return _head(name, explained).replace('scope="col"', 'scope="row"', 1)


def _explained(name: str) -> str:
    return _TIME_IS if name == TIME else ZOO_FIGURES[name].explanation


def _network(row: ZooRow, one_pass: bool, is_stale: bool) -> str:
    has_none = one_pass and not row.twin and row.num_samples > 1
    notes = ["no single pass" if has_none else numbers.passes(1 if one_pass else row.num_samples)]
    if row.name == BASE:
        notes.insert(0, "the base")
    if is_stale:
        notes.append("<b>of other weights</b>")
    return f'<th scope="row">{html.escape(row.title)}<small>{", ".join(notes)}</small></th>'


def _cell(name: str, interval: Interval | None, change: ZooChange | None) -> str:
    if interval is None:
        return _NOTHING
    mark = ""
    if change is not None:
        up = "△▲" if change.is_better else "▽▼"
        word = "better" if change.is_better else "worse"
        seed = '<span class="lb-unseen">, as a seed might make it</span>' * change.may_be_seed
        mark = f"<em>{up[not change.may_be_seed]} {word}{seed}</em>"
    return (
        f"<td><b>{zoo_value(name, interval.value)}</b>"
        f"<small>{zoo_range(name, interval)}</small>{mark}</td>"
    )


def _boxed(caption: str, head: str, body: str) -> str:
    # A box that scrolls has to be reached by the keyboard too.
    return (
        f'<div class="lb-zoo-box" role="region" tabindex="0" aria-label="{html.escape(caption)}">'
        f'<table class="lb-zoo-table"><caption class="lb-unseen">{html.escape(caption)}</caption>'
        f"<thead>{head}</thead><tbody>{body}</tbody></table></div>"
    )
