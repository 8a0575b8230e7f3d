"""Files are whole or not there; checksums are of values, not of how a file packs them."""

import os
import stat
import sys
import threading

import numpy as np
import pytest

from core.errors import DamagedFileError
from core.store import array_checksum, file_sha256, read_json, write_atomically, write_json


def test_write_atomically_makes_folders_and_leaves_only_the_file(tmp_path):
    path = tmp_path / "new" / "folder" / "card.json"

    write_atomically(path, "größer")

    assert path.read_bytes() == "größer".encode()
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such permissions")
def test_write_atomically_file_is_readable_by_others(tmp_path):
    path = tmp_path / "mc.weights.h5"

    write_atomically(path, b"weights")

    assert stat.S_IMODE(path.stat().st_mode) == 0o644


def test_write_atomically_failure_keeps_the_old_file_and_no_remains(tmp_path, monkeypatch):
    path = tmp_path / "card.json"
    path.write_text("old")

    def no_space_left(_handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", no_space_left)
    with pytest.raises(OSError, match="No space left"):
        write_atomically(path, "new")

    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_write_atomically_many_writers_leave_one_whole_content(tmp_path):
    path = tmp_path / "scores.json"
    contents = [str(digit) * 200_000 for digit in range(5)]
    writers = [threading.Thread(target=write_atomically, args=(path, text)) for text in contents]

    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    assert path.read_text() in contents
    assert list(tmp_path.iterdir()) == [path]


def test_json_comes_back_as_written_and_is_readable_text(tmp_path):
    path = tmp_path / "card.json"
    value = {"title": "ein Zwölftel", "rates": [0.5, None], "seed": 7}

    write_json(path, value)

    assert read_json(path) == value
    assert "ein Zwölftel" in path.read_text(encoding="utf-8")
    assert path.read_text(encoding="utf-8").endswith("}\n")


@pytest.mark.parametrize("content", [b'{"seed": 7', b"", b"\xff\xfe\x00"])
def test_read_json_damaged_file_names_it_and_what_to_do(tmp_path, content):
    path = tmp_path / "mc.json"
    path.write_bytes(content)

    with pytest.raises(DamagedFileError, match=r"mc\.json is damaged.*Restore the file"):
        read_json(path)


def test_read_json_missing_file_raises_file_not_found(tmp_path):
    with pytest.raises(FileNotFoundError):
        read_json(tmp_path / "mc.json")


def test_file_sha256_of_known_bytes(tmp_path):
    path = tmp_path / "abc"
    path.write_bytes(b"abc")

    # FIPS 180-4, the example of one block.
    assert file_sha256(path) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_array_checksum_does_not_depend_on_memory_layout():
    values = np.arange(15, dtype=np.float32).reshape(3, 5)

    assert array_checksum(np.asfortranarray(values)) == array_checksum(values)
    assert array_checksum(np.repeat(values, 2, axis=1)[:, ::2]) == array_checksum(values)


def test_array_checksum_differs_by_value_shape_type_and_order():
    values = np.arange(15, dtype=np.float32)
    changed = values.copy()
    changed[7] += 1
    others = [
        array_checksum(changed),
        array_checksum(values.reshape(3, 5)),
        array_checksum(values.reshape(5, 3)),
        array_checksum(values.view(np.int32)),
        array_checksum(values, changed),
        array_checksum(changed, values),
    ]

    assert len({array_checksum(values), *others}) == 7


def test_array_checksum_tells_where_one_array_ends():
    a, b = np.zeros(2, np.uint8), np.zeros(3, np.uint8)

    assert array_checksum(a, b) != array_checksum(b, a)
