"""`predict` of folders and the like: a table out, with a row for what is broken."""

from __future__ import annotations

import csv
import io
import json
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.commands import predict_batch
from core.commands.main import main
from core.images import MNIST_FRAME, Frame, render_ink, write_digit
from core.networks import load_card
from core.networks.model_report import ModelReport
from core.networks.own_network import OwnNetwork, Setup, as_classifier
from core.uncertainty import Policy, save_policy
from core.uncertainty.classes import Classes

FEW = ["--num-samples", "20"]


@pytest.fixture
def scans(tmp_path: Path) -> Path:
    """A folder of three scans by digit, one of them broken."""
    folder = tmp_path / "scans"
    for digit in (3, 7):
        (folder / str(digit)).mkdir(parents=True)
        ink = np.round(255 * (1 - render_ink(write_digit(digit, 4), 100))).astype(np.uint8)
        Image.fromarray(ink).save(folder / str(digit) / "a.png")
    (folder / "7" / "broken.png").write_bytes((folder / "7" / "a.png").read_bytes()[:80])
    (folder / ".hidden").mkdir()
    (folder / ".hidden" / "a.png").write_bytes(b"")
    return folder


def rows_of(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text("utf-8"), newline="")))


def test_a_folder_becomes_a_table_with_a_row_for_the_broken(
    scans: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "new" / "scores.csv"
    policy = tmp_path / "p.json"
    save_policy(Policy({"predictive_entropy": 2.0}, name="Wide"), policy)
    assert main(["predict", str(scans), "--policy", str(policy), "--out", str(out), *FEW]) == 2

    captured = capsys.readouterr()
    rows = rows_of(out)
    assert [row["image"] for row in rows] == [
        f"{scans}/3/a.png", f"{scans}/7/a.png", f"{scans}/7/broken.png",
    ]  # fmt: skip
    assert [row["label"] for row in rows] == ["3", "7", "7"]
    assert [row["prediction"] for row in rows] == ["3", "7", ""]
    assert [row["accepted"] for row in rows] == ["true", "true", ""]
    assert "cannot be decoded" in rows[2]["problem"]
    assert f"{scans}/7/broken.png: Expected an undamaged PNG" in captured.err
    assert "3 images: 2 accepted, 0 “I don’t know”, 1 could not be read." in captured.out
    assert "Right on 100.0%" in captured.out and "none is wrong" in captured.out
    assert captured.out.splitlines()[-1] == f"Written: {out}, 3 rows."


def test_the_numbers_are_those_of_the_image_alone(
    scans: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["predict", str(scans / "3" / "a.png"), "--json", "--seed", "5", *FEW]) == 0
    (alone,) = json.loads(capsys.readouterr().out)
    assert main(["predict", str(scans / "3"), "--json", "--seed", "5", *FEW]) == 0
    (row,) = json.loads(capsys.readouterr().out)
    for name in ("confidence", "predictive_entropy", "variance", "twin_confidence"):
        assert row[name] == pytest.approx(alone[name], abs=1e-5)
    assert row["image"] == alone["image"] and row["prediction"] == str(alone["prediction"])


@pytest.mark.parametrize("ending", ["parquet", "json"])
def test_other_files_hold_what_the_numbers_depend_on(
    scans: Path, tmp_path: Path, ending: str
) -> None:
    packed = tmp_path / "scans.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.write(scans / "3" / "a.png", "3/a.png")
    out = tmp_path / f"scores.{ending}"
    assert main(["predict", str(packed), "hand:7-4", "--out", str(out), *FEW]) == 0
    if ending == "parquet":
        from pyarrow import parquet

        table = parquet.read_table(out)
        rows, kept = table.to_pylist(), json.loads(table.schema.metadata[b"labrador"])
    else:
        kept = json.loads(out.read_text("utf-8"))
        rows = kept["rows"]
    assert kept["sha256"] == load_card().weights_sha256 and kept["num_samples"] == 20
    assert kept["policy"] is None
    assert [(row["image"], row["label"], row["prediction"]) for row in rows] == [
        ("hand:7-4", "7", "7"), ("3/a.png", "3", "3"),
    ]  # fmt: skip


def test_arrays_and_tables_print_a_table_the_most_uncertain_first(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    images = np.zeros((2, 28, 28), np.uint8)
    images[0, 4:24, 13:15] = 255
    np.savez(tmp_path / "x.npz", x=images[:1], y=[1])
    line = ",".join(map(str, images[1].ravel() + 9))
    (tmp_path / "x.csv").write_text(f"{line}\n")
    sources = [str(tmp_path / "x.npz"), str(tmp_path / "x.csv")]
    assert main(["predict", *sources, "--sort", "predictive_entropy", *FEW]) == 0
    shown = capsys.readouterr().out.splitlines()
    assert shown[1].split()[:2] == ["image", "answer"]
    assert "row 1" in shown[2] and "x[0]" in shown[3]  # a dim square is no digit
    assert "at most ln 10" in shown[5] and shown[6] == "2 images."


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--out", "scores.xlsx"], ".csv, .parquet or .json"),
        (["--sort", "charm"], None),
        (["--class-names", "a,b"], "--model"),
    ],
)
def test_bad_arguments_end_with_2(
    scans: Path, arguments: list[str], told: str | None, capsys: pytest.CaptureFixture[str]
) -> None:
    if told is None:
        with pytest.raises(SystemExit) as end:
            main(["predict", str(scans), *arguments])
        assert end.value.code == 2
        return
    assert main(["predict", str(scans), *arguments]) == 2
    assert told in capsys.readouterr().err


