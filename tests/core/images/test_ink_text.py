"""Ink as text: exact both ways, and harmless when damaged."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import InvalidInputError
from core.images import Ink, decode_ink, encode_ink, render_ink
from core.images.packing import pack
from core.limits import MAX_ENCODED_INK, MAX_PEN_WIDTH, MAX_POINTS, MAX_STROKES, MIN_PEN_WIDTH

shares = st.floats(0.0, 1.0)
strokes = st.lists(st.tuples(shares, shares), max_size=12).map(tuple)
inks = st.builds(
    Ink,
    st.lists(strokes, max_size=5).map(tuple),
    st.floats(MIN_PEN_WIDTH, MAX_PEN_WIDTH),
)


@given(inks)
def test_decode_of_encode_gives_the_same_ink_and_image_bit_for_bit(ink: Ink) -> None:
    text = encode_ink(ink)
    again = decode_ink(text)
    assert again == ink
    assert encode_ink(again) == text
    assert np.array_equal(render_ink(again, 40), render_ink(ink, 40))


@given(inks)
def test_encode_gives_text_that_a_link_can_hold(ink: Ink) -> None:
    assert re.fullmatch(r"[A-Za-z0-9._-]+", encode_ink(ink))


@pytest.mark.parametrize("num_strokes", [1, MAX_STROKES])
def test_encode_of_the_most_ink_allowed_can_be_decoded(num_strokes: int) -> None:
    points = np.random.default_rng(0).random((num_strokes, MAX_POINTS // num_strokes, 2))
    ink = Ink(tuple(tuple(map(tuple, stroke)) for stroke in points.tolist()))
    text = encode_ink(ink)
    assert len(text) <= MAX_ENCODED_INK
    assert decode_ink(text) == ink


def test_encode_of_a_drawing_is_short(pen_digits: list[tuple[Ink, int]]) -> None:
    lengths = [len(encode_ink(ink)) for ink, _ in pen_digits[:500]]
    assert np.median(lengths) < 200


def test_decode_old_link_still_gives_its_ink() -> None:
    # Made by the first release: links in the world must keep their meaning.
    assert decode_ink(OLD_LINK) == OLD_INK


@given(st.text(max_size=60))
def test_decode_of_any_text_gives_ink_or_a_refusal(text: str) -> None:
    _decode_or_refuse(text)
    _decode_or_refuse("1." + text)


@given(st.binary(max_size=60))
def test_decode_of_any_packed_bytes_gives_ink_or_a_refusal(data: bytes) -> None:
    _decode_or_refuse(pack(data))


@given(inks, st.data())
def test_decode_of_a_damaged_link_gives_ink_or_a_refusal(ink: Ink, data: st.DataObject) -> None:
    text = encode_ink(ink)
    at = data.draw(st.integers(0, len(text) - 1))
    _decode_or_refuse(text[:at] + data.draw(st.characters()) + text[at + 1 :])
    _decode_or_refuse(text[:at] + text[at + 1 :])


@given(inks, st.data())
def test_decode_of_a_link_cut_short_is_refused(ink: Ink, data: st.DataObject) -> None:
    text = encode_ink(ink)
    with pytest.raises(InvalidInputError):
        decode_ink(text[: data.draw(st.integers(0, len(text) - 4))])


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x1f",
        b"\x1f\x01\x02\x00\x00",  # a stroke of two points, and one point
        b"\x1f\x00\x00",  # something after the last stroke
        b"\x1f\x01\x01\xff\xff\xff\xff\xff\xff\x01\x00",  # a coordinate of 2^49
        b"\x1f\x01\x01\x01\x00",  # a point at x = -1 / 2048
        b"\x00\x00",  # a pen of no width
        b"\x1f\x80",  # a number cut in two
    ],
)
def test_decode_of_whole_text_with_nonsense_in_it_is_refused(data: bytes) -> None:
    with pytest.raises(InvalidInputError, match="Invalid value"):
        decode_ink(pack(data))


def test_decode_of_a_bomb_is_refused_without_unpacking_it() -> None:
    with pytest.raises(InvalidInputError, match="at most 32,"):
        decode_ink(pack(bytes(20_000_000)))


def test_decode_of_endless_text_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="characters"):
        decode_ink("1." + "A" * 10_000_000)


def _decode_or_refuse(text: str) -> None:
    try:
        ink = decode_ink(text)
    except InvalidInputError:
        return
    assert decode_ink(encode_ink(ink)) == ink


OLD_INK = Ink((((0.25, 0.25), (0.75, 0.5)), ((0.5, 0.125),)), pen_width=32 / 512)
OLD_LINK = "1.eNpTYGJq4ABCgQYOxv_s_7kBHckEXg"
