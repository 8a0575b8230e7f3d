"""`score` on the shipped network, a few images and passes: the rest is in test_train.py."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import core.experiments.reference_data as reference_module
from core.commands.main import main
from core.errors import MissingDataError
from core.experiments import (
    REFERENCE_SETS,
    ReferenceScores,
    checkpoint,
    load_quantiles,
    load_reference,
)
from core.inference import McSampler
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
    assert main(["score", *TRIAL, "--folder", str(folder), "--out", str(folder)]) == 0

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
    assert (
        main(["score", *TRIAL, "--no-reference", "--folder", str(folder), "--out", str(folder)])
        == 0
    )

    assert len(capsys.readouterr().out.splitlines()) == 4
    assert not list(folder.glob("*.npz"))


def test_score_of_a_plain_network_keeps_no_reference(
    mnist_data: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert (
        main(["score", "--network", "plain", *TRIAL, "--folder", str(folder), "--out", str(folder)])
        == 0
    )

    assert len(capsys.readouterr().out.splitlines()) == 2
    assert not list(folder.glob("*.npz"))


def test_score_with_all_data_keeps_all_sets(
    mnist_data: Path, labrador_data: Path, folder: Path
) -> None:
    if not all(
        (labrador_data / name).is_file() for name in ("kmnist_test.npz", "pen_strokes.json.gz")
    ):
        pytest.skip("kmnist_test.npz and pen_strokes.json.gz are not in LABRADOR_DATA")

    assert (
        main(
            [
                "score",
                "--limit",
                "2",
                "--num-samples",
                "2",
                "--folder",
                str(folder),
                "--out",
                str(folder),
            ]
        )
        == 0
    )

    reference: ReferenceScores = load_reference("mc", folder)
    assert tuple(reference.sets) == REFERENCE_SETS
    assert not reference.sets["kmnist"].has_labels and reference.sets["pen-digits"].has_labels


def test_a_damaged_data_set_is_told_before_any_pass(
    mnist_alone: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (mnist_alone / "kmnist_test.npz").write_bytes(b"PK")

    assert main(["score", *TRIAL, "--folder", str(folder), "--out", str(folder)]) == 2

    captured = capsys.readouterr()
    assert "kmnist_test.npz is damaged" in captured.err and "passes" not in captured.err


# Without MNIST: three sets of noise, of 250, 120 and 40 images, so of 3 + 2 + 1 batches.
SIZES = {"validation": 250, "test": 120, "kmnist": 40}
WRITTEN = ("mc.json", "mc.reference.npz", "mc.scores.json")
NUM_BATCHES = 6


def made_up(name: str, limit: int | None = None) -> reference_module.ReferenceData:
    """A reference set of noise."""
    if name not in SIZES:
        raise MissingDataError("It was left out on purpose.")
    size = min(SIZES[name], limit or SIZES[name])
    rng = np.random.default_rng(SIZES[name])
    images = rng.integers(0, 256, (size, 28, 28, 1), dtype=np.uint8)
    return reference_module.ReferenceData(
        name, images, rng.integers(0, 10, size), np.arange(size), "c"
    )


@pytest.fixture
def noise_sets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reference sets of noise instead of the real ones, saved after every batch."""
    monkeypatch.setattr(reference_module, "load_reference_data", made_up)
    monkeypatch.setattr(checkpoint, "_SECONDS_BETWEEN_SAVES", 0.0)


def summarise_until(
    monkeypatch: pytest.MonkeyPatch, last: int, stop: Callable[[], None]
) -> list[int]:
    """Have the sampler count the batches that it is asked, and stop before one of them."""
    asked: list[int] = []
    summarise = McSampler.summarise

    def counted(self: McSampler, images: Any, *arguments: Any, **named: Any) -> Any:
        if len(asked) == last:
            stop()
        asked.append(len(images))
        return summarise(self, images, *arguments, **named)

    monkeypatch.setattr(McSampler, "summarise", counted)
    return asked


def scored(folder: Path, out: Path, *more: str) -> int:
    return main(["score", "--num-samples", "3", "--folder", str(folder), "--out", str(out), *more])


