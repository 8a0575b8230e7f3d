"""The passes behind a bar: how many, what they dropped otherwise than the rest, how they vote."""

from __future__ import annotations

import html
from collections.abc import Sequence

from core.experiments.inside import Inside
from core.figures.inside_histograms import Bar
from core.figures.inside_text import (
    UnitRow,
    difference_rows,
    passes_sentence,
    votes_sentence,
)
from core.figures.inside_votes import votes_spec
from core.uncertainty.classes import Classes

from .inside_section import Section

_MOST = 6
_INVITATION = (
    "Click a bar of a histogram, or choose it in the fields under them: the passes that it counts"
    " are taken apart here."
)
_NOTE = (
    "Which units a pass drops is drawn at random: where passes of the bar dropped a unit more often"
    " than the rest, it is chance, or the unit has a part in it. Shown are rows with a q up to"
    " 0.05, of which about 1 in 20 at most is chance. Intervals are of 95%, each on its own. Maps"
    " and units are counted from 0."
)


def passes_section(
    inside: Inside, picked: Bar | None, masked: Sequence[str], classes: Classes
) -> Section:
    """Return what is behind a bar.

    Args:
        inside: whose bar it is.
        picked: the bar.
        masked: for each of `Inside.dropped` the layer whose output it masks.
        classes: of the network.
    """
    if picked is None:
        return Section(f'<p class="lb-finding">{_INVITATION}</p>')
    behind = inside.behind(*picked)
    quoted = classes.quoted
    said, rows = difference_rows(behind, inside, masked, _MOST)
    sentences = (votes_sentence(behind, quoted), said)
    return Section(
        f'<p class="lb-finding">{html.escape(passes_sentence(behind, quoted))}</p>'
        + "".join(f"<p>{html.escape(each)}</p>" for each in sentences if each)
        + _table(rows),
        votes_spec(behind, classes.names),
        f"Mean softmax of the {behind.num_passes} passes of the bar beside that of the other"
        f" {behind.num_rest}, for each {classes.noun}.",
        _NOTE if rows else "",
        tag=f"{behind.label}-{behind.bar}:{behind.num_passes}",
    )


def _table(rows: Sequence[UnitRow]) -> str:
    if not rows:
        return ""
    lines = "".join(
        f'<tr><th scope="row">{html.escape(row.unit)}</th><td>{row.chosen}</td><td>{row.rest}</td>'
        f"<td>{row.difference}</td><td>{html.escape(row.q)}</td></tr>"
        for row in rows
    )
    return (
        '<table class="lb-units"><thead><tr><th scope="col">Dropped</th>'
        '<th scope="col">by them</th><th scope="col">by the rest</th>'
        '<th scope="col">difference in points</th><th scope="col">q</th></tr></thead>'
        f"<tbody>{lines}</tbody></table>"
    )
