"""ZIP archives byte by byte, with whatever their headers are to say."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass


@dataclass(frozen=True)
class Entry:
    """An entry of an archive.

    Attributes:
        name: as the directory tells it.
        content: as it lies in the archive.
        size: that the directory claims it unpacks to; its length if None.
        packed: whether `content` is deflated.
        crc: checksum that it claims; of the content if None.
        mode: of the file, as Unix tells links from files.
        flags: of the entry; 1 is encrypted.
        method: how the directory says that it is packed.
    """

    name: str
    content: bytes
    size: int | None = None
    packed: bool = False
    crc: int | None = None
    mode: int = 0o100600
    flags: int = 0
    method: int | None = None


def raw_archive(*entries: Entry) -> bytes:
    """Return an archive of such entries."""
    data = directory = b""
    for entry in entries:
        name = entry.name.encode()
        size = len(entry.content) if entry.size is None else entry.size
        crc = zlib.crc32(entry.content) if entry.crc is None else entry.crc
        method = entry.method if entry.method is not None else 8 if entry.packed else 0
        told = struct.pack(
            "<4H3L2H",
            *(entry.flags, method, 0, 0x21, crc, len(entry.content), size, len(name), 0),
        )
        directory += b"PK\1\2" + struct.pack("<2H", 0x314, 20) + told
        directory += struct.pack("<3H2L", 0, 0, 0, entry.mode << 16, len(data)) + name
        data += b"PK\3\4" + struct.pack("<H", 20) + told + name + entry.content
    count = len(entries)
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, count, count, len(directory), len(data), 0)
    return data + directory + end


def deflated_zeros(num_blocks: int, block: int = 2**24) -> bytes:
    """Return a deflated stream of `num_blocks` times 16 MiB of zeros, made in no time."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    # Behind a full flush nothing refers back, so the block can be repeated.
    once = packer.compress(bytes(block)) + packer.flush(zlib.Z_FULL_FLUSH)
    return once * num_blocks + packer.flush(zlib.Z_FINISH)
