from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageSequence

from core.commands import sweep as command
from core.commands.main import main
from core.experiments import (
    SweepRecipe,
    SweepResult,
    load_sweep,
    recipe,
    run_sweep,
    score_one_pass,
    sweep,
)
from core.images import parse_reference, resolve
from core.inference import McSampler
from core.inference.samples import McSummary
from core.networks import load_network

FEW = ["--num-samples", "30", "--steps", "4"]
ROTATION = ["sweep", "rotation", "--image", "hand:3-17", *FEW]


@pytest.fixture(scope="module")
def expected() -> SweepResult:
    """What ROTATION is to say, computed without the command."""
    return run_sweep(_recipe("rotation", "hand:3-17"), McSampler(load_network("mc").model))


def _recipe(kind: Any, *names: str, **settings: Any) -> SweepRecipe:
    images = [resolve(parse_reference(name)) for name in names]
    few: dict[str, Any] = {"num_steps": 4, "num_samples": 30, "network": "mc"}
    return SweepRecipe(
        kind=kind,
        images=tuple(each.image for each in images),
        labels=tuple(each.label for each in images),
        references=names,
        **few | settings,
    )


def _told(capsys: pytest.CaptureFixture[str]) -> str:
    captured = capsys.readouterr()
    assert captured.out == "" and captured.err.count("\n") == 1
    return captured.err


def test_without_a_file_to_write_a_table_is_printed(
    expected: SweepResult, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(ROTATION) == 0

    captured = capsys.readouterr()
    top, names, *rows, blank, foot = captured.out.splitlines()
    assert captured.err == "" and blank == "" and len(rows) == 4
    assert names.split()[:3] == ["angle", "answer", "softmax"]
    assert "mutual" in top and "plain" not in top + names
    for step, row in enumerate(rows):
        angle, answer, right, softmax, *_, twin, twin_softmax = row.split()
        assert angle == f"{90 * step}°"
        assert int(answer) == expected.predicted[step]
        assert expected.right is not None
        assert right == ("right" if expected.right[step] else "wrong")
        assert float(softmax) == pytest.approx(expected.summary.mean[step].max(), abs=1e-4)
        assert int(twin) == expected.twin_predicted[step]
        assert float(twin_softmax) == pytest.approx(expected.twin[step].max(), abs=1e-4)
    assert len({len(row) for row in [names, *rows]}) == 1
    assert "30 passes of the network mc at each of 4 steps, seed 0" in foot
    assert "ln 10 = 2.303" in foot


def test_every_file_reads_back_as_the_same_sweep(
    expected: SweepResult, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    paths = {
        name: tmp_path / "new" / f"out.{name}" for name in ("gif", "html", "csv", "npz", "json")
    }
    options = [part for name, path in paths.items() for part in (f"--{name}", str(path))]
    assert main([*ROTATION, *options]) == 0

    captured = capsys.readouterr()
    assert captured.out == ""
    for line, path in zip(captured.err.splitlines(), paths.values(), strict=True):
        assert line.startswith(f"Wrote {path}, ") and line.endswith((" KiB.", " MiB."))
    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == sorted(
        path.name for path in paths.values()
    )

    with Image.open(paths["gif"]) as picture:
        assert [frame.info["duration"] for frame in ImageSequence.Iterator(picture)] == [200] * 4
    page = paths["html"].read_text(encoding="utf-8")
    assert "<title>Rotation of hand:3-17</title>" in page

    loaded = load_sweep(paths["npz"])
    assert loaded.recipe.references == ("hand:3-17",) and loaded.recipe.network == "mc"
    assert loaded.labels == (3,)
    assert np.array_equal(loaded.summary.histogram, expected.summary.histogram)
    with np.load(paths["npz"], allow_pickle=False) as arrays:
        samples = arrays["probs_tnc"]
    assert samples.shape == (30, 4, 10)
    assert McSummary.from_samples(samples).sum_p == pytest.approx(expected.summary.sum_p, abs=1e-3)

    document = json.loads(paths["json"].read_text(encoding="utf-8"))
    assert document["recipe"]["references"] == ["hand:3-17"]
    assert document["weights_checksum"] == expected.weights_checksum
    rows = list(csv.DictReader(io.StringIO(paths["csv"].read_bytes().decode(), newline="")))
    assert len(rows) == len(document["steps"]) == 4
    for step, (row, same) in enumerate(zip(rows, document["steps"], strict=True)):
        assert int(row["predicted"]) == same["predicted"] == expected.predicted[step]
        assert float(row["value"]) == same["value"] == 90 * step
        assert float(row["confidence"]) == same["confidence"]
        assert same["confidence"] == pytest.approx(expected.summary.mean[step].max(), abs=1e-5)


def test_json_to_the_terminal_is_all_that_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*ROTATION, "--json", "-", "--seed", "5"]) == 0

    captured = capsys.readouterr()
    document = json.loads(captured.out)
    assert captured.err == "" and len(document["steps"]) == 4
    assert document["recipe"]["seed"] == 5 and document["recipe"]["labels"] == [3]


