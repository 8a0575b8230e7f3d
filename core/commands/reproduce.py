"""`reproduce`: make the post's sweeps again and lay them beside its numbers."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import InvalidInputError, MissingDataError
from ..limits import DEFAULT_NUM_SAMPLES
from ..networks import DEFAULT_NETWORK, models_folder
from .progress import ProgressBar

if TYPE_CHECKING:
    from ..experiments.recipe import SweepKind
    from ..experiments.reproduction import Reproduction

DEFAULT_SEEDS = 5
DEFAULT_OUT = Path("docs")
DOCUMENT = "reproduction.md"
PICTURES: dict[SweepKind, str] = {
    "rotation": "reproduction-rotation.png",
    "blending": "reproduction-blending.png",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the subcommand's arguments."""
    parser.description = (
        "Turn and blend the post's test digits with several seeds, lay the curves beside the"
        f" post's, and write {DOCUMENT} with its pictures. A bar that is missed is told, and is no"
        " error."
    )
    parser.add_argument(
        "--seeds",
        type=int,
        default=DEFAULT_SEEDS,
        metavar="N",
        help=f"with seeds 0 to N - 1 (default: {DEFAULT_SEEDS})",
    )
    parser.add_argument(
        "--num-samples",
        type=int,
        default=DEFAULT_NUM_SAMPLES,
        help=f"passes a step (default: {DEFAULT_NUM_SAMPLES:,})",
    )
    parser.add_argument(
        "--network", default=DEFAULT_NETWORK, help=f"which network (default: {DEFAULT_NETWORK})"
    )
    parser.add_argument(
        "--folder", type=Path, help="where the networks are (default: the shipped ones' folder)"
    )
    parser.add_argument(
        "--out",
        type=Path,
        default=DEFAULT_OUT,
        metavar="FOLDER",
        help=f"where to write (default: {DEFAULT_OUT})",
    )


def run(arguments: argparse.Namespace) -> int:
    """Compute, print, write."""
    made = _reproduce(arguments)

    from ..experiments.post import post_curve
    from ..figures.curves_image import curves_image
    from ..store import write_atomically
    from .reproduction_document import document

    print(_report(made))
    for kind, name in PICTURES.items():
        curve = post_curve(kind)
        if curve is not None:
            write_atomically(arguments.out / name, curves_image(made.sweeps(kind), curve))
    write_atomically(arguments.out / DOCUMENT, document(made, _command(arguments), PICTURES))
    print(f"\nWritten: {arguments.out / DOCUMENT}, with {' and '.join(PICTURES.values())}.")
    return 0


def _reproduce(arguments: argparse.Namespace) -> Reproduction:
    from ..experiments.reproduction import check_num_seeds
    from ..images.sources import MISSING_ADVICE, load_mnist_test

    # All that can be refused in no time comes before TensorFlow.
    check_num_seeds(arguments.seeds)
    mnist = load_mnist_test()
    if mnist is None:
        raise MissingDataError(f"MNIST is not on this machine. {MISSING_ADVICE}")
    try:
        arguments.out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InvalidInputError(
            "out",
            expected="a folder that can be written to",
            received=f"{arguments.out} ({error.strerror})",
        ) from error

    from .quiet import start_tensorflow

    start_tensorflow()

    from ..experiments.reproduction import reproduce
    from ..inference import McSampler
    from ..networks import load_network

    network = load_network(arguments.network, arguments.folder or models_folder())
    return reproduce(
        McSampler(network.model),
        mnist,
        network=network.name,
        num_seeds=arguments.seeds,
        num_samples=arguments.num_samples,
        progress=_progress(),
    )


def _progress() -> Callable[[int, int], None]:
    bar = ProgressBar()

    def show(done: int, total: int) -> None:
        if done < total:
            bar.show("sweeps", done, total, f"{done} of {total}")
        else:
            bar.finish("sweeps", f"{total} sweeps")

    return show


def _report(made: Reproduction) -> str:
    """Return what is printed: a table and the bars for each kind, and the claims."""
    from .reproduction_document import COLUMNS, TITLES, bar_texts, cells

    lines = []
    head = ["seed", *COLUMNS.values(), "equal"]
    for kind, title in TITLES.items():
        comparisons = made.comparisons(kind)
        rows = [head, *map(cells, comparisons)]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        lines += [f"{title}, beside the post", ""]
        lines += [
            "  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True))
            for row in rows
        ]
        lines += ["", *bar_texts(kind, comparisons), ""]
    lines += ["The post's claims, put to this network", ""]
    for claim in made.claims():
        lines += [f"{'holds' if claim.holds else 'does not hold'}: {claim.text}"]
        lines += [f"    {claim.evidence}"]
    return "\n".join(lines)


def _command(arguments: argparse.Namespace) -> str:
    """Return the command that makes the same numbers; folders are left out, they are no numbers."""
    words = ["python -m core reproduce"]
    for option, value, default in (
        ("--seeds", arguments.seeds, DEFAULT_SEEDS),
        ("--num-samples", arguments.num_samples, DEFAULT_NUM_SAMPLES),
        ("--network", arguments.network, DEFAULT_NETWORK),
    ):
        if value != default:
            words.append(f"{option} {value}")
    return " ".join(words)
