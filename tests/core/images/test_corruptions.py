"""Rotation, blending and noise."""

from __future__ import annotations

import math

import numpy as np
import pytest

from core.errors import InvalidInputError
from core.images import blend, ink_image, rotate, salt_and_pepper, write_digit

SEVEN = ink_image(write_digit(7, 0))
TWO = ink_image(write_digit(2, 1))


def test_rotate_by_nothing_and_by_a_full_turn_changes_nothing() -> None:
    np.testing.assert_array_equal(rotate(SEVEN, 0), SEVEN)
    np.testing.assert_allclose(rotate(SEVEN, 360), SEVEN, atol=1e-6)


def test_rotate_by_90_is_counter_clockwise_about_the_centre() -> None:
    np.testing.assert_allclose(rotate(SEVEN, 90), np.rot90(SEVEN), atol=1e-6)
    np.testing.assert_allclose(rotate(SEVEN, -90), np.rot90(SEVEN, -1), atol=1e-6)
    np.testing.assert_allclose(rotate(SEVEN, 180), np.rot90(SEVEN, 2), atol=1e-6)


def test_rotate_moves_a_point_along_its_circle() -> None:
    image = np.zeros((28, 28, 1), np.float32)
    image[13:15, 21:23] = 1.0  # 8 to the right of the centre
    rows, columns = np.indices((28, 28)) + 0.5
    turned = rotate(image, 30)[..., 0]
    assert (rows * turned).sum() / turned.sum() == pytest.approx(14 - 4, abs=0.05)
    assert (columns * turned).sum() / turned.sum() == pytest.approx(
        14 + 8 * math.cos(math.radians(30)), abs=0.05
    )


@pytest.mark.parametrize("degrees", [10, 45, 123.4, -77])
def test_rotate_keeps_shape_type_range_and_nearly_all_ink(degrees: float) -> None:
    turned = rotate(SEVEN, degrees)
    assert turned.shape == (28, 28, 1) and turned.dtype == np.float32
    assert turned.min() >= 0.0 and turned.max() <= 1.0
    assert turned.sum() == pytest.approx(SEVEN.sum(), rel=0.03)


@pytest.mark.parametrize("degrees", [math.nan, math.inf])
def test_rotate_by_no_angle_is_refused(degrees: float) -> None:
    with pytest.raises(InvalidInputError, match="degrees"):
        rotate(SEVEN, degrees)


def test_blend_adds_and_clips() -> None:
    image1 = np.array([[[0.0], [0.5], [0.75]]], np.float32)
    image2 = np.array([[[1.0], [0.5], [1.0]]], np.float32)
    np.testing.assert_array_equal(blend(image1, image2, 0.5)[0, :, 0], [0.5, 0.75, 1.0])


def test_blend_with_nothing_of_the_second_is_the_first() -> None:
    np.testing.assert_array_equal(blend(SEVEN, TWO, 0.0), SEVEN)


def test_blend_in_full_is_the_same_both_ways() -> None:
    np.testing.assert_array_equal(blend(SEVEN, TWO, 1.0), blend(TWO, SEVEN, 1.0))
    assert blend(SEVEN, TWO, 1.0).dtype == np.float32


@pytest.mark.parametrize("alpha", [-0.1, 1.1, math.nan, math.inf])
def test_blend_with_alpha_out_of_range_is_refused(alpha: float) -> None:
    with pytest.raises(InvalidInputError, match="alpha"):
        blend(SEVEN, TWO, alpha)


def test_blend_of_different_shapes_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="image2"):
        blend(SEVEN, TWO[:20], 0.5)


def test_noise_replaces_that_share_of_the_pixels_half_white_half_black():
    grey = np.full((28, 28, 1), 0.5, dtype=np.float32)
    noisy = salt_and_pepper(grey, 0.75)
    replaced = noisy != 0.5
    assert replaced.sum() == 588  # 0.75 * 784
    assert set(np.unique(noisy[replaced])) == {0.0, 1.0}
    assert 0.4 < noisy[replaced].mean() < 0.6


def test_more_noise_contains_less_noise():
    grey = np.full((28, 28, 1), 0.5, dtype=np.float32)
    before = grey
    for share in np.linspace(0, 1, 36):
        noisy = salt_and_pepper(grey, share, seed=3)
        was_replaced = before != 0.5
        np.testing.assert_array_equal(noisy[was_replaced], before[was_replaced])
        before = noisy
    assert (before != 0.5).all()


def test_no_noise_is_the_image_and_the_image_stays_as_it_was():
    image = np.random.default_rng(0).random((28, 28, 1)).astype(np.float32)
    kept = image.copy()
    np.testing.assert_array_equal(salt_and_pepper(image, 0.0), image)
    salt_and_pepper(image, 1.0)
    np.testing.assert_array_equal(image, kept)


@pytest.mark.parametrize("share", [-0.1, 1.1, math.nan])
def test_noise_on_an_impossible_share_of_the_pixels_is_refused(share):
    with pytest.raises(InvalidInputError, match="share"):
        salt_and_pepper(np.zeros((28, 28, 1), dtype=np.float32), share)
