"""What people draw, through the pen and the frame, to the shipped network."""

from __future__ import annotations

import numpy as np
import pytest

from core.images import Ink, ink_image

PROMISED = 0.92


@pytest.fixture(scope="module")
def images_and_labels(pen_digits: list[tuple[Ink, int]]) -> tuple[np.ndarray, np.ndarray]:
    images = np.stack([ink_image(ink) for ink, _ in pen_digits])
    return images, np.array([label for _, label in pen_digits])


def test_pen_digits_are_all_there(pen_digits: list[tuple[Ink, int]]) -> None:
    assert len(pen_digits) == 7_494
    assert {label for _, label in pen_digits} == set(range(10))


def test_pen_digits_are_upright_in_mnists_frame(
    images_and_labels: tuple[np.ndarray, np.ndarray],
) -> None:
    images, labels = images_and_labels
    assert images.shape == (7_494, 28, 28, 1) and images.dtype == np.float32
    # A 7 has its bar at the top: flipped, most of its ink would be below.
    sevens = images[labels == 7][..., 0].mean(axis=0)
    assert sevens[4:10, 14:].sum() > sevens[18:24, 14:].sum()


def test_pen_digits_are_classified_as_promised(
    images_and_labels: tuple[np.ndarray, np.ndarray],
) -> None:
    from core.inference import McSampler
    from core.networks import load_network

    images, labels = images_and_labels
    summary = McSampler(load_network("mc").model).summarise(images, num_samples=20)
    assert (summary.mean.argmax(axis=1) == labels).mean() >= PROMISED
