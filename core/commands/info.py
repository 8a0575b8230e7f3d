"""`info`: show versions, device, networks and the data found, and how a network's passes run."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from ..errors import LabradorError, NoActiveDropoutError
from ..networks import (
    NetworkCard,
    check_weights,
    library_versions,
    list_networks,
    load_card,
    load_network,
    models_folder,
)
from .main import EXIT_BAD_INPUT, EXIT_OK
from .score import describe_metric

_NAMES = {
    "numpy": "NumPy",
    "tensorflow": "TensorFlow",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the subcommand's arguments."""
    parser.add_argument(
        "--folder", type=Path, help="where the networks are (default: the shipped ones' folder)"
    )
    parser.add_argument(
        "--plan", action="store_true", help="explain how the passes of each network run"
    )
    parser.add_argument(
        "--model",
        type=Path,
        metavar="FILE",
        help="inspect a Keras model of your own instead, and tell what was found",
    )


def run(arguments: argparse.Namespace) -> int:
    """Print what is here."""
    if arguments.model:
        return _tell_model(arguments.model)
    from ..images import find_mnist
    from .quiet import start_tensorflow

    folder = arguments.folder or models_folder()
    device = start_tensorflow()
    versions = library_versions()
    listed = [f"{_NAMES.get(name, name.title())} {version}" for name, version in versions.items()]
    print(f"Versions   {', '.join(listed)}")
    print(f"Device     {device}")
    mnist = find_mnist()
    print(f"MNIST      {mnist or 'not found; download it with `python -m core data`'}")
    print("Writing    built-in handwriting, always there")
    names = list_networks(folder)
    print(f"Networks   {', '.join(names) or 'none'} in {folder}")
    exit_code = EXIT_OK
    for name in names:
        print()
        try:
            card = load_card(name, folder)
            print("\n".join(_describe(card)))
            check_weights(card, folder)
            if arguments.plan:
                print(_plan(load_network(name, folder).model))
        except LabradorError as error:
            print(f"  {error}")
            exit_code = EXIT_BAD_INPUT
    return exit_code


def _tell_model(path: Path) -> int:
    """Print what an inspection finds out about somebody's own model."""
    from ..networks.inspection import inspect_model
    from .model_card import model_card

    report = inspect_model(path, path.name)
    print("\n".join(model_card(report)))
    if not report.refusal:
        return EXIT_OK
    print(f"Labrador cannot use it: {report.refusal}", file=sys.stderr)
    return EXIT_BAD_INPUT


def _plan(model: Any) -> str:
    from ..inference import McSampler

    try:
        plan = McSampler(model).plan
    except NoActiveDropoutError:
        return "  One pass only: it has no dropout layer."
    return "\n".join(f"  {line}" for line in str(plan).splitlines())


def _describe(card: NetworkCard) -> list[str]:
    rates = sorted(set(card.rates.values()))
    dropout = f"dropout {', '.join(f'{rate:g}' for rate in rates)}" if rates else "no dropout"
    lines = [
        f"{card.name}: {card.title}, {card.num_parameters:,} parameters, {dropout}",
        f"  epoch {card.best_epoch} of {card.epochs_trained}, seed {card.seed},"
        f" {card.training_seconds:,.0f} s on {card.device}",
        f"  {card.data}",
    ]
    return lines + [f"  {describe_metric(metric)}" for metric in card.metrics]
