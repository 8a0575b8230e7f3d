"""`score`: measure a network on MNIST and the reference sets, or on images of one's own."""

from __future__ import annotations

import argparse
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import MissingDataError
from ..limits import DEFAULT_NUM_SAMPLES
from ..networks import DEFAULT_NETWORK, models_folder
from . import score_own
from .interruption import kept_in
from .own_model import add_model_arguments, load_model
from .progress import work_bar

if TYPE_CHECKING:
    from ..experiments.reference_data import ReferenceData
    from ..experiments.reference_scores import ReferenceScores
    from ..networks.cards import Metric

TRIAL_FOLDER = "score-trial"
_MEASURED = ("validation", "test")  # the reference sets whose figures go into the card


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the subcommand's arguments."""
    parser.description = (
        "Measure a network on MNIST's validation and test images, write the figures into its card"
        " and, for a network with dropout, where each measure lies among the test digits. For such"
        " a network the answers to every image of the reference sets are kept as well: validation,"
        " test, turned test images, Kuzushiji characters and pen digits. A set whose data are not"
        " on this machine is left out. Scoring that was stopped goes on where it was"
        " when the same command is given again. A network of your own (--model) is measured on"
        " labelled images of your own (--data) instead; `policy --scores` fits limits on them."
    )
    parser.add_argument("--network", default=DEFAULT_NETWORK)
    parser.add_argument(
        "--num-samples",
        type=int,
        default=DEFAULT_NUM_SAMPLES,
        help=f"passes an image (default: {DEFAULT_NUM_SAMPLES:,})",
    )
    parser.add_argument("--seed", type=int, default=0, help="of the passes (default: 0)")
    parser.add_argument(
        "--folder", type=Path, help="where the network is (default: the shipped networks' folder)"
    )
    parser.add_argument(
        "--limit", type=int, metavar="N", help="use N images of each set only: for a trial"
    )
    parser.add_argument(
        "--out",
        type=Path,
        metavar="FOLDER",
        help="where to write card and scores, or the file for the scores of a network of your own"
        " (default: beside the network; a trial with a limit,"
        " and for the shipped networks one with other passes or another seed, goes into the folder"
        f" {TRIAL_FOLDER}, so that it replaces no real scores)",
    )
    parser.add_argument(
        "--state",
        type=Path,
        metavar="FILE",
        help="what is kept of interrupted scoring (default: beside the scores)",
    )
    parser.add_argument(
        "--reference",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="keep the answers to the reference sets, which are 30,000 images more (default: yes)",
    )
    add_model_arguments(parser)
    score_own.add_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Measure and write."""
    network = load_model(arguments)
    if network is not None:
        return score_own.score_own_network(network, arguments)
    score_own.refuse_without_model(arguments)
    from .quiet import start_tensorflow

    start_tensorflow()
    return score_network(
        arguments.network,
        arguments.folder or models_folder(),
        out=arguments.out or (Path(TRIAL_FOLDER) if _is_trial(arguments) else None),
        num_samples=arguments.num_samples,
        seed=arguments.seed,
        limit=arguments.limit,
        reference=arguments.reference,
        state=arguments.state,
    )


def _is_trial(arguments: argparse.Namespace) -> bool:
    """Whether the scores are not what people mean to keep beside this network."""
    is_shipped = arguments.folder is None or arguments.folder.resolve() == models_folder().resolve()
    other = (arguments.num_samples, arguments.seed) != (DEFAULT_NUM_SAMPLES, 0)
    return arguments.limit is not None or (is_shipped and other)


def score_network(
    name: str,
    folder: Path,
    *,
    num_samples: int,
    seed: int,
    limit: int | None,
    reference: bool = True,
    out: Path | None = None,
    state: Path | None = None,
) -> int:
    """Measure a network in the zoo, and write card and scores; return the exit code.

    Args:
        name: of the network.
        folder: where it is.
        num_samples: passes an image.
        seed: of the passes.
        limit: images of each set to use, all if None.
        reference: whether to keep the answers to the reference sets.
        out: where to write; the same folder if None.
        state: the file that keeps what is done until all is written; beside the scores if None.
    """
    from ..experiments.checkpoint import Checkpoint
    from ..experiments.quantiles import MeasureQuantiles, scores_path
    from ..experiments.reference_data import load_reference_data
    from ..experiments.reference_scores import ReferenceScores, reference_path
    from ..experiments.scoring import (
        Scores,
        accuracy,
        negative_log_likelihood,
        score,
        score_one_pass,
        score_twin,
        scoring_identity,
    )
    from ..experiments.set_scores import SetScores, set_scores
    from ..inference import McSampler
    from ..networks.cards import MEAN_SOFTMAX, ONE_PASS, Metric
    from ..networks.zoo import load_network, save_card
    from ..store import array_checksum

    network = load_network(name, folder)
    sampler = McSampler(network.model) if network.card.has_dropout else None
    out = folder if out is None else out
    state = partial_path(name, out) if state is None else state
    # All of them now: a damaged file is told before minutes of passes, not after.
    measured = [load_reference_data(which, limit) for which in _MEASURED]
    others = [] if sampler is None or not reference else _other_sets()

    bar = work_bar()
    weights = array_checksum(*network.model.get_weights())
    checkpoint = Checkpoint.open(state, "scoring", scoring_identity(weights, num_samples, seed))

    def ask(data: ReferenceData, sampler: McSampler) -> Scores:
        return score(
            sampler,
            data.images,
            data.labels,
            num_samples=num_samples,
            seed=seed,
            progress=partial(bar, f"{data.name}, {num_samples:,} passes"),
            state=checkpoint,
        )

    def keep(data: ReferenceData, scores: Scores) -> SetScores:
        logits = score_twin(network.model, data.images, checkpoint=checkpoint)
        return set_scores(data, scores, logits, keep_distributions=data.name in _MEASURED)

    metrics: list[Metric] = []
    test_scores: Scores | None = None
    sets: dict[str, SetScores] = {}
    with kept_in(state, checkpoint):
        for data in measured:
            probs = score_one_pass(
                network.model,
                data.images,
                progress=partial(bar, f"{data.name}, {ONE_PASS}"),
                checkpoint=checkpoint,
            )
            metrics.append(
                Metric(
                    data.name,
                    ONE_PASS,
                    len(data),
                    accuracy(probs, data.labels),
                    negative_log_likelihood(probs, data.labels),
                )
            )
            if sampler is None:
                continue
            scores = ask(data, sampler)
            metrics.append(
                Metric(
                    data.name,
                    MEAN_SOFTMAX,
                    len(data),
                    accuracy(scores.mean, data.labels),
                    negative_log_likelihood(scores.mean, data.labels),
                    num_samples,
                    seed,
                )
            )
            test_scores = scores
            if reference:
                sets[data.name] = keep(data, scores)
        card = network.card.with_metrics(*metrics)
        save_card(card, out)
        if test_scores is not None:
            MeasureQuantiles.from_scores(test_scores, card).save(scores_path(name, out))
        for metric in metrics:
            print(describe_metric(metric), flush=True)
        if sampler is not None and reference:
            for which in others:
                data = load_reference_data(which, limit)  # one at a time: drawn, they are floats
                sets[which] = keep(data, ask(data, sampler))
            path = reference_path(name, out)
            kept = ReferenceScores(name, card.weights_sha256, num_samples, seed, sets)
            kept.save(path)
            print(describe_reference(kept, path))
    state.unlink(missing_ok=True)  # only now that the results are safe
    if out != folder:
        print(f"Written into {out}; what lies beside the network is as it was.")
    return 0


def partial_path(name: str, folder: Path) -> Path:
    """Return where interrupted scoring is kept, unless another file is named."""
    return folder / f"{name}.score.partial.npz"


def _other_sets() -> list[str]:
    """The reference sets besides those measured; one whose data are missing is left out.

    One image of each is loaded, for which its whole file is read.

    Raises:
        DamagedFileError: the file of a data set is damaged.
    """
    from ..experiments.reference_data import REFERENCE_SETS, load_reference_data

    found = []
    for name in REFERENCE_SETS:
        if name in _MEASURED:
            continue
        try:
            load_reference_data(name, 1)
        except MissingDataError as error:
            print(f"Left out: {name}. {error}", flush=True)
        else:
            found.append(name)
    return found


def describe_metric(metric: Metric) -> str:
    """Return one aligned line: which images, which way to answer, accuracy and NLL."""
    method = metric.method
    if metric.num_samples is not None:
        method += f", T = {metric.num_samples:,}, seed {metric.seed}"
    return (
        f"{metric.data:<10}  {metric.num_images:>6,} images  {method:<32}"
        f"  accuracy {metric.accuracy:7.2%}  NLL {metric.nll:.4f}"
    )


def describe_reference(scores: ReferenceScores, path: Path) -> str:
    """Return one line: how many sets and images, and the file that holds them."""
    size = path.stat().st_size / 2**20
    return (
        f"reference   {scores.num_images:>6,} images  in {len(scores.sets)} sets,"
        f" T = {scores.num_samples:,}, seed {scores.seed}: {path.name}, {size:.2f} MiB"
    )
