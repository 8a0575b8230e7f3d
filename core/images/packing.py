"""Bytes as a short text that survives a link: version, base64url, deflate with a check sum."""

from __future__ import annotations

import base64
import binascii
import zlib

from ..errors import InvalidInputError

_VERSION = "1."
_ADVICE = "The link may have been cut or changed on its way: ask for it again."


def pack(data: bytes) -> str:
    """Return `data` as URL-safe text; `unpack` gives it back."""
    text = base64.urlsafe_b64encode(zlib.compress(data, 9)).decode("ascii")
    return _VERSION + text.rstrip("=")


def unpack(text: str, *, argument: str, max_characters: int, max_bytes: int) -> bytes:
    """Undo `pack` without trusting the text.

    Args:
        text: what `pack` returned, or anything else.
        argument: name of the text for the error.
        max_characters: longest text looked at.
        max_bytes: most bytes unpacked; a small text that would grow beyond it is refused
            before it does.

    Raises:
        InvalidInputError: the text is damaged, too long, or of another version.
    """
    if len(text) > max_characters:
        raise InvalidInputError(
            argument,
            expected=f"at most {max_characters:,} characters",
            received=f"{len(text):,} characters",
        )
    if not text.startswith(_VERSION):
        raise InvalidInputError(
            argument, expected=f"text beginning with {_VERSION!r}", received=text, advice=_ADVICE
        )
    body = text[len(_VERSION) :]
    try:
        packed = base64.b64decode(body + "=" * (-len(body) % 4), altchars=b"-_", validate=True)
        inflate = zlib.decompressobj()
        data = inflate.decompress(packed, max_bytes + 1)
    except (ValueError, binascii.Error, zlib.error) as error:
        raise InvalidInputError(
            argument, expected="undamaged packed text", received=text, advice=_ADVICE
        ) from error
    if len(data) > max_bytes or not inflate.eof or inflate.unused_data:
        raise InvalidInputError(
            argument,
            expected=f"packed text of at most {max_bytes:,} bytes, whole",
            received=text,
            advice=_ADVICE,
        )
    return data
