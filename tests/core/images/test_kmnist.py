from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from core.errors import DamagedFileError, MissingDataError
from core.images import load_kmnist_test
from core.images.kmnist import KMNIST_FILE


@pytest.fixture
def kmnist_file(labrador_data: Path) -> Path:
    path = labrador_data / KMNIST_FILE
    if not path.is_file():
        pytest.skip(f"{path.name} is not in LABRADOR_DATA")
    return path


def test_all_characters_are_there_bright_on_dark_and_read_only(kmnist_file: Path) -> None:
    images = load_kmnist_test(kmnist_file)

    assert images.shape == (10_000, 28, 28) and images.dtype == np.uint8
    assert images[:, 0, 0].mean() < 30 < images[:, 8:20, 8:20].mean()
    with pytest.raises(ValueError, match="read-only"):
        images[0] = 0


def test_missing_characters_are_told_with_the_folder(no_data: Path) -> None:
    with pytest.raises(MissingDataError, match=r"Kuzushiji.*LABRADOR_DATA.*kmnist_test\.npz"):
        load_kmnist_test()


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"\x93NUMPY\x01\x00"])
def test_file_that_is_no_npz_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / KMNIST_FILE
    path.write_bytes(content)

    with pytest.raises(DamagedFileError, match="cannot be read"):
        load_kmnist_test(path)


def test_other_images_are_refused(tmp_path: Path) -> None:
    path = tmp_path / KMNIST_FILE
    np.savez_compressed(path, x=np.zeros((10_000, 28, 28), np.uint8), y=np.zeros(10_000, np.uint8))

    with pytest.raises(DamagedFileError, match="are others"):
        load_kmnist_test(path)


def test_a_single_array_and_a_file_without_images_are_refused(tmp_path: Path) -> None:
    np.save(tmp_path / "one.npy", np.zeros(3))
    np.savez(tmp_path / "none.npz", z=np.zeros(3))

    for name in ("one.npy", "none.npz"):
        with pytest.raises(DamagedFileError, match="cannot be read"):
            load_kmnist_test(tmp_path / name)
