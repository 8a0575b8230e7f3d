"""A batch in sentences."""

from __future__ import annotations

from core.experiments.batch_decisions import BatchSummary
from core.figures.batch_text import accuracy_text, counted, risk_text
from core.uncertainty.selective import Outcome

FULL = BatchSummary(1001, 1000, 930, 500, 490, 485, Outcome(500, 450, 3), 0.01)
BARE = BatchSummary(1, 1, 1, 0, 0, 0, None, None)
ALL_BAD = BatchSummary(2, 0, 0, 0, 0, 0, None, None)


def test_counts_are_said_with_what_became_of_them() -> None:
    assert counted(FULL, has_policy=True) == (
        "1,001 images: 930 accepted, 70 “I don’t know”, 1 could not be read."
    )
    assert counted(FULL, has_policy=False) == "1,001 images: 1 could not be read."
    assert counted(BARE, has_policy=False) == "1 image."
    assert counted(ALL_BAD, has_policy=True) == "2 images: 2 could not be read."


def test_accuracy_and_risk_come_with_intervals_and_the_twin() -> None:
    assert accuracy_text(FULL) == (
        "Right on 98.0% (95% interval 96.4% to 98.9%) of the 500 with a label, the twin on 97.0%"
        " (95% interval 95.1% to 98.2%)."
    )
    assert risk_text(FULL) == (
        "Of the 450 accepted 3 are wrong, 0.67% (95% interval 0.23% to 1.94%); of as many that the"
        " twin is surest of, 1.00%."
    )
    assert accuracy_text(BARE) == risk_text(BARE) == ""


def test_none_wrong_and_none_accepted_are_said_in_words() -> None:
    none_wrong = BatchSummary(10, 10, 4, 10, 9, 9, Outcome(10, 4, 0), 0.0)
    assert risk_text(none_wrong).startswith("Of the 4 accepted none is wrong (95% interval 0.00%")
    none_accepted = BatchSummary(10, 10, 0, 10, 9, 9, Outcome(10, 0, 0), None)
    assert risk_text(none_accepted) == "Of those with a label none is accepted."
