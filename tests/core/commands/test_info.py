from __future__ import annotations

import platform
import shutil
from pathlib import Path

import keras
import pytest

from core.commands.main import main
from core.networks import models_folder


def test_info_tells_versions_device_networks_and_data(
    capsys: pytest.CaptureFixture[str], mnist_data: Path
) -> None:
    assert main(["info"]) == 0

    shown = capsys.readouterr().out
    assert f"Python {platform.python_version()}" in shown
    assert f"Keras {keras.__version__}" in shown and "TensorFlow 2." in shown
    assert "Device     CPU" in shown or "Device     GPU" in shown
    assert f"MNIST      {mnist_data}" in shown
    assert "Networks   mc, plain" in shown
    assert "mc: MC-dropout network, 225,034 parameters, dropout 0.5" in shown
    assert "plain: Plain network, 225,034 parameters, no dropout" in shown
    assert "mean softmax, T = 1,000, seed 0" in shown


def test_info_without_mnist_says_how_to_get_it(
    capsys: pytest.CaptureFixture[str], no_mnist: Path
) -> None:
    assert main(["info"]) == 0

    assert "not found; download it with `python -m core data`" in capsys.readouterr().out


def test_info_goes_on_behind_a_damaged_network(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(models_folder(), tmp_path / "models"))
    (folder / "mc.keras").write_bytes(b"changed")

    assert main(["info", "--folder", str(folder)]) == 2

    shown = capsys.readouterr().out
    assert "weights of the network mc were changed" in shown
    assert "plain: Plain network" in shown


def test_info_of_an_empty_folder_says_that_there_is_none(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert main(["info", "--folder", str(tmp_path)]) == 0

    assert f"Networks   none in {tmp_path}" in capsys.readouterr().out