def test_blending_blends_two_images(capsys: pytest.CaptureFixture[str]) -> None:
    images = ["--image", "hand:4-1", "--image2", "hand:1-2"]
    ends = ["--start", "0.5", "--stop", "0.8"]
    assert main(["sweep", "blending", *images, *ends, *FEW, "--json", "-"]) == 0

    document = json.loads(capsys.readouterr().out)
    wanted = run_sweep(
        _recipe("blending", "hand:4-1", "hand:1-2", start=0.5, stop=0.8),
        McSampler(load_network("mc").model),
    )
    assert document["recipe"]["labels"] == [4, 1]
    assert [row["value"] for row in document["steps"]] == pytest.approx([0.5, 0.6, 0.7, 0.8])
    for row, mean in zip(document["steps"], wanted.summary.mean, strict=True):
        assert row["confidence"] == pytest.approx(mean.max(), abs=1e-5)


def test_noise_has_its_own_seed_and_a_column_of_shares(capsys: pytest.CaptureFixture[str]) -> None:
    noise = ["sweep", "noise", "--image", "hand:3-17", *FEW, "--noise-seed"]
    outputs = []
    for seed in ("0", "1"):
        assert main([*noise, seed]) == 0
        outputs.append(capsys.readouterr().out)
    assert outputs[0] != outputs[1]
    assert "pixels" in outputs[0] and "90.0%" in outputs[0] and "noise seed 1" in outputs[1]


