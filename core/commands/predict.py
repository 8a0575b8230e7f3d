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
from .main import EXIT_BAD_INPUT, EXIT_DONT_KNOW, EXIT_OK
from .read_image import printable, read_image
from .text_table import text_table

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from ..images import ResolvedImage
    from ..inference.samples import McSummary
    from ..uncertainty import Policy

_LONGEST_NAME = 40
DEFAULT_POLICY = "default"


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
        "--folder", type=Path, help="where the networks are (default: the shipped ones' folder)"
    )


def run(arguments: argparse.Namespace) -> int:
    """Read, classify, print. A bad image is told on stderr and the others go on."""
    policy = _policy(arguments)
    # Named twice, answered once.
    sources = list(dict.fromkeys(arguments.images))
    images = _read(sources)
    results = _predict(arguments, images, policy) if images else []
    if arguments.json:
        print(json.dumps(results, indent=2))
    elif results:
        print(_table(results, policy))
        print(
            f"\n{arguments.num_samples:,} passes of the network {arguments.network}, seed"
            f" {arguments.seed}. Entropies and mutual information in nats, at most ln 10 ="
            f" {math.log(10):.3f}. Twin: one pass with dropout off."
        )
    if len(results) < len(sources):
        return EXIT_BAD_INPUT
    return EXIT_OK if all(result.get("accepted", True) for result in results) else EXIT_DONT_KNOW


def _policy(arguments: argparse.Namespace) -> Policy | None:
    """Load the policy, if one is asked for; refuse one of another network.

    Raises:
        InvalidInputError: there is no such file, or it was made for another network.
        MissingDataError: the network comes with no policy.
        DamagedFileError: the file is no policy.
    """
    if arguments.policy is None:
        return None
    from ..experiments.default_policy import load_default_policy
    from ..networks import load_card
    from ..uncertainty import load_policy

    card = load_card(arguments.network, arguments.folder)
    if arguments.policy == DEFAULT_POLICY:
        policy = load_default_policy(arguments.network, arguments.folder)
        if policy is None:
            raise MissingDataError(
                f"The network {arguments.network} comes with no policy. Make one with"
                f" `python -m core policy --network {arguments.network} --out FILE`."
            )
    else:
        try:
            policy = load_policy(Path(arguments.policy))
        except FileNotFoundError:
            raise InvalidInputError(
                "policy",
                expected=f"a file with a policy, or {DEFAULT_POLICY}",
                received=printable(arguments.policy),
            ) from None
    mismatch = policy.mismatch(card.weights_sha256)
    if mismatch and not arguments.any_model:
        raise InvalidInputError(
            "policy",
            expected=f"one that was made for the network {arguments.network}",
            received=f"'{policy.name}', of the sha256 {policy.model_sha256[:12]}…",
            advice="Use it all the same with --any-model; what it promises does not hold then.",
        )
    if mismatch:
        print(mismatch, file=sys.stderr)
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


def _table(results: list[dict[str, Any]], policy: Policy | None = None) -> str:
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