def test_parquet_without_its_package_is_told_before_any_pass(
    scans: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    assert main(["predict", str(scans), "--out", "x.parquet"]) == 2
    captured = capsys.readouterr()
    assert "labrador[parquet]" in captured.err and captured.out == ""


def test_an_empty_folder_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "empty").mkdir()
    assert main(["predict", str(tmp_path / "empty"), *FEW]) == 2
    assert "There is no file in it." in capsys.readouterr().err


def test_ctrl_c_keeps_what_is_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    np.savez(tmp_path / "x.npz", x=np.zeros((50, 28, 28), np.uint8))

    def interrupted(label: str, done: int, total: int) -> None:
        assert (done, total) == (20, 50)
        raise KeyboardInterrupt

    monkeypatch.setattr(predict_batch, "work_bar", lambda: interrupted)
    out = tmp_path / "part.csv"
    assert main(["predict", str(tmp_path / "x.npz"), "--out", str(out), *FEW]) == 130
    assert len(rows_of(out)) == 20
    captured = capsys.readouterr()
    assert f"Stopped: the table in {out} holds the first 20 of 50 images." in captured.err
    assert main(["predict", str(tmp_path / "x.npz"), *FEW]) == 130
    captured = capsys.readouterr()
    assert "Stopped: what is shown is of the first 20 of 50 images." in captured.err
    assert len(captured.out.splitlines()) == 2 + 20 + 3


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> OwnNetwork:
    """A network of somebody's own: three classes by name, images in colour, 8 x 6."""
    import keras

    keras.utils.set_random_seed(0)
    model = keras.Sequential(
        [
            keras.Input((8, 6, 3)),
            keras.layers.Flatten(),
            keras.layers.Dropout(0.5),
            keras.layers.Dense(3, activation="softmax"),
        ]
    )
    setup = Setup(Frame(8, 6, 3), Classes(("cat", "sausage dog", "Labrador")))
    report = ModelReport(
        name="m", sha256="cd" * 32, num_bytes=1, num_parameters=1, architecture=(),
        input_shape=(8, 6, 3), frame=setup.frame, frame_is_guess=False, input_range=(0, 1),
        range_why="", ending="softmax", num_classes=3, stochastic=(), passes_differ=True,
        num_batch_norms=0, batch_norm_still=True, plan="", milliseconds=None,
        tiled_milliseconds=None,
    )  # fmt: skip
    network = OwnNetwork("mine.keras", report, setup, as_classifier(model, setup, "softmax"))
    monkeypatch.setattr("core.commands.predict.load_model", lambda arguments: network)
    return network


def test_a_network_of_ones_own_names_its_classes(
    own: OwnNetwork, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "pets" / "cat").mkdir(parents=True)
    Image.new("RGB", (40, 30), (200, 30, 90)).save(tmp_path / "pets" / "cat" / "a.png")
    policy = tmp_path / "p.json"
    save_policy(Policy({"confidence": 0.99}, "Strict", own.sha256, num_classes=3), policy)
    out = tmp_path / "x.csv"
    arguments = ["predict", str(tmp_path / "pets"), "--model", "mine.keras", *FEW]
    assert main([*arguments, "--policy", str(policy), "--out", str(out)]) == 3
    (row,) = rows_of(out)
    assert row["label"] == "cat" and row["prediction"] in own.setup.classes.names
    assert row["accepted"] == "false" and row["broken"] == "confidence"
    # References are brought into its frame; which digit it is means nothing to it.
    assert main(["predict", "hand:2-1", "--model", "mine.keras", "--json", *FEW]) == 0
    captured = capsys.readouterr()
    row = json.loads(captured.out[captured.out.index("[") :])[0]
    assert row["label"] is None and row["prediction"] in own.setup.classes.names


@pytest.mark.parametrize(
    ("policy", "told"),
    [
        (Policy({"confidence": 0.9}, "Ten"), "one for 3 classes"),
        (Policy({"confidence": 0.9}, "Other", "ab" * 32, num_classes=3), "--any-model"),
    ],
)
def test_a_policy_of_another_network_is_refused(
    own: OwnNetwork, tmp_path: Path, policy: Policy, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    save_policy(policy, tmp_path / "p.json")
    arguments = ["predict", "hand:2-1", "--model", "mine.keras", "--policy"]
    assert main([*arguments, str(tmp_path / "p.json")]) == 2
    assert told in capsys.readouterr().err
    assert main([*arguments, "default"]) == 2
    assert "comes with no policy" in capsys.readouterr().err


def test_ink_is_centred_in_small_grey_frames_only(
    own: OwnNetwork, scans: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["predict", str(scans), "--model", "mine.keras", "--centre"]) == 2
    assert "a small grey frame" in capsys.readouterr().err
    assert MNIST_FRAME.is_small_grey
