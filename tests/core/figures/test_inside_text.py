"""What was found inside, in words: chance is never told as a finding, and numbers agree."""

from __future__ import annotations

import re

import numpy as np
import pytest

from core.experiments.inside import BehindBar, Inside
from core.figures.inside_text import (
    bar_words,
    difference_rows,
    passes_sentence,
    votes_sentence,
)
from tests.core.figures.insides import MASKED, PASSES, in_parts, made_up

NAMES = ("“cat”", "“dog”", "“fox”")


def bar_with(inside: Inside, label: int) -> BehindBar:
    """The fullest bar of a class."""
    return inside.behind(label, int(inside.summary.histogram[0, label].argmax()))


def lowest_bar(inside: Inside) -> BehindBar:
    """The lowest bar of class 0 with passes behind it."""
    return inside.behind(0, int(np.flatnonzero(inside.summary.histogram[0, 0])[0]))


def test_bars_are_called_by_their_ends():
    assert [bar_words(bar) for bar in (0, 2, 9)] == ["0 to 0.1", "0.2 to 0.3", "0.9 to 1"]


def test_passes_of_a_bar_are_as_many_as_it_counts_and_say_what_they_answer():
    inside = made_up(matters=True)
    behind = lowest_bar(inside)
    count = int(inside.summary.histogram[0, 0, behind.bar])
    said = passes_sentence(behind, NAMES)
    assert said.startswith(
        f"{count} of {PASSES} passes give “cat” a softmax of {bar_words(behind.bar)}."
    )
    assert said.endswith("All of them answer “dog”.")


def test_an_empty_bar_and_one_of_a_single_pass_are_told_as_such():
    inside = made_up(matters=True)
    assert passes_sentence(inside.behind(2, 9), NAMES) == (
        f"No pass of {PASSES} gives “fox” a softmax of 0.9 to 1."
    )
    one = made_up(matters=False, passes=1)
    assert passes_sentence(bar_with(one, 2), NAMES).startswith("1 of 1 pass gives “fox”")


@pytest.mark.parametrize(("label", "words"), [(2, "no rest to compare"), (1, "No pass is in")])
def test_without_two_groups_nothing_is_compared(label, words):
    inside = made_up(matters=False)
    behind = inside.behind(2, 0) if label == 2 else inside.behind(1, 9)
    said, rows = difference_rows(behind, inside, MASKED, 6)
    assert words in said and not rows
    assert votes_sentence(behind, NAMES) == ""


def test_what_matters_is_found_behind_a_bar_and_named():
    inside = made_up(matters=True)
    said, rows = difference_rows(lowest_bar(inside), inside, MASKED, 6)
    found = {row.unit: row for row in rows}
    assert {"map 2 of conv1", "unit 3 of dense1"} <= set(found)
    assert said.startswith(f"{len(rows)} of 12 maps and units differ")
    row = found["map 2 of conv1"]
    assert row.chosen == "100%" and re.match(r"\+\d\d \(\+\d\d to \+\d\d\)", row.difference)
    assert found["unit 3 of dense1"].difference.startswith("−")
    assert row.q == "<0.001"


def test_only_the_clearest_rows_are_shown_and_that_is_said():
    inside = made_up(matters=True)
    said, rows = difference_rows(lowest_bar(inside), inside, MASKED, 1)
    assert [row.unit for row in rows] == ["map 2 of conv1"]
    assert "The 1 largest difference:" in said


@pytest.mark.parametrize("seed", range(3))
def test_chance_gives_no_rows_but_a_sentence(seed):
    inside = made_up(matters=False, seed=seed)
    said, rows = difference_rows(bar_with(inside, 0), inside, MASKED, 6)
    assert not rows
    assert said.startswith("None of 12 maps and units") and said.endswith("within chance.")


def test_the_class_that_the_bar_is_of_is_not_told_as_a_difference():
    inside = made_up(matters=True)
    said = votes_sentence(lowest_bar(inside), NAMES)
    assert said.startswith(
        "Besides “cat”, by which they were picked, their mean vote differs most for “dog”"
    )
    votes = lowest_bar(inside).votes
    assert votes is not None
    assert f"softmax {votes.mean_of_chosen[1]:.2f} against {votes.mean_of_rest[1]:.2f}" in said


def test_maps_that_are_dropped_in_part_are_told_by_how_much_of_them():
    inside = in_parts()
    said, rows = difference_rows(lowest_bar(inside), inside, ("conv1",), 6)
    assert said.startswith("1 of 2 maps differs") and [r.unit for r in rows] == ["map 1 of conv1"]
    assert re.fullmatch(r"\d\d\.\d%", rows[0].chosen)
