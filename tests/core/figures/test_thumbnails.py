import base64
import io
import re
from urllib.parse import unquote
from xml.etree import ElementTree

import numpy as np
from PIL import Image

from core.figures.thumbnails import data_uri, thumbnail


def test_thumbnail_holds_the_image_pixel_by_pixel() -> None:
    image = np.random.default_rng(0).random((28, 28, 1)).astype(np.float32)
    match = re.search(r"data:image/png;base64,([A-Za-z0-9+/=]+)", thumbnail(image, "rgb(1,2,3)"))
    assert match is not None
    assert match[0] == data_uri(image)
    with Image.open(io.BytesIO(base64.b64decode(match[1]))) as picture:
        pixels = np.asarray(picture)
    np.testing.assert_array_equal(pixels, np.rint(image[:, :, 0] * 255).astype(np.uint8))


def test_thumbnail_is_an_svg_framed_in_the_colour() -> None:
    address = thumbnail(np.zeros((28, 28, 1)), "var(--wrong_fill)")
    kind, _, body = address.partition(",")
    assert kind == "data:image/svg+xml"
    assert "#" not in body and "<" not in body
    frame = ElementTree.fromstring(unquote(body))[-1]
    assert frame.attrib["stroke"] == "var(--wrong_fill)"
