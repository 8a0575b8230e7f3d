"""`predict`: classify images, with every measure of uncertainty."""

from __future__ import annotations

import argparse
import json
import math
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import InvalidInputError, LabradorError, MissingDataError
from ..limits import DEFAULT_NUM_SAMPLES
from ..networks import DEFAULT_NETWORK
from ..uncertainty import MEASURES
from .main import EXIT_BAD_INPUT, EXIT_DONT_KNOW, EXIT_OK
from .own_model import add_model_arguments, load_model
from .predict_batch import is_batch, predict_batch
from .read_image import printable, read_image
from .text_table import text_table

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from ..images import ResolvedImage
    from ..inference.samples import McSummary
    from ..networks.own_network import OwnNetwork
    from ..uncertainty import Policy

_LONGEST_NAME = 40
DEFAULT_POLICY = "default"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the subcommand's arguments."""
    parser.add_argument(
        "images",
        nargs="+",
        metavar="IMAGE",
        help="a PNG or JPEG of a digit, or an image reference as mnist:5 or hand:3-17; or many: a"
        " folder, a ZIP, an .npz or .csv of pixels",
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
    parser.add_argument(
        "--policy",
        metavar="FILE",
        help="say “I don't know” where this policy refuses an answer, and end with"
        f" {EXIT_DONT_KNOW} if it does; “{DEFAULT_POLICY}” is the network's own",
    )
    parser.add_argument(
        "--any-model",
        action="store_true",
        help="use a policy that was made for another network: its promise does not hold",
    )
    parser.add_argument("--json", action="store_true", help="print a list of objects as JSON")
    parser.add_argument(
        "--out",
        type=Path,
        metavar="FILE",
        help="write a row an image into a .csv, .parquet or .json, and print how many there are;"
        " what is done is written when stopped, too",
    )
    parser.add_argument(
        "--sort",
        choices=list(MEASURES),
        metavar="MEASURE",
        help="of many images the most uncertain first, by predictive_entropy say (default: as they"
        " are read)",
    )
    parser.add_argument(
        "--centre",
        action=argparse.BooleanOptionalAction,
        help="find the ink of pictures and centre it as MNIST does (default: for the shipped"
        " networks; else pictures are resized as a whole)",
    )
    parser.add_argument(
        "--folder", type=Path, help="where the networks are (default: the shipped ones' folder)"
    )
    add_model_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Read, classify, print. A bad image is told on stderr and the others go on."""
    own = load_model(arguments)
    policy = _policy(arguments, own)
    is_many = any(map(is_batch, arguments.images)) or arguments.out or arguments.sort
    if own is not None or is_many or arguments.centre is False:
        return predict_batch(arguments, own, policy)
    # Named twice, answered once.
    sources = list(dict.fromkeys(arguments.images))
    images = _read(sources)
    results = _predict(arguments, images, policy) if images else []
    if arguments.json:
        print(json.dumps(results, indent=2))
    elif results:
        print(table(results, policy))
        print(f"\n{footnote(arguments, len(results[0]['mean_softmax']))}")
    if len(results) < len(sources):
        return EXIT_BAD_INPUT
    return EXIT_OK if all(result.get("accepted", True) for result in results) else EXIT_DONT_KNOW


def footnote(arguments: argparse.Namespace, num_classes: int) -> str:
    """Return what stands under a table: whose answers these are, and in what units."""
    network = printable(arguments.model or arguments.network)
    return (
        f"{arguments.num_samples:,} passes of the network {network}, seed {arguments.seed}."
        f" Entropies and mutual information in nats, at most ln {num_classes} ="
        f" {math.log(num_classes):.3f}. Twin: one pass with dropout off."
    )


def _policy(arguments: argparse.Namespace, own: OwnNetwork | None) -> Policy | None:
    """Load the policy, if one is asked for; refuse one of another network.

    Raises:
        InvalidInputError: there is no such file, or it was made for another network, or for
            another number of classes.
        MissingDataError: the network comes with no policy.
        DamagedFileError: the file is no policy.
    """
    if arguments.policy is None:
        return None
    from ..networks import load_card
    from ..uncertainty import load_policy

    if own is None:
        sha256, num_classes = load_card(arguments.network, arguments.folder).weights_sha256, 10
        title = f"the network {arguments.network}"
    else:
        sha256, num_classes = own.sha256, len(own.setup.classes)
        title = f"{printable(arguments.model)}, of the sha256 {sha256[:12]}…"
    if arguments.policy == DEFAULT_POLICY:
        policy = _default_policy(arguments, own)
    else:
        try:
            policy = load_policy(Path(arguments.policy))
        except FileNotFoundError:
            raise InvalidInputError(
                "policy",
                expected=f"a file with a policy, or {DEFAULT_POLICY}",
                received=printable(arguments.policy),
            ) from None
    if policy.limits and policy.num_classes != num_classes:
        raise InvalidInputError(
            "policy",
            expected=f"one for {num_classes} classes",
            received=f"'{policy.name}', for {policy.num_classes}",
        )
    mismatch = policy.mismatch(sha256)
    if mismatch and not arguments.any_model:
        raise InvalidInputError(
            "policy",
            expected=f"one that was made for {title}",
            received=f"'{policy.name}', of the sha256 {policy.model_sha256[:12]}…",
            advice="Use it all the same with --any-model; what it promises does not hold then.",
        )
    if mismatch:
        print(mismatch, file=sys.stderr)
    return policy


def _default_policy(arguments: argparse.Namespace, own: OwnNetwork | None) -> Policy:
    from ..experiments.default_policy import load_default_policy

    if own is not None:
        raise MissingDataError("A network of your own comes with no policy: name the file of one.")
    policy = load_default_policy(arguments.network, arguments.folder)
    if policy is None:
        raise MissingDataError(
            f"The network {arguments.network} comes with no policy. Make one with"
            f" `python -m core policy --network {arguments.network} --out FILE`."
        )
    return policy


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
    arguments: argparse.Namespace, images: dict[str, ResolvedImage], policy: Policy | None
) -> list[dict[str, Any]]:
    from .quiet import start_tensorflow

    start_tensorflow()

    import numpy as np

    from ..experiments.scoring import BATCH_SIZE
    from ..inference import McSampler
    from ..networks import load_network

    network = load_network(arguments.network, arguments.folder)
    sampler = McSampler(network.model)
    named = list(images.items())
    results = []
    for start in range(0, len(named), BATCH_SIZE):
        part = named[start : start + BATCH_SIZE]
        batch = np.stack([resolved.image for _, resolved in part])
        summary = sampler.summarise(batch, num_samples=arguments.num_samples, seed=arguments.seed)
        twin = sampler.twin(batch)
        labels = {source: resolved.label for source, resolved in part}
        results += _results(summary, labels, twin, arguments.seed, policy)
    return results


def _results(
    summary: McSummary,
    labels: dict[str, int | None],
    twin: npt.NDArray[np.float32],
    seed: int,
    policy: Policy | None,
) -> list[dict[str, Any]]:
    from ..uncertainty import MEASURES, predicted_class, runner_up

    measures = {name: measure.value(summary) for name, measure in MEASURES.items()}
    predicted, second = predicted_class(summary), runner_up(summary)
    decisions = None if policy is None else policy.decide(summary)
    results = []
    for index, (source, label) in enumerate(labels.items()):
        result: dict[str, Any] = {
            "image": source,
            "label": label,
            "prediction": int(predicted[index]),
            "runner_up": int(second[index]),
            **{name: float(values[index]) for name, values in measures.items()},
            "mean_softmax": [float(share) for share in summary.mean[index]],
            "twin_prediction": int(twin[index].argmax()),
            "twin_confidence": float(twin[index].max()),
            "num_samples": summary.num_samples,
            "seed": seed,
        }
        if policy is not None and decisions is not None:
            result["policy"] = policy.name
            result["accepted"] = bool(decisions.accepted[index])
            result["reason"] = decisions.reasons[index]
            result["broken"] = list(decisions.broken[index])
        results.append(result)
    return results


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


def table(results: list[dict[str, Any]], policy: Policy | None = None) -> str:
    """Return an aligned table, one line an image."""
    names = [printable(result["image"], _LONGEST_NAME) for result in results]
    columns = [["", "image", *names]]
    for top, bottom, key in _COLUMNS:
        cells = [
            f"{result[key]:.4f}" if isinstance(result[key], float) else str(result[key])
            for result in results
        ]
        columns.append([top, bottom, *cells])
    if policy is not None:
        verdicts = ["accepted" if result["accepted"] else "I don't know" for result in results]
        for head, words in (
            ("verdict", verdicts),
            ("why", [result["reason"] for result in results]),
            ("broken limits", [", ".join(result["broken"]) or "none" for result in results]),
        ):
            # Words stand to the left, under one another.
            width = max(map(len, [head, *words]))
            columns.append([word.ljust(width) for word in ("", head, *words)])
    return text_table(columns)
