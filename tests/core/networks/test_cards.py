from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest

from core.errors import DamagedFileError, InvalidInputError
from core.networks.cards import (
    MEAN_SOFTMAX,
    ONE_PASS,
    Metric,
    NetworkCard,
    read_card,
    require_network_name,
    write_card,
)

_VALUES: dict[str, Any] = {
    "name": "tiny",
    "title": "Tiny network",
    "architecture": ("dense 10, softmax -> 10",),
    "num_parameters": 7850,
    "rates": {"dropout1": 0.5},
    "seed": 3,
    "epochs": 4,
    "epochs_trained": 3,
    "best_epoch": 2,
    "batch_size": 128,
    "learning_rate": 0.001,
    "validation_nll": (0.5, 0.3, 0.4),
    "training_seconds": 12.5,
    "device": "CPU, 2 cores",
    "versions": {"keras": "3.15.1"},
    "data": "MNIST",
    "data_checksum": "a" * 64,
    "weights_file": "tiny.keras",
    "weights_sha256": "b" * 64,
    "metrics": (
        Metric("test", ONE_PASS, 10_000, 0.99, 0.03),
        Metric("test", MEAN_SOFTMAX, 10_000, 0.98, 0.04, num_samples=1000, seed=0),
    ),
}


@pytest.fixture
def card() -> NetworkCard:
    return NetworkCard(**_VALUES)


def test_card_written_and_read_is_the_same(card: NetworkCard, tmp_path: Path) -> None:
    path = write_card(card, tmp_path)

    assert path == tmp_path / "tiny.json"
    assert read_card(path) == card


def test_metric_is_found_by_data_and_method(card: NetworkCard) -> None:
    found = card.metric("test", MEAN_SOFTMAX)

    assert found is not None and found.accuracy == 0.98
    assert card.metric("validation", ONE_PASS) is None


def test_with_metrics_replaces_the_one_of_the_same_kind_only(card: NetworkCard) -> None:
    newer = Metric("test", ONE_PASS, 10_000, 0.995, 0.02)
    added = Metric("validation", ONE_PASS, 10_000, 0.991, 0.03)

    changed = card.with_metrics(newer, added)

    assert changed.metrics == (newer, card.metrics[1], added)
    assert len(card.metrics) == 2


def test_has_dropout_follows_the_rates(card: NetworkCard) -> None:
    assert card.has_dropout
    assert not dataclasses.replace(card, rates={}).has_dropout


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "../mc"),
        ("name", ""),
        ("title", ""),
        ("architecture", "dense"),
        ("num_parameters", 0),
        ("rates", {"dropout1": 1.0}),
        ("rates", {"dropout1": "0.5"}),
        ("seed", -1),
        ("seed", 1.5),
        ("best_epoch", 0),
        ("best_epoch", 4),
        ("epochs_trained", 5),
        ("batch_size", True),
        ("learning_rate", float("nan")),
        ("validation_nll", (0.5, 0.3)),
        ("training_seconds", -1.0),
        ("versions", {"keras": 3}),
        ("data_checksum", "abc"),
        ("weights_sha256", "B" * 64),
        ("weights_file", "../tiny.keras"),
        ("weights_file", "/tmp/tiny.keras"),
        ("metrics", ("0.99",)),
    ],
)
def test_card_with_an_impossible_value_is_refused(field: str, value: Any) -> None:
    with pytest.raises(InvalidInputError):
        NetworkCard(**{**_VALUES, field: value})


@pytest.mark.parametrize(
    "values",
    [
        ("train", ONE_PASS, 10, 0.9, 0.1),
        ("test", "two passes", 10, 0.9, 0.1),
        ("test", ONE_PASS, 0, 0.9, 0.1),
        ("test", ONE_PASS, 10, 1.1, 0.1),
        ("test", ONE_PASS, 10, 0.9, -0.1),
        ("test", ONE_PASS, 10, 0.9, float("inf")),
        ("test", ONE_PASS, 10, 0.9, 0.1, 1000, 0),
        ("test", MEAN_SOFTMAX, 10, 0.9, 0.1),
        ("test", MEAN_SOFTMAX, 10, 0.9, 0.1, 1000, None),
    ],
)
def test_metric_with_an_impossible_value_is_refused(values: tuple[Any, ...]) -> None:
    with pytest.raises(InvalidInputError):
        Metric(*values)


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "{}", '{"name": "tiny"}', "\xff"])
def test_file_that_is_no_card_is_refused_by_name(text: str, tmp_path: Path) -> None:
    path = tmp_path / "tiny.json"
    path.write_bytes(text.encode("latin-1"))

    with pytest.raises(DamagedFileError, match=r"tiny\.json"):
        read_card(path)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("rates", [0.5]),
        ("architecture", None),
        ("validation_nll", "0.3"),
        ("metrics", [{"data": "test"}]),
        ("metrics", [3]),
        ("weights_sha256", None),
        ("surprise", 1),
    ],
)
def test_card_file_with_a_changed_value_is_refused(
    card: NetworkCard, field: str, value: Any, tmp_path: Path
) -> None:
    path = write_card(card, tmp_path)
    values = json.loads(path.read_text())
    path.write_text(json.dumps({**values, field: value}))

    with pytest.raises(DamagedFileError, match=r"tiny\.json is damaged"):
        read_card(path)


@pytest.mark.parametrize("name", ["mc", "plain", "mc-0_3", "a" * 64])
def test_network_name_that_can_name_a_file_is_taken(name: str) -> None:
    assert require_network_name(name) == name


@pytest.mark.parametrize("name", ["", "MC", "mc.scores", "../mc", "mc/x", "-mc", "a" * 65, 3, None])
def test_network_name_that_cannot_is_refused(name: object) -> None:
    with pytest.raises(InvalidInputError, match="network"):
        require_network_name(name)
