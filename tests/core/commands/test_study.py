from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import pytest

import core.experiments.study as study_module
from core.commands import study as command
from core.commands.main import main
from core.commands.study_page import study_page
from core.experiments.recipe import KINDS
from core.experiments.study_file import load_study, read_study, study_path
from core.networks import models_folder
from tests.core.experiments.studies import study

TRIAL = ["--images", "12", "--num-samples", "3", "--steps", "4", "--validation", "150"]


def test_study_writes_result_and_page_and_leaves_no_state(
    mnist_data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["study", "rotation", *TRIAL, "--seed", "3", "--out", str(tmp_path)]) == 0

    captured = capsys.readouterr()
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "mc.study.rotation.json",
        "study.md",
    ]
    assert "test sweeps [========================] 100%  12 images" in captured.err
    for told in ("The twin at 0.5:", "predictive entropy", "Over 12 test digits", "Written:"):
        assert told in captured.out
    made = read_study(study_path("rotation", "mc", tmp_path))
    assert (made.num_images, made.num_samples, made.num_steps, made.seed) == (12, 3, 4, 3)
    assert made.values.tolist() == [0.0, 90.0, 180.0, 270.0]
    page = (tmp_path / "study.md").read_text()
    assert page == study_page([made])

    assert main(["study", "blending", *TRIAL, "--out", str(tmp_path)]) == 0

    page = (tmp_path / "study.md").read_text()
    assert "## Turned all the way round" in page and "## Blended with another digit" in page
    assert "## Buried in noise" not in page


def test_interrupted_study_says_where_it_goes_on_and_ends_the_same(
    mnist_data: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    whole, parts = tmp_path / "whole", tmp_path / "parts"
    assert main(["study", "noise", *TRIAL, "--out", str(whole)]) == 0
    run_study = study_module.run_study

    def interrupted(*arguments, progress, **named):
        def stop(part: str, done: int, total: int) -> None:
            progress(part, done, total)
            if (part, done) == ("test", 5):
                raise KeyboardInterrupt

        return run_study(*arguments, progress=stop, **named)

    monkeypatch.setattr(study_module, "run_study", interrupted)
    assert main(["study", "noise", *TRIAL, "--out", str(parts)]) == 130
    assert "mc.study.noise.partial.npz; the same command goes on" in capsys.readouterr().err
    assert [path.name for path in parts.iterdir()] == ["mc.study.noise.partial.npz"]
    monkeypatch.setattr(study_module, "run_study", run_study)

    # Another study does not take it for its own, and does not spoil it.
    assert main(["study", "noise", *TRIAL, "--seed", "1", "--out", str(parts)]) == 2
    assert "another study" in capsys.readouterr().err

    assert main(["study", "noise", *TRIAL, "--out", str(parts)]) == 0
    assert "Going on from mc.study.noise.partial.npz" in capsys.readouterr().err
    assert not (parts / "mc.study.noise.partial.npz").exists()
    for name in ("mc.study.noise.json", "study.md"):
        assert (parts / name).read_bytes() == (whole / name).read_bytes()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--images", "0"], "num_images"),
        (["--images", "10001"], "num_images"),
        (["--num-samples", "0"], "num_samples"),
        (["--steps", "1"], "num_steps"),
        (["--seed", "-1"], "seed"),
        (["--network", "../mc"], "network"),
        (["--network", "plain"], "model"),
    ],
)
def test_bad_arguments_end_with_2_and_write_nothing(
    mnist_data: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    told: str,
) -> None:
    assert main(["study", "rotation", *arguments, "--out", str(tmp_path)]) == 2

    assert f"Invalid value for {told}" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_without_mnist_it_says_how_to_get_it(
    no_mnist: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["study", "rotation", *TRIAL, "--out", str(tmp_path / "out")]) == 2

    assert "python -m core data" in capsys.readouterr().err


def test_page_leaves_out_what_is_damaged_or_of_other_weights(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from core.experiments import save_study

    newest = study()
    save_study(study_path("rotation", "mc", tmp_path), newest)
    study_path("noise", "mc", tmp_path).write_text("{")
    document = json.loads(study_path("rotation", "mc", tmp_path).read_text())
    document |= {"kind": "blending", "weights_sha256": "0" * 64}
    study_path("blending", "mc", tmp_path).write_text(json.dumps(document))

    command.write_page(tmp_path / "page.md", newest, tmp_path)

    assert (tmp_path / "page.md").read_text().count("\n## ") == 2  # what is compared, rotation
    told = capsys.readouterr().err
    assert "mc.study.noise.json is damaged" in told and "blending, of other weights" in told


@pytest.mark.parametrize(
    ("kind", "word"), [("rotation", "upright"), ("blending", "unblended"), ("noise", "clean")]
)
def test_section_of_a_kind_calls_images_as_they_are_by_its_word(kind: str, word: str) -> None:
    section = study_page([study(kind)]).partition("\n## ")[2].partition("\n## ")[2]

    assert f"limits from 300 {word} validation images." in section
    assert f"| rule | limit | {word}, validation |" in section
    others = {"upright", "unblended", "clean"} - {word}
    assert not any(other in section for other in others)


def test_shipped_page_is_made_of_the_shipped_numbers() -> None:
    page = models_folder().parent / "docs" / "study.md"

    assert page.read_text(encoding="utf-8") == study_page([load_study(kind) for kind in KINDS])


def test_tables_have_as_many_cells_in_each_row() -> None:
    rows = [line for line in study_page([study("noise")]).splitlines() if line.startswith("|")]

    assert len(rows) > 60
    for above, below in pairwise(rows):
        if not below.startswith(("| rule", "| pixels", "| digit", "| certainty")):
            assert above.count("|") == below.count("|")


def test_a_trial_without_out_replaces_no_shipped_study(
    mnist_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    shipped = study_path("rotation")
    before = shipped.read_bytes()
    assert main(["study", "rotation", *TRIAL]) == 0
    assert shipped.read_bytes() == before
    assert (tmp_path / "study-trial" / shipped.name).is_file()
    assert (tmp_path / "study-trial" / "study.md").is_file()
