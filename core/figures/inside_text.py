"""Who is behind a bar, in sentences and rows; chance is never told as a finding.

Plain text: names of layers and classes are somebody else's, and whoever shows them escapes them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..experiments.inside import BehindBar, Inside
from ..inference.samples import HISTOGRAM_BINS, Counts, Floats
from . import numbers
from .inside_words import CLEAR, NO_UNITS, kinds_of, map_words, q_words


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A map or unit that some passes dropped more or less often than the rest, in words.

    Attributes:
        unit: what it is called.
        chosen: share of the chosen passes that dropped it, or of it that they dropped.
        rest: of the others.
        difference: in points, with its 95% interval.
        q: how likely chance findings are among rows like it.
    """

    unit: str
    chosen: str
    rest: str
    difference: str
    q: str


def bar_words(bar: int) -> str:
    """Return which softmax values a bar of a histogram counts: `0.8 to 0.9`."""
    low, high = bar / HISTOGRAM_BINS, (bar + 1) / HISTOGRAM_BINS
    return f"{low:g} to {high:g}"


def passes_sentence(behind: BehindBar, class_words: Sequence[str]) -> str:
    """Say how many passes a bar counts, and what they answer.

    Args:
        behind: the bar.
        class_words: of all classes as they stand among words.
    """
    count, total = behind.num_passes, behind.num_passes + behind.num_rest
    give = "gives" if count == 1 else "give"
    name = class_words[behind.label]
    said = (
        f"{numbers.count(count)} of {numbers.passes(total)} {give} {name} a softmax of"
        f" {bar_words(behind.bar)}."
    )
    if not count:
        return (
            f"No pass of {numbers.count(total)} gives {name} a softmax of {bar_words(behind.bar)}."
        )
    favourite = int(behind.wins.argmax())
    wins = int(behind.wins[favourite])
    answer = class_words[favourite]
    if wins == count:
        who = "It answers" if count == 1 else "All of them answer"
        return f"{said} {who} {answer}."
    return f"{said} {numbers.count(wins)} of them answer {answer}, more than any other."


def votes_sentence(behind: BehindBar, class_words: Sequence[str]) -> str:
    """Say for which other class the passes of a bar vote otherwise than the rest."""
    votes = behind.votes
    if votes is None:
        return ""
    others = np.delete(np.arange(len(votes.difference)), behind.label)
    clear = others[(votes.low[others] > 0.0) | (votes.high[others] < 0.0)]
    picked_by = f"Besides {class_words[behind.label]}, by which they were picked,"
    if not len(clear):
        return f"{picked_by} their mean vote differs from that of the rest for no class clearly."
    label = int(clear[np.abs(votes.difference[clear]).argmax()])
    return (
        f"{picked_by} their mean vote differs most for {class_words[label]}: softmax"
        f" {numbers.softmax(votes.mean_of_chosen[label])} against"
        f" {numbers.softmax(votes.mean_of_rest[label])} of the rest (difference"
        f" {_signed(votes.difference[label], 2)}, 95% interval {_signed(votes.low[label], 2)} to"
        f" {_signed(votes.high[label], 2)})."
    )


def difference_rows(
    behind: BehindBar, inside: Inside, masked: Sequence[str], most: int
) -> tuple[str, list[UnitRow]]:
    """Return what the passes of a bar dropped otherwise than the rest.

    Args:
        behind: the bar.
        inside: whose bar it is.
        masked: for each of `Inside.dropped` the layer whose output it masks.
        most: rows to give.

    Returns:
        A sentence, and the clearest of what is no chance, largest difference first; no rows where
        everything may be chance.
    """
    found = behind.differences
    if not behind.num_passes:
        return "No pass is in this bar.", []
    if not behind.num_rest:
        return "All passes are in this bar: there is no rest to compare them with.", []
    if found is None:
        return NO_UNITS, []
    clear = np.flatnonzero(found.q <= CLEAR)
    all_of = kinds_of(inside, len(found.q))
    if not len(clear):
        return (
            f"None of {all_of} was dropped clearly more or less often by them than by the rest:"
            " whatever differs is within chance.",
            [],
        )
    order = clear[np.argsort(-np.abs(found.difference[clear]), kind="stable")][:most]
    plural = "s" if len(order) > 1 else ""
    shown = "" if len(order) == len(clear) else f" The {len(order)} largest difference{plural}:"
    said = (
        f"{numbers.count(len(clear))} of {all_of} differ{'s' if len(clear) == 1 else ''} by more"
        f" than chance in how often they were dropped; the others are within chance.{shown}"
    )
    return said, [_row(behind, inside, masked, int(index)) for index in order]


def _row(behind: BehindBar, inside: Inside, masked: Sequence[str], index: int) -> UnitRow:
    found = behind.differences
    assert found is not None
    layer = int(found.layer[index])
    # Shares of a map that is dropped in part differ by little.
    decimals = 1 if inside.by_share[layer] else 0
    low, high = (_signed(100.0 * end[index], decimals) for end in (found.low, found.high))
    return UnitRow(
        map_words(inside.dropped[layer].shape, masked[layer], int(found.unit[index])),
        f"{100.0 * found.share_of_chosen[index]:.{decimals}f}%",
        f"{100.0 * found.share_of_rest[index]:.{decimals}f}%",
        f"{_signed(100.0 * found.difference[index], decimals)} ({low} to {high})",
        q_words(float(found.q[index])),
    )


def _signed(value: float | Floats | Counts, decimals: int) -> str:
    return f"{float(value):+z.{decimals}f}".replace("-", "−")
