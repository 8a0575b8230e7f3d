"""The grammar of image references, and what they resolve to."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from PIL import Image

from core.errors import InvalidInputError, MissingDataError
from core.images import (
    NUM_VARIANTS,
    ImageReference,
    Ink,
    ink_image,
    load_mnist_test,
    parse_reference,
    reference_from_image,
    reference_from_ink,
    render_ink,
    resolve,
    write_digit,
)
from core.images.packing import pack
from core.store import array_checksum

images = hnp.arrays(np.float32, (28, 28, 1), elements=st.floats(0, 1, width=32))


@pytest.mark.parametrize("text", ["mnist:0", "mnist:5", "mnist:9999", "hand:3-17", "hand:0-0"])
def test_parse_gives_a_reference_whose_text_is_the_same(text: str) -> None:
    assert str(parse_reference(text)) == text


def test_parse_ignores_space_around() -> None:
    assert parse_reference(" mnist:5\n") == ImageReference("mnist", "5")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "mnist",
        "mnist:",
        "mnist:10000",
        "mnist:-1",
        "mnist:05",
        "mnist:5.0",
        "mnist:٥",  # an Arabic five
        "mnist:" + "9" * 5_000,
        "hand:3",
        "hand:10-3",
        "hand:3-17-4",
        f"hand:3-{NUM_VARIANTS}",
        "hand:3--1",
        "MNIST:5",
        "http://example.org/3.png",
        "ink:",
        "ink:1.AAAA",
        "img:",
        "img:" + pack(bytes(783)),
        "img:" + pack(bytes(785)),
        "img:" + pack(bytes(10_000_000)),
        "img:" + "A" * 1_000_000,
        "file:three.png",
    ],
)
def test_parse_of_anything_else_is_refused(text: str) -> None:
    with pytest.raises(InvalidInputError):
        parse_reference(text)


@given(
    st.text(max_size=40)
    | st.builds(
        "{}:{}".format, st.sampled_from(["mnist", "hand", "ink", "img"]), st.text(max_size=40)
    )
)
def test_parse_of_any_text_gives_a_reference_or_a_refusal(text: str) -> None:
    try:
        reference = parse_reference(text)
    except InvalidInputError:
        return
    assert parse_reference(str(reference)) == reference


def test_parse_allows_files_only_where_told() -> None:
    reference = parse_reference("file:a folder/three: one.png", allow_files=True)
    assert reference == ImageReference("file", "a folder/three: one.png")
    with pytest.raises(InvalidInputError, match="mnist:5"):
        parse_reference(str(reference))
    with pytest.raises(InvalidInputError, match="a path"):
        parse_reference("file: ", allow_files=True)


@given(images)
def test_reference_from_image_resolves_to_the_image_in_8_bits(
    image: npt.NDArray[np.float32],
) -> None:
    reference = parse_reference(str(reference_from_image(image)))
    resolved = resolve(reference).image
    np.testing.assert_allclose(resolved, image, atol=0.5 / 255 + 1e-6)
    # From then on nothing changes any more.
    assert reference_from_image(resolved) == reference
    assert array_checksum(resolve(reference).image) == array_checksum(resolved)


def test_reference_from_image_is_short_enough_for_a_link() -> None:
    noise = np.random.default_rng(0).random((28, 28, 1), np.float32)
    assert len(str(reference_from_image(noise))) < 1_200
    assert len(str(reference_from_image(ink_image(write_digit(8, 3))))) < 500


def test_reference_from_image_of_another_shape_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="28, 28, 1"):
        reference_from_image(np.zeros((28, 28), np.float32))


def test_resolve_ink_gives_the_drawing() -> None:
    ink = write_digit(5, 2)
    resolved = resolve(parse_reference(str(reference_from_ink(ink))))
    np.testing.assert_array_equal(resolved.image, ink_image(ink))
    assert resolved.label is None and resolved.title == "Your drawing"


def test_resolve_empty_ink_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="nothing drawn yet"):
        resolve(reference_from_ink(Ink()))


def test_resolve_writing_knows_its_label() -> None:
    resolved = resolve(parse_reference("hand:8-17"))
    np.testing.assert_array_equal(resolved.image, ink_image(write_digit(8, 17)))
    assert resolved.label == 8 and resolved.title == "Handwriting 17, an 8"
    assert str(resolved.reference) == "hand:8-17"


def test_resolve_test_image_knows_its_label(mnist_data: Path) -> None:
    resolved = resolve(parse_reference("mnist:5"), load_mnist_test(mnist_data))
    assert resolved.image.shape == (28, 28, 1) and resolved.image.dtype == np.float32
    assert resolved.label == 1 and resolved.title == "Test image 5, a 1"


def test_resolve_test_image_without_mnist_says_what_to_do() -> None:
    with pytest.raises(MissingDataError, match="python -m core data"):
        resolve(parse_reference("mnist:5"))


def test_resolve_file_reads_and_normalises_it(tmp_path: Path) -> None:
    grey = np.round(255 * (1 - np.pad(render_ink(write_digit(3, 0)), 20))).astype(np.uint8)
    Image.fromarray(grey).save(tmp_path / "three.png")
    reference = parse_reference(f"file:{tmp_path / 'three.png'}", allow_files=True)
    resolved = resolve(reference)
    np.testing.assert_allclose(resolved.image, ink_image(write_digit(3, 0)), atol=0.05)
    assert resolved.title == "three.png"


@pytest.mark.parametrize("name", ["missing.png", ".", "text.png", "zero\0byte"])
def test_resolve_file_that_is_no_image_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "text.png").write_text("a text")
    with pytest.raises(InvalidInputError, match="Expected a PNG, JPEG"):
        resolve(ImageReference("file", str(tmp_path / name)))
