"""`score` on the shipped network, a few images and passes: the rest is in test_train.py."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from core.commands.main import main
from core.experiments import REFERENCE_SETS, ReferenceScores, load_quantiles, load_reference
from core.networks import models_folder

TRIAL = ["--limit", "6", "--num-samples", "4", "--seed", "2"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The shipped networks alone, without scores."""
    for name in ("mc.json", "mc.keras", "plain.json", "plain.keras"):
        shutil.copy(models_folder() / name, tmp_path / name)
    return tmp_path


@pytest.fixture
def mnist_alone(
    mnist_data: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """A folder LABRADOR_DATA that holds MNIST and nothing else."""
    data = tmp_path_factory.mktemp("data")
    (data / "mnist.npz").symlink_to(mnist_data)
    monkeypatch.setenv("LABRADOR_DATA", str(data))
    return data


def test_score_keeps_the_reference_sets_and_says_which_it_left_out(
    mnist_alone: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["score", *TRIAL, "--folder", str(folder)]) == 0

    captured = capsys.readouterr()
    out = captured.out.splitlines()
    assert out[0].startswith("Left out: kmnist. The Kuzushiji characters are not on this machine")
    assert out[1].startswith("Left out: pen-digits. The pen digits are not on this machine")
    assert [line.split()[0] for line in out[2:]] == ["validation"] * 2 + ["test"] * 2 + [
        "reference"
    ]
    assert "84 images  in 14 sets, T = 4, seed 2: mc.reference.npz" in out[-1]
    assert captured.err.count("test, 4 passes") == 1  # asked once, for card and reference scores
    assert captured.err.count("rotated-180, 4 passes") == 1
    reference = load_reference("mc", folder)
    assert tuple(reference.sets) == REFERENCE_SETS[:14]
    assert (reference.num_samples, reference.seed, reference.num_images) == (4, 2, 84)
    for name, one in reference.sets.items():
        assert (one.log_mean is not None) == (name in ("validation", "test"))
    test = reference.sets["test"]
    quantiles = load_quantiles("mc", folder)
    most = float(test.measures["variance"].max())
    assert quantiles.share_below("variance", most * 1.001) == 1.0
    np.testing.assert_array_equal(test.positions, np.arange(6))


def test_score_without_reference_writes_what_it_wrote(
    mnist_data: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["score", *TRIAL, "--no-reference", "--folder", str(folder)]) == 0

    assert len(capsys.readouterr().out.splitlines()) == 4
    assert not list(folder.glob("*.npz"))


def test_score_of_a_plain_network_keeps_no_reference(
    mnist_data: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["score", "--network", "plain", *TRIAL, "--folder", str(folder)]) == 0

    assert len(capsys.readouterr().out.splitlines()) == 2
    assert not list(folder.glob("*.npz"))


def test_score_with_all_data_keeps_all_sets(
    mnist_data: Path, labrador_data: Path, folder: Path
) -> None:
    if not all(
        (labrador_data / name).is_file() for name in ("kmnist_test.npz", "pen_strokes.json.gz")
    ):
        pytest.skip("kmnist_test.npz and pen_strokes.json.gz are not in LABRADOR_DATA")

    assert main(["score", "--limit", "2", "--num-samples", "2", "--folder", str(folder)]) == 0

    reference: ReferenceScores = load_reference("mc", folder)
    assert tuple(reference.sets) == REFERENCE_SETS
    assert not reference.sets["kmnist"].has_labels and reference.sets["pen-digits"].has_labels


def test_a_damaged_data_set_is_told_before_any_pass(
    mnist_alone: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (mnist_alone / "kmnist_test.npz").write_bytes(b"PK")

    assert main(["score", *TRIAL, "--folder", str(folder)]) == 2

    captured = capsys.readouterr()
    assert "kmnist_test.npz is damaged" in captured.err and "passes" not in captured.err
