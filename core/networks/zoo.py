"""The zoo: the networks in the models folder, by name."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import DamagedFileError, InvalidInputError, MissingDataError
from ..store import file_sha256, write_atomically
from .cards import (
    ONE_PASS,
    Metric,
    NetworkCard,
    read_card,
    require_network_name,
    write_card,
)
from .zoo_plan import SHIPPED_NETWORKS

if TYPE_CHECKING:
    import keras

    from .training import TrainingData, TrainingResult, TrainingSettings

DEFAULT_NETWORK = "mc"


@dataclass(frozen=True)
class Network:
    """A trained network.

    Attributes:
        name: its name in the zoo.
        model: an ordinary Keras model, not compiled.
        card: what it is and how well it does.
    """

    name: str
    model: keras.Model
    card: NetworkCard


def models_folder() -> Path:
    """Return the folder of the shipped networks, beside the package."""
    return Path(__file__).resolve().parents[2] / "models"


def list_networks(folder: Path | None = None) -> tuple[str, ...]:
    """Return the names of the networks in a folder, the shipped ones first.

    Args:
        folder: where the cards are; the shipped ones' folder if None.
    """
    found = {path.stem for path in (folder or models_folder()).glob("*.json")}
    names = {name for name in found if "." not in name}  # mc.scores.json is no card
    first = tuple(name for name in SHIPPED_NETWORKS if name in names)
    return first + tuple(sorted(names.difference(first)))


def load_card(name: str = DEFAULT_NETWORK, folder: Path | None = None) -> NetworkCard:
    """Return a network's card without loading the network, or TensorFlow.

    Raises:
        InvalidInputError: no network has this name.
        MissingDataError: a network that Labrador ships is not in the folder.
        DamagedFileError: the card cannot be read.
    """
    require_network_name(name)
    folder = folder or models_folder()
    try:
        card = read_card(folder / f"{name}.json")
    except FileNotFoundError:
        if name in SHIPPED_NETWORKS:
            raise _missing(name, f"{name}.json", folder) from None
        names = list_networks(folder) or SHIPPED_NETWORKS
        raise InvalidInputError(
            "network", expected=f"one of {', '.join(names)}", received=name
        ) from None
    if card.name != name:
        raise DamagedFileError(
            f"The model card {name}.json is of another network: expected the name {name}, and it"
            f" says {card.name}. Restore the file from the repository."
        )
    return card


def load_network(name: str = DEFAULT_NETWORK, folder: Path | None = None) -> Network:
    """Load a network whose weights are those that its card names.

    Args:
        name: one of `list_networks()`.
        folder: where model and card are; the shipped ones' folder if None.

    Raises:
        InvalidInputError: no network has this name.
        MissingDataError: the card or the weights are not there.
        DamagedFileError: the card or the weights are not what they were when they were written.
    """
    card = load_card(name, folder)
    path = check_weights(card, folder)
    import keras

    from ..inference.dropblock import DropBlock2D

    own = {"DropBlock2D": DropBlock2D}
    model = keras.saving.load_model(path, custom_objects=own, compile=False, safe_mode=True)
    return Network(name, model, card)


def check_weights(card: NetworkCard, folder: Path | None = None) -> Path:
    """Return the file with a network's weights, if they are those that its card names.

    Args:
        card: of the network.
        folder: where the weights are; the shipped networks' folder if None.

    Raises:
        MissingDataError: there is no such file.
        DamagedFileError: it is not what it was when the card was written.
    """
    folder = folder or models_folder()
    path = folder / card.weights_file
    if not path.is_file():
        raise _missing(card.name, card.weights_file, folder)
    # Before Keras opens it: a changed file could also be one that loads and answers wrongly.
    sha256 = file_sha256(path)
    if sha256 != card.weights_sha256:
        raise DamagedFileError(
            f"The weights of the network {card.name} were changed: expected {card.weights_file}"
            f" with the sha256 {card.weights_sha256[:12]}… of its card, and it has"
            f" {sha256[:12]}…. {_remedy(card.name)}"
        )
    return path


def store_network(
    model: keras.Model,
    *,
    name: str,
    title: str,
    data: TrainingData,
    settings: TrainingSettings,
    result: TrainingResult,
    folder: Path | None = None,
) -> NetworkCard:
    """Write a trained network and its card, each atomically, and return the card.

    Args:
        model: with its trained weights; the optimiser is left out.
        name: in the zoo.
        title: name for people.
        data: what it was trained on.
        settings: how.
        result: what the training did.
        folder: where to; the shipped networks' folder if None.
    """
    from .architecture import describe_architecture, dropout_rates
    from .environment import describe_device, training_versions

    folder = folder or models_folder()
    path = folder / f"{require_network_name(name)}.keras"
    best = result.best_epoch - 1
    card = NetworkCard(
        name=name,
        title=title,
        architecture=describe_architecture(model),
        num_parameters=int(model.count_params()),
        rates=dropout_rates(model),
        seed=settings.seed,
        epochs=settings.epochs,
        epochs_trained=result.epochs_trained,
        best_epoch=result.best_epoch,
        batch_size=settings.batch_size,
        learning_rate=settings.learning_rate,
        validation_nll=tuple(round(nll, 6) for nll in result.validation_nll),
        training_seconds=round(result.seconds, 1),
        device=describe_device(),
        versions=training_versions(),
        data=data.description,
        data_checksum=data.checksum,
        weights_file=path.name,
        weights_sha256=_save_model(model, path),
        metrics=(
            Metric(
                "validation",
                ONE_PASS,
                len(data.validation_images),
                round(result.validation_accuracy[best], 6),
                round(result.validation_nll[best], 6),
            ),
        ),
    )
    save_card(card, folder)
    return card


def save_card(card: NetworkCard, folder: Path | None = None) -> Path:
    """Write a card beside its network, atomically, and return where."""
    return write_card(card, folder or models_folder())


def _save_model(model: keras.Model, path: Path) -> str:
    """Write a model to a `.keras` file atomically, without its optimiser; return the sha256."""
    # The optimiser's state is twice as large as the weights, and of no use to who loads them.
    # A clone by keras.models.clone_model would be compiled as well, and carry one.
    bare = type(model).from_config(model.get_config())
    bare.set_weights(model.get_weights())
    with tempfile.TemporaryDirectory() as scratch:
        copy = Path(scratch) / "model.keras"
        bare.save(copy)
        write_atomically(path, copy.read_bytes())
    return file_sha256(path)


def _missing(name: str, file_name: str, folder: Path) -> MissingDataError:
    return MissingDataError(
        f"The network {name} is not complete: expected {file_name} in the folder {folder.name},"
        f" and there is no such file. {_remedy(name)}"
    )


def _remedy(name: str) -> str:
    return (
        f"Restore the folder `models` from the repository, or train the network again with"
        f" `python -m core train --network {name}`."
    )
