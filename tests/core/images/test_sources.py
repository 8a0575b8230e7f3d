"""MNIST on this machine: found in order, checked, and never half loaded."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from core.errors import DamagedFileError, InvalidInputError, MissingDataError
from core.images import as_batch, find_mnist, load_mnist_test, load_mnist_train
from core.images.sources import MNIST_FILE, mnist_folders


@pytest.fixture
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine without MNIST."""
    monkeypatch.delenv("LABRADOR_DATA", raising=False)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    return tmp_path


def test_find_mnist_prefers_labrador_data_to_keras_cache(tmp_path: Path) -> None:
    data, cache = tmp_path / "data", tmp_path / "keras" / "datasets"
    environment = {"LABRADOR_DATA": str(data), "KERAS_HOME": str(tmp_path / "keras")}
    for folder in (data, cache):
        folder.mkdir(parents=True)
    assert find_mnist(environment) is None
    (cache / MNIST_FILE).write_bytes(b"")
    assert find_mnist(environment) == cache / MNIST_FILE
    (data / MNIST_FILE).write_bytes(b"")
    assert find_mnist(environment) == data / MNIST_FILE


def test_mnist_folders_default_to_keras_own_cache() -> None:
    assert mnist_folders({}) == (Path("~/.keras/datasets").expanduser(),)


def test_load_without_mnist_gives_none_for_test_and_says_what_to_do_for_train(
    nowhere: Path,
) -> None:
    assert load_mnist_test() is None
    with pytest.raises(MissingDataError, match="python -m core data"):
        load_mnist_train()


def test_load_mnist_test_gives_the_test_set_read_only(mnist_data: Path) -> None:
    mnist = load_mnist_test(mnist_data)
    assert mnist is not None and len(mnist) == 10_000
    assert mnist.x.shape == (10_000, 28, 28) and mnist.x.dtype == np.uint8
    # The first ten labels of t10k-labels-idx1-ubyte.
    assert mnist.y[:10].tolist() == [7, 2, 1, 0, 4, 1, 4, 9, 5, 9]
    assert mnist.label(5) == 1
    with pytest.raises(ValueError, match="read-only"):
        mnist.x[0] = 0


def test_mnist_image_is_one_of_a_batch(mnist_data: Path) -> None:
    mnist = load_mnist_test(mnist_data)
    assert mnist is not None
    image = mnist.image(5)
    assert image.shape == (28, 28, 1) and image.dtype == np.float32
    assert image.min() == 0.0 and 0.9 < image.max() <= 1.0
    np.testing.assert_array_equal(image, as_batch(mnist.x[4:7])[1])


@pytest.mark.parametrize("index", [-1, 10_000])
def test_mnist_image_that_is_not_there_is_refused(mnist_data: Path, index: int) -> None:
    mnist = load_mnist_test(mnist_data)
    assert mnist is not None
    with pytest.raises(InvalidInputError, match="test image"):
        mnist.image(index)


def test_load_mnist_train_gives_the_training_set(mnist_data: Path) -> None:
    x, y = load_mnist_train(mnist_data)
    assert x.shape == (60_000, 28, 28) and y.shape == (60_000,)
    assert y[:5].tolist() == [5, 0, 4, 1, 9]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"not a zip", b"\x93NUMPY\x01\x00"])
def test_load_of_a_file_that_is_no_npz_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / MNIST_FILE
    path.write_bytes(content)
    with pytest.raises(DamagedFileError, match="python -m core data"):
        load_mnist_test(path)


def test_load_of_other_arrays_is_refused(tmp_path: Path) -> None:
    path = tmp_path / MNIST_FILE
    x, y = np.zeros((10_000, 28, 28), np.uint8), np.zeros(10_000, np.uint8)
    np.savez_compressed(path, x_test=x, y_test=y, x_train=x, y_train=y)
    with pytest.raises(DamagedFileError, match="not MNIST's"):
        load_mnist_test(path)
    with pytest.raises(DamagedFileError, match="not MNIST's"):
        load_mnist_train(path)


def test_load_of_a_single_array_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "array.npy"
    np.save(path, np.zeros(3))
    with pytest.raises(DamagedFileError):
        load_mnist_test(path)


def test_load_of_a_file_cut_short_is_refused(tmp_path: Path, mnist_data: Path) -> None:
    path = tmp_path / MNIST_FILE
    path.write_bytes(mnist_data.read_bytes()[:3_000_000])
    with pytest.raises(DamagedFileError):
        load_mnist_test(path)


def test_load_never_unpickles(tmp_path: Path) -> None:
    path = tmp_path / MNIST_FILE
    np.savez(path, x_test=np.array([{"a": 1}], dtype=object), y_test=np.zeros(1))
    with pytest.raises(DamagedFileError):
        load_mnist_test(path)
