"""MNIST's frame for drawings, scans, photos, and for MNIST itself."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from core.errors import InvalidInputError
from core.images import Ink, ink_image, load_mnist_test, normalise, render_ink, write_digit

# Its centre of mass is not just between two pixels, where grain would decide to which it is moved.
THREE = write_digit(3, 2)


def centre_of_mass(image: npt.NDArray[np.float32]) -> tuple[float, float]:
    rows, columns = np.indices((28, 28))
    total = image.sum()
    return float((rows * image[..., 0]).sum() / total), float(
        (columns * image[..., 0]).sum() / total
    )


def box(image: npt.NDArray[np.float32]) -> tuple[int, int]:
    visible = image[..., 0] > 0.04
    rows, columns = np.flatnonzero(visible.any(axis=1)), np.flatnonzero(visible.any(axis=0))
    return int(rows[-1] - rows[0] + 1), int(columns[-1] - columns[0] + 1)


def photo_of(
    ink: Ink, *, light: float = 0.3, grain: float = 0.015, size: int = 480, seed: int = 0
) -> npt.NDArray[np.uint8]:
    """Return a photo: dark ink somewhere on paper lit from one side, with grain."""
    rng = np.random.default_rng(seed)
    drawn = np.zeros((size, size), np.float32)
    top, left = rng.integers(0, size - 280, 2)
    drawn[top : top + 280, left : left + 280] = render_ink(ink)
    rows, columns = np.indices((size, size)) / size
    paper = 0.8 - light * (0.6 * rows + 0.4 * columns)
    grey = paper * (1 - 0.6 * drawn) + rng.normal(0, grain, drawn.shape)
    levels: npt.NDArray[np.uint8] = np.round(np.clip(grey, 0, 1) * 255).astype(np.uint8)
    return levels


def test_normalise_of_mnist_leaves_it_as_it_was(mnist_data: Path) -> None:
    mnist = load_mnist_test(mnist_data)
    assert mnist is not None
    differences = [
        np.abs(normalise(mnist.x[index]) - mnist.image(index)).max() for index in range(500)
    ]
    # Nothing is resampled or moved; what is nearly full ink becomes full.
    assert np.median(differences) < 0.01
    assert np.quantile(differences, 0.98) < 0.05


def test_normalise_of_mnist_negative_is_the_same(mnist_data: Path) -> None:
    mnist = load_mnist_test(mnist_data)
    assert mnist is not None
    for index in range(50):
        positive, negative = normalise(mnist.x[index]), normalise(255 - mnist.x[index])
        np.testing.assert_allclose(negative, positive, atol=0.01)


@pytest.mark.parametrize("digit", range(10))
def test_normalise_gives_mnists_box_and_centre(digit: int) -> None:
    image = ink_image(write_digit(digit, 7))
    assert image.shape == (28, 28, 1) and image.dtype == np.float32
    assert image.min() == 0.0 and 0.9 < image.max() <= 1.0
    assert max(box(image)) == 20
    row, column = centre_of_mass(image)
    assert abs(row - 14) <= 0.51 and abs(column - 14) <= 0.51


def test_normalise_does_not_depend_on_place_and_size() -> None:
    small = Ink(tuple(tuple((x / 2, y / 2) for x, y in s) for s in THREE.strokes), 0.0625)
    large = Ink(THREE.strokes, 0.125)
    np.testing.assert_allclose(ink_image(small), ink_image(large), atol=0.3)
    assert np.abs(ink_image(small) - ink_image(large)).mean() < 0.01


def test_normalise_takes_dark_on_bright_and_bright_on_dark_alike() -> None:
    bright = np.pad(render_ink(THREE), 8)
    np.testing.assert_allclose(normalise(1 - bright), normalise(bright), atol=1e-5)
    np.testing.assert_allclose(normalise(0.6 - 0.4 * bright), normalise(bright), atol=1e-4)


def test_normalise_keeps_the_pens_width() -> None:
    thin, thick = (ink_image(Ink(THREE.strokes, width)) for width in (0.03, 0.09))
    assert thick.sum() > 1.8 * thin.sum()


@pytest.mark.parametrize(
    "convert",
    [
        lambda grey: np.round(grey * 255).astype(np.uint8),
        lambda grey: np.round(grey * 65_535).astype(np.uint16),
        lambda grey: grey.astype(np.float64),
        lambda grey: grey[:, :, None],
    ],
)
def test_normalise_takes_every_usual_type(convert) -> None:
    grey = np.pad(render_ink(THREE), 8)
    np.testing.assert_allclose(normalise(convert(grey)), normalise(grey), atol=0.02)


def test_normalise_takes_booleans() -> None:
    assert max(box(normalise(render_ink(THREE) > 0.5))) == 20


@pytest.mark.parametrize("light", [0.0, 0.3, 0.6])
@pytest.mark.parametrize("grain", [0.005, 0.015, 0.03])
def test_normalise_of_a_photo_finds_the_ink(light: float, grain: float) -> None:
    drawn = ink_image(THREE)
    seen = normalise(photo_of(THREE, light=light, grain=grain))
    # Alike as pictures: grain and light changed little of what the network sees.
    assert np.corrcoef(seen.ravel(), drawn.ravel())[0, 1] > 0.9
    assert max(box(seen)) == 20


def test_normalise_of_a_photo_ignores_dust_and_the_papers_edge() -> None:
    photo = photo_of(THREE)
    clean = normalise(photo)
    photo[:, :20] = 30  # a table beside the paper
    photo[6:9, 460:463] = 60
    np.testing.assert_allclose(normalise(photo), clean, atol=0.25)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("grain", [0.0, 0.004, 0.015, 0.04])
def test_normalise_of_blank_paper_is_refused(grain: float, seed: int) -> None:
    with pytest.raises(InvalidInputError, match="stands out"):
        normalise(photo_of(Ink(), grain=grain, seed=seed))


@pytest.mark.parametrize("level", [0, 128, 255])
def test_normalise_of_one_grey_is_refused(level: int) -> None:
    with pytest.raises(InvalidInputError, match="without visible ink"):
        normalise(np.full((40, 50), level, np.uint8))


@pytest.mark.parametrize(
    "grey",
    [
        np.zeros((28, 28, 3)),
        np.zeros(28),
        np.zeros((0, 28)),
        np.zeros((28, 2)),
        np.full((28, 28), np.nan),
        np.full((28, 28), 2.0),
        np.full((28, 28), -1.0),
        np.zeros((28, 28), np.int64),
        np.zeros((28, 28), complex),
    ],
)
def test_normalise_of_no_grey_image_is_refused(grey: npt.NDArray[np.generic]) -> None:
    with pytest.raises(InvalidInputError, match="image"):
        normalise(grey)


@given(hnp.arrays(np.uint8, hnp.array_shapes(min_dims=2, max_dims=2, min_side=4, max_side=40)))
def test_normalise_of_any_image_gives_an_image_or_a_refusal(grey: npt.NDArray[np.uint8]) -> None:
    try:
        image = normalise(grey)
    except InvalidInputError:
        return
    assert image.shape == (28, 28, 1) and image.dtype == np.float32
    assert image.min() >= 0.0 and 0.0 < image.max() <= 1.0


@given(st.integers(4, 1500), st.integers(4, 60), st.data())
def test_normalise_of_any_proportions_stays_in_the_frame(
    height: int, width: int, data: st.DataObject
) -> None:
    grey = np.zeros((height, width), np.float32)
    row, column = data.draw(st.integers(1, height - 2)), data.draw(st.integers(1, width - 2))
    grey[1 : row + 1, column:-1] = 1.0
    try:
        image = normalise(grey)
    except InvalidInputError:
        return
    assert math.isfinite(image.sum()) and image.max() <= 1.0


def test_ink_image_of_ink_along_the_canvas_edge_keeps_it() -> None:
    frame = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0), (0.0, 0.0))
    image = ink_image(Ink((frame,)))
    assert box(image) == (20, 20)
    assert image[14, 14, 0] == 0.0 and image[5, 14, 0] > 0.5 and image[24, 14, 0] > 0.5


def test_ink_image_of_nothing_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="nothing drawn yet"):
        ink_image(Ink())
