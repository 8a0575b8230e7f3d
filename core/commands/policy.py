"""`policy`: fit the limits under which an answer is accepted, and write them to a file."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import InvalidInputError
from ..networks import DEFAULT_NETWORK
from .main import EXIT_BAD_INPUT

if TYPE_CHECKING:
    from ..experiments.reference_scores import ReferenceScores
    from ..uncertainty import Policy


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the subcommand's arguments."""
    parser.description = (
        "Fit a policy on a network's validation images, from its reference scores. Without a target"
        " it is the default one: two limits that together accept 95% of the digits. With a target"
        " it is one limit with a promise about digits like those, and no others. A network of your"
        " own has scores of your own images: --scores names them."
    )
    parser.add_argument(
        "--network", default=DEFAULT_NETWORK, help=f"which network (default: {DEFAULT_NETWORK})"
    )
    parser.add_argument(
        "--scores",
        type=Path,
        metavar="FILE",
        help="scores of a network of your own, as `score --model` and the app write them",
    )
    parser.add_argument(
        "--folder", type=Path, help="where the networks are (default: the shipped ones' folder)"
    )
    parser.add_argument(
        "--target",
        type=float,
        metavar="RISK",
        help="promise at most this share of wrong answers among the accepted, as 0.005",
    )
    parser.add_argument("--confidence", type=float, help="that the promise is kept (default: 0.95)")
    parser.add_argument("--measure", help="what the promise limits (default: predictive_entropy)")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE", help="where to write")


def run(arguments: argparse.Namespace) -> int:
    """Fit, write, print what it accepts."""
    from ..experiments.default_policy import fit_default_policy, fit_promise
    from ..experiments.own_scores_file import load_own_scores
    from ..experiments.reference_scores import load_reference
    from ..uncertainty import save_policy

    for option in ("confidence", "measure"):
        if arguments.target is None and getattr(arguments, option) is not None:
            raise InvalidInputError(
                option, expected="a target beside it, as --target 0.005", received="none"
            )
    if arguments.scores is None:
        scores = load_reference(arguments.network, arguments.folder)
    else:
        scores = load_own_scores(arguments.scores)
    if arguments.target is None:
        policy: Policy | None = fit_default_policy(scores)
    else:
        policy = fit_promise(
            scores,
            target=arguments.target,
            confidence=0.95 if arguments.confidence is None else arguments.confidence,
            measure=arguments.measure or "predictive_entropy",
        )
    if policy is None:
        print(_not_possible(scores, arguments), file=sys.stderr)
        return EXIT_BAD_INPUT
    try:
        save_policy(policy, arguments.out)
    except OSError as error:
        raise InvalidInputError(
            "out",
            expected="a file that can be written",
            received=f"{arguments.out} ({error.strerror})",
        ) from error
    print(_report(policy, scores))
    print(f"Written: {arguments.out}.")
    return 0


def _not_possible(scores: ReferenceScores, arguments: argparse.Namespace) -> str:
    from ..experiments.default_policy import validation_of
    from ..uncertainty import fewest_images

    confidence = 0.95 if arguments.confidence is None else arguments.confidence
    there, needed = validation_of(scores).num_images, fewest_images(arguments.target, confidence)
    text = "Not possible on this data: no limit was found that keeps to the target."
    if there < needed:
        text += f" It takes {needed:,} validation {scores.item}s at least, and there are {there:,}."
    return f"{text} Nothing was written. Ask for a larger share, or for less confidence."


def _report(policy: Policy, scores: ReferenceScores) -> str:
    from ..uncertainty import MEASURES, outcome

    limits = ", ".join(
        f"{MEASURES[name].label.lower()} {'≤' if MEASURES[name].higher_is_less_certain else '≥'}"
        f" {limit:.4f}"
        for name, limit in policy.limits.items()
    )
    lines = [f"{policy.name}: {limits}", f"Target: {policy.provenance.target}."]
    lines.append(f"Guarantee: {policy.provenance.guarantee}.")
    for name in scores.sets if scores.is_own else ("validation", "test", "pen-digits", "kmnist"):
        if name not in scores.sets:
            continue
        one = scores.sets[name]
        found = outcome(policy.decide_values(one.measures), ~one.right)
        wrong = f", {found.num_false:,} of them wrong" if one.has_labels else ""
        lines.append(
            f"{name:<10}  accepts {found.num_accepted:>6,} of {found.num_images:>6,}"
            f" ({found.coverage:.1%}){wrong}"
        )
    return "\n".join(lines)
