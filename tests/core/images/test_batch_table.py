"""Tables of pixels: which column is what, and one scale for all of them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from core.images import BatchFile, Frame, Preparation, count_batch
from core.uncertainty.classes import Classes
from tests.core.images.batches import DIGIT, PIXELS, read, table

FLAT = PIXELS.reshape(3, -1).tolist()
LABELS = [7, 0, 9]
HEADS = [f"pixel{number}" for number in range(784)]
# Four pixels: rows that a person can read.
SMALL = Preparation(Frame(4, 4), 0, False, Classes(("cat", "dog", "5")))
ROW = [0, 128, 255, 64] * 4


@pytest.mark.parametrize(
    ("rows", "header", "labels"),
    [
        (FLAT, [], [None] * 3),
        (FLAT, HEADS, [None] * 3),
        (FLAT, list(range(784)), [None] * 3),
        ([[label, *row] for label, row in zip(LABELS, FLAT, strict=True)], [], LABELS),
        ([[*row, label] for label, row in zip(LABELS, FLAT, strict=True)], [], LABELS),
        ([[n, *row] for n, row in zip(LABELS, FLAT, strict=True)], ["label", *HEADS], LABELS),
        ([[n, *row] for n, row in zip(LABELS, FLAT, strict=True)], ["y", *range(784)], LABELS),
        ([[*row, n] for n, row in zip(LABELS, FLAT, strict=True)], [*HEADS, "Class"], LABELS),
    ],
)
def test_a_table_as_people_write_them(rows, header, labels) -> None:
    items = read(digits_csv=table(rows, header))
    assert [item.label for item in items] == labels
    assert [item.name for item in items] == ["row 1", "row 2", "row 3"]
    for item, pixels in zip(items, PIXELS, strict=True):
        assert item.image is not None and item.image.dtype == np.float32
        # Exactly what a picture with these bytes is.
        np.testing.assert_array_equal(
            item.image[..., 0], pixels.astype(np.float32) / np.float32(255)
        )


def test_names_of_rows_come_from_a_column_of_names_or_pandas_index() -> None:
    named = table([["a <b>", 3, *FLAT[0]]], ["file", "label", *HEADS])
    (item,) = read(x_csv=named)
    assert (item.name, item.label, item.image is not None) == ("a <b>", 3, True)
    (item,) = read(x_csv=table([[41, *FLAT[0], 3]], ["", *HEADS, "label"]))
    assert (item.name, item.label) == ("41", 3)


def test_the_scale_is_decided_over_the_whole_table() -> None:
    # A dark row of bytes is not taken for one in [0, 1] where another row is bright.
    dark, bright = [1] * 16, ROW
    items = read(SMALL, x_csv=table([dark, bright]))
    assert items[0].image is not None
    np.testing.assert_allclose(items[0].image, 1 / 255)
    units = read(SMALL, x_csv=table([dark, [0.5] * 16]))
    assert units[0].image is not None and units[1].image is not None
    np.testing.assert_allclose([units[0].image.max(), units[1].image.max()], [1.0, 0.5])


def test_bad_rows_say_why_and_move_neither_the_scale_nor_the_others() -> None:
    units = [0.25] * 16
    rows: list[list[Any]] = [
        units,
        units[:-1],
        [*units[:-1], "x"],
        [*units[:-1], "nan"],
        [*units[:-1], 900],
        units,
    ]
    items = read(SMALL, x_csv=table(rows))
    assert [item.image is not None for item in items] == [True, False, False, False, False, True]
    assert "Expected 16 columns as above, got 15." in items[1].problem
    assert "no numbers" in items[2].problem and "no finite numbers" in items[3].problem
    assert "0.25 to 900" in items[4].problem
    assert items[5].image is not None and items[5].image.max() == 0.25


def test_a_table_of_another_shape_is_one_item_that_says_so() -> None:
    (item,) = read(x_csv=table([ROW, ROW]))
    assert item.name == "x.csv" and item.image is None
    assert "784 columns of pixels for images of 28 x 28, grey" in item.problem
    assert "got 16 columns" in item.problem


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_class_names_may_stand_first_or_last_in_any_usual_table(delimiter: str) -> None:
    first = delimiter.join(map(str, ["dog", *ROW])) + "\n" + delimiter.join(map(str, ["cat", *ROW]))
    assert [item.label for item in read(SMALL, x_csv=first.encode())] == [1, 0]
    last = "\ufeff" + delimiter.join(map(str, [*ROW, "CAT"])) + "\r\n\r\n"
    assert [item.label for item in read(SMALL, x_csv=last.encode("utf-8"))] == [0]


def test_a_corner_that_is_always_dark_is_no_column_of_labels() -> None:
    rows = [[*([0] * 15), 9, label] for label in (0, 1, 1)]
    assert [item.label for item in read(SMALL, x_csv=table(rows))] == [0, 1, 1]


def test_a_line_without_end_is_not_read_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.images.batch_table.MAX_TABLE_LINE", 100)
    (item,) = read(SMALL, x_csv=b"1" * 5_000)
    assert "lines of at most 100 characters" in item.problem


def test_rows_are_counted_without_reading_them() -> None:
    assert count_batch([BatchFile("x.csv", table(FLAT))], DIGIT) == 3
    assert count_batch([BatchFile("x.csv", b"1,2\n3,4")], DIGIT) == 2
