"""The bytes of a `.keras` file, checked before anything opens what is in them.

A `.keras` file is a ZIP archive. What an archive can do on its own is met here:

* entries that climb out of the folder they are unpacked to, links and absolute paths
  (CVE-2025-12060 and CVE-2025-12638 are of this kind): nothing but three plain names is let in;
* files that a layer would read when it is loaded (assets; CVE-2025-12058): no fourth entry;
* entries that unpack to far more than they are: sizes and ratios are limited as the directory
  tells them, and again while reading, since a directory may lie.
"""

from __future__ import annotations

import io
import stat
import struct
import zipfile
from dataclasses import dataclass

from ..errors import DamagedFileError, InvalidInputError
from ..limits import (
    MAX_MODEL_BYTES,
    MAX_MODEL_CONFIG_BYTES,
    MAX_MODEL_METADATA_BYTES,
    MAX_MODEL_RATIO,
)
from .one_line import MAX_TOLD, one_line

METADATA, CONFIG, WEIGHTS = "metadata.json", "config.json", "model.weights.h5"
SAVE_IT = "Save it with model.save('name.keras')."

_MAX_BYTES = {
    METADATA: MAX_MODEL_METADATA_BYTES,
    CONFIG: MAX_MODEL_CONFIG_BYTES,
    WEIGHTS: MAX_MODEL_BYTES,
}
_END = struct.Struct("<4s4H2LH")  # the record at the end of an archive, without a comment
_MAX_DIRECTORY_BYTES = 2**16
_HDF5 = b"\x89HDF\r\n\x1a\n"


@dataclass(frozen=True, slots=True)
class ModelArchive:
    """The three entries of a `.keras` file, unpacked.

    Attributes:
        metadata: of `metadata.json`.
        config: of `config.json`.
        weights: of `model.weights.h5`.
    """

    metadata: bytes
    config: bytes
    weights: bytes

    def packed(self) -> bytes:
        """Return them as a `.keras` file."""
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as archive:
            for name, content in zip(_MAX_BYTES, self._contents, strict=True):
                archive.writestr(zipfile.ZipInfo(name), content)
        return stream.getvalue()

    @property
    def _contents(self) -> tuple[bytes, bytes, bytes]:
        return self.metadata, self.config, self.weights


def read_archive(content: bytes) -> ModelArchive:
    """Unpack a `.keras` file of which nothing is believed.

    Args:
        content: of the file.

    Raises:
        InvalidInputError: it is no such file, or holds what such a file must not.
        DamagedFileError: it breaks off, or was changed.
    """
    _check_ends(content)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            _check_entries(entries)
            by_name = {entry.filename: entry for entry in entries}
            return ModelArchive(*(_read(archive, by_name[name]) for name in _MAX_BYTES))
    except (InvalidInputError, DamagedFileError):
        raise
    except Exception as error:  # what zipfile, zlib and struct raise depends on what is wrong
        raise _damaged("an entry of it cannot be unpacked") from error


def _check_ends(content: bytes) -> None:
    """Raise unless the bytes begin and end as an archive whose directory is small."""
    if len(content) > MAX_MODEL_BYTES:
        raise InvalidInputError(
            "model file",
            expected=f"at most {MAX_MODEL_BYTES / 2**20:.0f} MiB",
            received=f"{len(content) / 2**20:,.0f} MiB",
            advice="A model saved without its optimizer takes a third of the room:"
            " keras.Model(model.inputs, model.outputs).save('name.keras').",
        )
    if content.startswith(_HDF5):
        raise _unfit(
            "a file in the older HDF5 format", f"Load it with Keras where you trust it. {SAVE_IT}"
        )
    if not content.startswith(b"PK"):
        raise _unfit("a file of another kind" if content else "an empty file", SAVE_IT)
    end = content[-_END.size :]
    if len(content) < 2 * _END.size or end[:4] != b"PK\5\6":
        raise _damaged("it breaks off, or something follows its end")
    _, disk, first_disk, here, entries, size, offset, comment = _END.unpack(end)
    locator = content[-_END.size - 20 :][:4]
    if disk or first_disk or here != entries or comment or locator == b"PK\6\7":
        raise _damaged("the end of the archive is not as Keras writes it")
    if size > _MAX_DIRECTORY_BYTES:  # each entry would take memory before any is looked at
        raise _unfit(f"{entries:,} entries or more", SAVE_IT)
    if offset + size + _END.size != len(content):
        raise _damaged("its directory is not where it says")


def _check_entries(entries: list[zipfile.ZipInfo]) -> None:
    """Raise unless these are the three entries, each once, plain and of a bearable size."""
    names = [entry.orig_filename for entry in entries]
    for name in names:
        if name not in _MAX_BYTES:
            raise _unfit(_told(name), _advice(name))
    for name in _MAX_BYTES:
        if names.count(name) > 1:
            raise _unfit(f"{name} {names.count(name)} times", SAVE_IT)
        if name not in names:
            raise _damaged(f"there is no {name} in it")
    for entry in entries:
        kind = stat.S_IFMT(entry.external_attr >> 16)
        if kind not in (0, stat.S_IFREG):
            what = "a link" if kind == stat.S_IFLNK else "no plain file"
            raise _unfit(f"{entry.filename}, which is {what}", SAVE_IT)
        if entry.flag_bits & 0x1:
            raise _unfit(f"{entry.filename} encrypted", SAVE_IT)
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise _unfit(f"{entry.filename} packed in an unusual way", SAVE_IT)
        limit = _MAX_BYTES[entry.filename]
        if entry.file_size > min(limit, MAX_MODEL_RATIO * max(entry.compress_size, 1)):
            raise _unfit(
                f"{entry.filename}, {entry.compress_size:,} bytes that unpack to"
                f" {entry.file_size:,}",
                f"At most {limit:,}, and {MAX_MODEL_RATIO} times what is packed, are unpacked.",
            )


def _read(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    with archive.open(entry) as file:
        # One byte beyond what was promised, and no more, whatever there is.
        content = file.read(entry.file_size + 1)
    if len(content) != entry.file_size:
        raise _damaged(f"{entry.filename} is not as long as its directory says")
    return content


def _told(name: str) -> str:
    """Return an entry's name with what is wrong with it."""
    parts = name.replace("\\", "/").split("/")
    if ".." in parts:
        return f"an entry that climbs out of the archive, {name}"
    if parts[0] == "" or parts[0].endswith(":"):
        return f"an entry with an absolute path, {name}"
    return f"an entry named {name}"


def _advice(name: str) -> str:
    if name.startswith("assets"):
        return "Layers that bring files of their own, as lookups of words do, are not opened."
    return SAVE_IT


def _unfit(received: str, advice: str) -> InvalidInputError:
    return InvalidInputError(
        "model file",
        expected=f"a .keras file: an archive of {METADATA}, {CONFIG} and {WEIGHTS}",
        received=one_line(received, MAX_TOLD),
        advice=advice,
    )


def _damaged(what: str) -> DamagedFileError:
    return DamagedFileError(f"The model file is damaged: {what}. {SAVE_IT}")
