"""The files that `sweep` writes: which, whether they can be written, and writing them."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import InvalidInputError
from ..limits import MAX_SWEEP_FILE_BYTES
from ..store import write_atomically
from .read_image import printable

if TYPE_CHECKING:
    from ..experiments import SweepRecipe, SweepResult
    from ..inference import McSampler

_STDOUT = "-"
_DIGITS = 10  # classes of the shipped networks
_FORMATS = {
    "gif": "the post's animation",
    "html": "the animation as a page that needs no network",
    "csv": "a table with a row a step",
    "npz": "all of it with the softmax samples, for NumPy",
    "json": "recipe and table; - is the terminal",
}
_ENDINGS = {name: (f".{name}",) for name in _FORMATS} | {"html": (".html", ".htm")}


@dataclass(frozen=True, slots=True)
class SweepOutputs:
    """What to write where.

    Attributes:
        files: format -> path as it was given.
    """

    files: dict[str, str]

    @staticmethod
    def add_arguments(parser: argparse.ArgumentParser) -> None:
        """Declare one option a format."""
        group = parser.add_argument_group("files to write", "Without any, a table is printed.")
        for name, what in _FORMATS.items():
            group.add_argument(f"--{name}", metavar="FILE", help=what)

    @classmethod
    def from_arguments(cls, arguments: argparse.Namespace) -> SweepOutputs:
        """Return what the options ask for."""
        given = {name: getattr(arguments, name) for name in _FORMATS}
        return cls({name: path for name, path in given.items() if path is not None})

    def check(self, recipe: SweepRecipe) -> None:
        """Refuse what could not be written, before anything is computed.

        Raises:
            InvalidInputError: a path that is a folder, cannot be written, or has another ending
                than its kind of file; or more samples than `load_sweep` would read again.
        """
        for name, text in self.files.items():
            if text == _STDOUT and name == "json":
                continue
            _check_path(name, text)
        num_classes = _DIGITS if recipe.classes is None else len(recipe.classes)
        room = MAX_SWEEP_FILE_BYTES * 0.9 - 8 * recipe.num_steps * (num_classes**2 - _DIGITS**2)
        most = max(room, 0.0) / (4 * num_classes)  # passes, of four bytes for each class
        if "npz" in self.files and recipe.num_samples * recipe.num_steps > most:
            raise InvalidInputError(
                "--npz",
                expected=f"samples of up to some {most / 1e6:.2g} million passes over all steps",
                received=f"{recipe.num_samples:,} passes at {recipe.num_steps} steps",
                advice="Ask for fewer passes or steps.",
            )

    def write(self, result: SweepResult, sampler: McSampler) -> None:
        """Write all files, each whole or not at all, and name them on stderr with their sizes.

        Args:
            result: what to write.
            sampler: for the samples themselves, of which a result keeps only sums.

        Raises:
            InvalidInputError: one cannot be written after all, the disk is full say.
        """
        contents: dict[str, Callable[[], bytes]] = {
            "gif": lambda: _gif(result),
            "html": lambda: _html(result),
            "csv": lambda: _csv(result),
            "npz": lambda: _npz(result, sampler),
            "json": lambda: _json(result),
        }
        for name, text in self.files.items():
            content = contents[name]()
            if text == _STDOUT and name == "json":
                print(content.decode(), end="")
                continue
            try:
                write_atomically(Path(text), content)
            except (OSError, ValueError) as error:
                raise _unwritable(name, text, getattr(error, "strerror", None) or error) from error
            print(f"Wrote {printable(text)}, {_size(len(content))}.", file=sys.stderr)


def _check_path(name: str, text: str) -> None:
    if text.strip() in ("", _STDOUT) or "\0" in text:
        raise InvalidInputError(
            f"--{name}",
            expected="a file to write",
            received=text,
            advice="Only --json can go to the terminal." if text.strip() == _STDOUT else "",
        )
    path = Path(text)
    if path.is_dir():
        raise InvalidInputError(
            f"--{name}", expected="a file to write", received=f"{text}, which is a folder"
        )
    nearest = path.absolute().parent
    while not nearest.exists():
        nearest = nearest.parent
    if not nearest.is_dir():
        raise _unwritable(name, text, f"{nearest.name} is not a folder")
    if not os.access(nearest, os.W_OK | os.X_OK):
        raise _unwritable(name, text, "Permission denied")
    if path.suffix.lower() not in _ENDINGS[name]:
        raise InvalidInputError(
            f"--{name}",
            expected=f"a file whose name ends in {' or '.join(_ENDINGS[name])}",
            received=text,
        )


def _unwritable(name: str, text: str, reason: object) -> InvalidInputError:
    return InvalidInputError(
        f"--{name}", expected="a file that can be written", received=f"{text} ({reason})"
    )


def _gif(result: SweepResult) -> bytes:
    from ..figures import post_gif

    return post_gif(result)


def _html(result: SweepResult) -> bytes:
    from ..figures import animation_html

    return animation_html(result).encode()


def _csv(result: SweepResult) -> bytes:
    from ..experiments.sweep_table import sweep_csv

    return sweep_csv(result).encode()


def _npz(result: SweepResult, sampler: McSampler) -> bytes:
    from ..experiments.sweep_file import sweep_bytes

    samples = sampler.sample(result.images, num_samples=result.num_samples, seed=result.seed)
    return sweep_bytes(result, samples)


def _json(result: SweepResult) -> bytes:
    from ..experiments.sweep_table import sweep_document

    return f"{json.dumps(sweep_document(result), indent=2, ensure_ascii=False)}\n".encode()


def _size(num_bytes: int) -> str:
    return f"{num_bytes / 2**20:.1f} MiB" if num_bytes >= 2**20 else f"{num_bytes / 2**10:.1f} KiB"
