"""A ZIP that somebody brings: listed and read in place, within limits, and never onto the disk."""

from __future__ import annotations

import io
import zipfile
from typing import IO, cast

from ..errors import InvalidInputError
from ..limits import (
    MAX_BATCH_ITEMS,
    MAX_BATCH_UNPACKED_BYTES,
    MAX_ZIP_DIRECTORY_BYTES,
    MAX_ZIP_RATIO,
)

_FREE_OF_RATIO = 2**20  # bytes; below it nobody is hurt
_ENCRYPTED = 0x1
_READABLE = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_NOBODYS = frozenset(("thumbs.db", "desktop.ini"))  # what systems put beside pictures


class Archive:
    """A ZIP with what may be read of it.

    Sizes are those that the ZIP claims; `zipfile` gives no byte more than that of an entry.

    Args:
        stream: of the ZIP, open for reading.

    Raises:
        InvalidInputError: it is no ZIP, or holds too much.
    """

    def __init__(self, stream: IO[bytes]) -> None:
        try:
            self._zip = zipfile.ZipFile(cast(IO[bytes], BoundedStream(stream)))
            infos = self._zip.infolist()
        except Exception as error:  # zipfile, struct and the stream: whatever a damaged one trips
            raise InvalidInputError(
                "ZIP", expected="an undamaged ZIP", received=f"one that cannot be read ({error})"
            ) from error
        self.entries = [info for info in infos if not is_nobodys(info.filename)]
        if len(self.entries) > MAX_BATCH_ITEMS:
            raise InvalidInputError(
                "ZIP",
                expected=f"at most {MAX_BATCH_ITEMS:,} files in it",
                received=f"{len(self.entries):,}",
            )
        self._left = MAX_BATCH_UNPACKED_BYTES

    def open(self, info: zipfile.ZipInfo) -> IO[bytes]:
        """Open an entry; read it in pieces of a stated size only.

        Raises:
            InvalidInputError: it is packed in another way, with a password, or too tightly, or
                more has been read than fits any batch.
        """
        if info.flag_bits & _ENCRYPTED:
            raise InvalidInputError("entry", expected="no password", received="one that needs one")
        # Only these two are unpacked in pieces of a stated size.
        if info.compress_type not in _READABLE:
            raise InvalidInputError(
                "entry",
                expected="one that is packed in the usual way (deflate), or not at all",
                received=f"one packed in way {info.compress_type}",
            )
        tight = info.file_size > MAX_ZIP_RATIO * max(info.compress_size, 1)
        if info.file_size > _FREE_OF_RATIO and tight:
            raise InvalidInputError(
                "entry",
                expected=f"at most {MAX_ZIP_RATIO} times its packed size",
                received=f"{info.file_size:,} bytes packed into {info.compress_size:,}",
            )
        self._left -= info.file_size
        if self._left < 0:
            raise InvalidInputError(
                "ZIP",
                expected=f"at most {MAX_BATCH_UNPACKED_BYTES / 2**30:.0f} GB in all",
                received="more",
            )
        try:
            return self._zip.open(info)
        except Exception as error:  # an entry that is not where the list says, or lies on another
            raise InvalidInputError(
                "entry", expected="an undamaged entry", received=f"one that is not there ({error})"
            ) from error


class BoundedStream(io.BufferedIOBase):
    """A stream that refuses to read as much at once as only a list of millions of entries needs."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream

    def read(self, size: int | None = -1, /) -> bytes:
        """Read, or refuse to."""
        if size is None or size < 0:
            at = self._stream.tell()
            size = self._stream.seek(0, io.SEEK_END) - at
            self._stream.seek(at)
        if size > MAX_ZIP_DIRECTORY_BYTES:
            raise zipfile.BadZipFile("its list of entries is too long")
        return self._stream.read(size)

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        """As of the stream."""
        return self._stream.seek(offset, whence)

    def tell(self) -> int:
        """As of the stream."""
        return self._stream.tell()

    def seekable(self) -> bool:
        """As of the stream."""
        return True

    def readable(self) -> bool:
        """As of the stream."""
        return True


def is_nobodys(path: str) -> bool:
    """Whether a path is a folder, hidden, or of the system's own making."""
    parts = [part for part in path.replace("\\", "/").split("/") if part not in (".", "..")]
    return (
        not parts
        or not parts[-1]
        or parts[-1].casefold() in _NOBODYS
        or any(part == "__MACOSX" or part.startswith(".") for part in parts)
    )
