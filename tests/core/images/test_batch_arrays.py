"""Arrays of images in an `.npz`: which one is taken, its scale and its labels."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import numpy as np
import pytest

from core.images import BatchFile, Frame, Preparation, count_batch
from core.uncertainty.classes import Classes
from tests.core.images.batches import DIGIT, PIXELS, npz, read, zipped

UNIT = PIXELS.astype(np.float32) / np.float32(255)
COLOUR = Preparation(Frame(4, 6, 3), 0, False, Classes(("a", "b")))


@pytest.mark.parametrize(
    "x",
    [PIXELS, PIXELS[..., None], PIXELS.reshape(3, -1), UNIT, UNIT.astype(np.float64), UNIT * 255],
    ids=["bytes", "with channels", "in a row", "floats", "doubles", "floats to 255"],
)
def test_images_of_any_fitting_shape_and_type(x: Any) -> None:
    items = read(x_npz=npz(x=x, y=np.array([7, 1, 12])))
    assert [item.name for item in items] == ["x[0]", "x[1]", "x[2]"]
    assert [item.label for item in items] == [7, 1, None]
    assert items[2].problem == "The label “12” is none of its classes."
    for item, unit in zip(items, UNIT, strict=True):
        assert item.image is not None
        np.testing.assert_allclose(item.image[..., 0], unit, atol=1e-6)


@pytest.mark.parametrize(
    ("arrays", "name", "labels"),
    [
        ({"other": np.zeros(3), "pictures": PIXELS}, "pictures", [None] * 3),
        ({"x_train": PIXELS, "x_test": PIXELS[:2], "y_train": [1, 2, 3], "y_test": [4, 5]},
         "x_test", [4, 5]),
        ({"images": PIXELS, "labels": np.array(["3", "2", "1"])}, "images", [3, 2, 1]),
        ({"x": PIXELS, "y": np.zeros(5)}, "x", [None] * 3),
        ({"arr_0": PIXELS, "y": np.array([[1], [2], [3]])}, "arr_0", [1, 2, 3]),
    ],
)  # fmt: skip
def test_the_array_that_is_taken_and_its_labels(arrays, name, labels) -> None:
    items = read(x_npz=npz(**arrays))
    assert [item.name for item in items] == [f"{name}[{index}]" for index in range(len(labels))]
    assert [item.label for item in items] == labels
    assert count_batch([BatchFile("x.npz", npz(**arrays))], DIGIT) == len(labels)


def test_colour_and_rows_keep_their_order() -> None:
    x = np.arange(2 * 4 * 6 * 3, dtype=np.uint8).reshape(2, 4, 6, 3)
    for shape in (x.shape, (2, 72)):
        items = read(COLOUR, x_npz=npz(x=x.reshape(shape)))
        assert items[1].image is not None
        np.testing.assert_allclose(items[1].image, x[1] / 255, atol=1e-6)


def test_one_bad_image_says_why_and_the_others_go_on() -> None:
    x = UNIT.copy()
    x[0, 3, 3], x[1, 3, 3] = np.nan, -2.0
    items = read(x_npz=npz(x=x))
    assert "no finite numbers" in items[0].problem and "got -2 to" in items[1].problem
    assert items[2].image is not None
    np.testing.assert_allclose(items[2].image[..., 0], UNIT[2], atol=1e-6)


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (npz(x=np.zeros((3, 20, 20))), r"x of float64 \(3, 20, 20\)"),
        (npz(x=np.zeros((0, 28, 28))), r"\(0, 28, 28\)"),
        (npz(x=np.array([None, 3])), "Object arrays"),
        (npz(x=np.full((3, 28, 28), "a")), "<U1"),
        (npz(), "no array"),
        (b"PK\x03\x04", "cannot be read"),
        (zipped({"x.npy": b"no array at all"}), "is no array"),
        (zipped({"x.npy": npz(x=PIXELS)[:10]}, zipfile.ZIP_BZIP2), "packed in another way"),
    ],
)
def test_what_is_no_such_file_is_one_item_that_says_why(data: bytes, told: str) -> None:
    import re

    (item,) = read(x_npz=data)
    assert item.image is None and re.search(told, item.problem), item.problem


def test_a_header_that_claims_too_much_is_refused() -> None:
    header = io.BytesIO()
    np.lib.format.write_array_header_1_0(
        header, {"descr": "|u1", "fortran_order": False, "shape": (2**50, 28, 28)}
    )
    (item,) = read(x_npz=zipped({"x.npy": header.getvalue()}))
    assert "cannot be read" in item.problem


def test_arrays_that_would_fill_the_memory_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.images.batch_arrays.MAX_ARRAYS_BYTES", 1_000)
    (item,) = read(x_npz=npz(x=PIXELS))
    assert "would unpack to" in item.problem
