from __future__ import annotations

from pathlib import Path

import pytest

from core.commands.main import main


def test_data_says_where_mnist_is(capsys: pytest.CaptureFixture[str], mnist_data: Path) -> None:
    assert main(["data"]) == 0

    assert capsys.readouterr().out == f"MNIST is here: {mnist_data}\n"


def test_data_downloads_mnist_and_says_where_to(
    capsys: pytest.CaptureFixture[str], mnist_data: Path, no_mnist: Path
) -> None:
    assert main(["data", "--url", mnist_data.as_uri()]) == 0

    captured = capsys.readouterr()
    assert captured.out == f"MNIST is here now: {no_mnist / 'mnist.npz'}\n"
    assert "100%" in captured.err
    assert (no_mnist / "mnist.npz").stat().st_size == mnist_data.stat().st_size


def test_data_from_an_address_that_does_not_answer_ends_with_2(
    capsys: pytest.CaptureFixture[str], no_mnist: Path
) -> None:
    assert main(["data", "--url", "http://127.0.0.1:9/mnist.npz"]) == 2

    captured = capsys.readouterr()
    assert captured.out == ""
    assert "could not be downloaded from http://127.0.0.1:9/mnist.npz" in captured.err
    assert list(no_mnist.iterdir()) == []
