"""Archives that are no models, or more than that: refused before anything is unpacked."""

from __future__ import annotations

import io
import stat
import tracemalloc
import zipfile
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import DamagedFileError, InvalidInputError, LabradorError
from core.limits import MAX_MODEL_BYTES, MAX_MODEL_CONFIG_BYTES
from core.networks.archive_check import ModelArchive, read_archive
from tests.core.networks.raw_archive import Entry, deflated_zeros, raw_archive

METADATA = Entry("metadata.json", b'{"keras_version": "3.15.1"}')
CONFIG = Entry("config.json", b'{"class_name": "Sequential"}' * 20)
WEIGHTS = Entry("model.weights.h5", b"\x89HDF\r\n\x1a\n" + bytes(range(200)))
GOOD = raw_archive(METADATA, CONFIG, WEIGHTS)


def test_the_three_entries_come_back_as_they_were() -> None:
    archive = read_archive(GOOD)

    assert archive == ModelArchive(METADATA.content, CONFIG.content, WEIGHTS.content)
    assert read_archive(archive.packed()) == archive


def test_an_archive_that_was_packed_again_is_read_in_any_order() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as file:
        for entry in (WEIGHTS, METADATA, CONFIG):
            file.writestr(entry.name, entry.content)

    assert read_archive(stream.getvalue()) == read_archive(GOOD)


@pytest.mark.parametrize(
    ("extra", "told"),
    [
        ("../../etc/cron.d/x", "an entry that climbs out of the archive, ../../etc/cron.d/x"),
        ("..\\..\\x", "an entry that climbs out"),
        ("/etc/passwd", "an entry with an absolute path, /etc/passwd"),
        ("C:\\x", "an entry with an absolute path"),
        ("assets/vocabulary.txt", "an entry named assets/vocabulary.txt"),
        ("assets/", "an entry named assets/"),
        ("model.weights.npz", "an entry named model.weights.npz"),
        ("config.json\0.txt", "an entry named"),
        ("Config.json", "an entry named Config.json"),
        ("./config.json", "an entry named ./config.json"),
        ("a\x1b[31m\n.txt", "an entry named a [31m .txt"),
    ],
)
def test_a_fourth_entry_is_refused_by_name(extra: str, told: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        read_archive(raw_archive(METADATA, CONFIG, WEIGHTS, Entry(extra, b"x")))

    assert told in refused.value.received


@pytest.mark.parametrize("twice", [METADATA, CONFIG, WEIGHTS])
def test_an_entry_that_is_there_twice_is_refused(twice: Entry) -> None:
    with pytest.raises(InvalidInputError, match=f"{twice.name} 2 times"):
        read_archive(raw_archive(METADATA, CONFIG, WEIGHTS, replace(twice, content=b"{}")))


@pytest.mark.parametrize("missing", [METADATA, CONFIG, WEIGHTS])
def test_an_entry_that_is_missing_is_named(missing: Entry) -> None:
    left = [entry for entry in (METADATA, CONFIG, WEIGHTS) if entry is not missing]

    with pytest.raises(DamagedFileError, match=f"no {missing.name}"):
        read_archive(raw_archive(*left))


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        (replace(WEIGHTS, content=b"/etc/passwd", mode=stat.S_IFLNK | 0o777), "which is a link"),
        (replace(WEIGHTS, mode=stat.S_IFIFO | 0o600), "which is no plain file"),
        (replace(WEIGHTS, flags=1), "encrypted"),
        (replace(WEIGHTS, method=zipfile.ZIP_BZIP2), "packed in an unusual way"),
        (replace(WEIGHTS, method=zipfile.ZIP_LZMA), "packed in an unusual way"),
    ],
)
def test_an_entry_that_is_no_plain_file_is_refused(changed: Entry, told: str) -> None:
    with pytest.raises(InvalidInputError, match=told):
        read_archive(raw_archive(METADATA, CONFIG, changed))


def test_a_bomb_of_gigabytes_is_refused_by_its_directory() -> None:
    zeros = deflated_zeros(240)  # 3.75 GiB
    bomb = replace(WEIGHTS, content=zeros, size=240 * 2**24, packed=True)

    assert len(zeros) < 2**23
    with pytest.raises(InvalidInputError, match="bytes that unpack to 4,026,531,840"):
        read_archive(raw_archive(METADATA, CONFIG, bomb))


@pytest.mark.parametrize("claimed", [100, 10_000, MAX_MODEL_CONFIG_BYTES - 1])
def test_a_bomb_whose_directory_lies_is_not_unpacked(claimed: int) -> None:
    bomb = replace(CONFIG, content=deflated_zeros(64), size=claimed, packed=True)
    content = raw_archive(METADATA, bomb, WEIGHTS)

    tracemalloc.start()
    with pytest.raises(DamagedFileError):
        read_archive(content)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert peak < len(content) + 4 * claimed + 2**20  # of 1 GiB


def test_an_entry_that_unpacks_to_a_hundred_times_itself_is_refused() -> None:
    zeros = deflated_zeros(1, 2**20)
    bomb = replace(WEIGHTS, content=zeros, size=2**20, packed=True)

    with pytest.raises(InvalidInputError, match="unpack to 1,048,576"):
        read_archive(raw_archive(METADATA, CONFIG, bomb))


def test_an_entry_that_is_shorter_than_its_directory_says_is_damaged() -> None:
    with pytest.raises(DamagedFileError):
        read_archive(raw_archive(METADATA, CONFIG, replace(WEIGHTS, size=300)))


def test_a_directory_of_a_million_entries_is_refused_unread() -> None:
    content = bytearray(GOOD)
    content[-14:-10] = (2**16 - 1).to_bytes(2, "little") * 2
    content[-10:-6] = (46 * 2**20).to_bytes(4, "little")

    with pytest.raises(InvalidInputError, match="65,535 entries or more"):
        read_archive(bytes(content))


@pytest.mark.parametrize("end", [1, 10, 50, 300, len(GOOD) // 2, len(GOOD) - 1])
def test_an_archive_that_breaks_off_is_damaged_or_none(end: int) -> None:
    with pytest.raises((DamagedFileError, InvalidInputError)):
        read_archive(GOOD[:end])


def test_what_follows_or_precedes_an_archive_is_not_let_in() -> None:
    for content in (GOOD + b"more", b"PK" + GOOD, b"#!/bin/sh\n" + GOOD):
        with pytest.raises(LabradorError):
            read_archive(content)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "an empty file"),
        (b"no model", "a file of another kind"),
        (b"\x89HDF\r\n\x1a\n" + bytes(500), "the older HDF5 format"),
    ],
)
def test_a_file_of_another_kind_is_told_from_a_model(content: bytes, told: str) -> None:
    with pytest.raises(InvalidInputError, match=told):
        read_archive(content)


def test_a_file_beyond_the_limit_is_refused_unread() -> None:
    with pytest.raises(InvalidInputError, match=r"Expected at most 200 MiB.*without its optimizer"):
        read_archive(bytes(MAX_MODEL_BYTES + 1))


@settings(max_examples=300)
@given(st.data())
def test_changed_archives_raise_nothing_but_our_errors(data: st.DataObject) -> None:
    content = bytearray(raw_archive(METADATA, replace(CONFIG, packed=False), WEIGHTS))
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(content)))
        cut = data.draw(st.integers(0, 3))
        content[place : place + cut] = data.draw(st.binary(max_size=4))
    try:
        archive = read_archive(bytes(content))
    except LabradorError:
        return
    assert len(archive.config) <= MAX_MODEL_CONFIG_BYTES
