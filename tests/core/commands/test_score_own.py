"""`score --model` and `policy --scores`: from labelled images to a policy for them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from core.commands import score as score_command
from core.commands.main import main
from core.commands.score_own import scores_file
from core.experiments.own_scores_file import load_own_scores
from core.networks.own_network import OwnNetwork
from core.uncertainty import load_policy
from tests.core.experiments.own_networks import own_network


@pytest.fixture(scope="module")
def network() -> OwnNetwork:
    return own_network(3, names=("cat", "dog", "fox"))


@pytest.fixture
def loaded(network: OwnNetwork, monkeypatch: pytest.MonkeyPatch) -> OwnNetwork:
    """The network that every `--model` names."""
    monkeypatch.setattr(score_command, "load_model", lambda arguments: network)
    return network


@pytest.fixture
def data(tmp_path: Path) -> Path:
    rng = np.random.default_rng(0)
    names = ["cat", "dog", "fox", "2"]
    rows = [
        ",".join([*map(str, row), names[at % 4]])
        for at, row in enumerate(rng.normal(size=(80, 4)).round(3))
    ]
    path = tmp_path / "mine.csv"
    path.write_text("\n".join(["a,b,c,d,label", *rows, "1,2,3,x,cat", "1,2,3,4,lion"]))
    return path


def test_labelled_rows_become_scores_and_scores_a_policy(
    loaded: OwnNetwork, data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "my.npz"
    options = ["--model", "my.keras", "--data", str(data), "--num-samples", "5"]
    assert main(["score", *options, "--strangers", str(data), "--out", str(out)]) == 0

    captured = capsys.readouterr()
    assert "validation      40 rows  right: committee" in captured.out
    assert "strangers       81 rows\n" in captured.out
    assert "too few to promise 1% risk" in captured.out and f"Written: {out}." in captured.out
    assert captured.err.count("Left out: ") == 3  # a bad row twice, a label that is none once
    scores = load_own_scores(out, loaded)
    assert (scores.num_samples, scores.sets["test"].num_images) == (5, 40)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mine.csv", "my.npz"]

    policy = tmp_path / "my.json"
    assert main(["policy", "--scores", str(out), "--out", str(policy)]) == 0
    made = load_policy(policy)
    assert (made.model_sha256, made.num_classes) == (loaded.sha256, 3)
    assert "strangers   accepts" in capsys.readouterr().out
    promise = ["--target", "0.01", "--out", str(tmp_path / "no.json")]
    assert main(["policy", "--scores", str(out), *promise]) == 2
    assert "It takes 374 validation rows at least, and there are 40." in capsys.readouterr().err


def test_scores_are_named_after_the_model_unless_a_file_is_named(tmp_path: Path) -> None:
    assert scores_file(None, Path("a/my.keras")) == Path("my.scores.npz")
    assert scores_file(tmp_path, Path("my.keras")) == tmp_path / "my.scores.npz"
    assert scores_file(tmp_path / "b.npz", Path("my.keras")) == tmp_path / "b.npz"


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--data", "somewhere"], "network of your own, by --model"),
        (["--strangers", "somewhere"], "network of your own, by --model"),
    ],
)
def test_images_without_a_model_are_refused(
    options: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["score", *options]) == 2
    assert told in capsys.readouterr().err


def test_a_model_without_data_and_data_that_are_not_there_are_refused(
    loaded: OwnNetwork, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["score", "--model", "my.keras"]) == 2
    assert "labelled images" in capsys.readouterr().err
    assert main(["score", "--model", "my.keras", "--data", str(tmp_path / "no")]) == 2
    assert "no" in capsys.readouterr().err


@pytest.mark.parametrize("content", [None, b"no scores"])
def test_scores_that_are_none_are_refused(
    content: bytes | None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "my.npz"
    if content is not None:
        path.write_bytes(content)
    assert main(["policy", "--scores", str(path), "--out", str(tmp_path / "p.json")]) == 2
    assert "my.npz" in capsys.readouterr().err and not (tmp_path / "p.json").exists()
