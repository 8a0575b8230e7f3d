"""What people draw, through the pen and the frame, to the shipped network."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pytest

from core.errors import DamagedFileError, MissingDataError
from core.images import Ink, ink_image, load_pen_digits
from core.images.pen_digits import PEN_DIGITS_FILE

PROMISED = 0.92


@pytest.fixture(scope="module")
def images_and_labels(pen_digits: list[tuple[Ink, int]]) -> tuple[np.ndarray, np.ndarray]:
    images = np.stack([ink_image(ink) for ink, _ in pen_digits])
    return images, np.array([label for _, label in pen_digits])


def test_pen_digits_are_all_there(pen_digits: list[tuple[Ink, int]]) -> None:
    assert len(pen_digits) == 7_494
    assert {label for _, label in pen_digits} == set(range(10))


def test_first_pen_digits_are_the_first_of_all(
    labrador_data: Path, pen_digits: list[tuple[Ink, int]]
) -> None:
    assert load_pen_digits(labrador_data / PEN_DIGITS_FILE, limit=3) == pen_digits[:3]


def test_pen_digits_fill_the_middle_of_the_canvas(pen_digits: list[tuple[Ink, int]]) -> None:
    for ink, _ in pen_digits[:100]:
        points = np.array([point for stroke in ink.strokes for point in stroke])
        low, high = points.min(axis=0), points.max(axis=0)
        np.testing.assert_allclose(low + high, 1.0, atol=2e-3)
        assert (high - low).max() == pytest.approx(0.7, abs=2e-3)


def test_missing_pen_digits_are_told_with_the_folder(no_data: Path) -> None:
    with pytest.raises(MissingDataError, match=r"pen digits.*LABRADOR_DATA.*pen_strokes"):
        load_pen_digits()


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "others"),
        (b"[]", "cannot be unpacked"),
        # Without a time of day: tests are named by it, and two processes name them a second apart.
        (gzip.compress(b"[]", mtime=0), "others"),
        (gzip.compress(b"[]" * 99, mtime=0)[:20], "cannot be unpacked"),
    ],
)
def test_a_file_without_the_pen_digits_is_refused(
    tmp_path: Path, content: bytes, told: str
) -> None:
    path = tmp_path / PEN_DIGITS_FILE
    path.write_bytes(content)

    with pytest.raises(DamagedFileError, match=told):
        load_pen_digits(path)


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
