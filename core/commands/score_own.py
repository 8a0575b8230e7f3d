"""`score --model`: score labelled images with a network of the caller's own."""

from __future__ import annotations

import argparse
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import InvalidInputError
from .interruption import kept_in
from .progress import work_bar
from .read_image import printable

if TYPE_CHECKING:
    from ..experiments.own_images import OwnImages
    from ..experiments.reference_scores import ReferenceScores
    from ..networks.own_network import OwnNetwork

_SUFFIX = ".scores.npz"
_TOLD = 5  # of what is left out, by name


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options, as a group of their own."""
    group = parser.add_argument_group(
        "images of your own",
        "For a network of your own: labelled images that it was not trained on. Limits are fitted"
        " on one half of them, and the other tells what they are worth.",
    )
    group.add_argument(
        "--data",
        type=Path,
        nargs="+",
        metavar="PATH",
        help="a folder with a folder for each class, a ZIP of that, an .npz with x and y, or a"
        " .csv with a column of labels",
    )
    group.add_argument(
        "--strangers",
        type=Path,
        nargs="+",
        metavar="PATH",
        help="images that the network should refuse, without labels",
    )
    group.add_argument(
        "--centred",
        action="store_true",
        help="put pictures into the frame as MNIST's digits were: ink found, scaled and centred",
    )
    group.add_argument(
        "--split-seed", type=int, default=0, help="of the split in two halves (default: 0)"
    )


def refuse_without_model(arguments: argparse.Namespace) -> None:
    """Refuse options that only a network of one's own takes.

    Raises:
        InvalidInputError: there is one.
    """
    for option in ("data", "strangers"):
        if getattr(arguments, option) is not None:
            raise InvalidInputError(
                f"--{option}", expected="a network of your own, by --model", received="none"
            )


def score_own_network(network: OwnNetwork, arguments: argparse.Namespace) -> int:
    """Score the images, write the scores, say what came out; return the exit code."""
    from ..experiments.checkpoint import Checkpoint
    from ..experiments.own_scores import score_own
    from ..experiments.scoring import scoring_identity
    from ..inference import McSampler

    if arguments.data is None:
        raise InvalidInputError(
            "--data", expected="labelled images that the model was not trained on", received="none"
        )
    path = scores_file(arguments.out, Path(arguments.model))
    labelled = _gathered(arguments.data, network, centred=arguments.centred, labelled=True)
    strangers = None
    if arguments.strangers is not None:
        strangers = _gathered(
            arguments.strangers, network, centred=arguments.centred, labelled=False
        )
    sampler = McSampler(network.model)
    state = arguments.state or path.with_name(f"{path.name}.partial.npz")
    identity = scoring_identity(sampler.weights_checksum, arguments.num_samples, arguments.seed)
    checkpoint = Checkpoint.open(state, "scoring", identity)
    with kept_in(state, checkpoint):
        scores = score_own(
            network,
            sampler,
            labelled.images,
            labelled.labels,
            strangers=None if strangers is None else strangers.images,
            num_samples=arguments.num_samples,
            seed=arguments.seed,
            split_seed=arguments.split_seed,
            progress=partial(work_bar(), f"scoring, {arguments.num_samples:,} passes"),
            checkpoint=checkpoint,
        )
        try:
            scores.save(path)
        except OSError as error:
            raise InvalidInputError(
                "--out",
                expected="a place that can be written to",
                received=f"{path} ({error.strerror})",
            ) from error
    state.unlink(missing_ok=True)  # only now that the results are safe
    print(describe_own(scores))
    print(f"Written: {path}.")
    return 0


def scores_file(out: Path | None, model: Path) -> Path:
    """Return where scores are written: the file that `out` names, or one in this folder.

    Args:
        out: a file that ends in .npz, a folder, or nothing, which is the working folder.
        model: whose name the file takes.
    """
    if out is not None and out.suffix == ".npz" and not out.is_dir():
        return out
    return (out or Path()) / f"{model.stem}{_SUFFIX}"


def describe_own(scores: ReferenceScores) -> str:
    """Return a line for each set, and what the scores are too few to tell."""
    from ..experiments.own_notes import notes_on

    lines = []
    for name, one in scores.sets.items():
        line = f"{name:<10}  {one.num_images:>6,} {scores.item}s"
        if one.has_labels:
            line += f"  right: committee {one.right.mean():7.2%}, twin {one.twin_right.mean():7.2%}"
        lines.append(line)
    notes = [printable(note, len(note) + 1) for note in notes_on(scores)]
    return "\n".join([*lines, *notes])


def _gathered(
    paths: list[Path], network: OwnNetwork, *, centred: bool, labelled: bool
) -> OwnImages:
    """Read images, and tell on stderr what was left out."""
    from ..experiments.own_images import gather_images
    from ..images import Preparation, files_below, read_batch

    shape = network.model.inputs[0].shape[1:]
    preparation = Preparation(network.setup.frame, int(shape[0]), centred, network.setup.classes)
    files = [file for path in paths for file in files_below(path)]
    found = gather_images(read_batch(files, preparation), preparation.shape, labelled=labelled)
    for name, why in found.left_out[:_TOLD]:
        print(f"Left out: {printable(name)}. {why}", file=sys.stderr)
    if len(found.left_out) > _TOLD:
        print(f"Left out: {len(found.left_out) - _TOLD:,} more.", file=sys.stderr)
    return found
