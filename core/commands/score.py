"""`score`: measure a network on MNIST's validation and test images."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import InvalidInputError, MissingDataError
from ..limits import DEFAULT_NUM_SAMPLES
from ..networks import DEFAULT_NETWORK, models_folder
from .progress import ProgressBar

if TYPE_CHECKING:
    from ..networks.cards import Metric


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the subcommand's arguments."""
    parser.description = (
        "Measure a network on MNIST's validation and test images, write the figures into its card"
        " and, for a network with dropout, where each measure lies among the test digits."
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


def run(arguments: argparse.Namespace) -> int:
    """Measure and write."""
    from .quiet import start_tensorflow

    start_tensorflow()
    return score_network(
        arguments.network,
        arguments.folder or models_folder(),
        num_samples=arguments.num_samples,
        seed=arguments.seed,
        limit=arguments.limit,
    )


def score_network(
    name: str, folder: Path, *, num_samples: int, seed: int, limit: int | None
) -> int:
    """Measure a network in the zoo, and write card and test scores; return the exit code.

    Args:
        name: of the network.
        folder: where it is.
        num_samples: passes an image.
        seed: of the passes.
        limit: images of each set to use, all if None.
    """
    from ..experiments.quantiles import MeasureQuantiles, scores_path
    from ..experiments.scoring import (
        Scores,
        accuracy,
        negative_log_likelihood,
        score,
        score_one_pass,
    )
    from ..inference import McSampler
    from ..networks.cards import MEAN_SOFTMAX, ONE_PASS, Metric
    from ..networks.zoo import load_network, save_card

    network = load_network(name, folder)
    sampler = McSampler(network.model) if network.card.has_dropout else None
    metrics: list[Metric] = []
    test_scores: Scores | None = None
    for which, images, labels in _data_sets(limit):
        probs = score_one_pass(network.model, images, progress=_bar(f"{which}, {ONE_PASS}"))
        metrics.append(
            Metric(
                which,
                ONE_PASS,
                len(images),
                accuracy(probs, labels),
                negative_log_likelihood(probs, labels),
            )
        )
        if sampler is None:
            continue
        scores = score(
            sampler,
            images,
            labels,
            num_samples=num_samples,
            seed=seed,
            progress=_bar(f"{which}, {num_samples:,} passes"),
        )
        metrics.append(
            Metric(
                which,
                MEAN_SOFTMAX,
                len(images),
                accuracy(scores.mean, labels),
                negative_log_likelihood(scores.mean, labels),
                num_samples,
                seed,
            )
        )
        test_scores = scores
    card = network.card.with_metrics(*metrics)
    save_card(card, folder)
    if test_scores is not None:
        MeasureQuantiles.from_scores(test_scores, card).save(scores_path(name, folder))
    for metric in metrics:
        print(describe_metric(metric))
    return 0


def describe_metric(metric: Metric) -> str:
    """Return one aligned line: which images, which way to answer, accuracy and NLL."""
    method = metric.method
    if metric.num_samples is not None:
        method += f", T = {metric.num_samples:,}, seed {metric.seed}"
    return (
        f"{metric.data:<10}  {metric.num_images:>6,} images  {method:<32}"
        f"  accuracy {metric.accuracy:7.2%}  NLL {metric.nll:.4f}"
    )


def _data_sets(limit: int | None) -> list[tuple[str, Any, Any]]:
    """Validation images first, test images last: (name, images, labels)."""
    from ..images.sources import MISSING_ADVICE, load_mnist_test, load_mnist_train
    from ..networks.training import split_training_data

    if limit is not None and limit < 1:
        raise InvalidInputError("limit", expected="a whole number, 1 or more", received=limit)
    held = split_training_data(*load_mnist_train())
    test = load_mnist_test()
    if test is None:  # the training set was there a moment ago, in the same file
        raise MissingDataError(f"MNIST is not on this machine. {MISSING_ADVICE}")
    return [
        ("validation", held.validation_images[:limit], held.validation_labels[:limit]),
        ("test", test.x[:limit][..., None], test.y[:limit]),
    ]


def _bar(label: str) -> Callable[[int, int], None]:
    bar = ProgressBar()

    def show(done: int, total: int) -> None:
        if done < total:
            bar.show(label, done, total, f"{done:,} of {total:,} images")
        else:
            bar.finish(label, f"{total:,} images")

    return show
