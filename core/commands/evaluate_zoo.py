"""`evaluate --zoo`: ask every network of the zoo, and put them side by side."""

from __future__ import annotations

import argparse
import sys
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import InvalidInputError
from ..networks import models_folder
from .interruption import kept_in
from .progress import work_bar
from .text_table import text_table

if TYPE_CHECKING:
    from ..experiments.zoo_table import ZooTable

DOCUMENT = "zoo.md"
TRIAL_FOLDER = "zoo-trial"

_SAMPLES = 100  # T: what the differences of networks need is images, not passes


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what `evaluate` takes for the zoo."""
    parser.add_argument(
        "--zoo",
        action="store_true",
        help="ask all networks of the zoo, with passes, and write their table beside them and"
        f" {DOCUMENT}; a network that is missing or damaged is left out, and the reason is told",
    )
    parser.add_argument(
        "--num-samples", type=int, help=f"passes an image, of the zoo (default: {_SAMPLES})"
    )
    parser.add_argument(
        "--limit",
        type=int,
        metavar="N",
        help="use N images of each set only, of the zoo: for a trial, which goes into the folder"
        f" {TRIAL_FOLDER}, as do other passes of the shipped networks, so that it replaces no real"
        " table",
    )


def refuse_without_zoo(arguments: argparse.Namespace) -> None:
    """Refuse what only the zoo takes.

    Raises:
        InvalidInputError: there is such an argument.
    """
    for argument in ("num_samples", "limit"):
        value = getattr(arguments, argument)
        if value is not None:
            raise InvalidInputError(
                f"--{argument.replace('_', '-')}",
                expected="it together with --zoo",
                received=value,
                advice="Without it the network's reference scores are read and no pass is run.",
            )


def run_zoo(arguments: argparse.Namespace) -> int:
    """Ask, print, write.

    Raises:
        InvalidInputError: a network is named as well, or a place cannot be written to.
    """
    if arguments.network is not None:
        raise InvalidInputError(
            "--network",
            expected="either one network or --zoo, which is all of them",
            received=arguments.network,
        )
    from .quiet import start_tensorflow

    start_tensorflow()
    from ..experiments.checkpoint import Checkpoint
    from ..experiments.zoo_evaluation import evaluate_zoo, zoo_identity
    from ..experiments.zoo_table_file import FILE_NAME, as_kept, zoo_table_text
    from ..figures.zoo_image import PICTURE, zoo_image
    from ..store import write_atomically
    from .evaluate import DEFAULT_OUT
    from .zoo_page import page

    num_samples = _SAMPLES if arguments.num_samples is None else arguments.num_samples
    is_trial = _is_trial(arguments, num_samples)
    out = arguments.out or (Path(TRIAL_FOLDER) if is_trial else DEFAULT_OUT)
    tables = out if is_trial else arguments.folder or models_folder()
    state = arguments.state or out / "zoo.evaluation.partial.npz"
    checkpoint = Checkpoint.open(state, "evaluation of the zoo", zoo_identity())
    with kept_in(state, checkpoint):
        made = evaluate_zoo(
            arguments.folder,
            num_samples=num_samples,
            limit=arguments.limit,
            state=checkpoint,
            bars=work_bar,
        )
    table = as_kept(made.table)
    text = zoo_table_text(table)
    command = _command(num_samples, arguments.limit)
    try:
        write_atomically(tables / FILE_NAME, text)
        if arguments.json not in (None, "-"):
            write_atomically(Path(arguments.json), text)
        write_atomically(out / PICTURE, zoo_image(table))
        write_atomically(out / DOCUMENT, page(table, made.left_out, command))
    except OSError as error:
        raise InvalidInputError(
            "out",
            expected="a place that can be written to",
            received=f"{error.filename} ({error.strerror})",
        ) from error
    state.unlink(missing_ok=True)  # only now that the results are safe
    to_file = sys.stderr if arguments.json == "-" else sys.stdout
    print(text if arguments.json == "-" else report(table), end="")
    for name, reason in made.left_out.items():
        print(f"Left out: {name}. {reason}", file=to_file)
    print(f"Written: {tables / FILE_NAME}, {out / DOCUMENT} and {out / PICTURE}.", file=to_file)
    return 0


def report(table: ZooTable) -> str:
    """Return what is printed: every table, and what they say."""
    from ..experiments.zoo_findings import zoo_findings
    from .zoo_tables import all_tables

    parts = [
        f"{each.title}\n\n{text_table(list(zip(each.head, *each.rows, strict=True)))}"
        for each in all_tables(table)
    ]
    parts += [textwrap.fill(each, 100, break_on_hyphens=False) for each in zoo_findings(table)]
    return "\n\n".join(parts) + "\n\n"


def _is_trial(arguments: argparse.Namespace, num_samples: int) -> bool:
    """Whether the table is not what people mean to keep beside these networks."""
    folder = arguments.folder
    is_shipped = folder is None or folder.resolve() == models_folder().resolve()
    return arguments.limit is not None or (is_shipped and num_samples != _SAMPLES)


def _command(num_samples: int, limit: int | None) -> str:
    """Return the command that makes the same numbers; folders are left out, they are no numbers."""
    passes = f" --num-samples {num_samples}" if num_samples != _SAMPLES else ""
    return "python -m core evaluate --zoo" + passes + (f" --limit {limit}" if limit else "")
