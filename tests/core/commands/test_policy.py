from __future__ import annotations

from pathlib import Path

import pytest

from core.commands.main import main
from core.experiments.default_policy import load_default_policy
from core.networks import load_card
from core.uncertainty import load_policy


def test_without_a_target_it_writes_the_default_policy(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "new" / "policy.json"
    assert main(["policy", "--out", str(path)]) == 0

    assert load_policy(path) == load_default_policy()
    printed = capsys.readouterr().out
    assert "95% of validation: predictive entropy ≤" in printed
    assert "validation  accepts  9,500 of 10,000 (95.0%)" in printed
    assert "kmnist" in printed and "nan" not in printed


def test_target_is_a_promise_of_one_limit(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "policy.json"
    options = ["--target", "0.005", "--confidence", "0.9", "--measure", "confidence"]
    assert main(["policy", *options, "--out", str(path)]) == 0

    policy = load_policy(path)
    assert list(policy.limits) == ["confidence"] and policy.name == "Promise 0.5%"
    assert policy.model_sha256 == load_card().weights_sha256
    assert "90% confidence" in policy.provenance.guarantee
    assert "confidence ≥" in capsys.readouterr().out


def test_impossible_promise_is_told_and_writes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "policy.json"
    assert main(["policy", "--target", "0.00001", "--out", str(path)]) == 2

    captured = capsys.readouterr()
    assert captured.err.startswith("Not possible on this data") and captured.out == ""
    assert not path.exists()


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--target", "0"], "target"),
        (["--target", "nan"], "target"),
        (["--target", "0.01", "--confidence", "1"], "confidence"),
        (["--target", "0.01", "--measure", "mood"], "measure"),
        (["--measure", "variance"], "--target"),
        (["--network", "resnet"], "one of mc, rate-01, "),
        (["--network", "plain"], "reference scores are missing"),
    ],
)
def test_bad_options_end_with_2_and_a_sentence(
    options: list[str], told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["policy", *options, "--out", str(tmp_path / "p.json")]) == 2

    captured = capsys.readouterr()
    assert captured.out == "" and told in captured.err and captured.err.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_place_that_cannot_be_written_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "taken").write_text("")
    assert main(["policy", "--out", str(tmp_path / "taken" / "p.json")]) == 2

    assert "can be written" in capsys.readouterr().err
