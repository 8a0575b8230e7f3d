"""`predict` for many images: folders, ZIPs, arrays and tables of pixels, and a table out."""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from ..errors import InvalidInputError, LabradorError
from ..store import write_atomically
from .main import EXIT_BAD_INPUT, EXIT_DONT_KNOW, EXIT_OK
from .progress import work_bar
from .read_image import is_reference, printable, read_image

if TYPE_CHECKING:
    from ..experiments.batch import BatchRun
    from ..experiments.batch_decisions import BatchDecisions
    from ..experiments.batch_result import BatchResult
    from ..images import BatchFile, BatchItem, Preparation
    from ..inference import McSampler
    from ..networks.own_network import OwnNetwork
    from ..uncertainty import Policy

_BATCHES = (".zip", ".npz", ".csv")
_FILE = "file:"
_MOST_TOLD = 20  # bad images, one a line


def is_batch(source: str) -> bool:
    """Whether what is named holds many images: a folder, ZIP, array or table."""
    path = _path_of(source)
    try:
        return path is not None and (
            path.is_dir() or (path.suffix.casefold() in _BATCHES and path.is_file())
        )
    except (OSError, ValueError):  # no path at all
        return False


def predict_batch(
    arguments: argparse.Namespace, own: OwnNetwork | None, policy: Policy | None
) -> int:
    """Read, classify a few at a time, write or print; return the exit code."""
    from ..experiments.batch_table import require_parquet, table_kind

    out: Path | None = arguments.out
    if out is not None and table_kind(out) == ".parquet":
        require_parquet()  # now, not after minutes of passes
    from .quiet import start_tensorflow

    start_tensorflow()
    from ..experiments.batch import BatchRun
    from ..images import count_batch, read_batch

    sampler, preparation, origin = _asked(arguments, own)
    classes: Any = preparation.classes
    sources = list(dict.fromkeys(arguments.images))
    paths = {source: path for source in sources if (path := _path_of(source)) is not None}
    references = [source for source in sources if source not in paths]
    files, missing = _files(paths)
    expected = len(references) + len(missing) + count_batch(files, preparation)

    def items() -> Iterator[BatchItem]:
        yield from (_item(source, preparation) for source in references)
        yield from missing
        yield from read_batch(files, preparation)

    run = BatchRun(
        sampler,
        classes,
        num_samples=arguments.num_samples,
        seed=arguments.seed,
        num_expected=expected,
    )
    try:
        run.run(items(), partial(work_bar(), f"{arguments.num_samples:,} passes an image"))
    except KeyboardInterrupt:
        raise KeyboardInterrupt(_stopped(run, arguments, policy, origin)) from None
    result = run.result()
    decisions = _report(result, arguments, policy, origin)
    if not result.is_read.all() or not len(result):
        return EXIT_BAD_INPUT
    return EXIT_OK if decisions is None or decisions.accepted.all() else EXIT_DONT_KNOW


def _stopped(
    run: BatchRun, arguments: argparse.Namespace, policy: Policy | None, origin: Any
) -> str:
    """Report what is done, and return what is said of that."""
    result = run.result()
    if not len(result):
        return ""
    _report(result, arguments, policy, origin)
    place = f"the table in {arguments.out} holds" if arguments.out else "what is shown is of"
    return f"Stopped: {place} the first {len(result):,} of {result.num_expected:,} images."


def _asked(
    arguments: argparse.Namespace, own: OwnNetwork | None
) -> tuple[McSampler, Preparation, Any]:
    """Return the network's sampler, how images are prepared for it, and who it is."""
    from ..experiments.batch_table import Origin
    from ..images import MNIST_FRAME, Preparation
    from ..inference import McSampler
    from ..networks import load_network
    from ..uncertainty.classes import DIGITS

    if own is None:
        network = load_network(arguments.network, arguments.folder)
        centred = arguments.centre is not False
        preparation = Preparation(MNIST_FRAME, 0, centred, DIGITS)
        origin = Origin(arguments.network, network.card.weights_sha256)
        return McSampler(network.model), preparation, origin
    setup = own.setup
    num_inputs = 0
    if setup.frame is None:
        sides = own.model.input_shape[1:]
        if None in sides:
            raise InvalidInputError(
                "--model", expected="rows of a known length", received=f"an input of {sides}"
            )
        num_inputs = math.prod(sides)
    preparation = Preparation(setup.frame, num_inputs, bool(arguments.centre), setup.classes)
    return McSampler(own.model), preparation, Origin(own.title, own.sha256)


