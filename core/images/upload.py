"""Image files that people bring: refused by name, or read as grey or colour, whatever is inside."""

from __future__ import annotations

import io
from typing import Literal

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageOps, UnidentifiedImageError

from ..errors import InvalidInputError
from ..limits import MAX_GREY_SIDE, MAX_UPLOAD_BYTES, MAX_UPLOAD_PIXELS, MIN_UPLOAD_SIDE

Bytes = npt.NDArray[np.uint8]
_Mode = Literal["L", "RGB"]  # as Pillow calls grey and colour

FORMATS = ("PNG", "JPEG", "GIF", "BMP", "WEBP", "TIFF")
# An opaque part that covers more than this, and varies more than this, is a picture with holes,
# not ink on nothing.
_PICTURE_SHARE = 0.5
_PICTURE_CONTRAST = 50

_EXPECTED = "a PNG, JPEG, GIF, BMP, WebP or TIFF image"
_EXPECTED_SIZE = (
    f"at least {MIN_UPLOAD_SIDE} pixels a side, and at most"
    f" {MAX_UPLOAD_PIXELS // 10**6} million in all"
)


def read_upload(data: bytes, name: str = "upload") -> Bytes:
    """Read an image file as grey.

    Size, format and number of pixels are checked before anything is decoded. The camera's
    orientation is applied; of an animation or a multi-page file the first picture is taken;
    16-bit, palette, CMYK and transparent images are converted, a transparent one laid on the
    paper that its ink shows on.

    Args:
        data: the bytes of the file.
        name: the file's name, for errors.

    Returns:
        Shape (H, W), shrunk to at most 1024 pixels a side.

    Raises:
        InvalidInputError: the file is empty, too large, damaged, or not such an image.
    """
    return _read(data, name, "L")


def read_upload_colour(data: bytes, name: str = "upload") -> Bytes:
    """Read an image file as red, green and blue, under the same checks as `read_upload`.

    Returns:
        Shape (H, W, 3), shrunk to at most 1024 pixels a side.

    Raises:
        InvalidInputError: the file is empty, too large, damaged, or not such an image.
    """
    return _read(data, name, "RGB")


def _read(data: bytes, name: str, mode: _Mode) -> Bytes:
    if not data:
        raise InvalidInputError(name, expected=_EXPECTED, received="an empty file")
    if len(data) > MAX_UPLOAD_BYTES:
        raise InvalidInputError(
            name,
            expected=f"a file of at most {MAX_UPLOAD_BYTES // 2**20} MB",
            received="a larger one",
            advice="Make the image smaller, or crop it to the digit.",
        )
    # Pillow's decoders raise whatever a damaged file makes them trip over: OSError, SyntaxError,
    # ValueError, struct.error, zlib.error, its own DecompressionBombError and -Warning, ...
    try:
        picture = Image.open(io.BytesIO(data), formats=FORMATS)
    except UnidentifiedImageError as error:
        # Its own message names an object in memory.
        raise InvalidInputError(
            name, expected=_EXPECTED, received="a file that is none of these, or damaged"
        ) from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise InvalidInputError(
            name, expected=_EXPECTED_SIZE, received="an image with many times more pixels"
        ) from error
    except Exception as error:
        raise InvalidInputError(
            name, expected=_EXPECTED, received=f"one that cannot be read ({_why(error)})"
        ) from error
    with picture:
        _check_size(picture.size, name)
        try:
            return _converted(picture, name, mode)
        except InvalidInputError:
            raise
        except Exception as error:
            raise InvalidInputError(
                name,
                expected=f"an undamaged {picture.format} image",
                received=f"one that cannot be decoded ({_why(error)})",
                advice="Save the image again, as PNG or JPEG.",
            ) from error


def _check_size(size: tuple[int, int], name: str) -> None:
    width, height = size
    if width * height > MAX_UPLOAD_PIXELS or min(size) < MIN_UPLOAD_SIDE:
        raise InvalidInputError(
            name,
            expected=_EXPECTED_SIZE,
            received=f"{width:,} x {height:,} pixels",
        )


def _converted(picture: Image.Image, name: str, mode: _Mode) -> Bytes:
    # A JPEG can be decoded at a fraction of its size, which is all that is needed.
    picture.draft(None, (MAX_GREY_SIDE, MAX_GREY_SIDE))
    picture.load()
    upright = ImageOps.exif_transpose(picture)
    if upright.mode.startswith("I") or upright.mode == "F":
        flat = Image.fromarray(_from_deep(np.asarray(upright), upright.mode, name)).convert(mode)
    elif upright.has_transparency_data or upright.mode in ("La", "RGBa"):
        flat = _on_paper(upright, mode)
    elif upright.mode in ("L", "1", "P"):
        flat = upright.convert(mode)
    else:
        flat = upright.convert("RGB").convert(mode)
    factor = -(-max(flat.size) // MAX_GREY_SIDE)
    if factor > 1:
        flat = flat.reduce(factor)
    return np.array(flat, np.uint8)


def _from_deep(values: npt.NDArray[np.generic], mode: str, name: str) -> Bytes:
    """Bring 16-bit grey to 8; what has no known range is refused."""
    numbers = values.astype(np.float64)
    if mode == "F" or numbers.min() < 0 or numbers.max() > 65_535:
        raise InvalidInputError(
            name,
            expected="8 or 16 bits a pixel",
            received="an image with 32",
            advice="Save the image as PNG or JPEG.",
        )
    return np.round(numbers / 257.0).astype(np.uint8)


def _on_paper(picture: Image.Image, mode: _Mode) -> Image.Image:
    """Lay a transparent picture on grey paper on which its ink shows.

    Ink on nothing gets the paper it contrasts with, white or black. A picture with holes, such
    as rounded corners, is laid on its own usual grey.
    """
    rgba = picture.convert("RGBA")
    alpha = np.asarray(rgba.getchannel("A"), np.float32) / 255.0
    grey = np.asarray(rgba.convert("RGB").convert("L"), np.float32)
    opaque = grey[alpha > 0.5]
    paper = 255.0
    if opaque.size:
        low, usual, high = np.quantile(opaque, (0.02, 0.5, 0.98))
        if opaque.size > _PICTURE_SHARE * grey.size and high - low > _PICTURE_CONTRAST:
            paper = float(usual)
        elif usual > 127.5:
            paper = 0.0
    shown = grey
    if mode == "RGB":
        shown, alpha = np.asarray(rgba.convert("RGB"), np.float32), alpha[..., None]
    laid = alpha * shown + (1.0 - alpha) * np.float32(paper)
    return Image.fromarray(np.round(laid).astype(np.uint8))


def _why(error: Exception) -> str:
    return str(error) or type(error).__name__
