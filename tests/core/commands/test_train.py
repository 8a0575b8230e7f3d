from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from core.commands.main import main
from core.experiments import load_quantiles
from core.networks import MEAN_SOFTMAX, ONE_PASS, list_networks, load_network

# Keras 3.15 saves weights through an interface that NumPy 2.4 frowns upon.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")

TRIAL = ["--limit", "240", "--epochs", "1", "--num-samples", "3"]


def test_train_writes_network_card_and_scores_that_belong_together(
    mnist_data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["train", *TRIAL, "--seed", "4", "--folder", str(tmp_path)]) == 0

    captured = capsys.readouterr()
    assert "epoch  1/1 [========================] 100%" in captured.err
    assert "Kept epoch 1 of 1" in captured.out
    assert list_networks(tmp_path) == ("mc",)
    network = load_network("mc", tmp_path)
    card = network.card
    assert (card.seed, card.epochs, card.best_epoch) == (4, 1, 1)
    assert card.rates == {"dropout1": 0.5, "dropout2": 0.5, "dropout3": 0.5}
    assert "the first 200 of its 60,000" in card.data and "40 of the last 10,000" in card.data
    for data in ("validation", "test"):
        one, mean = card.metric(data, ONE_PASS), card.metric(data, MEAN_SOFTMAX)
        assert one is not None and one.num_images == 240
        assert mean is not None and (mean.num_samples, mean.seed) == (3, 0)
    quantiles = load_quantiles("mc", tmp_path)
    assert quantiles.num_samples == 3
    assert quantiles.distributions["variance"].num_images == 240


def test_train_plain_writes_no_mean_softmax_and_no_scores(
    mnist_data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["train", "--network", "plain", *TRIAL, "--folder", str(tmp_path)]) == 0

    assert sorted(path.name for path in tmp_path.iterdir()) == ["plain.json", "plain.keras"]
    card = load_network("plain", tmp_path).card
    assert card.rates == {} and card.metric("test", ONE_PASS) is not None
    assert card.metric("test", MEAN_SOFTMAX) is None


def test_score_measures_what_was_only_trained(
    mnist_data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = ["--folder", str(tmp_path)]
    assert main(["train", *TRIAL, "--no-score", *folder]) == 0
    before = json.loads((tmp_path / "mc.json").read_text())
    assert [metric["data"] for metric in before["metrics"]] == ["validation"]
    capsys.readouterr()

    arguments = ["--limit", "30", "--num-samples", "4", "--seed", "2", "--no-reference"]
    assert main(["score", *arguments, *folder, "--out", str(tmp_path)]) == 0

    after = json.loads((tmp_path / "mc.json").read_text())
    assert {**after, "metrics": None} == {**before, "metrics": None}
    assert [(metric["data"], metric["method"]) for metric in after["metrics"]] == [
        ("validation", "one pass"),
        ("validation", "mean softmax"),
        ("test", "one pass"),
        ("test", "mean softmax"),
    ]
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 4 and len({line.index("accuracy") for line in lines}) == 1
    assert load_quantiles("mc", tmp_path).seed == 2


def test_score_gives_the_accuracy_of_the_labels(
    mnist_data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from core.images import as_batch, load_mnist_test

    folder = ["--folder", str(tmp_path)]
    assert main(["train", *TRIAL, "--no-score", *folder]) == 0
    assert (
        main(["score", "--limit", "50", "--num-samples", "2", *folder, "--out", str(tmp_path)]) == 0
    )

    network, mnist = load_network("mc", tmp_path), load_mnist_test()
    assert mnist is not None
    probs = np.asarray(network.model(as_batch(mnist.x[:50]), training=False))
    metric = network.card.metric("test", ONE_PASS)
    assert metric is not None
    assert metric.accuracy == pytest.approx(np.mean(probs.argmax(axis=1) == mnist.y[:50]))


def test_zoo_trains_what_is_missing_or_damaged_and_leaves_the_rest_alone(
    mnist_data: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("core.commands.train.SHIPPED_NETWORKS", ("mc", "tanh", "block", "plain-2"))
    arguments = ["train", "--zoo", "--limit", "60", "--epochs", "1", "--folder", str(tmp_path)]
    assert main(arguments) == 0
    assert load_network("tanh", tmp_path).model.get_layer("conv1").activation.__name__ == "tanh"
    assert load_network("plain-2", tmp_path).card.seed == 2
    rivals = {path.name for path in tmp_path.glob("*.rivals.npz")}  # of no ensemble's member
    assert rivals == {"mc.rivals.npz", "tanh.rivals.npz", "block.rivals.npz"}
    (tmp_path / "block.keras").write_bytes(b"damaged")
    (tmp_path / "mc.json").unlink()
    kept = (tmp_path / "tanh.keras").stat().st_mtime_ns
    capsys.readouterr()

    assert main(arguments) == 0

    told = capsys.readouterr().out
    assert "block: its rivals are fitted." in told and "tanh: its rivals" not in told
    assert "tanh: is there." in told and "plain-2: is there." in told
    assert "The weights of the network block were changed" in told
    assert "expected mc.json" in told
    assert (tmp_path / "tanh.keras").stat().st_mtime_ns == kept
    assert load_network("block", tmp_path).model.get_layer("dropout1").block_size == 3


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--epochs", "0"], "epochs"),
        (["--batch-size", "0"], "batch_size"),
        (["--learning-rate", "nan"], "learning_rate"),
        (["--seed", "-1"], "seed"),
        (["--limit", "5"], "limit"),
        (["--limit", "60001"], "limit"),
    ],
)
def test_bad_arguments_end_with_2_and_leave_the_folder_alone(
    mnist_data: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    told: str,
) -> None:
    assert main(["train", *arguments, "--folder", str(tmp_path)]) == 2

    assert f"Invalid value for {told}" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", ["train", "score"])
def test_without_mnist_both_say_how_to_get_it(
    command: str, no_mnist: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = [] if command == "score" else ["--folder", str(no_mnist)]
    assert main([command, *folder]) == 2

    assert "python -m core data" in capsys.readouterr().err
