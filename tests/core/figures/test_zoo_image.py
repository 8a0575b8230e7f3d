from __future__ import annotations

import dataclasses
import io
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from core.experiments.zoo_table import BASE, ZooTable
from core.figures.evaluation_panel import TWIN_COLOUR
from core.figures.palette import LIGHT
from core.figures.zoo_image import _BAND, zoo_image
from tests.core.experiments.zoo_tables import around, made_table, with_row


def pixels_of(table: ZooTable) -> npt.NDArray[np.int64]:
    with Image.open(io.BytesIO(zoo_image(table))) as picture:
        assert picture.format == "PNG" and picture.width == 1400
        return np.asarray(picture.convert("RGB")).astype(np.int64)


@lru_cache
def pixels_of_made_table() -> npt.NDArray[np.int64]:
    return pixels_of(made_table())


def count(pixels: npt.NDArray[np.int64], colour: str) -> int:
    wanted = [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
    return int((np.abs(pixels - wanted).max(axis=2) <= 8).sum())


def test_picture_holds_all_passes_one_pass_and_the_band_of_seeds() -> None:
    table = made_table()
    first, again = zoo_image(table), zoo_image(table)
    pixels = pixels_of_made_table()

    assert first == again and len(first) < 150_000
    assert count(pixels, LIGHT.ink) > 5_000 and count(pixels, TWIN_COLOUR) > 2_000
    without = pixels_of(dataclasses.replace(table, members={}))
    assert count(pixels, _BAND) > count(without, _BAND) + 10_000
    page = [int(LIGHT.bg[at : at + 2], 16) for at in (1, 3, 5)]
    for edge in (pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]):
        assert (np.abs(edge - page) <= 6).all()  # nothing is cut off


def test_without_twins_there_are_no_hollow_marks() -> None:
    table = made_table()
    for row in table.rows:
        table = with_row(table, row.name, twin={}, twin_milliseconds=None)

    assert count(pixels_of_made_table(), TWIN_COLOUR) > 3 * count(pixels_of(table), TWIN_COLOUR)


@pytest.mark.parametrize("wide", [0.0, 50.0])
def test_figures_of_one_value_or_of_a_wide_range_can_be_drawn(wide: float) -> None:
    table = made_table()
    for row in table.rows:
        figures = {**row.figures, "nll": around(60.0, wide)}
        table = with_row(table, row.name, figures=figures, twin={} if not row.twin else figures)

    assert count(pixels_of(table), LIGHT.ink) > 5_000


def test_rows_without_the_base_can_be_drawn() -> None:
    table = made_table()
    rows = tuple(row for row in table.rows if row.name != BASE)

    assert pixels_of(dataclasses.replace(table, rows=rows)).shape < pixels_of_made_table().shape
