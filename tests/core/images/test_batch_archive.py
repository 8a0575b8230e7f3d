"""ZIPs that mean harm: what they claim, and what they hold."""

from __future__ import annotations

import io
import os
import struct
import zipfile
from pathlib import Path

import numpy as np
import pytest

from core.images import BatchFile, read_batch
from tests.core.images.batches import DIGIT, a_digit, png, read, zipped

PICTURE = png(a_digit())
LISTED = b"PK\x01\x02"  # how an entry begins in a ZIP's list


def claiming(packed: bytes, at: int, size: int) -> bytes:
    """Return a ZIP of one entry with another number at an offset of that in its list."""
    place = packed.index(LISTED) + at
    return packed[:place] + struct.pack("<L", size) + packed[place + 4 :]


def test_a_bomb_is_told_by_its_ratio_and_the_others_go_on() -> None:
    bomb = zipped({"zeros.bmp": bytes(20 * 2**20), "a.png": PICTURE})
    items = read(x_zip=bomb)
    assert "at most 200 times its packed size" in items[0].problem
    assert items[1].image is not None


def test_an_entry_gives_no_byte_more_than_it_claims() -> None:
    # It claims 1,000 bytes, and 20 MB lie there.
    small = claiming(zipped({"zeros.bmp": bytes(20 * 2**20)}), 24, 1_000)
    (item,) = read(x_zip=small)
    assert item.image is None and item.problem


def test_no_more_is_unpacked_than_fits_a_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.images.batch_archive.MAX_BATCH_UNPACKED_BYTES", 3 * len(PICTURE))
    items = read(x_zip=zipped({f"{number}.png": PICTURE for number in range(5)}))
    assert [item.image is not None for item in items] == [True] * 3 + [False] * 2
    assert "in all" in items[3].problem


def test_a_list_of_too_many_entries_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    packed = zipped({f"{number}.png": b"" for number in range(50)})
    with monkeypatch.context() as patch:
        patch.setattr("core.images.batch_archive.MAX_BATCH_ITEMS", 20)
        (item,) = read(x_zip=packed)
        assert "at most 20 files" in item.problem
    with monkeypatch.context() as patch:
        # Refused before the list is read, whatever it says of its length.
        patch.setattr("core.images.batch_archive.MAX_ZIP_DIRECTORY_BYTES", 1_000)
        (item,) = read(x_zip=packed)
        assert "list of entries is too long" in item.problem


def test_names_that_climb_out_are_only_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    names = ["../../escaped.png", "/etc/escaped.png", "C:\\escaped.png", "4\\b.png"]
    items = read(x_zip=zipped(dict.fromkeys(names, PICTURE)))
    assert all(item.image is not None for item in items)
    assert items[0].name == "../../escaped.png" and items[3].label == 4
    assert list(tmp_path.rglob("*")) == [] and not Path("/etc/escaped.png").exists()


def test_a_link_in_a_zip_leads_nowhere() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        info = zipfile.ZipInfo("link.png")
        info.external_attr = 0o120777 << 16
        archive.writestr(info, "/etc/passwd")
    (item,) = read(x_zip=file.getvalue())
    assert item.image is None and "none of these" in item.problem


@pytest.mark.parametrize("way", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_what_cannot_be_unpacked_in_pieces_is_refused(way: int) -> None:
    (item,) = read(x_zip=zipped({"a.png": PICTURE}, way))
    assert "packed in the usual way" in item.problem


def test_a_password_is_named() -> None:
    packed = bytearray(zipped({"a.png": PICTURE}))
    packed[packed.index(LISTED) + 8] |= 1
    (item,) = read(x_zip=bytes(packed))
    assert "password" in item.problem


def test_a_damaged_entry_and_one_that_is_not_there_are_items() -> None:
    packed = bytearray(zipped({"a.png": PICTURE, "b.png": PICTURE}))
    packed[60] ^= 0xFF
    damaged = read(x_zip=bytes(packed))
    assert [item.image is not None for item in damaged] == [False, True]
    elsewhere = claiming(zipped({"a.png": PICTURE}), 42, 10**9)
    (item,) = read(x_zip=elsewhere)
    assert item.image is None and item.problem


def test_a_large_zip_is_refused_by_its_size(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.images.batch_source.MAX_BATCH_FILE_BYTES", 2**20)
    path = tmp_path / "x.zip"
    with path.open("wb") as file:
        os.truncate(file.fileno(), 2 * 2**20)
    (item,) = read_batch([BatchFile("x.zip", path)], DIGIT)
    assert "got 2 MB" in item.problem


def test_a_table_in_a_zip_is_read_in_place() -> None:
    row = ",".join(map(str, np.arange(784) % 256))
    items = read(x_zip=zipped({"digits.csv": f"{row}\n{row}\n".encode()}))
    assert [item.name for item in items] == ["digits.csv, row 1", "digits.csv, row 2"]
    assert all(item.image is not None for item in items)
