"""`train`: train a shipped network anew and measure it, or whatever the zoo still lacks."""

from __future__ import annotations

import argparse
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import LabradorError
from ..limits import DEFAULT_NUM_SAMPLES
from ..networks import (
    DEFAULT_NETWORK,
    SHIPPED_NETWORKS,
    ZOO_NETWORKS,
    check_weights,
    load_card,
    models_folder,
)
from .progress import ProgressBar, work_bar

if TYPE_CHECKING:
    from ..networks.training import TrainingData, TrainingProgress


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the subcommand's arguments."""
    parser.description = (
        "Train a network on the first 50,000 training images of MNIST, keep the epoch with the"
        " best validation NLL, write model and card, then measure it as `score` does. With --zoo:"
        " train every network of the zoo that is not there yet or whose file is damaged, one after"
        " the other, and fit its single-pass rivals; what was stopped goes on with the network that"
        " it was at."
    )
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--network", default=DEFAULT_NETWORK, choices=SHIPPED_NETWORKS)
    which.add_argument(
        "--zoo", action="store_true", help="all networks of the zoo; `evaluate --zoo` measures them"
    )
    parser.add_argument("--epochs", type=int, help="most epochs (default: the network's recipe)")
    parser.add_argument("--batch-size", type=int, default=128, help="images a step (default: 128)")
    parser.add_argument(
        "--learning-rate", type=float, default=1e-3, help="Adam's at the start (default: 0.001)"
    )
    parser.add_argument(
        "--seed", type=int, help="of weights, order and masks (default: the network's recipe)"
    )
    parser.add_argument(
        "--num-samples",
        type=int,
        default=DEFAULT_NUM_SAMPLES,
        help=f"passes an image when measuring (default: {DEFAULT_NUM_SAMPLES:,})",
    )
    parser.add_argument(
        "--folder", type=Path, help="where to write (default: the shipped networks' folder)"
    )
    parser.add_argument(
        "--limit",
        type=int,
        metavar="N",
        help="use N training and N test images only, a sixth of them to validate: for a trial",
    )
    parser.add_argument("--no-score", action="store_true", help="train only, do not measure")


def run(arguments: argparse.Namespace) -> int:
    """Train, write, measure."""
    from .quiet import start_tensorflow

    device = start_tensorflow()

    from ..images.sources import load_mnist_train
    from ..networks.training import split_training_data

    folder = arguments.folder or models_folder()
    data = split_training_data(*load_mnist_train(), arguments.limit)
    if arguments.zoo:
        return _train_zoo(data, arguments, folder, device)
    _train(arguments.network, data, arguments, folder, device)
    if arguments.no_score:
        return 0
    from .score import score_network

    return score_network(
        arguments.network,
        folder,
        num_samples=arguments.num_samples,
        seed=0,
        limit=arguments.limit,
    )


def _train_zoo(data: TrainingData, arguments: argparse.Namespace, folder: Path, device: str) -> int:
    from ..experiments.rivals import complete_rivals

    bar = work_bar("images")
    for name in SHIPPED_NETWORKS:
        if lack := _lack(name, folder):
            print(f"{name}: {lack}", flush=True)
            _train(name, data, arguments, folder, device)
        else:
            print(f"{name}: is there.", flush=True)
        if name in ZOO_NETWORKS and complete_rivals(
            name, folder, partial(bar, f"{name} rivals"), data
        ):
            print(f"{name}: its rivals are fitted.", flush=True)
    return 0


def _lack(name: str, folder: Path) -> str:
    """Return why a network has to be trained, or "" where it is there."""
    try:
        check_weights(load_card(name, folder), folder)
    except LabradorError as error:
        return str(error)
    return ""


def _train(
    name: str, data: TrainingData, arguments: argparse.Namespace, folder: Path, device: str
) -> None:
    """Train one network and write it with its card."""
    from ..networks.recipes import find_recipe
    from ..networks.training import TrainingSettings, train_network
    from ..networks.zoo import store_network
    from .score import partial_path

    recipe = find_recipe(name)
    settings = TrainingSettings(
        epochs=recipe.epochs if arguments.epochs is None else arguments.epochs,
        batch_size=arguments.batch_size,
        learning_rate=arguments.learning_rate,
        seed=recipe.seed if arguments.seed is None else arguments.seed,
    )
    model = recipe.build(settings.seed)
    print(f"Training {recipe.name} on {data.description}. Device: {device}.", flush=True)
    result = train_network(model, data, settings, _EpochBars())
    card = store_network(
        model,
        name=recipe.name,
        title=recipe.title,
        data=data,
        settings=settings,
        result=result,
        folder=folder,
    )
    print(
        f"Kept epoch {result.best_epoch} of {result.epochs_trained}, validation NLL"
        f" {result.validation_nll[result.best_epoch - 1]:.4f}. Written: {card.weights_file}"
        f" and {card.name}.json in {folder}.",
        flush=True,
    )
    # Interrupted scoring of the weights that were there before: nobody can finish it now.
    partial_path(recipe.name, folder).unlink(missing_ok=True)


class _EpochBars:
    """A progress bar for each epoch."""

    def __init__(self) -> None:
        self._bar = ProgressBar()

    def __call__(self, at: TrainingProgress) -> None:
        label = f"epoch {at.epoch:2}/{at.epochs}"
        note = f"loss {at.loss:.4f}"
        if at.validation_nll is None or at.validation_accuracy is None:
            self._bar.show(label, at.step, at.steps, note)
        else:
            note += f"  validation NLL {at.validation_nll:.4f}  right {at.validation_accuracy:.2%}"
            self._bar.finish(label, note)
