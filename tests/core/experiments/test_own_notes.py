from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from core.experiments import ReferenceScores, SetScores
from core.experiments.own_notes import notes_on
from core.uncertainty import MEASURES, TWIN_MEASURES, Classes, fewest_images

NAMES = ("a", "b", "c", "d", "e")


def half(name: str, labels: Sequence[int], *, wrong: bool = True) -> SetScores:
    size = len(labels)
    given = np.array(labels, np.int8)
    said = given.astype(np.uint8)
    if wrong:
        said[0] = (said[0] + 1) % 5
    return SetScores(
        name=name,
        checksum="",
        positions=np.arange(size, dtype=np.uint16),
        labels=given,
        predicted=said,
        runner_up=said,
        measures={each: np.zeros(size, np.float32) for each in MEASURES},
        twin_predicted=said,
        twin_measures={each: np.zeros(size, np.float32) for each in TWIN_MEASURES},
    )


def notes(labels: Sequence[int], others: Sequence[int], *, wrong: bool = True) -> list[str]:
    sets = {
        "validation": half("validation", labels, wrong=wrong),
        "test": half("test", others, wrong=wrong),
    }
    return notes_on(
        ReferenceScores("own", "0" * 64, 9, 0, sets, Classes(NAMES), "1" * 64, item="row")
    )


def test_enough_images_of_all_classes_need_no_note() -> None:
    many = list(range(5)) * 100
    assert notes(many, many) == []


def test_few_images_are_told_with_what_a_promise_takes() -> None:
    few = list(range(5)) * 4
    promise, worth = notes(few, few)
    assert (
        "fitted on 20 rows" in promise and f"{2 * fewest_images(0.01):,} labelled rows" in promise
    )
    assert "told from 20 rows" in worth


def test_classes_that_one_half_lacks_are_named() -> None:
    many = list(range(5)) * 100
    (told,) = notes(many, [0, 1, 2, 3] * 125)
    assert told.startswith("One class is not in both halves") and told.endswith(": “e”.")
    (told,) = notes([0] * 500, many)
    assert told.startswith("4 classes are") and told.endswith(": “b”, “c”, “d” and 1 more.")


def test_no_wrong_answer_is_told() -> None:
    many = list(range(5)) * 100
    (told,) = notes(many, many, wrong=False)
    assert told.startswith("No answer is wrong")
