from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from core.commands import reproduction_document
from core.commands.main import main
from core.commands.reproduce import DOCUMENT, PICTURES
from core.experiments.comparison import BARS, Bar
from core.experiments.reproduction import Reproduction, reproduce
from core.images import load_mnist_test
from core.inference import McSampler
from core.networks import load_network

ROOT = Path(__file__).parents[3]
FEW = ["--seeds", "2", "--num-samples", "20"]


@pytest.fixture(scope="module")
def made(mnist_data: Path) -> Reproduction:
    """The post's sweeps on the shipped network, with fewer passes than by default."""
    mnist = load_mnist_test(mnist_data)
    assert mnist is not None
    sampler = McSampler(load_network("mc").model)
    return reproduce(sampler, mnist, network="mc", num_seeds=2, num_samples=200)


def test_shipped_network_reaches_the_bars_with_every_seed(made: Reproduction) -> None:
    kinds: tuple[Any, ...] = ("rotation", "blending")
    for kind in kinds:
        for found in made.comparisons(kind):
            assert found.num_steps == 36 and found.num_samples == 200
            for bar in BARS:
                if bar.kind == kind:
                    assert bar.is_met(found), (bar, found)


def test_bars_are_those_of_the_plan() -> None:
    assert {(bar.kind, bar.figure): bar.least for bar in BARS} == {
        ("rotation", "same_or_better"): 33,
        ("rotation", "entropy"): 0.75,
        ("rotation", "mean_softmax"): 0.65,
        ("blending", "same_or_better"): 36,
        ("blending", "entropy"): 0.85,
    }


def test_sweeps_are_of_the_posts_images_with_seeds_from_0(made: Reproduction) -> None:
    assert [each.seed for each in made.rotations] == [each.seed for each in made.blendings]
    assert [each.seed for each in made.rotations] == [0, 1]
    assert made.rotations[0].recipe.references == ("mnist:5",)
    assert made.blendings[0].recipe.references == ("mnist:4", "mnist:5")
    assert (made.noise.kind, made.noise.recipe.references) == ("noise", ("mnist:5",))


def test_command_prints_and_writes_document_and_pictures(
    mnist_data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["reproduce", *FEW, "--out", str(tmp_path / "new")]) == 0

    printed = capsys.readouterr().out
    assert printed.count("same or better at least") == 2
    assert "33 of 36" in printed and "holds: Turned by 90 degrees" in printed
    text = (tmp_path / "new" / DOCUMENT).read_text(encoding="utf-8")
    assert "    python -m core reproduce --seeds 2 --num-samples 20\n" in text
    assert str(tmp_path) not in text
    # For each of two sweeps: its seeds, and its steps.
    assert len(re.findall(r"^\| [01] \| \d+ of 36 \|", text, re.MULTILINE)) == 4
    assert len(re.findall(r"^\| \d+ \| [\d.]+°? \|", text, re.MULTILINE)) == 72
    for name in PICTURES.values():
        assert f"]({name})" in text
        with Image.open(tmp_path / "new" / name) as picture:
            assert picture.width == 1400
    assert {path.name for path in (tmp_path / "new").iterdir()} == {DOCUMENT, *PICTURES.values()}


def test_missed_bar_is_said_and_no_error(
    mnist_data: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bars = (Bar("rotation", "entropy", 1.0), Bar("blending", "same_or_better", 36))
    monkeypatch.setattr(reproduction_document, "BARS", bars)

    assert main(["reproduce", *FEW, "--out", str(tmp_path)]) == 0

    assert "entropy at least 1: missed with seeds 0, 1" in capsys.readouterr().out
    text = (tmp_path / DOCUMENT).read_text(encoding="utf-8")
    assert "**missed with seeds 0, 1**" in text and "**met**" in text


def test_document_of_the_same_sweeps_is_the_same(made: Reproduction) -> None:
    texts = {reproduction_document.document(made, "x", PICTURES) for _ in range(2)}
    assert len(texts) == 1
    (text,) = texts
    assert "nan" not in text and max(map(len, text.split("\n\n")[1].splitlines())) <= 100


def test_shipped_document_is_of_the_shipped_network() -> None:
    text = (ROOT / "docs" / DOCUMENT).read_text(encoding="utf-8")
    checksum = McSampler(load_network("mc").model).weights_checksum
    assert f"`{checksum[:12]}…`" in text and "    python -m core reproduce\n" in text
    assert all((ROOT / "docs" / name).is_file() for name in PICTURES.values())


def test_without_mnist_it_says_how_to_get_it(
    no_mnist: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["reproduce", "--out", str(tmp_path / "out")]) == 2

    captured = capsys.readouterr()
    assert captured.out == "" and "python -m core data" in captured.err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--seeds", "0"], "from 1 to 100"),
        (["--seeds", "101"], "from 1 to 100"),
        (["--num-samples", "0"], "num_samples"),
        (["--network", "plain"], "dropout"),
        (["--network", "resnet"], "one of mc, rate-01, "),
    ],
)
def test_bad_arguments_end_with_2_and_a_sentence(
    arguments: list[str],
    told: str,
    mnist_data: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["reproduce", *arguments, "--out", str(tmp_path)]) == 2

    captured = capsys.readouterr()
    assert captured.out == "" and told in captured.err and "Traceback" not in captured.err
    assert list(tmp_path.iterdir()) == []


def test_folder_that_is_a_file_is_refused(
    mnist_data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "out").write_text("taken")

    assert main(["reproduce", *FEW, "--out", str(tmp_path / "out")]) == 2

    assert "a folder that can be written to" in capsys.readouterr().err
