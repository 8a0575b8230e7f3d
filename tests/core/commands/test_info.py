from __future__ import annotations

import platform
import shutil
from dataclasses import replace
from pathlib import Path

import keras
import pytest

from core.commands.main import main
from core.networks import inspection, models_folder
from tests.core.networks.test_report_json import REPORT


def test_info_tells_versions_device_networks_and_data(
    capsys: pytest.CaptureFixture[str], mnist_data: Path
) -> None:
    assert main(["info"]) == 0

    shown = capsys.readouterr().out
    assert f"Python {platform.python_version()}" in shown
    assert f"Keras {keras.__version__}" in shown and "TensorFlow 2." in shown
    assert "Device     CPU" in shown or "Device     GPU" in shown
    assert f"MNIST      {mnist_data}" in shown
    assert "Networks   mc, rate-01, rate-03, tanh, elu, element, block, plain, plain-1" in shown
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


def test_info_plan_explains_the_passes_of_every_network(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["info", "--plan"]) == 0

    shown = capsys.readouterr().out
    assert "dropout1 (SpatialDropout2D): 32 channels, rate 0.5" in shown
    assert "Computed once for each image: conv1, pool1, responses of conv2." in shown
    assert "One pass only: it has no dropout layer." in shown


def test_info_tells_of_a_model_and_of_its_plan(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    layers = keras.layers
    images = keras.Input((16, 16, 3))
    stem = layers.Conv2D(8, 3, padding="same", name="stem")(images)
    inner = layers.SpatialDropout2D(0.2, name="drop")(stem)
    inner = layers.Conv2D(8, 3, padding="same", use_bias=False, name="conv")(inner)
    inner = layers.BatchNormalization(name="norm")(inner)
    inner = layers.GlobalAveragePooling2D()(layers.Add(name="add")([stem, inner]))
    path = tmp_path / "residual.keras"
    keras.Model(images, layers.Dense(10, activation="softmax")(inner), name="mine").save(path)

    assert main(["info", "--model", str(path)]) == 0

    shown = capsys.readouterr().out
    assert shown.startswith("mine: 922 parameters\n")
    assert "Input         16 x 16 x 3, images of 16 x 16, colour" in shown
    assert "Dropout       drop (SpatialDropout2D, rate 0.2)" in shown
    assert "BatchNorm     1 layer, unchanged by the passes" in shown
    assert "drop -> conv -> norm runs as masks times responses" in shown
    assert "Computed in every pass: masks x responses of conv, norm, add," in shown


def test_info_of_a_model_that_cannot_be_used_ends_with_the_reason(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    report = replace(REPORT, refusal="no active dropout layer: all its passes would be the same.")
    monkeypatch.setattr(inspection, "inspect_model", lambda path, name: report)

    assert main(["info", "--model", "mine.keras"]) == 2

    shown = capsys.readouterr()
    assert "<b>mine</b>: 99 parameters" in shown.out
    assert shown.err == f"Labrador cannot use it: {report.refusal}\n"


@pytest.mark.parametrize("name", ["nothing.keras", "damaged.keras", "weights.h5"])
def test_info_of_a_model_that_cannot_be_loaded_says_why(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, name: str
) -> None:
    if name != "nothing.keras":
        (tmp_path / name).write_bytes(b"no model")

    assert main(["info", "--model", str(tmp_path / name)]) == 2

    assert name in capsys.readouterr().err
