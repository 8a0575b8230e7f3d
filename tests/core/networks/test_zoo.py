from __future__ import annotations

import shutil
from pathlib import Path

import keras
import numpy as np
import pytest

from core.errors import DamagedFileError, InvalidInputError, MissingDataError
from core.networks import (
    MEAN_SOFTMAX,
    ONE_PASS,
    SHIPPED_NETWORKS,
    TrainingResult,
    TrainingSettings,
    build_mc_network,
    list_networks,
    load_card,
    load_network,
    models_folder,
    split_training_data,
    store_network,
)
from core.networks.architecture import describe_architecture, dropout_rates
from core.store import file_sha256

# Keras 3.15 saves weights through an interface that NumPy 2.4 frowns upon.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")


@pytest.fixture
def shipped(tmp_path: Path) -> Path:
    """A copy of the shipped networks that a test may damage."""
    return Path(shutil.copytree(models_folder(), tmp_path / "models"))


def test_shipped_networks_are_listed_with_the_default_first() -> None:
    assert list_networks()[0] == "mc"
    assert set(list_networks()) == {
        *("mc", "rate-01", "rate-03", "tanh", "elu", "element", "block"),
        *("plain", "plain-1", "plain-2", "plain-3", "plain-4"),
    }


@pytest.mark.parametrize("name", SHIPPED_NETWORKS)
def test_every_shipped_network_is_what_its_card_says(name: str) -> None:
    network = load_network(name)

    assert describe_architecture(network.model) == network.card.architecture
    assert dropout_rates(network.model) == network.card.rates
    # A network that learnt nothing, or another one's weights, would not be right so often.
    metric = network.card.metric("validation", ONE_PASS)
    assert metric is not None and metric.accuracy > 0.985


def test_list_puts_other_networks_behind_and_takes_no_scores_for_a_card(shipped: Path) -> None:
    (shipped / "mc.scores.json").write_text("{}")
    for name in ("b", "a"):
        (shipped / f"{name}.json").write_text("{}")

    assert list_networks(shipped) == (*list_networks(), "a", "b")


def test_list_of_a_folder_without_networks_is_empty(tmp_path: Path) -> None:
    assert list_networks(tmp_path) == ()
    assert list_networks(tmp_path / "nowhere") == ()


def test_mc_network_loads_as_an_ordinary_keras_model_with_its_card() -> None:
    network = load_network()

    assert network.name == network.card.name == "mc"
    assert isinstance(network.model, keras.Model)
    assert network.card.rates == {"dropout1": 0.5, "dropout2": 0.5, "dropout3": 0.5}
    assert network.card.num_parameters == network.model.count_params() == 225_034
    probs = np.asarray(network.model(np.zeros((2, 28, 28, 1), np.float32), training=False))
    np.testing.assert_allclose(probs.sum(axis=1), 1.0, atol=1e-5)


def test_plain_network_has_no_dropout() -> None:
    network = load_network("plain")

    assert not network.card.has_dropout
    assert not [layer for layer in network.model.layers if "Dropout" in type(layer).__name__]


@pytest.mark.parametrize("name", ["mc", "plain"])
def test_shipped_card_says_what_the_issue_asks_for(name: str) -> None:
    card = load_card(name)

    assert card.weights_sha256 == file_sha256(models_folder() / card.weights_file)
    assert card.data_checksum == "465b4c294b957b850120e6abb5b8a2e81d06429f0e2fd488ddf7a4e046b4c37d"
    assert {"python", "tensorflow", "keras", "numpy"} <= set(card.versions)
    assert card.best_epoch == 1 + int(np.argmin(card.validation_nll))
    for data in ("validation", "test"):
        metric = card.metric(data, ONE_PASS)
        assert metric is not None and metric.num_images == 10_000
    assert str(Path.home()) not in (models_folder() / f"{name}.json").read_text()


def test_shipped_mc_network_reaches_99_percent_by_its_mean_softmax() -> None:
    metric = load_card("mc").metric("test", MEAN_SOFTMAX)

    assert metric is not None
    assert metric.num_images == 10_000 and metric.num_samples == 1000
    assert metric.accuracy >= 0.99


