"""The options with which a subcommand asks a Keras model of the caller's own."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import InvalidInputError
from ..networks.named_model import NAMES_OPTION, RANGE_OPTION, load_named_model

if TYPE_CHECKING:
    from ..networks.own_network import OwnNetwork


def add_model_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options, as a group of their own."""
    group = parser.add_argument_group("a network of your own", "Instead of a shipped one.")
    group.add_argument("--model", metavar="FILE", help="a Keras model, as model.save() writes it")
    group.add_argument(
        NAMES_OPTION,
        metavar="NAMES",
        help="what it tells apart, in the order of its scores: names with commas between, a file"
        " with a name on each line, or “digits” for 0 to 9 (default: their numbers)",
    )
    group.add_argument(
        RANGE_OPTION,
        metavar="LOW,HIGH",
        help="what it takes for a dark pixel and for a bright one: 0,255 or --input-range=-1,1;"
        " 1,0 for ink that is dark on white (default: as its first layers suggest)",
    )


def load_model(arguments: argparse.Namespace) -> OwnNetwork | None:
    """Return the model that the options name, None where they name none.

    Starts TensorFlow where there is one.

    Raises:
        InvalidInputError: names or range without a model, of another number, or no such file;
            or a model that cannot be used.
        LabradorError: the file cannot be loaded.
    """
    names, span = arguments.class_names, arguments.input_range
    if arguments.model is None:
        for option, value in ((NAMES_OPTION, names), (RANGE_OPTION, span)):
            if value is not None:
                raise InvalidInputError(
                    option, expected="a network of your own, by --model", received="none"
                )
        return None
    from .quiet import start_tensorflow

    start_tensorflow()
    return load_named_model(Path(arguments.model), names, span)
