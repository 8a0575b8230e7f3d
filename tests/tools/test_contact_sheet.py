"""The contact sheet: what lies where, and that it does without MNIST."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.images import ink_image, write_digit
from tools.contact_sheet import HEAD, MARGIN, SCALE, main, sheet

SIDE = 28 * SCALE


def cell(picture: np.ndarray, row: int, column: int, left: int = 0) -> np.ndarray:
    """A digit of the sheet at the network's own size, in [0, 1]."""
    top = MARGIN + HEAD + row * SIDE
    left += MARGIN + column * SIDE
    return picture[top : top + SIDE : SCALE, left : left + SIDE : SCALE] / 255.0


def test_sheet_has_a_row_for_each_digit_and_the_halves_side_by_side() -> None:
    ours = np.zeros((10, 3, 28, 28), np.float32)
    theirs = np.zeros((10, 2, 28, 28), np.float32)
    ours[4, 2, 5, 6] = 1.0
    theirs[7, 1, 8, 9] = 1.0
    picture = np.asarray(sheet({"Ours": ours, "Theirs": theirs}))
    width = 3 * SIDE + 2 * MARGIN
    assert picture.shape == (10 * SIDE + 2 * MARGIN + HEAD, width + 2 * SIDE + 2 * MARGIN)
    np.testing.assert_array_equal(cell(picture, 4, 2), ours[4, 2])
    np.testing.assert_array_equal(cell(picture, 7, 1, width), theirs[7, 1])
    assert picture[MARGIN : MARGIN + HEAD, :width].any()  # the title


def test_main_without_mnist_draws_the_handwriting_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "sheet.png"
    assert main(["--out", str(file), "--columns", "3", "--without-mnist"]) == 0
    picture = np.asarray(Image.open(file))
    assert picture.shape[1] == 3 * SIDE + 2 * MARGIN
    np.testing.assert_allclose(
        cell(picture, 8, 2), ink_image(write_digit(8, 2))[..., 0], atol=0.5 / 255 + 1e-6
    )
    assert "apart" in capsys.readouterr().out


def test_main_draws_mnists_own_pixels_beside(tmp_path: Path, mnist_data: Path) -> None:
    file = tmp_path / "sheet.png"
    assert main(["--out", str(file), "--columns", "2"]) == 0
    picture = np.asarray(Image.open(file))
    with np.load(mnist_data) as arrays:
        second_six = arrays["x_test"][arrays["y_test"] == 6][1]
    shown = cell(picture, 6, 1, 2 * SIDE + 2 * MARGIN)
    np.testing.assert_allclose(shown, second_six / 255.0, atol=0.02)
