"""`sweep --model`: loading is another's and stood in for; what is asked is a real small network."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from PIL import Image

from core.commands import own_model
from core.commands.main import main
from core.commands.read_in_frame import read_in_frame
from core.experiments import load_sweep
from core.images import Frame, in_frame, parse_reference, resolve
from core.networks.named_model import classes_from_text
from core.networks.own_network import OwnNetwork, Setup, as_classifier
from core.uncertainty.classes import Classes

FRAME = Frame(9, 12, 3)
NAMES = "cat,sausage dog,<b>x</b>,-5,fox,owl,Ätna"
FEW = ["--num-samples", "20", "--steps", "4"]


@pytest.fixture(scope="module")
def network() -> Any:
    import keras

    keras.utils.set_random_seed(0)
    model = keras.Sequential(
        [
            keras.Input(FRAME.shape),
            keras.layers.Flatten(),
            keras.layers.Dropout(0.5),
            keras.layers.Dense(7, activation="softmax"),
        ]
    )
    report: Any = SimpleNamespace(sha256="ab" * 32)
    setup = Setup(FRAME, Classes.numbered(7))
    return OwnNetwork("pets", report, setup, as_classifier(model, setup, "softmax"))


@pytest.fixture
def model(network: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The options that name the model."""

    def load(path: Path, names: str | None, span: str | None) -> OwnNetwork:
        assert span is None
        classes = network.setup.classes if names is None else classes_from_text(names)
        named: OwnNetwork = replace(network, setup=replace(network.setup, classes=classes))
        return named

    monkeypatch.setattr(own_model, "load_named_model", load)
    (tmp_path / "pets.keras").write_bytes(b"PK")
    return ["--model", str(tmp_path / "pets.keras"), "--class-names", NAMES]


@pytest.fixture
def photo(tmp_path: Path) -> str:
    """A picture twice as large as the frame, red on the left and blue on the right."""
    pixels = np.zeros((18, 24, 3), dtype=np.uint8)
    pixels[:, :12, 0] = pixels[:, 12:, 2] = 255
    Image.fromarray(pixels).save(tmp_path / "photo.png")
    return str(tmp_path / "photo.png")


def test_a_picture_is_taken_as_a_whole_in_the_network_s_colours(photo: str) -> None:
    shown = read_in_frame(photo, FRAME)
    assert shown.image.shape == FRAME.shape and shown.label is None
    np.testing.assert_allclose(shown.image[:, :6], [[[1.0, 0.0, 0.0]] * 6] * 9, atol=1e-6)
    np.testing.assert_allclose(shown.image[:, 6:], [[[0.0, 0.0, 1.0]] * 6] * 9, atol=1e-6)
    assert str(read_in_frame(f"file:{photo}", FRAME).reference) == f"file:{photo}"


def test_what_a_reference_names_is_brought_into_the_frame_and_has_no_label() -> None:
    shown, digit = read_in_frame("hand:3-17", FRAME), resolve(parse_reference("hand:3-17"))
    np.testing.assert_array_equal(shown.image, in_frame(digit.image, FRAME))
    assert shown.label is None and digit.label == 3


def test_answers_are_called_by_their_names(
    model: list[str], photo: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["sweep", "rotation", "--image", photo, *model, *FEW]) == 0
    told = capsys.readouterr().out
    assert any(name in told for name in NAMES.split(","))
    assert "of the network pets" in told and "at most ln 7 = 1.946" in told
    assert "right" not in told.splitlines()[0]


def test_all_files_are_written(
    model: list[str], photo: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = [
        f"--{kind}={tmp_path / 'out'}.{kind}" for kind in ("gif", "html", "csv", "npz", "json")
    ]
    blended = ["sweep", "blending", "--image", photo, "--image2", "hand:3-17", "--label", "4"]
    assert main([*blended, "--label2", "1", *model, *FEW, *files]) == 0
    saved = load_sweep(tmp_path / "out.npz")
    assert saved.images.shape == (4, *FRAME.shape) and saved.labels == (4, 1)
    assert saved.classes.names[1] == "sausage dog" and saved.recipe.network == "pets"
    table = (tmp_path / "out.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(io.StringIO(table, newline="")))
    assert {row["predicted_name"].removeprefix("'") for row in rows} <= set(NAMES.split(","))
    document = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))
    assert document["recipe"]["classes"]["names"] == NAMES.split(",")
    with np.load(tmp_path / "out.npz") as arrays:
        assert arrays["probs_tnc"].shape == (20, 4, 7)
    assert "<b>x</b>" not in (tmp_path / "out.html").read_text(encoding="utf-8")
    with Image.open(tmp_path / "out.gif") as gif:
        assert gif.size[0] == 760


@pytest.mark.parametrize("option", [["--plain"], ["--network", "other"]])
def test_options_of_the_shipped_networks_are_refused_beside_it(
    option: list[str], model: list[str], photo: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["sweep", "rotation", "--image", photo, *model, *option]) == 2
    assert option[0] in capsys.readouterr().err


def test_a_label_that_is_none_of_its_classes_is_refused(
    model: list[str], photo: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["sweep", "rotation", "--image", photo, "--label", "7", *model, *FEW]) == 2
    assert "from 0 to 6" in capsys.readouterr().err


def test_a_file_that_is_no_picture_is_told(
    model: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("none.png", "pets.keras"):
        assert main(["sweep", "noise", "--image", str(tmp_path / name), *model, *FEW]) == 2
        assert name in capsys.readouterr().err
