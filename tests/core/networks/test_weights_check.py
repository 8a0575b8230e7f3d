"""HDF5 files: what Keras writes passes, and whatever else HDF5 can do is refused."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from core.errors import DamagedFileError, InvalidInputError
from core.limits import MAX_MODEL_OBJECTS
from core.networks import weights_check
from core.networks.archive_check import read_archive
from core.networks.weights_check import check_weights_file
from tests.core.networks.made_models import made, save

Fill = Callable[[Any], object]


def written(fill: Fill, **options: Any) -> bytes:
    stream = io.BytesIO()
    with h5py.File(stream, "w", **options) as file:
        fill(file)
    return stream.getvalue()


@pytest.mark.parametrize("name", ["batch_norm", "nested", "recurrent", "words"])
def test_what_keras_writes_passes(name: str, tmp_path: Path) -> None:
    archive = read_archive(save(made(name), tmp_path).read_bytes())

    check_weights_file(archive.weights)


def test_every_kind_of_number_passes() -> None:
    def fill(file: Any) -> None:
        group = file.create_group("layers/dense/vars")
        group.attrs["name"] = "dense"
        for kind in ("float16", "float32", "float64", "uint8", "int64", "uint32", "bool"):
            group[kind] = np.zeros((2, 3), dtype=kind)
        group["half"] = np.zeros(3, dtype="V2")
        group["half"].attrs["dtype"] = "bfloat16"
        group["scalar"] = 1.5
        group["none"] = np.zeros((0, 3), np.float32)

    check_weights_file(written(fill))


def _external_link(file: Any) -> None:
    file["layers"] = h5py.ExternalLink("/etc/secret.h5", "/vars")


def _soft_link(file: Any) -> None:
    file["layers"] = h5py.SoftLink("/elsewhere")


def _nested_link(file: Any) -> None:
    file.create_group("a/b/c/vars")["0"] = h5py.ExternalLink("../../secret.h5", "/")


def _external_storage(file: Any) -> None:
    file.create_dataset("0", (4,), "uint8", external=[("/etc/passwd", 0, 4)])


def _virtual(file: Any) -> None:
    layout = h5py.VirtualLayout((4,), "f4")
    layout[:] = h5py.VirtualSource("/etc/secret.h5", "data", (4,))
    file.create_virtual_dataset("0", layout)


def _huge_and_chunked(file: Any) -> None:
    file.create_dataset("0", (2**40,), "f4", chunks=(2**20,), fillvalue=1)


def _huge_and_never_written(file: Any) -> None:
    file.create_dataset("0", (2**40,), "f4")


def _packed(file: Any) -> None:
    file.create_dataset("0", data=np.zeros(10**6, np.float32), compression="gzip")


def _may_grow(file: Any) -> None:
    file.create_dataset("0", data=np.zeros(4), maxshape=(None,))


def _words(file: Any) -> None:
    file.create_dataset("0", data=["a", "b"], dtype=h5py.string_dtype())


def _lists(file: Any) -> None:
    file.create_dataset("0", (2,), h5py.vlen_dtype("f4"))


def _references(file: Any) -> None:
    file.create_dataset("0", data=np.array([file.ref], dtype=h5py.ref_dtype))


def _records(file: Any) -> None:
    file.create_dataset("0", data=np.zeros(3, [("a", "f4"), ("b", "i4")]))


def _named_type(file: Any) -> None:
    file["0"] = np.dtype("f4")


def _twice(file: Any) -> None:
    file["0"] = np.zeros(4)
    file["1"] = file["0"]


def _in_itself(file: Any) -> None:
    file.create_group("a")["b"] = file["/"]


def _many_attributes(file: Any) -> None:
    for number in range(20):
        file.attrs[str(number)] = number


def _large_attribute(file: Any) -> None:
    file.create_group("a").attrs["name"] = np.zeros(1_000)


HOSTILE: dict[str, tuple[Fill, str]] = {
    "a link to another file": (_external_link, "a link to somewhere else"),
    "a link within": (_soft_link, "a link to somewhere else"),
    "a link below": (_nested_link, "a link to somewhere else"),
    "bytes of another file": (_external_storage, "kept in another file"),
    "an array of other files": (_virtual, "kept in another file"),
    "an array of terabytes, in chunks": (_huge_and_chunked, "packed"),
    "an array of terabytes": (_huge_and_never_written, "declares 4,398,046,511,104 bytes"),
    "a packed array": (_packed, "packed"),
    "an array that may grow": (_may_grow, "packed"),
    "words": (_words, "an array of object"),
    "lists": (_lists, "an array of object"),
    "references": (_references, "an array of object"),
    "records": (_records, "an array of"),
    "a type with a name": (_named_type, "a Datatype"),
    "an array that is there twice": (_twice, "there twice"),
    "a group in itself": (_in_itself, "there twice"),
    "many attributes": (_many_attributes, "20 attributes"),
    "a large attribute": (_large_attribute, "an attribute name of another kind"),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_what_no_weights_need_is_refused(what: str) -> None:
    fill, told = HOSTILE[what]

    with pytest.raises(InvalidInputError) as refused:
        check_weights_file(written(fill))

    assert told in refused.value.received


def test_arrays_that_lie_upon_each_other_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def fill(file: Any) -> None:
        file["0"] = np.zeros(1_000)

    content = written(fill)
    check_weights_file(content)
    monkeypatch.setattr(weights_check, "_checked_size", lambda name, array: len(content) + 1)

    with pytest.raises(InvalidInputError, match="larger than the file"):
        check_weights_file(content)


def test_more_objects_than_a_model_has_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weights_check, "MAX_MODEL_OBJECTS", 10)

    def fill(file: Any) -> None:
        for number in range(20):
            file.create_group(str(number))

    assert MAX_MODEL_OBJECTS > 10_000
    with pytest.raises(InvalidInputError, match="more than 10 groups"):
        check_weights_file(written(fill))


@pytest.mark.parametrize("keep", [0, 4, 100, 700, -1])
def test_a_file_that_breaks_off_or_is_none_is_damaged(keep: int) -> None:
    def fill(file: Any) -> None:
        file["0"] = np.zeros(1_000)

    with pytest.raises(DamagedFileError, match=r"model\.weights\.h5 cannot be read"):
        check_weights_file(written(fill)[:keep])
    with pytest.raises(DamagedFileError):
        check_weights_file(b"no HDF5 at all")