@pytest.mark.parametrize("batches", [1, 2, 4, 5])
def test_stopped_scoring_says_how_to_go_on_and_ends_with_the_same_bytes(
    batches: int,
    noise_sets: None,
    folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    whole, parts = tmp_path / "whole", tmp_path / "parts"
    assert scored(folder, whole) == 0
    with monkeypatch.context() as patch:
        asked = summarise_until(patch, batches, lambda: signal.raise_signal(signal.SIGINT))
        assert scored(folder, parts) == 130
        assert len(asked) == batches
    error = capsys.readouterr().err
    assert error.endswith(
        f"Stopped. What is done is kept in {parts / 'mc.score.partial.npz'}; the same command goes"
        " on from there.\n"
    )
    assert (parts / "mc.score.partial.npz").is_file()
    assert not (parts / "mc.reference.npz").exists()

    asked = summarise_until(monkeypatch, -1, lambda: None)
    assert scored(folder, parts) == 0

    assert asked == [100, 100, 50, 100, 20, 40][batches:]
    assert "Going on from mc.score.partial.npz." in capsys.readouterr().err
    assert sorted(path.name for path in parts.iterdir()) == sorted(WRITTEN)
    for name in WRITTEN:
        assert (parts / name).read_bytes() == (whole / name).read_bytes()


def test_killed_scoring_ends_with_the_same_bytes(
    noise_sets: None, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, parts = tmp_path / "whole", tmp_path / "parts"
    program = textwrap.dedent(
        f"""
        import os, signal
        from pathlib import Path
        import pytest
        import core.experiments.reference_data as reference_module
        from core.experiments import checkpoint
        from tests.core.commands import test_score
        reference_module.load_reference_data = test_score.made_up
        checkpoint._SECONDS_BETWEEN_SAVES = 0.0
        patch = pytest.MonkeyPatch()
        test_score.summarise_until(patch, 4, lambda: os.kill(os.getpid(), signal.SIGKILL))
        test_score.scored(Path({str(folder)!r}), Path({str(parts)!r}))
        """
    )
    killed = subprocess.run(
        [sys.executable, "-c", program],
        cwd=models_folder().parent,
        env={**os.environ, "PYTHONPATH": str(models_folder().parent)},
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL
    assert [path.name for path in parts.iterdir()] == ["mc.score.partial.npz"]

    asked = summarise_until(monkeypatch, -1, lambda: None)
    assert scored(folder, parts) == 0
    assert asked == [20, 40]
    assert scored(folder, whole) == 0

    for name in WRITTEN:
        assert (parts / name).read_bytes() == (whole / name).read_bytes()


def test_state_of_another_seed_or_network_is_refused_and_left_alone(
    noise_sets: None,
    folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    out = tmp_path / "out"
    with monkeypatch.context() as patch:
        summarise_until(patch, 4, lambda: signal.raise_signal(signal.SIGINT))
        assert scored(folder, out) == 130
    state = out / "mc.score.partial.npz"
    content = state.read_bytes()
    asked = summarise_until(monkeypatch, -1, lambda: None)

    assert scored(folder, out, "--seed", "1") == 2
    other = ["--network", "plain", "--state", str(state)]
    assert scored(folder, out, *other) == 2

    error = capsys.readouterr().err
    assert error.count("mc.score.partial.npz, which is of another scoring") == 2
    assert "--state" in error and "Traceback" not in error
    assert asked == [] and state.read_bytes() == content
    assert scored(folder, out, "--seed", "1", "--state", str(tmp_path / "other.npz")) == 0
    assert len(asked) == NUM_BATCHES and state.read_bytes() == content
    assert not (tmp_path / "other.npz").exists()


def test_cut_off_state_is_said_and_not_used(
    noise_sets: None,
    folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    out = tmp_path / "out"
    with monkeypatch.context() as patch:
        summarise_until(patch, 4, lambda: signal.raise_signal(signal.SIGINT))
        assert scored(folder, out) == 130
    state = out / "mc.score.partial.npz"
    state.write_bytes(state.read_bytes()[:-100])
    asked = summarise_until(monkeypatch, -1, lambda: None)

    assert scored(folder, out) == 0

    error = capsys.readouterr().err
    assert "mc.score.partial.npz is damaged and is not used" in error
    assert "the scoring begins anew" in error and "Traceback" not in error
    assert len(asked) == NUM_BATCHES and not state.exists()


def test_stop_before_the_first_batch_is_only_told(
    noise_sets: None,
    folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def stop(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("core.experiments.scoring.score_one_pass", stop)

    assert scored(folder, tmp_path / "out") == 130

    assert capsys.readouterr().err == "Stopped.\n"
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "trial", [["--limit", "30"], ["--num-samples", "2"], ["--num-samples", "2", "--seed", "1"]]
)
def test_trial_never_writes_over_the_shipped_scores(
    trial: list[str],
    noise_sets: None,
    folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    if "--limit" in trial:
        trial = [*trial, "--folder", str(folder)]
    monkeypatch.setattr("core.commands.score.models_folder", lambda: folder)
    monkeypatch.chdir(tmp_path)
    before = {path.name: path.read_bytes() for path in folder.glob("*.*")}
    monkeypatch.setattr("core.commands.score.DEFAULT_NUM_SAMPLES", 3)

    assert (
        main(["score", *trial, *([] if "--num-samples" in trial else ["--num-samples", "3"])]) == 0
    )

    assert {path.name: path.read_bytes() for path in folder.glob("*.*")} == before
    assert sorted(path.name for path in (tmp_path / "score-trial").iterdir()) == sorted(WRITTEN)
    assert "Written into score-trial; what lies beside the network is as it was." in (
        capsys.readouterr().out
    )


def test_other_passes_for_a_network_of_ones_own_are_no_trial(
    noise_sets: None, folder: Path
) -> None:
    assert main(["score", "--num-samples", "3", "--seed", "4", "--folder", str(folder)]) == 0

    assert load_reference("mc", folder).seed == 4
