"""Files that people bring: read whatever is inside, or refused by name."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from core.errors import InvalidInputError
from core.images import ink_image, normalise, read_upload, render_ink, write_digit
from core.limits import MAX_GREY_SIDE, MAX_UPLOAD_BYTES

INK = write_digit(4, 1)
DRAWN = ink_image(INK)
# Dark ink on bright paper, 200 x 160.
GREY = np.round(255 * (1 - np.pad(render_ink(INK, 160), ((20, 20), (0, 0))))).astype(np.uint8)
PICTURE = Image.fromarray(GREY)


def file_of(picture: Image.Image, kind: str = "PNG", **options: Any) -> bytes:
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def likeness(image: npt.NDArray[np.float32], other: npt.NDArray[np.float32]) -> float:
    """Return how alike two images are as pictures, a pixel off or not, at most 1.

    The frame is centred by whole pixels, and a hair's difference can decide which.
    """
    shifts = [(down, right) for down in (-1, 0, 1) for right in (-1, 0, 1)]
    moved = [np.roll(image[..., 0], shift, (0, 1)) for shift in shifts]
    return max(float(np.corrcoef(each.ravel(), other.ravel())[0, 1]) for each in moved)


def deep(levels: npt.NDArray[np.uint8]) -> Image.Image:
    return Image.fromarray(levels.astype(np.uint16) * 257)


def on_nothing(shade: int) -> Image.Image:
    """Return ink of one shade on nothing at all."""
    shades = np.full(GREY.shape, shade, np.uint8)
    return Image.fromarray(np.stack([shades, shades, shades, 255 - GREY], axis=-1))


def with_round_corners() -> Image.Image:
    rows, columns = np.indices(GREY.shape)
    inside = np.hypot(rows - 100, columns - 80) < 115
    return Image.fromarray(np.stack([GREY, GREY, GREY, 255 * inside.astype(np.uint8)], axis=-1))


def palette_with_transparency() -> bytes:
    picture = PICTURE.point(lambda level: 255 * (level > 127)).convert("P")
    return file_of(picture, "GIF", transparency=255)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(file_of(PICTURE), id="grey PNG"),
        pytest.param(file_of(PICTURE.convert("RGB")), id="RGB PNG"),
        pytest.param(file_of(PICTURE.convert("RGB"), "JPEG", quality=90), id="JPEG"),
        pytest.param(file_of(PICTURE.convert("CMYK"), "JPEG", quality=90), id="CMYK JPEG"),
        pytest.param(file_of(PICTURE.convert("CMYK"), "TIFF"), id="CMYK TIFF"),
        pytest.param(file_of(PICTURE, "BMP"), id="BMP"),
        pytest.param(file_of(PICTURE.convert("RGB"), "WEBP", lossless=True), id="WebP"),
        pytest.param(file_of(PICTURE.convert("P"), "GIF"), id="palette GIF"),
        pytest.param(file_of(PICTURE.convert("RGB").quantize(16)), id="palette PNG"),
        pytest.param(file_of(PICTURE.convert("1")), id="bilevel PNG"),
        pytest.param(file_of(deep(GREY)), id="16-bit PNG"),
        pytest.param(file_of(deep(GREY), "TIFF"), id="16-bit TIFF"),
        pytest.param(file_of(Image.merge("LA", (PICTURE, Image.new("L", PICTURE.size, 255)))),
                     id="grey with alpha"),
        pytest.param(file_of(on_nothing(0)), id="black ink on nothing"),
        pytest.param(file_of(on_nothing(255)), id="white ink on nothing"),
        pytest.param(file_of(on_nothing(90)), id="grey ink on nothing"),
        pytest.param(file_of(on_nothing(0), "WEBP", lossless=True), id="WebP with alpha"),
        pytest.param(file_of(with_round_corners()), id="round corners"),
        pytest.param(palette_with_transparency(), id="transparent GIF"),
        pytest.param(
            file_of(PICTURE, "GIF", save_all=True, append_images=[Image.new("L", PICTURE.size)]),
            id="animated GIF",
        ),
        pytest.param(
            file_of(PICTURE, "TIFF", save_all=True, append_images=[Image.new("L", (9, 9))]),
            id="TIFF of two pages",
        ),
        pytest.param(file_of(PICTURE, "JPEG", progressive=True, quality=90), id="progressive"),
    ],
)  # fmt: skip
def test_read_upload_of_any_kind_shows_the_digit(data: bytes) -> None:
    grey = read_upload(data, "four")
    assert grey.dtype == np.uint8 and grey.shape == GREY.shape
    assert likeness(normalise(grey), DRAWN) > 0.97


@pytest.mark.parametrize(
    ("orientation", "stored"),
    [
        (3, Image.Transpose.ROTATE_180),
        (6, Image.Transpose.ROTATE_90),
        (8, Image.Transpose.ROTATE_270),
        (2, Image.Transpose.FLIP_LEFT_RIGHT),
    ],
)
@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_read_upload_turns_a_photo_upright(
    kind: str, orientation: int, stored: Image.Transpose
) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    # As good as a camera's own file; what a strong compression leaves beside edges is ink as well.
    data = file_of(PICTURE.transpose(stored), kind, exif=exif, quality=95)
    grey = read_upload(data)
    assert grey.shape == GREY.shape
    assert likeness(normalise(grey), DRAWN) > 0.97


@pytest.mark.filterwarnings("ignore:Corrupt EXIF data")
def test_read_upload_of_damaged_exif_takes_the_photo_as_it_is() -> None:
    data = file_of(PICTURE, "JPEG", exif=b"Exif\0\0MM\0*\xff\xff\xff\xffgarbage")
    assert read_upload(data).shape == GREY.shape


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_read_upload_shrinks_a_large_photo(kind: str) -> None:
    large = PICTURE.resize((4_000, 5_000))
    grey = read_upload(file_of(large, kind))
    assert max(grey.shape) <= MAX_GREY_SIDE
    assert likeness(normalise(grey), DRAWN) > 0.97


def png_that_claims(width: int, height: int) -> bytes:
    """Return a small PNG file whose header claims this size."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        [chunk(b"IHDR", header), chunk(b"IDAT", zlib.compress(bytes(1_000))), chunk(b"IEND", b"")]
    )