def _path_of(source: str) -> Path | None:
    """Return the path that a source is, None for a reference to what is no file."""
    if source.startswith(_FILE):
        return Path(source.removeprefix(_FILE))
    return None if is_reference(source) else Path(source)


def _files(paths: Mapping[str, Path]) -> tuple[list[BatchFile], list[BatchItem]]:
    """Return the files in paths, called as those were given, and what is not there."""
    from ..images import BatchFile, BatchItem, files_below

    files, missing = [], []
    for source, path in paths.items():
        try:
            below = files_below(path)
        except (LabradorError, OSError, ValueError) as error:
            missing.append(BatchItem(printable(source), None, problem=str(error)))
            continue
        if not below:
            missing.append(BatchItem(printable(source), None, problem="There is no file in it."))
        before = PurePosixPath(path.as_posix())
        files += [
            BatchFile(str(before / file.name) if path.is_dir() else str(before), file.data)
            for file in below
        ]
    return files, missing


def _item(source: str, preparation: Preparation) -> BatchItem:
    """Return what a reference names, in the network's frame."""
    from ..images import BatchItem, item_of_image

    try:
        resolved = read_image(source)
    except LabradorError as error:
        return BatchItem(printable(source), None, problem=str(error))
    return item_of_image(source, resolved.image, resolved.label, preparation)


def _report(
    result: BatchResult, arguments: argparse.Namespace, policy: Policy | None, origin: Any
) -> BatchDecisions | None:
    """Write and print what is known; return the decisions."""
    from ..experiments.batch_decisions import decide_batch
    from ..experiments.batch_table import batch_columns, batch_file, batch_metadata, batch_rows
    from ..uncertainty import Policy

    decisions = decide_batch(result, Policy() if policy is None else policy)
    told = None if policy is None else decisions
    places = None if arguments.sort is None else result.order(arguments.sort)
    columns = batch_columns(result, told, places)
    _tell_bad(result)
    if arguments.out is not None:
        content = batch_file(arguments.out, columns, batch_metadata(result, told, origin))
        try:
            write_atomically(arguments.out, content)
        except OSError as error:
            raise InvalidInputError(
                "--out",
                expected="a place that can be written to",
                received=f"{printable(str(arguments.out))} ({error.strerror})",
            ) from error
    if arguments.json:
        print(json.dumps(batch_rows(columns), indent=2))
    else:
        _print(result, decisions, batch_rows(columns), arguments, policy)
    return told


def _print(
    result: BatchResult,
    decisions: BatchDecisions,
    rows: list[dict[str, Any]],
    arguments: argparse.Namespace,
    policy: Policy | None,
) -> None:
    from ..experiments.batch_decisions import summarise_batch
    from ..figures.batch_text import accuracy_text, counted, risk_text
    from .predict import footnote, table

    answered = [row for row in rows if row["prediction"] is not None]
    if arguments.out is None and answered:
        print(table(answered, policy))
        print(f"\n{footnote(arguments, len(result.classes))}")
    summary = summarise_batch(result, decisions)
    print(counted(summary, has_policy=policy is not None))
    if sentence := accuracy_text(summary):
        print(sentence)
        if policy is not None:
            print(risk_text(summary))
    if arguments.out is not None:
        print(f"Written: {arguments.out}, {len(rows):,} rows.")


def _tell_bad(result: BatchResult) -> None:
    bad = [
        (name, problem)
        for name, problem, is_read in zip(
            result.names, result.problems, result.is_read.tolist(), strict=True
        )
        if not is_read
    ]
    for name, problem in bad[:_MOST_TOLD]:
        print(f"{name}: {problem}", file=sys.stderr)
    if len(bad) > _MOST_TOLD:
        print(f"… and {len(bad) - _MOST_TOLD:,} more that cannot be read.", file=sys.stderr)
