"""`predict`: classify images, with every measure of uncertainty."""

from __future__ import annotations

import argparse
import json
import math
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import LabradorError
from ..limits import DEFAULT_NUM_SAMPLES
from ..networks import DEFAULT_NETWORK
from .main import EXIT_BAD_INPUT, EXIT_OK
from .read_image import printable, read_image
from .text_table import text_table

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from ..experiments import Scores
    from ..images import ResolvedImage

_LONGEST_NAME = 40


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the subcommand's arguments."""
    parser.add_argument(
        "images",
        nargs="+",
        metavar="IMAGE",
        help="a PNG or JPEG of a digit, or an image reference as mnist:5 or hand:3-17",
    )
    parser.add_argument(
        "--num-samples",
        type=int,
        default=DEFAULT_NUM_SAMPLES,
        help=f"passes an image (default: {DEFAULT_NUM_SAMPLES:,})",
    )
    parser.add_argument("--seed", type=int, default=0, help="of the passes (default: 0)")
    parser.add_argument(
        "--network", default=DEFAULT_NETWORK, help=f"which network (default: {DEFAULT_NETWORK})"
    )
    parser.add_argument("--json", action="store_true", help="print a list of objects as JSON")
    parser.add_argument(
        "--folder", type=Path, help="where the networks are (default: the shipped ones' folder)"
    )


def run(arguments: argparse.Namespace) -> int:
    """Read, classify, print. A bad image is told on stderr and the others go on."""
    # Named twice, answered once.
    sources = list(dict.fromkeys(arguments.images))
    images = _read(sources)
    results = _predict(arguments, images) if images else []
    if arguments.json:
        print(json.dumps(results, indent=2))
    elif results:
        print(_table(results))
        print(
            f"\n{arguments.num_samples:,} passes of the network {arguments.network}, seed"
            f" {arguments.seed}. Entropies and mutual information in nats, at most ln 10 ="
            f" {math.log(10):.3f}. Twin: one pass with dropout off."
        )
    return EXIT_OK if len(results) == len(sources) else EXIT_BAD_INPUT


def _read(sources: list[str]) -> dict[str, ResolvedImage]:
    """Return the images that can be used, by what named them; tell why of the others."""
    images = {}
    for source in sources:
        try:
            images[source] = read_image(source)
        except LabradorError as error:
            print(f"{printable(source)}: {error}", file=sys.stderr)
    return images


def _predict(
    arguments: argparse.Namespace, images: dict[str, ResolvedImage]
) -> list[dict[str, Any]]:
    from .quiet import start_tensorflow

    start_tensorflow()

    import numpy as np

    from ..experiments import score
    from ..inference import McSampler
    from ..networks import load_network

    network = load_network(arguments.network, arguments.folder)
    sampler = McSampler(network.model)
    batch = np.stack([resolved.image for resolved in images.values()])
    scores = score(sampler, batch, num_samples=arguments.num_samples, seed=arguments.seed)
    twin = sampler.twin(batch)
    return [
        _result(scores, index, source, resolved.label, twin[index])
        for index, (source, resolved) in enumerate(images.items())
    ]


def _result(
    scores: Scores, index: int, name: str, label: int | None, twin: npt.NDArray[np.float32]
) -> dict[str, Any]:
    return {
        "image": name,
        "label": label,
        "prediction": int(scores.predicted[index]),
        "runner_up": int(scores.runner_up[index]),
        **{measure: float(values[index]) for measure, values in scores.measures.items()},
        "mean_softmax": [float(share) for share in scores.mean[index]],
        "twin_prediction": int(twin.argmax()),
        "twin_confidence": float(twin.max()),
        "num_samples": scores.num_samples,
        "seed": scores.seed,
    }


_COLUMNS = (
    ("", "answer", "prediction"),
    ("runner", "up", "runner_up"),
    ("", "confidence", "confidence"),
    ("predictive", "entropy", "predictive_entropy"),
    ("expected", "entropy", "expected_entropy"),
    ("mutual", "information", "mutual_information"),
    ("", "variance", "variance"),
    ("variation", "ratio", "variation_ratio"),
    ("", "twin", "twin_prediction"),
    ("twin", "confidence", "twin_confidence"),
)


def _table(results: list[dict[str, Any]]) -> str:
    names = [printable(result["image"], _LONGEST_NAME) for result in results]
    columns = [["", "image", *names]]
    for top, bottom, key in _COLUMNS:
        cells = [
            f"{result[key]:.4f}" if isinstance(result[key], float) else str(result[key])
            for result in results
        ]
        columns.append([top, bottom, *cells])
    return text_table(columns)