@pytest.mark.parametrize("name", ["mc", "plain"])
def test_cards_test_accuracy_is_what_the_shipped_weights_give(name: str, mnist_data: Path) -> None:
    from core.images.sources import as_batch, load_mnist_test

    network = load_network(name)
    mnist = load_mnist_test(mnist_data)
    assert mnist is not None

    right = [
        np.asarray(network.model(as_batch(mnist.x[start : start + 1000]), training=False)).argmax(1)
        == mnist.y[start : start + 1000]
        for start in range(0, 10_000, 1000)
    ]

    metric = network.card.metric("test", ONE_PASS)
    assert metric is not None
    # One image may tip over where sums round differently.
    assert np.concatenate(right).mean() == pytest.approx(metric.accuracy, abs=1e-4)


def test_unknown_network_is_refused_with_the_names_there_are() -> None:
    with pytest.raises(
        InvalidInputError, match=r"one of mc, rate-01, .*plain-4\. Received: resnet"
    ):
        load_network("resnet")


@pytest.mark.parametrize("name", ["../models/mc", "mc.scores", "", "MC"])
def test_name_that_is_no_name_is_refused(name: str) -> None:
    with pytest.raises(InvalidInputError, match="network"):
        load_network(name)


def test_missing_weights_are_told_with_the_command_that_makes_them(shipped: Path) -> None:
    (shipped / "mc.keras").unlink()

    with pytest.raises(MissingDataError, match=r"mc\.keras.*python -m core train --network mc"):
        load_network("mc", shipped)


def test_missing_card_is_told_with_the_command_that_makes_it(tmp_path: Path) -> None:
    with pytest.raises(MissingDataError, match=r"plain\.json.*train --network plain"):
        load_network("plain", tmp_path)


def test_changed_weights_are_refused(shipped: Path) -> None:
    weights = bytearray((shipped / "mc.keras").read_bytes())
    weights[len(weights) // 2] ^= 1
    (shipped / "mc.keras").write_bytes(weights)

    with pytest.raises(DamagedFileError, match=r"were changed.*sha256.*train --network mc"):
        load_network("mc", shipped)


def test_weights_of_another_network_are_refused(shipped: Path) -> None:
    shutil.copy(shipped / "plain.keras", shipped / "mc.keras")

    with pytest.raises(DamagedFileError, match="were changed"):
        load_network("mc", shipped)


def test_card_of_another_network_is_refused(shipped: Path) -> None:
    shutil.copy(shipped / "plain.json", shipped / "mc.json")

    with pytest.raises(DamagedFileError, match="another network"):
        load_network("mc", shipped)


def test_broken_card_is_refused(shipped: Path) -> None:
    (shipped / "mc.json").write_text((shipped / "mc.json").read_text()[:100])

    with pytest.raises(DamagedFileError, match=r"mc\.json is damaged"):
        load_network("mc", shipped)


def test_stored_network_comes_back_without_its_optimiser(tmp_path: Path) -> None:
    model = build_mc_network(rate=0.25, seed=5)
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy")
    images = np.random.default_rng(0).integers(0, 256, (12, 28, 28)).astype(np.uint8)
    data = split_training_data(images, np.arange(12) % 10)
    model.fit(data.images, data.labels, verbose=0)  # so that the optimiser has a state

    card = store_network(
        model,
        name="own",
        title="Own network",
        data=data,
        settings=TrainingSettings(epochs=2, seed=5),
        result=TrainingResult(2, 1, (2.2, 2.3), (0.5, 0.25), 1.0),
        folder=tmp_path,
    )
    network = load_network("own", tmp_path)

    assert network.card == card
    assert card.rates == {"dropout1": 0.25, "dropout2": 0.25, "dropout3": 0.25}
    assert card.metric("validation", ONE_PASS) is not None
    for mine, stored in zip(model.get_weights(), network.model.get_weights(), strict=True):
        np.testing.assert_array_equal(mine, stored)
    assert (tmp_path / "own.keras").stat().st_size < 1_000_000
    assert sorted(path.name for path in tmp_path.iterdir()) == ["own.json", "own.keras"]