def test_label_of_the_command_line_comes_before_the_images_own(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main([*ROTATION, "--label", "8", "--json", "-"]) == 0

    document = json.loads(capsys.readouterr().out)
    assert document["recipe"]["labels"] == [8]
    assert all(row["right"] == (row["predicted"] == 8) for row in document["steps"])


def test_picture_of_unknown_label_has_no_right_and_wrong(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    three = resolve(parse_reference("hand:3-17")).image[:, :, 0]
    path = tmp_path / "three.png"
    Image.fromarray(np.round(255 * (1 - three)).astype(np.uint8)).resize((140, 140)).save(path)
    assert main(["sweep", "rotation", "--image", str(path), *FEW]) == 0
    table = capsys.readouterr().out
    assert "right" not in table and "wrong" not in table

    assert main(["sweep", "rotation", "--image", str(path), *FEW, "--json", "-"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["recipe"]["labels"] == [None]
    assert document["recipe"]["references"] == [f"file:{path}"]
    assert document["steps"][0]["predicted"] == 3


def test_plain_asks_the_network_without_dropout_as_well(
    expected: SweepResult, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*ROTATION, "--plain", "--json", "-"]) == 0
    document = json.loads(capsys.readouterr().out)
    plain = score_one_pass(load_network("plain").model, expected.images)
    for row, probs in zip(document["steps"], plain, strict=True):
        assert row["plain_predicted"] == probs.argmax()
        assert row["plain_softmax"] == pytest.approx(probs.max(), abs=1e-5)

    assert main([*ROTATION, "--plain"]) == 0
    assert "trained without dropout" in capsys.readouterr().out


def test_sweep_of_several_blocks_is_the_same_and_shows_its_progress(
    expected: SweepResult, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sweep, "BLOCK_ROWS", 60)  # two steps at a time
    assert main([*ROTATION, "--json", "-"]) == 0

    captured = capsys.readouterr()
    assert captured.err.startswith("Sweep [====") and captured.err.count("\n") == 1
    found = [row["confidence"] for row in json.loads(captured.out)["steps"]]
    assert found == pytest.approx(expected.summary.mean.max(axis=1).tolist(), abs=1e-5)


def test_mnist_image_brings_its_label(mnist_data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sweep", "rotation", "--image", "mnist:5", *FEW, "--json", "-"]) == 0

    document = json.loads(capsys.readouterr().out)
    assert document["recipe"]["labels"] == [1] and document["steps"][0]["predicted"] == 1


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["rotation", "--steps", "0"], "Invalid value for --steps. Expected a whole"),
        (["rotation", "--steps", "10000"], "from 2 to 360"),
        (
            ["rotation", "--start", "nan"],
            "--start. Expected degrees from -360 to 720. Received: nan",
        ),
        (["rotation", "--start", "20", "--stop", "10"], "--stop. Expected more than start"),
        (["rotation", "--stop", "361"], "--stop. Expected at most one whole turn"),
        (["blending", "--image2", "hand:1-2", "--stop", "1.5"], "alpha"),
        (["blending"], "--image2. Expected a second image"),
        (["blending", "--image2", "hand:1-2", "--label2", "10"], "from 0 to 9"),
        (["rotation", "--image2", "hand:1-2"], "rotation has one image"),
        (["noise", "--label2", "1"], "noise has one image"),
        (["rotation", "--noise-seed", "1"], "no noise"),
        (["noise", "--noise-seed", "-1"], "--noise-seed. Expected"),
        (["rotation", "--label", "12"], "from 0 to 9"),
        (["rotation", "--image", "mnist:99999"], "mnist:99999"),
        (["rotation", "--image", "/nowhere.png"], "No such file"),
        (["rotation", "--num-samples", "0"], "--num-samples. Expected"),
        (["rotation", "--seed", "-1"], "--seed. Expected"),
        (["rotation", "--network", "resnet"], "one of mc, rate-01, "),
        (["rotation", "--network", "plain"], "dropout"),
        (["rotation", "--folder", "/nowhere"], "python -m core train"),
        (
            ["rotation", "--num-samples", "100000", "--steps", "360", "--npz", "x.npz"],
            "fewer passes",
        ),
        (["rotation", "--gif", "x.txt"], "--gif. Expected a file whose name ends in .gif. Rec"),
        (["rotation", "--html", "x"], "ends in .html or .htm. Received: x"),
        (["rotation", "--csv", "x.json"], "ends in .csv"),
        (["rotation", "--npz", "npz"], "ends in .npz"),
        (["rotation", "--json", "x.json.gz"], "ends in .json"),
        (["rotation", "--gif", ""], "--gif. Expected a file"),
        (["rotation", "--csv", "-"], "Only --json"),
    ],
)
def test_bad_input_is_one_sentence_and_2(
    arguments: list[str],
    told: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    kind, *rest = arguments
    assert main(["sweep", kind, "--image", "hand:3-17", *FEW, *rest]) == 2

    assert told in _told(capsys)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["gif", "html", "csv", "npz", "json"])
def test_folder_and_path_below_a_file_are_refused_before_anything_is_computed(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "_networks", lambda _: pytest.fail("a network was loaded"))
    (tmp_path / "file").write_text("kept")
    assert main([*ROTATION, f"--{name}", str(tmp_path)]) == 2
    assert f"--{name}" in (told := _told(capsys)) and "is a folder" in told
    assert main([*ROTATION, f"--{name}", str(tmp_path / "file" / "out")]) == 2
    assert "file is not a folder" in _told(capsys)
    assert (tmp_path / "file").read_text() == "kept"


def test_disk_that_fails_is_told_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(path: Path, content: bytes) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("core.commands.sweep_outputs.write_atomically", full)
    assert main([*ROTATION, "--csv", str(tmp_path / "out.csv")]) == 2
    assert "No space left on device" in _told(capsys)


def test_file_of_an_earlier_sweep_is_replaced(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "out.csv"
    path.write_text("earlier")
    assert main([*ROTATION, "--csv", str(path)]) == 0
    assert path.read_text().startswith("step,value,predicted")


def test_usual_endings_in_any_case_are_taken(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page, table = tmp_path / "out.htm", tmp_path / "OUT.CSV"
    assert main([*ROTATION, "--html", str(page), "--csv", str(table)]) == 0
    assert page.exists() and table.exists()


def test_help_says_the_limits_of_start_and_stop(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["sweep", "--help"])
    assert ended.value.code == 0
    told = " ".join(capsys.readouterr().out.split())
    for kind, (low, high) in recipe._ENDS.items():
        assert re.search(rf"{kind} \({low:g} to {high:g}\)", told)
    assert "at most a whole turn" in told and "leaves its end out" in told


def test_unknown_kind_and_missing_image_are_usage_errors() -> None:
    for arguments in (["sweep", "bark", "--image", "hand:3-17"], ["sweep", "rotation"]):
        with pytest.raises(SystemExit) as ended:
            main(arguments)
        assert ended.value.code == 2


def test_defaults_are_the_recipes_own() -> None:
    assert recipe.KINDS == command._KINDS
    assert recipe.DEFAULT_NUM_STEPS == command._DEFAULT_STEPS
