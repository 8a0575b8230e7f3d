"""Which maps and units an answer depends on, in words; chance is never told as a finding.

Plain text: names of layers and classes are somebody else's, and whoever shows them escapes them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..experiments.inside import Inside, MapEffects
from . import numbers
from .inside_words import CLEAR, kinds_of, map_words, q_words, sort_of_units


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
    all_of = kinds_of(inside, told + untold)
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
