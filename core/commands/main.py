"""The entry of the command line: picks the subcommand and turns our errors into exit codes."""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Sequence
from importlib import import_module

from ..errors import LabradorError

EXIT_OK = 0
EXIT_BAD_INPUT = 2  # what argparse uses as well
EXIT_DONT_KNOW = 3  # of `predict` with a policy
EXIT_STOPPED = 130  # from the keyboard: what a shell says of a program that SIGINT ended

SUBCOMMANDS = {
    "info": "show versions, device, networks and data found",
    "data": "find MNIST, or download it",
    "train": "train a shipped network anew",
    "score": "measure a network on MNIST's validation and test images",
    "study": "run a sweep over many test images, and count",
    "predict": "classify images, with every measure of uncertainty",
    "sweep": "turn, blend or bury an image step by step, and ask at each step",
    "reproduce": "make the post's sweeps again, beside its numbers",
    "policy": "fit the limits under which an answer is accepted",
    "evaluate": "measure what “I don't know” is worth, beside the twin",
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line.

    Args:
        argv: the arguments without the program's name; `sys.argv`'s if None.

    Returns:
        The exit code: 0, 2 after bad input, which is told in one paragraph on stderr, 3 where a
        policy refuses an answer, or 130 when stopped from the keyboard.
    """
    # Set before anything imports TensorFlow; its C++ side reads it once.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    for stream in (sys.stdout, sys.stderr):
        # A terminal that cannot show a character shows its code, instead of a traceback.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    arguments = _parser().parse_args(argv)
    command = import_module(f".{arguments.command}", __package__)
    try:
        code = int(command.run(arguments))
        sys.stdout.flush()  # here, where a reader that has left is no error, not at exit
        return code
    except LabradorError as error:
        print(error, file=sys.stderr)
        return EXIT_BAD_INPUT
    except KeyboardInterrupt as error:
        if sys.stderr.isatty():
            print(file=sys.stderr)  # the terminal shows ^C at the end of a progress bar
        print(str(error) or "Stopped.", file=sys.stderr)
        return EXIT_STOPPED
    except BrokenPipeError:
        # The reader, `head` say, has what it wanted. Python would complain once more at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return EXIT_OK


def _parser() -> argparse.ArgumentParser:
    package = __package__.partition(".")[0]  # `core` here, `labrador` where it is installed
    parser = argparse.ArgumentParser(
        prog=f"python -m {package}",
        description="A digit classifier that can say “I don't know”.",
    )
    subparsers = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name, summary in SUBCOMMANDS.items():
        subparser = subparsers.add_parser(
            name, help=summary, description=f"{summary.capitalize()}."
        )
        import_module(f".{name}", __package__).add_arguments(subparser)
    return parser
