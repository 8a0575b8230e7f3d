"""Masks: the same bit for bit however they are asked for, and distributed as dropout says."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from core.inference.masks import PASSES_PER_BLOCK, pass_masks


def test_pass_masks_have_axes_passes_images_units():
    assert pass_masks(0, 0, 7, 0.5, 0, 5).shape == (5, 1, 7)
    assert pass_masks(0, 0, 7, 0.5, 0, 5, image_ids=[0, 1, 2]).shape == (5, 3, 7)


@pytest.mark.parametrize(("start", "stop"), [(0, 1), (49, 51), (50, 100), (120, 133), (0, 200)])
def test_pass_masks_of_any_range_are_a_part_of_the_whole(start, stop):
    whole = pass_masks(5, 2, 7, 0.3, 0, 4 * PASSES_PER_BLOCK)
    np.testing.assert_array_equal(pass_masks(5, 2, 7, 0.3, start, stop), whole[start:stop])


def test_pass_masks_in_another_process_are_the_same_bit_for_bit():
    code = (
        "from core.inference.masks import pass_masks;"
        "print(pass_masks(9, 1, 33, 0.5, 40, 60).tobytes().hex())"
    )
    other = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert other.stdout.strip() == pass_masks(9, 1, 33, 0.5, 40, 60).tobytes().hex()


def test_pass_masks_are_zero_or_scaled_and_kept_at_the_rate():
    masks = pass_masks(1, 0, 100, 0.3, 0, 1000)
    np.testing.assert_array_equal(np.unique(masks), np.array([0.0, 1.0 / 0.7], dtype=np.float32))
    # 100,000 units: four standard errors.
    assert abs((masks == 0).mean() - 0.3) < 4 * np.sqrt(0.3 * 0.7 / masks.size)


def test_pass_masks_at_rate_one_drop_everything():
    assert not pass_masks(0, 0, 7, 1.0, 0, 5).any()


def test_pass_masks_at_a_higher_rate_keep_a_part_of_what_a_lower_one_keeps():
    low, high = (pass_masks(4, 0, 50, rate, 0, 50) > 0 for rate in (0.2, 0.6))
    assert (low >= high).all() and low.sum() > high.sum()


@pytest.mark.parametrize(
    "other",
    [
        pass_masks(1, 0, 64, 0.5, 0, 50),
        pass_masks(0, 1, 64, 0.5, 0, 50),
        pass_masks(0, 0, 64, 0.5, 50, 100),
        pass_masks(0, 0, 64, 0.5, 0, 50, image_ids=[0]),
        pass_masks(0, 0, 64, 0.5, 0, 50, image_ids=[1]),
    ],
    ids=["seed", "layer", "block", "independent", "image"],
)
def test_pass_masks_of_another_key_are_independent(other):
    masks = pass_masks(0, 0, 64, 0.5, 0, 50)
    agreement = (masks == other).mean()
    assert abs(agreement - 0.5) < 4 * 0.5 / np.sqrt(masks.size)
