from __future__ import annotations

import io
from typing import Any

import numpy as np
import pytest
from PIL import Image

from core.figures.raster import PIXEL_RATIO, Raster, dashes


def _pixels(raster: Raster) -> Any:
    with Image.open(io.BytesIO(raster.png())) as picture:
        return np.asarray(picture.convert("RGB")).astype(int)


def test_png_has_two_pixels_to_one_of_the_page() -> None:
    pixels = _pixels(Raster(30, 20, "#102030"))
    assert pixels.shape == (20 * PIXEL_RATIO, 30 * PIXEL_RATIO, 3)
    assert (pixels == [0x10, 0x20, 0x30]).all()


def test_disc_covers_its_area_with_smooth_edges() -> None:
    raster = Raster(20, 20, "#000000")
    raster.disc((10, 10), 6, "#FFFFFF")
    light = _pixels(raster)[:, :, 0] / 255
    assert light.sum() / PIXEL_RATIO**2 == pytest.approx(np.pi * 36, rel=0.03)
    assert ((light > 0.1) & (light < 0.9)).any()


def test_line_runs_where_it_is_asked_to() -> None:
    raster = Raster(20, 20, "#000000")
    raster.line([(2, 5), (18, 5)], "#FFFFFF", 2)
    rows = _pixels(raster)[:, :, 0].max(axis=1)
    assert np.flatnonzero(rows > 128).tolist() == [8, 9, 10, 11]


def test_picture_keeps_every_pixel() -> None:
    image = np.random.default_rng(0).integers(0, 2, (6, 8, 1)).astype(np.float32)
    raster = Raster(20, 20, "#808080")
    raster.picture((10.2, 9.9), image)
    placed = _pixels(raster)[:, :, 0]
    enlarged = np.kron(image[:, :, 0], np.ones((2, 2))) * 255
    rows, columns = np.nonzero(placed != 0x80)
    box = placed[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
    np.testing.assert_array_equal(box, enlarged)


def test_text_is_as_wide_as_it_says() -> None:
    raster = Raster(120, 30, "#FFFFFF")
    raster.text((10, 15), "entropy", 13, "#000000")
    columns = np.flatnonzero(_pixels(raster)[:, :, 0].min(axis=0) < 128) / PIXEL_RATIO
    assert columns.min() == pytest.approx(10, abs=2)
    assert np.ptp(columns) == pytest.approx(raster.text_width("entropy", 13), abs=3)


def test_dashes_of_a_straight_line_are_even_and_the_last_ends_with_it() -> None:
    pieces = dashes([(0, 1), (4, 1), (10, 1)], dash=3, gap=1)
    assert pieces == [
        [(0, 1), (3, 1)],
        [(4, 1), (7, 1)],
        [(8, 1), (10, 1)],
    ]


def test_dash_goes_round_a_corner() -> None:
    first, second = dashes([(0, 0), (2, 0), (2, 3)], dash=3, gap=1)
    assert first == [(0, 0), (2, 0), (2, 1)]
    assert second == [(2, 2), (2, 3)]