@pytest.mark.parametrize(
    "size", [(10_000, 10_000), (12_000, 12_000), (60_000, 60_000), (2**31 - 1, 2**31 - 1), (3, 900)]
)
def test_read_upload_of_senseless_size_is_refused_before_decoding(size: tuple[int, int]) -> None:
    with pytest.raises(InvalidInputError, match=r"bomb\.png.*(million|cannot be read)"):
        read_upload(png_that_claims(*size), "bomb.png")


def test_read_upload_of_nothing_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="empty file"):
        read_upload(b"", "three.png")


def test_read_upload_of_too_many_bytes_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="at most 10 MB"):
        read_upload(bytes(MAX_UPLOAD_BYTES + 1), "three.png")


@pytest.mark.parametrize(
    "data",
    [
        b"plain text",
        b"%PDF-1.7",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"\x89PNG\r\n\x1a\n",
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
        file_of(PICTURE, "ICO"),
        file_of(PICTURE, "PPM"),
    ],
)
def test_read_upload_of_another_kind_of_file_is_refused_by_name(data: bytes) -> None:
    with pytest.raises(InvalidInputError, match=r"notes\.txt\. Expected a PNG, JPEG") as refusal:
        read_upload(data, "notes.txt")
    assert "object at" not in str(refusal.value)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "BMP", "TIFF"])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_read_upload_of_a_file_cut_short_is_refused(kind: str, share: float) -> None:
    data = file_of(PICTURE, kind)
    with pytest.raises(InvalidInputError, match=r"four\.img"):
        read_upload(data[: int(share * len(data))], "four.img")


@pytest.mark.parametrize("mode", ["F", "I"])
def test_read_upload_of_32_bits_is_refused_by_name(mode: str) -> None:
    picture = PICTURE.convert(mode).point(lambda level: level * 1_000)
    with pytest.raises(InvalidInputError, match="8 or 16 bits"):
        read_upload(file_of(picture, "TIFF"))


def test_read_upload_of_a_wholly_transparent_image_has_no_ink() -> None:
    with pytest.raises(InvalidInputError, match="without visible ink"):
        normalise(read_upload(file_of(Image.new("RGBA", (50, 50)))))


@given(st.binary(max_size=300))
def test_read_upload_of_any_bytes_gives_grey_or_a_refusal(data: bytes) -> None:
    _read_or_refuse(data)


SAMPLES = [
    file_of(PICTURE.resize((20, 25)), kind)
    for kind in ("PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP")
]


@given(st.sampled_from(SAMPLES), st.data())
def test_read_upload_of_a_damaged_file_gives_grey_or_a_refusal(
    sample: bytes, data: st.DataObject
) -> None:
    damaged = bytearray(sample)
    for _ in range(data.draw(st.integers(1, 4))):
        damaged[data.draw(st.integers(0, len(sample) - 1))] = data.draw(st.integers(0, 255))
    _read_or_refuse(bytes(damaged))


def _read_or_refuse(data: bytes) -> None:
    try:
        grey = read_upload(data)
    except InvalidInputError:
        return
    assert grey.ndim == 2 and grey.dtype == np.uint8
