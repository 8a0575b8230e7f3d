"""`sweep`: change an image step by step, ask at each step, and print or write what was said."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import InvalidInputError
from ..limits import DEFAULT_NUM_SAMPLES
from ..networks import DEFAULT_NETWORK
from .main import EXIT_OK
from .own_model import add_model_arguments, load_model
from .progress import ProgressBar
from .read_image import read_image
from .read_in_frame import read_in_frame
from .sweep_outputs import SweepOutputs
from .sweep_text import closing_line, sweep_text_table

if TYPE_CHECKING:
    from ..experiments import SweepRecipe, SweepResult
    from ..images import Frame
    from ..inference import McSampler
    from ..networks.own_network import OwnNetwork

_KINDS = ("rotation", "blending", "noise")
_DEFAULT_STEPS = 36
# What a recipe and a sampler call what is an option here.
_OPTIONS = {
    "num_steps": "--steps",
    "num_samples": "--num-samples",
    "seed": "--seed",
    "noise_seed": "--noise-seed",
    "start": "--start",
    "stop": "--stop",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the subcommand's arguments."""
    parser.add_argument("kind", choices=_KINDS, help="what changes from step to step")
    parser.add_argument(
        "--image",
        required=True,
        help="a PNG or JPEG, or an image reference as mnist:5 or hand:3-17",
    )
    parser.add_argument("--image2", metavar="IMAGE", help="what a blending blends in")
    parser.add_argument(
        "--label", type=int, metavar="N", help="true class, if the image does not tell"
    )
    parser.add_argument("--label2", type=int, metavar="N", help="true class of the second image")
    parser.add_argument(
        "--start",
        type=float,
        help="first degree of a rotation (-360 to 720), alpha of a blending (0 to 1) or share of"
        " the pixels that are noise (0 to 1) (default: 0)",
    )
    parser.add_argument(
        "--stop",
        type=float,
        help="the last one, within the same limits, and of a rotation at most a whole turn after"
        " the first; a whole turn leaves its end out, where it would be the start again"
        " (default: 360 degrees, alpha 1, share 0.9)",
    )
    parser.add_argument(
        "--steps", type=int, default=_DEFAULT_STEPS, help=f"how many (default: {_DEFAULT_STEPS})"
    )
    parser.add_argument(
        "--num-samples",
        type=int,
        default=DEFAULT_NUM_SAMPLES,
        help=f"passes a step (default: {DEFAULT_NUM_SAMPLES:,})",
    )
    parser.add_argument("--seed", type=int, default=0, help="of the passes (default: 0)")
    parser.add_argument("--noise-seed", type=int, help="of the order of pixels (default: 0)")
    parser.add_argument(
        "--network", default=DEFAULT_NETWORK, help=f"which network (default: {DEFAULT_NETWORK})"
    )
    parser.add_argument(
        "--plain", action="store_true", help="also ask the network trained without dropout"
    )
    parser.add_argument(
        "--folder", type=Path, help="where the networks are (default: the shipped ones' folder)"
    )
    add_model_arguments(parser)
    SweepOutputs.add_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Read, ask, write; without a file to write, print a table."""
    try:
        return _run(arguments)
    except InvalidInputError as error:
        if error.argument not in _OPTIONS:
            raise
        raise InvalidInputError(
            _OPTIONS[error.argument],
            expected=error.expected,
            received=error.received,
            advice=error.advice,
        ) from error


def _run(arguments: argparse.Namespace) -> int:
    outputs = SweepOutputs.from_arguments(arguments)
    _check_arguments(arguments)
    own = _own(arguments)
    recipe = _recipe(arguments, own)
    outputs.check(recipe)
    sampler, plain_model = _networks(arguments, own)
    result = _swept(recipe, sampler)
    if plain_model is not None:
        import numpy as np

        from ..experiments import score_one_pass

        probs = score_one_pass(plain_model, result.images)
        result = result.with_plain(probs.astype(np.float32))
    outputs.write(result, sampler)
    if not outputs.files:
        print(sweep_text_table(result))
        print(f"\n{closing_line(result)}")
    return EXIT_OK


def _check_arguments(arguments: argparse.Namespace) -> None:
    is_blending = arguments.kind == "blending"
    if is_blending and arguments.image2 is None:
        raise InvalidInputError(
            "--image2", expected="a second image, which blending needs", received="none"
        )
    for name, value in (("--image2", arguments.image2), ("--label2", arguments.label2)):
        if value is not None and not is_blending:
            raise InvalidInputError(
                name, expected=f"none: {arguments.kind} has one image", received=value
            )
    if arguments.noise_seed is not None and arguments.kind != "noise":
        raise InvalidInputError(
            "--noise-seed",
            expected=f"none: {arguments.kind} has no noise",
            received=arguments.noise_seed,
        )
    if arguments.model is not None:
        beside = {"--plain": arguments.plain, "--network": arguments.network != DEFAULT_NETWORK}
        for option, is_given in beside.items():
            if is_given:
                raise InvalidInputError(
                    option, expected="none beside --model", received="both", advice="Leave one out."
                )


def _recipe(arguments: argparse.Namespace, own: OwnNetwork | None) -> SweepRecipe:
    from ..experiments import SweepRecipe

    is_blending = arguments.kind == "blending"
    sources = [arguments.image, arguments.image2] if is_blending else [arguments.image]
    frame: Frame | None = None if own is None else own.setup.frame
    images = [
        read_image(source) if frame is None else read_in_frame(source, frame) for source in sources
    ]
    given = (arguments.label, arguments.label2)
    return SweepRecipe(
        kind=arguments.kind,
        images=tuple(each.image for each in images),
        labels=tuple(
            each.label if label is None else label
            for each, label in zip(images, given, strict=False)
        ),
        references=tuple(str(each.reference) for each in images),
        start=arguments.start,
        stop=arguments.stop,
        num_steps=arguments.steps,
        num_samples=arguments.num_samples,
        seed=arguments.seed,
        noise_seed=arguments.noise_seed or 0,
        network=arguments.network if own is None else own.title,
        classes=None if own is None else own.setup.classes,
    )


def _own(arguments: argparse.Namespace) -> OwnNetwork | None:
    """Return the network of the caller's own, where one is named.

    Raises:
        InvalidInputError: it cannot be used, or takes no images.
    """
    own = load_model(arguments)
    if own is not None and own.setup.frame is None:
        raise InvalidInputError(
            "--model", expected="a network that takes images", received="one that takes rows"
        )
    return own


def _networks(arguments: argparse.Namespace, own: OwnNetwork | None) -> tuple[McSampler, Any]:
    """Return the sampler, and the plain model or None; both before a thousand passes, not after."""
    from .quiet import start_tensorflow

    start_tensorflow()

    from ..inference import McSampler
    from ..networks import load_network

    if own is not None:
        return McSampler(own.model), None
    sampler = McSampler(load_network(arguments.network, arguments.folder).model)
    return sampler, load_network("plain", arguments.folder).model if arguments.plain else None


def _swept(recipe: SweepRecipe, sampler: McSampler) -> SweepResult:
    """Return the sweep, with a progress bar if it takes more than a moment."""
    from ..experiments import stream_sweep

    bar, is_long = ProgressBar(), False
    for result in stream_sweep(recipe, sampler):
        is_long = is_long or not result.is_complete
        if is_long:
            note = f"{result.num_steps} of {recipe.num_steps} steps"
            bar.show("Sweep", result.num_steps, recipe.num_steps, note)
    if is_long:
        bar.finish("Sweep", f"{recipe.num_steps} steps")
    return result
