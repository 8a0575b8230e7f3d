"""The options with which a subcommand asks a Keras model of the caller's own."""

from __future__ import annotations

import argparse
import math
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import InvalidInputError
from ..limits import MAX_NAMES_BYTES
from ..uncertainty.classes import Classes
from .read_image import printable

if TYPE_CHECKING:
    from ..networks.own_network import OwnNetwork

_NAMES, _RANGE = "--class-names", "--input-range"


def add_model_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options, as a group of their own."""
    group = parser.add_argument_group("a network of your own", "Instead of a shipped one.")
    group.add_argument("--model", metavar="FILE", help="a Keras model, as model.save() writes it")
    group.add_argument(
        _NAMES,
        metavar="NAMES",
        help="what it tells apart, in the order of its scores: names with commas between, or a"
        " file with a name on each line (default: their numbers)",
    )
    group.add_argument(
        _RANGE,
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
        for option, value in ((_NAMES, names), (_RANGE, span)):
            if value is not None:
                raise InvalidInputError(
                    option, expected="a network of your own, by --model", received="none"
                )
        return None
    # What is wrong with these is told before a model is loaded.
    classes = None if names is None else read_class_names(names)
    ends = None if span is None else read_input_range(span)
    path = Path(arguments.model)
    if not path.is_file():
        raise InvalidInputError(
            "--model",
            expected="the file of a Keras model",
            received=f"{printable(arguments.model)}, where there is no file",
        )
    from .quiet import start_tensorflow

    start_tensorflow()

    loading: Any = import_module("..networks.foreign", __package__)
    network: OwnNetwork = loading.load_own(path)
    setup = network.setup
    if classes is not None:
        if len(classes) != len(setup.classes):
            raise InvalidInputError(
                _NAMES,
                expected=f"{len(setup.classes)} names, one for each class of the model",
                received=f"{len(classes)} of them",
            )
        setup = replace(setup, classes=classes)
        network = replace(network, setup=setup)
    if ends is not None and ends != (setup.dark, setup.bright):
        network = loading.load_own(path, replace(setup, dark=ends[0], bright=ends[1]))
    return network


def read_class_names(text: str) -> Classes:
    """Return classes by the names of an option: with commas between, or the lines of a file.

    Raises:
        InvalidInputError: neither, or names that cannot be any.
    """
    path = Path(text)
    try:
        is_file = path.is_file()
    except (OSError, ValueError):  # longer than any path, say
        is_file = False
    if is_file:
        names = [line.strip() for line in _read(path).splitlines() if line.strip()]
    elif "," in text:
        names = [name.strip() for name in text.split(",")]
    else:
        raise InvalidInputError(
            _NAMES,
            expected="names with commas between, or a file with a name on each line",
            received=printable(text),
        )
    try:
        return Classes(tuple(names))
    except InvalidInputError as error:
        raise InvalidInputError(
            _NAMES, expected=error.expected, received=error.received, advice=error.advice
        ) from error


def read_input_range(text: str) -> tuple[float, float]:
    """Return what a dark pixel is and what a bright one, of "0,255".

    Raises:
        InvalidInputError: they are not two different finite numbers.
    """
    try:
        low, high = (float(part) for part in text.split(","))
    except ValueError:
        low = high = math.nan
    if not (math.isfinite(low) and math.isfinite(high) and low != high):
        raise InvalidInputError(
            _RANGE,
            expected="two different numbers with a comma between, for a dark and a bright pixel",
            received=printable(text),
        )
    return low, high


def _read(path: Path) -> str:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_NAMES_BYTES + 1)
        if len(data) > MAX_NAMES_BYTES:
            raise ValueError(f"over {MAX_NAMES_BYTES:,} bytes")
        return data.decode("utf-8-sig")
    except (OSError, ValueError) as error:  # UnicodeDecodeError is a ValueError
        reason = getattr(error, "strerror", None) or error
        raise InvalidInputError(
            _NAMES,
            expected="a text file with a name on each line",
            received=f"{printable(str(path))} ({reason})",
        ) from error
