"""`data`: find MNIST, or download it."""

from __future__ import annotations

import argparse

from .main import EXIT_OK
from .progress import ProgressBar


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the subcommand's arguments."""
    parser.description = (
        "Look for MNIST in LABRADOR_DATA and in Keras' cache folder, download it if it is in"
        " neither, and print where it is."
    )
    parser.add_argument(
        "--url", help="download from here (default: LABRADOR_MNIST_URL, else Keras' own address)"
    )


def run(arguments: argparse.Namespace) -> int:
    """Find or download."""
    from ..images import download_mnist, find_mnist

    found = find_mnist()
    if found is not None:
        print(f"MNIST is here: {found}")
        return EXIT_OK
    bar = ProgressBar()

    def show(done: int, total: int) -> None:
        bar.show("MNIST", done, total, f"{done / 2**20:.1f} MB")

    path = download_mnist(show, arguments.url)
    bar.finish("MNIST")
    print(f"MNIST is here now: {path}")
    return EXIT_OK
