"""Which maps and units an answer depends on, in words: those that were made to matter."""

from __future__ import annotations

import re

import pytest

from core.figures.inside_effects_text import effect_rows
from tests.core.figures.insides import MASKED, PASSES, in_parts, made_up

NAMES = ("“cat”", "“dog”", "“fox”")


def test_effects_are_those_that_were_made_the_largest_first():
    inside = made_up(matters=True)
    said, effects = effect_rows(inside.effects(0), inside, MASKED, NAMES)
    assert said.startswith("2 of 12 maps and units move “cat”’s mean softmax")
    assert [effect.name for effect in effects] == ["map 2 of conv1", "unit 3 of dense1"]
    assert [(effect.layer, effect.unit) for effect in effects] == [(0, 2), (1, 3)]
    falls = re.fullmatch(
        r"Without this map “cat”’s mean softmax falls by (0\.\d\d) \((0\.\d\d) to (0\.\d\d)\)\.",
        effects[0].words,
    )
    assert falls
    effect, low, high = map(float, falls.groups())
    assert low <= effect <= high and effect == pytest.approx(0.4, abs=0.05)
    assert "Without this unit “cat”’s mean softmax rises by" in effects[1].words


@pytest.mark.parametrize("seed", range(3))
def test_chance_is_no_effect(seed):
    inside = made_up(matters=False, seed=seed)
    said, effects = effect_rows(inside.effects(0), inside, MASKED, NAMES)
    assert not effects
    assert f"In {PASSES} passes none of 12 maps and units moves “cat”’s mean softmax" in said


def test_maps_that_are_dropped_in_part_are_told_by_a_tenth_more():
    inside = in_parts()
    said, effects = effect_rows(inside.effects(0), inside, ("conv1",), NAMES)
    assert said.startswith("1 of 2 maps moves") and [e.name for e in effects] == ["map 1 of conv1"]
    assert effects[0].words.startswith(
        "With a tenth more of this map dropped “cat”’s mean softmax falls by 0.1"
    )


def test_few_passes_are_not_taken_for_evidence():
    few = made_up(matters=True, passes=3)
    said, effects = effect_rows(few.effects(0), few, MASKED, NAMES)
    told = len(few.effects(0).effects.q)
    assert not effects and 0 < told < 12
    assert said.endswith(f"by more than chance. Of {12 - told} too few passes tell.")
    one = made_up(matters=True, passes=1)
    assert effect_rows(one.effects(0), one, MASKED, NAMES) == (
        "Too few passes dropped any one unit, or kept it, to tell what that does.",
        [],
    )
