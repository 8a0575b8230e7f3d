from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from core.errors import InvalidInputError
from core.images import MNIST_FRAME, Frame, in_frame

COLOURS = np.random.default_rng(0).random((9, 12, 3)).astype(np.float32)


def test_what_fits_comes_back_as_it_is() -> None:
    assert in_frame(COLOURS, Frame(9, 12, 3)) is COLOURS


def test_height_is_height_and_width_is_width() -> None:
    assert in_frame(COLOURS, Frame(5, 7, 3)).shape == (5, 7, 3)
    assert in_frame(COLOURS, Frame(7, 5)).shape == (7, 5, 1)
    stripes = np.zeros((4, 6, 1), dtype=np.float32)
    stripes[:2] = 1.0
    wide = in_frame(stripes, Frame(4, 60))
    np.testing.assert_array_equal(wide, np.repeat(stripes[:, :1], 60, axis=1))


def test_grey_is_repeated_for_colour() -> None:
    grey = COLOURS[:, :, :1]
    coloured = in_frame(grey, Frame(9, 12, 3))
    for channel in range(3):
        np.testing.assert_array_equal(coloured[:, :, channel], grey[:, :, 0])


def test_colour_turns_grey_by_its_luma() -> None:
    shown = np.eye(3, dtype=np.float32)[None].repeat(4, axis=0)[:, [0, 1, 2, 0]]
    grey = in_frame(shown, Frame(4, 4))
    assert grey[0, :, 0].tolist() == pytest.approx([0.299, 0.587, 0.114, 0.299])


def test_half_as_large_is_a_mean_weighted_by_distance() -> None:
    # Pillow's triangle is as wide as what becomes one pixel: weights 1, 3, 3, 1 inside.
    row = np.zeros((8, 8, 1), dtype=np.float32)
    row[:, 3] = 1.0
    small = in_frame(row, Frame(8, 4))
    assert small[0, :, 0].tolist() == pytest.approx([0.0, 3 / 8, 1 / 8, 0.0], abs=1e-6)


def test_a_frame_is_filled_with_float32_in_its_range() -> None:
    images: tuple[Any, ...] = (COLOURS.astype(np.float64), np.ones((40, 3, 1), dtype=np.uint8))
    for image in images:
        framed = in_frame(image, MNIST_FRAME)
        assert framed.dtype == np.float32 and framed.shape == (28, 28, 1)
        assert framed.min() >= 0.0 and framed.max() <= 1.0
        assert framed.flags.writeable and framed.flags.c_contiguous


@pytest.mark.parametrize("shape", [(9, 12), (9, 12, 2), (0, 12, 1), (1, 9, 12, 1)])
def test_what_is_no_image_is_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(InvalidInputError, match="image"):
        in_frame(np.zeros(shape, dtype=np.float32), MNIST_FRAME)
