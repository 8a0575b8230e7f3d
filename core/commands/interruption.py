"""What is said when work that is kept in a file is stopped from the keyboard."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..experiments.checkpoint import Checkpoint


@contextmanager
def kept_in(path: Path, checkpoint: Checkpoint) -> Iterator[None]:
    """Say what was found in a checkpoint's file and, when stopped, how to go on.

    Args:
        path: the file.
        checkpoint: opened on it.
    """
    if checkpoint.note:
        print(checkpoint.note, file=sys.stderr, flush=True)
    try:
        yield
    except KeyboardInterrupt:
        if not path.exists():  # stopped before anything was done
            raise
        # `main` prints it, and ends with the exit status of an interruption.
        raise KeyboardInterrupt(
            f"Stopped. What is done is kept in {path}; the same command goes on from there."
        ) from None
