"""`evaluate`: measure what "I don't know" is worth, from a network's reference scores."""

from __future__ import annotations

import argparse
import json
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import InvalidInputError
from ..networks import DEFAULT_NETWORK
from . import evaluate_zoo
from .interruption import kept_in
from .progress import work_bar
from .text_table import text_table

if TYPE_CHECKING:
    from ..experiments.evaluation import Evaluation

DEFAULT_OUT = Path("docs")
DOCUMENT = "evaluation.md"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the subcommand's arguments."""
    parser.description = (
        "Compare the committee with its twin on everything the network was scored on: accuracy,"
        " calibration, selective prediction, strangers, turned digits, promises. It reads the"
        f" reference scores only; no pass is run. Print the tables and write {DOCUMENT} with its"
        " pictures. A figure that is missed is told, and is no error. An evaluation that was"
        " stopped goes on where it was when the same command is given again. With --zoo every"
        " network of the zoo is asked instead, and they are put into one table."
    )
    parser.add_argument("--network", help=f"which network (default: {DEFAULT_NETWORK})")
    parser.add_argument(
        "--folder", type=Path, help="where the networks are (default: the shipped ones' folder)"
    )
    parser.add_argument(
        "--json",
        nargs="?",
        const="-",
        metavar="FILE",
        help="write everything as JSON too; without a file, or with -, print it instead of the"
        " tables",
    )
    parser.add_argument(
        "--out",
        type=Path,
        metavar="FOLDER",
        help=f"where to write the document (default: {DEFAULT_OUT})",
    )
    parser.add_argument(
        "--state",
        type=Path,
        metavar="FILE",
        help="what is kept of an interrupted evaluation (default: beside the document)",
    )
    evaluate_zoo.add_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Compute, print, write."""
    if arguments.zoo:
        return evaluate_zoo.run_zoo(arguments, DEFAULT_OUT)
    evaluate_zoo.refuse_without_zoo(arguments)
    return _run_one(arguments.network or DEFAULT_NETWORK, arguments.out or DEFAULT_OUT, arguments)


def _run_one(network: str, out: Path, arguments: argparse.Namespace) -> int:
    from ..experiments.checkpoint import Checkpoint
    from ..experiments.default_policy import load_default_policy
    from ..experiments.evaluation import evaluate, evaluation_identity
    from ..experiments.intervals import NUM_RESAMPLES
    from ..experiments.reference_scores import load_reference
    from ..figures.evaluation_image import PICTURES
    from ..store import write_atomically, write_json
    from .evaluation_page import page

    scores = load_reference(network, arguments.folder)
    default = load_default_policy(network, arguments.folder)
    state = arguments.state or out / f"{network}.evaluation.partial.npz"
    identity = evaluation_identity(scores, NUM_RESAMPLES)
    checkpoint = Checkpoint.open(state, "evaluation", identity)
    with kept_in(state, checkpoint):
        made = evaluate(
            scores, default, state=checkpoint, progress=partial(work_bar("intervals"), "evaluation")
        )
    try:
        if arguments.json not in (None, "-"):
            write_json(Path(arguments.json), made.to_document())
        for name, draw in PICTURES.items():
            write_atomically(out / name, draw(made))
        write_atomically(out / DOCUMENT, page(made, default, _command(network)))
    except OSError as error:
        raise InvalidInputError(
            "out",
            expected="a place that can be written to",
            received=f"{error.filename} ({error.strerror})",
        ) from error
    state.unlink(missing_ok=True)  # only now that the results are safe
    if arguments.json == "-":
        print(json.dumps(made.to_document(), indent=2, allow_nan=False))
    else:
        print(report(made))
    written = f"Written: {out / DOCUMENT}, with {', '.join(PICTURES)}."
    print(written, file=sys.stderr if arguments.json == "-" else sys.stdout)
    return 0


def report(made: Evaluation) -> str:
    """Return what is printed: every table, and what was found."""
    from .evaluation_findings import findings
    from .evaluation_tables import all_tables

    parts = []
    for table in all_tables(made):
        parts.append(
            f"{table.title}\n\n{text_table(list(zip(table.head, *table.rows, strict=True)))}"
        )
    parts.append(
        "* the measure was chosen as the committee's best on these same images, which flatters it."
        " The others were fixed beforehand. The twin's is always its best on them."
    )
    parts.append("\n".join(f"{head}\n{text}\n" for head, text in findings(made)))
    parts.append(
        f"Network {made.network}, weights {made.weights_sha256[:12]}…, T = {made.num_samples:,}"
        f" passes an image, seed {made.seed}. Intervals are of {made.num_resamples} bootstrap"
        " resamples, 95%."
    )
    return "\n\n".join(parts) + "\n"


def _command(network: str) -> str:
    """Return the command that makes the same numbers; folders are left out, they are no numbers."""
    named = network != DEFAULT_NETWORK
    return "python -m core evaluate" + (f" --network {network}" if named else "")
