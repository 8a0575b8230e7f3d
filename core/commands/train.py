"""`train`: train a shipped network anew, and measure it."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from ..limits import DEFAULT_NUM_SAMPLES
from ..networks import DEFAULT_NETWORK, SHIPPED_NETWORKS, models_folder
from .progress import ProgressBar

if TYPE_CHECKING:
    from ..networks.training import TrainingProgress


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the subcommand's arguments."""
    parser.description = (
        "Train a network on the first 50,000 training images of MNIST, keep the epoch with the"
        " best validation NLL, write model and card, then measure it as `score` does."
    )
    parser.add_argument("--network", default=DEFAULT_NETWORK, choices=SHIPPED_NETWORKS)
    parser.add_argument("--epochs", type=int, help="most epochs (default: the network's recipe)")
    parser.add_argument("--batch-size", type=int, default=128, help="images a step (default: 128)")
    parser.add_argument(
        "--learning-rate", type=float, default=1e-3, help="Adam's at the start (default: 0.001)"
    )
    parser.add_argument("--seed", type=int, default=0, help="of weights, order and masks")
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
    from ..networks.recipes import find_recipe
    from ..networks.training import TrainingSettings, split_training_data, train_network
    from ..networks.zoo import store_network

    recipe = find_recipe(arguments.network)
    settings = TrainingSettings(
        epochs=recipe.epochs if arguments.epochs is None else arguments.epochs,
        batch_size=arguments.batch_size,
        learning_rate=arguments.learning_rate,
        seed=arguments.seed,
    )
    images, labels = load_mnist_train()
    data = split_training_data(images, labels, arguments.limit)
    model = recipe.build(settings.seed)
    print(f"Training {recipe.name} on {data.description}. Device: {device}.", flush=True)
    result = train_network(model, data, settings, _EpochBars())
    folder = arguments.folder or models_folder()
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
        f" and {card.name}.json in {folder}."
    )
    from .score import partial_path, score_network

    # Interrupted scoring of the weights that were there before: nobody can finish it now.
    partial_path(recipe.name, folder).unlink(missing_ok=True)
    if arguments.no_score:
        return 0

    return score_network(
        recipe.name,
        folder,
        num_samples=arguments.num_samples,
        seed=0,
        limit=arguments.limit,
    )


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
