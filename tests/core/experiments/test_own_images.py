from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from core.errors import InvalidInputError
from core.experiments import own_images
from core.experiments.own_images import gather_images
from core.experiments.reference_data import NO_LABEL


@dataclass(frozen=True)
class Item:
    name: str
    image: np.ndarray | None
    label: int | None = None
    problem: str = ""


GREY = np.full((2, 3, 1), 0.2, np.float32)  # 51 of 255
ITEMS = [
    Item("a", GREY, 1),
    Item("b", None, None, "It is no picture."),
    Item("c", GREY + 0.4),
    Item("d", GREY * 5, 0),
]


def test_labelled_images_are_gathered_and_the_rest_says_why() -> None:
    steps: list[tuple[int, int]] = []
    found = gather_images(
        ITEMS, (2, 3, 1), labelled=True, progress=lambda *step: steps.append(step), count=3
    )
    assert (found.names, found.labels.tolist(), len(found)) == (("a", "d"), [1, 0], 2)
    assert found.images.dtype == np.uint8 and found.images.shape == (2, 2, 3, 1)
    assert np.unique(found.images).tolist() == [51, 255]
    told = "It has no label that is one of the classes."
    assert found.left_out == (("b", "It is no picture."), ("c", told))
    assert steps == [(1, 3), (2, 3), (3, 3), (4, 4)]


def test_strangers_need_no_label_and_what_they_have_is_not_used() -> None:
    found = gather_images(ITEMS, (2, 3, 1), labelled=False)
    assert found.names == ("a", "c", "d") and set(found.labels.tolist()) == {NO_LABEL}


def test_rows_stay_as_they_are() -> None:
    rows = [Item(str(n), np.array([-1.5, n], np.float32), n) for n in range(3)]
    found = gather_images(rows, (2,), labelled=True)
    assert found.images.dtype == np.float32
    np.testing.assert_array_equal(found.images, [[-1.5, 0], [-1.5, 1], [-1.5, 2]])


def test_nothing_usable_is_no_image() -> None:
    assert gather_images(ITEMS[1:3], (2, 3, 1), labelled=True).images.shape == (0, 2, 3, 1)


def test_more_than_are_scored_at_a_time_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own_images, "MAX_SCORED_BYTES", 2 * 6)
    gather_images(ITEMS, (2, 3, 1), labelled=True)
    with pytest.raises(InvalidInputError, match=r"at most 2 .* chosen by chance"):
        gather_images(ITEMS, (2, 3, 1), labelled=False)
