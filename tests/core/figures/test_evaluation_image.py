from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from core.figures.evaluation_image import PICTURES
from core.figures.evaluation_panel import TWIN_COLOUR
from core.figures.palette import LIGHT
from tests.core.experiments.evaluations import made_evaluation


@pytest.mark.parametrize("name", PICTURES)
def test_picture_holds_both_and_is_the_same_file_twice(name: str) -> None:
    first, again = (PICTURES[name](made_evaluation()) for _ in range(2))

    assert first == again and len(first) < 100_000
    with Image.open(io.BytesIO(first)) as picture:
        assert picture.format == "PNG" and picture.width == 1400
        pixels = np.asarray(picture.convert("RGB")).astype(int)
    for colour, least in ((LIGHT.ink, 800), (TWIN_COLOUR, 200)):
        wanted = [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
        assert (np.abs(pixels - wanted).max(axis=2) <= 8).sum() > least
    # The page all around: nothing is cut off.
    page = [int(LIGHT.bg[at : at + 2], 16) for at in (1, 3, 5)]
    for edge in (pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]):
        assert (np.abs(edge - page) <= 6).all()
