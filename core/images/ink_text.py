"""Ink as text: what a permalink and an `ink:` reference hold."""

from __future__ import annotations

from collections.abc import Iterator

from ..errors import InvalidInputError
from ..limits import MAX_ENCODED_INK, MAX_POINTS, MAX_STROKES
from .ink import PEN_GRID, POINT_GRID, Ink, Point, Stroke
from .packing import pack, unpack

# A point needs at most two bytes a coordinate, a stroke two more for its length.
_MAX_INK_BYTES = 4 * MAX_POINTS + 2 * MAX_STROKES + 4
# No number of an ink needs more than two bytes of seven bits.
_MAX_SHIFT = 14


def encode_ink(ink: Ink) -> str:
    """Return the ink as compact text that fits a link; `decode_ink` gives back an equal ink."""
    data = bytearray()
    _write_number(data, round(ink.pen_width * PEN_GRID))
    _write_number(data, len(ink.strokes))
    x = y = 0
    for stroke in ink.strokes:
        _write_number(data, len(stroke))
        for point in stroke:
            new_x, new_y = round(point[0] * POINT_GRID), round(point[1] * POINT_GRID)
            _write_number(data, _zigzag(new_x - x))
            _write_number(data, _zigzag(new_y - y))
            x, y = new_x, new_y
    return pack(bytes(data))


def decode_ink(text: str) -> Ink:
    """Undo `encode_ink`.

    Raises:
        InvalidInputError: the text is not an encoded ink, or damaged.
    """
    data = unpack(text, argument="ink", max_characters=MAX_ENCODED_INK, max_bytes=_MAX_INK_BYTES)
    numbers = _read_numbers(data)
    try:
        pen_width = next(numbers) / PEN_GRID
        strokes: list[Stroke] = []
        x = y = 0
        for _ in range(next(numbers)):
            points: list[Point] = []
            for _ in range(next(numbers)):
                x += _unzigzag(next(numbers))
                y += _unzigzag(next(numbers))
                points.append((x / POINT_GRID, y / POINT_GRID))
            strokes.append(tuple(points))
        if next(numbers, None) is not None:
            raise ValueError("more than its strokes")
    except (StopIteration, ValueError) as error:
        raise InvalidInputError("ink", expected="encoded strokes, whole", received=text) from error
    return Ink(tuple(strokes), pen_width)


def _zigzag(number: int) -> int:
    return 2 * number if number >= 0 else -2 * number - 1


def _unzigzag(number: int) -> int:
    return number >> 1 if number % 2 == 0 else -(number + 1 >> 1)


def _write_number(data: bytearray, number: int) -> None:
    """Append a number >= 0, seven bits a byte, lowest first (a varint)."""
    while number > 0x7F:
        data.append(number & 0x7F | 0x80)
        number >>= 7
    data.append(number)


def _read_numbers(data: bytes) -> Iterator[int]:
    """Yield the numbers that `_write_number` wrote; end early, with a ValueError, at nonsense."""
    number = shift = 0
    for byte in data:
        number |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            yield number
            number = shift = 0
        elif shift >= _MAX_SHIFT:
            raise ValueError("a number too large for ink")
    if shift:
        raise ValueError("a number cut in two")
