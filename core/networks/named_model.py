"""A model that the machine's owner names by its path: as words tell it, without a page."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from pathlib import Path

from ..errors import InvalidInputError
from ..limits import MAX_NAMES_BYTES
from ..uncertainty.classes import DIGITS, Classes
from .model_report import ModelReport
from .own_network import OwnNetwork, Setup

NAMES_OPTION, RANGE_OPTION = "--class-names", "--input-range"
DIGITS_WORD = "digits"


def load_named_model(
    path: Path, class_names: str | None = None, input_range: str | None = None
) -> OwnNetwork:
    """Inspect a model in a process of its own, and load it.

    Args:
        path: of a `.keras` file.
        class_names: see `classes_from_text`; the classes' numbers if None.
        input_range: see `range_from_text`; as its first layers suggest if None.

    Raises:
        InvalidInputError: there is no such file, the workbench cannot use the model, or the words
            do not fit it.
        LabradorError: the file is damaged, or not to be trusted.
    """
    report, setup = check_named_model(path, class_names, input_range)
    from .foreign import bring_model

    return bring_model(path, title=path.stem, report=report, setup=setup)


def check_named_model(
    path: Path, class_names: str | None = None, input_range: str | None = None
) -> tuple[ModelReport, Setup]:
    """Inspect a model as `load_named_model` does, without loading it here; same arguments, errors.

    Returns:
        What was found, and what was said of it.
    """
    # What is wrong with the words is told before a process is started.
    classes = None if class_names is None else classes_from_text(class_names)
    ends = None if input_range is None else range_from_text(input_range)
    if not path.is_file():
        raise InvalidInputError(
            "--model", expected="the file of a Keras model", received=f"{path}, where there is none"
        )
    from .inspection import inspect_model

    report = inspect_model(path, path.name)
    setup = Setup.guess(report)
    if classes is not None:
        if len(classes) != len(setup.classes):
            raise InvalidInputError(
                NAMES_OPTION,
                expected=f"{len(setup.classes)} names, one for each class of the model",
                received=f"{len(classes)} of them",
            )
        setup = replace(setup, classes=classes)
    if ends is not None:
        setup = replace(setup, dark=ends[0], bright=ends[1])
    return report, setup


def classes_from_text(text: str) -> Classes:
    """Return classes by their names.

    Args:
        text: names with commas between, a file with a name on each line, or `digits`.

    Raises:
        InvalidInputError: none of these, or names that cannot be any.
    """
    if text == DIGITS_WORD:
        return DIGITS
    path = Path(text)
    try:
        is_file = path.is_file()
    except (OSError, ValueError):  # longer than any path, say
        is_file = False
    if not is_file and "," not in text:
        raise InvalidInputError(
            NAMES_OPTION,
            expected="names with commas between, a file with a name on each line, or digits",
            received=text,
        )
    # A line of a file may hold a comma; a name that is left out between commas is a slip.
    names = (
        names_in(_read(path), between="\n")
        if is_file
        else tuple(name.strip() for name in text.split(","))
    )
    try:
        return Classes(names)
    except InvalidInputError as error:
        raise InvalidInputError(
            NAMES_OPTION, expected=error.expected, received=error.received, advice=error.advice
        ) from error


def names_in(text: str, between: str = "\n,") -> tuple[str, ...]:
    """Return the names in a text, one a line or with commas between; what is empty is left out."""
    return tuple(name.strip() for name in re.split(f"[{between}]", text) if name.strip())


def range_from_text(text: str) -> tuple[float, float]:
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
            RANGE_OPTION,
            expected="two different numbers with a comma between, for a dark and a bright pixel",
            received=text,
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
            NAMES_OPTION,
            expected="a text file with a name on each line",
            received=f"{path} ({reason})",
        ) from error
