"""The download, from a real server on this machine: whole and checked, or not at all."""

from __future__ import annotations

import functools
import http.server
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from core.errors import DamagedFileError, MissingDataError
from core.images import download, download_mnist, load_mnist_test
from core.images.sources import MNIST_FILE


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """A folder, and the address at which its files are served."""
    folder = tmp_path / "served"
    folder.mkdir()
    handler = functools.partial(_Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as served:
        thread = threading.Thread(target=served.serve_forever)
        thread.start()
        yield folder, f"http://127.0.0.1:{served.server_address[1]}"
        served.shutdown()
        thread.join()


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    return {"LABRADOR_DATA": str(tmp_path / "data"), "KERAS_HOME": str(tmp_path / "keras")}


def test_download_brings_mnist_to_labrador_data(
    server: tuple[Path, str], environment: dict[str, str], mnist_data: Path
) -> None:
    folder, address = server
    shutil.copy(mnist_data, folder / "any-name.npz")
    environment["LABRADOR_MNIST_URL"] = f"{address}/any-name.npz"
    seen: list[tuple[int, int]] = []
    path = download_mnist(lambda *step: seen.append(step), environment=environment)
    assert path == Path(environment["LABRADOR_DATA"]) / MNIST_FILE
    assert load_mnist_test(path) is not None
    size = mnist_data.stat().st_size
    assert seen[-1] == (size, size)
    assert [done for done, _ in seen] == sorted({done for done, _ in seen})
    assert list(path.parent.iterdir()) == [path]


def test_download_goes_to_keras_cache_where_labrador_data_cannot_be_written(
    server: tuple[Path, str], environment: dict[str, str], mnist_data: Path, tmp_path: Path
) -> None:
    folder, address = server
    shutil.copy(mnist_data, folder / MNIST_FILE)
    # A file in the folder's place: it cannot be written even by root.
    (tmp_path / "data").write_bytes(b"")
    path = download_mnist(url=f"{address}/{MNIST_FILE}", environment=environment)
    assert path == tmp_path / "keras" / "datasets" / MNIST_FILE


def test_download_nowhere_to_write_is_refused(environment: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "data").write_bytes(b"")
    (tmp_path / "keras").write_bytes(b"")
    with pytest.raises(MissingDataError, match="cannot be stored"):
        download_mnist(url="http://127.0.0.1:9/", environment=environment)


def test_download_of_something_else_leaves_nothing_and_keeps_what_was_there(
    server: tuple[Path, str], environment: dict[str, str]
) -> None:
    folder, address = server
    x = np.zeros((10, 28, 28), np.uint8)
    np.savez(folder / "other.npz", x_test=x, y_test=x, x_train=x, y_train=x)
    data = Path(environment["LABRADOR_DATA"])
    data.mkdir()
    (data / MNIST_FILE).write_bytes(b"what was there")
    with pytest.raises(DamagedFileError, match="is not MNIST"):
        download_mnist(url=f"{address}/other.npz", environment=environment)
    assert [path.name for path in data.iterdir()] == [MNIST_FILE]
    assert (data / MNIST_FILE).read_bytes() == b"what was there"


def test_download_of_something_endless_stops(
    server: tuple[Path, str], environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, address = server
    monkeypatch.setattr(download, "MAX_MNIST_BYTES", 2**20)
    (folder / "large.npz").write_bytes(bytes(3 * 2**20))
    seen: list[int] = []
    with pytest.raises(DamagedFileError, match="more than"):
        download_mnist(
            lambda done, _: seen.append(done), f"{address}/large.npz", environment=environment
        )
    assert max(seen) <= 2**20
    assert not list(Path(environment["LABRADOR_DATA"]).iterdir())


@pytest.mark.parametrize("place", ["/missing.npz", None, "nonsense"])
def test_download_from_an_address_that_does_not_answer_says_what_to_do(
    server: tuple[Path, str], environment: dict[str, str], place: str | None
) -> None:
    url = {None: "http://127.0.0.1:9/mnist.npz", "nonsense": "nonsense"}.get(
        place, f"{server[1]}{place}"
    )
    with pytest.raises(MissingDataError, match="LABRADOR_MNIST_URL"):
        download_mnist(url=url, environment=environment)
    assert not list(Path(environment["LABRADOR_DATA"]).iterdir())
