"""What was found inside the committee, in sentences and rows; chance is never told as a finding.

Plain text: names of layers and classes are somebody else's, and whoever shows them escapes them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..experiments.inside import BehindBar, Inside, MapEffects
from ..inference.samples import HISTOGRAM_BINS, Counts, Floats
from . import numbers
from .inside_words import map_words, sort_of_units

CLEAR = 0.05  # of what has a q up to it about so large a share is chance, at most
NO_UNITS = "No layer drops units now, only noise is put on all of them: there are none to compare."
_SMALLEST_Q = 0.001


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


@dataclass(frozen=True, slots=True)
class UnitEffect:
    """What a map or unit does for an answer, in words.

    Attributes:
        layer: its index in `Inside.dropped`; `unit` its index in the layer.
        name: what it is called.
        words: what dropping it does.
        q: how likely chance findings are among those like it.
    """

    layer: int
    unit: int
    name: str
    words: str
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
    all_of = _kinds(inside, len(found.q))
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


def effect_rows(
    found: MapEffects,
    inside: Inside,
    masked: Sequence[str],
    class_words: Sequence[str],
) -> tuple[str, list[UnitEffect]]:
    """Return which maps and units an answer depends on.

    Args:
        found: what dropping each does.
        inside: whose effects they are.
        masked: for each of `Inside.dropped` the layer whose output it masks.
        class_words: of all classes as they stand among words.

    Returns:
        A sentence, and those whose effect is no chance, the largest first; none where everything
        may be.
    """
    effects, name = found.effects, class_words[found.label]
    told, untold = len(effects.q), effects.num_untold
    if not told:
        return "Too few passes dropped any one unit, or kept it, to tell what that does.", []
    clear = np.flatnonzero(effects.q <= CLEAR)
    all_of = _kinds(inside, told + untold)
    few = f" Of {numbers.count(untold)} too few passes tell." if untold else ""
    if not len(clear):
        passes = numbers.passes(inside.samples.num_samples)
        return (
            f"In {passes} none of {all_of} moves {name}’s mean softmax by more than chance.{few}",
            [],
        )
    order = clear[np.argsort(-np.abs(effects.effect[clear]), kind="stable")]
    said = (
        f"{numbers.count(len(clear))} of {all_of} move{'s' if len(clear) == 1 else ''} {name}’s"
        f" mean softmax by more than chance when dropped; the others are within chance.{few}"
    )
    return said, [_effect(found, inside, masked, name, int(index)) for index in order]


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


def _effect(
    found: MapEffects, inside: Inside, masked: Sequence[str], name: str, index: int
) -> UnitEffect:
    effects = found.effects
    layer, unit = int(effects.layer[index]), int(effects.unit[index])
    effect = float(effects.effect[index])
    sign, way = (-1.0, "falls") if effect < 0.0 else (1.0, "rises")
    low, high = sorted(sign * float(end[index]) for end in (effects.low, effects.high))
    part = inside.by_share[layer]
    sort = "unit" if sort_of_units(inside.dropped[layer].shape) == "unit" else "map"
    when = f"With a tenth more of this {sort} dropped" if part else f"Without this {sort}"
    decimals = 3 if part else 2
    return UnitEffect(
        layer,
        unit,
        map_words(inside.dropped[layer].shape, masked[layer], unit),
        f"{when} {name}’s mean softmax {way} by {abs(effect):.{decimals}f}"
        f" ({low:z.{decimals}f} to {high:z.{decimals}f}).".replace("(-", "(−"),
        q_words(float(effects.q[index])),
    )


def q_words(q: float) -> str:
    """Return a q as it is read: `0.03`, and `<0.001` for what is smaller."""
    return "<0.001" if q < _SMALLEST_Q else f"{q:.3f}" if q < 0.01 else f"{q:.2f}"


def _kinds(inside: Inside, number: int) -> str:
    sorts = {sort_of_units(each.shape) for each in inside.dropped}
    words = ["maps"] * bool(sorts - {"unit"}) + ["units"] * ("unit" in sorts)
    return f"{numbers.count(number)} {' and '.join(words)}"


def _signed(value: float | Floats | Counts, decimals: int) -> str:
    return f"{float(value):+z.{decimals}f}".replace("-", "−")
