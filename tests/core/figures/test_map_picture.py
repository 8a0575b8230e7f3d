"""A feature map as a picture: squares of one value each, opaque where it is strong."""

from __future__ import annotations

import base64
import io

import numpy as np
from PIL import Image

from core.figures.map_picture import map_uri


def opacity(uri: str) -> np.ndarray:
    kind, data = uri.split(",", 1)
    assert kind == "data:image/png;base64"
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(data))).convert("LA"))[..., 1]


def test_values_become_squares_from_empty_to_full():
    shown = opacity(map_uri(np.array([[0.0, 1.0, 2.0], [4.0, -1.0, 9.0]]), 0.0, 4.0))
    assert shown.shape[1] >= 96 and shown.shape == (shown.shape[1] // 3 * 2, shown.shape[1])
    side = shown.shape[0] // 2
    squares = shown.reshape(2, side, 3, side).transpose(0, 2, 1, 3)
    assert (squares == squares[:, :, :1, :1]).all()
    assert squares[:, :, 0, 0].tolist() == [[0, 64, 128], [255, 0, 255]]


def test_a_map_of_one_value_is_empty_and_a_large_one_is_as_it_is():
    assert (opacity(map_uri(np.zeros((5, 5)), 0.0, 0.0)) == 0).all()
    assert opacity(map_uri(np.ones((120, 100)), 0.0, 2.0)).shape == (120, 100)
