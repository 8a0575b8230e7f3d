"""`evaluate --zoo`: ask every network of the zoo, and put them side by side."""

from __future__ import annotations

import argparse
import sys
import textwrap
from collections.abc import Mapping
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
        "--times",
        action="store_true",
        help="with --zoo: measure nothing but the times anew, for the table that is there; on a"
        " machine that does nothing else",
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
    for argument in ("num_samples", "limit", "times"):
        value = getattr(arguments, argument)
        if value not in (None, False):
            raise InvalidInputError(
                f"--{argument.replace('_', '-')}",
                expected="it together with --zoo",
                received=value,
                advice="Without it the network's reference scores are read and no pass is run.",
            )


def run_zoo(arguments: argparse.Namespace, default_out: Path) -> int:
    """Ask, print, write.

    Args:
        arguments: of `evaluate`.
        default_out: where the document goes, unless it is a trial or a folder is named.

    Raises:
        InvalidInputError: a network is named as well, or a place cannot be written to.
    """
    if arguments.network is not None:
        raise InvalidInputError(
            "--network",
            expected="either one network or --zoo, which is all of them",
            received=arguments.network,
        )
    if arguments.times and (arguments.num_samples, arguments.limit) != (None, None):
        raise InvalidInputError(
            "--times",
            expected="no other passes or images than the table's",
            received="--num-samples or --limit",
        )
    from .quiet import start_tensorflow

    start_tensorflow()
    if arguments.times:
        return _time_again(arguments, default_out)
    return _evaluate(arguments, default_out)


def _evaluate(arguments: argparse.Namespace, default_out: Path) -> int:
    from ..experiments.checkpoint import Checkpoint
    from ..experiments.zoo_evaluation import evaluate_zoo, zoo_identity

    num_samples = _SAMPLES if arguments.num_samples is None else arguments.num_samples
    is_trial = _is_trial(arguments, num_samples)
    out = arguments.out or (Path(TRIAL_FOLDER) if is_trial else default_out)
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
    command = _command(num_samples, arguments.limit)
    _write(made.table, made.left_out, command, tables, out, arguments.json)
    state.unlink(missing_ok=True)  # only now that the results are safe
    return 0


def _time_again(arguments: argparse.Namespace, default_out: Path) -> int:
    from ..experiments.zoo_speed import time_again
    from ..experiments.zoo_table_file import load_zoo_table

    table = time_again(load_zoo_table(arguments.folder), arguments.folder)
    tables = arguments.folder or models_folder()
    many = max(row.num_samples for row in table.rows)
    out = arguments.out or default_out
    _write(table, {}, _command(many, None), tables, out, arguments.json)
    return 0


def _write(
    measured: ZooTable,
    left_out: Mapping[str, str],
    command: str,
    tables: Path,
    out: Path,
    json: str | None,
) -> None:
    """Write table, document and picture, and print."""
    from ..experiments.zoo_table_file import FILE_NAME, as_kept, zoo_table_text
    from ..figures.zoo_image import PICTURE, zoo_image
    from ..store import write_atomically
    from .zoo_page import page

    table = as_kept(measured)
    text = zoo_table_text(table)
    try:
        write_atomically(tables / FILE_NAME, text)
        if json not in (None, "-"):
            write_atomically(Path(json), text)
        write_atomically(out / PICTURE, zoo_image(table))
        write_atomically(out / DOCUMENT, page(table, left_out, command))
    except OSError as error:
        raise InvalidInputError(
            "out",
            expected="a place that can be written to",
            received=f"{error.filename} ({error.strerror})",
        ) from error
    to_file = sys.stderr if json == "-" else sys.stdout
    print(text if json == "-" else report(table), end="")
    for name, reason in left_out.items():
        print(f"Left out: {name}. {reason}", file=to_file)
    print(f"Written: {tables / FILE_NAME}, {out / DOCUMENT} and {out / PICTURE}.", file=to_file)


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
