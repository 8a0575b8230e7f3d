"""One grammar for what is looked at, in links, results, reports and on the command line."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

from ..errors import InvalidInputError
from ..limits import MAX_ENCODED_IMAGE, MAX_REFERENCE
from .handwriting import NUM_VARIANTS
from .ink import Ink
from .ink_text import decode_ink, encode_ink
from .packing import pack, unpack
from .sources import NUM_TEST_IMAGES

Kind = Literal["mnist", "hand", "ink", "img", "own", "file"]

_SIDE = 28
_EXPECTED = "mnist:5, hand:3-17, ink:… or img:…"


@dataclass(frozen=True)
class ImageReference:
    """What names an image: `mnist:5`, `hand:3-17`, `ink:...`, `img:...`, `own:...` or `file:...`.

    `str()` of a reference is its text, and `parse_reference` of the text an equal reference.

    Args:
        kind: the part before the colon.
        payload: the part after it. `mnist`: index of a test image. `hand`: a digit and one of
            its writings. `ink`: an encoded ink. `img`: 28x28 packed bytes. `own`: the
            checksum of a picture that only the session has in which it was uploaded. `file`: a
            path.

    Raises:
        InvalidInputError: the payload is not one of its kind.
    """

    kind: Kind
    payload: str

    def __post_init__(self) -> None:
        if self.kind == "mnist":
            _check_index(self.payload)
        elif self.kind == "hand":
            _check_writing(self.payload)
        elif self.kind == "ink":
            decode_ink(self.payload)
        elif self.kind == "img":
            unpack_image(self.payload)
        elif self.kind == "own":
            _check_checksum(self.payload)
        elif not self.payload.strip():
            raise InvalidInputError("image reference", expected="a path", received=str(self))

    def __str__(self) -> str:
        return f"{self.kind}:{self.payload}"


def parse_reference(text: str, *, allow_files: bool = False) -> ImageReference:
    """Make a reference of its text.

    Args:
        text: as in a link, or typed.
        allow_files: whether `file:` is allowed: on a command line it is, in a link it would let
            a stranger read this machine's files.

    Raises:
        InvalidInputError: the text is not a reference, or damaged.
    """
    kinds: tuple[Kind, ...] = get_args(Kind)
    if len(text) <= MAX_REFERENCE:
        before, _, payload = text.strip().partition(":")
        for kind in kinds:
            if kind == before and (kind != "file" or allow_files):
                return ImageReference(kind, payload)
    expected = f"{_EXPECTED}, or file:…" if allow_files else _EXPECTED
    raise InvalidInputError("image reference", expected=expected, received=text)


def reference_from_ink(ink: Ink) -> ImageReference:
    """Return the reference that holds a drawing."""
    return ImageReference("ink", encode_ink(ink))


def reference_from_image(image: npt.NDArray[np.float32]) -> ImageReference:
    """Return the reference that holds an image itself, in 8 bits a pixel.

    The image to work with from then on is the one that the reference resolves to, so that a
    link gives the same numbers.

    Args:
        image: shape (28, 28, 1), in [0, 1].
    """
    if image.shape != (_SIDE, _SIDE, 1):
        raise InvalidInputError("image", expected="shape (28, 28, 1)", received=image.shape)
    levels = np.round(np.clip(image, 0.0, 1.0) * 255.0).astype(np.uint8)
    return ImageReference("img", pack(levels.tobytes()))


def unpack_image(payload: str) -> npt.NDArray[np.float32]:
    """Return the image that an `img:` payload holds, of shape (28, 28, 1), in [0, 1].

    Raises:
        InvalidInputError: the payload is damaged.
    """
    data = unpack(
        payload, argument="image", max_characters=MAX_ENCODED_IMAGE, max_bytes=_SIDE * _SIDE
    )
    if len(data) != _SIDE * _SIDE:
        raise InvalidInputError("image", expected="28x28 packed pixels", received=payload)
    levels = np.frombuffer(data, np.uint8).reshape(_SIDE, _SIDE, 1)
    return levels.astype(np.float32) / np.float32(255.0)


def _check_index(payload: str) -> None:
    # One spelling for each image, and ASCII digits only.
    if not re.fullmatch(r"0|[1-9][0-9]{0,5}", payload) or int(payload) >= NUM_TEST_IMAGES:
        raise InvalidInputError(
            "image reference",
            expected=f"mnist: and a number from 0 to {NUM_TEST_IMAGES - 1}",
            received=f"mnist:{payload}",
        )


def _check_checksum(payload: str) -> None:
    if not re.fullmatch(r"[0-9a-f]{16}", payload):
        raise InvalidInputError(
            "image reference", expected="own: and 16 hexadecimal digits", received=f"own:{payload}"
        )


def _check_writing(payload: str) -> None:
    match = re.fullmatch(r"[0-9]-(0|[1-9][0-9]{0,5})", payload)
    if not match or int(match[1]) >= NUM_VARIANTS:
        raise InvalidInputError(
            "image reference",
            expected=f"hand:, a digit, a dash and a number from 0 to {NUM_VARIANTS - 1}",
            received=f"hand:{payload}",
        )
