"""Keeps TensorFlow's start-up noise off the terminal."""

from __future__ import annotations

import os
import sys
import tempfile


def start_tensorflow() -> str:
    """Load TensorFlow with its devices and return the device it computes on.

    TensorFlow writes a dozen lines about missing CUDA drivers and rounding to stderr before its
    own log level is read, so no setting silences them. They are held back, and shown only if
    the start fails or `TF_CPP_MIN_LOG_LEVEL` is 0 or 1.
    """
    from ..networks.environment import describe_device

    sys.stderr.flush()
    try:
        kept = os.dup(2)
    except OSError:  # no stderr at all: nothing to keep quiet
        return describe_device()
    wanted = os.environ.get("TF_CPP_MIN_LOG_LEVEL", "2") in ("0", "1")
    with tempfile.TemporaryFile() as noise:
        if not wanted:
            os.dup2(noise.fileno(), 2)
        try:
            return describe_device()
        except BaseException:
            wanted = True
            raise
        finally:
            os.dup2(kept, 2)
            os.close(kept)
            if wanted:
                noise.seek(0)
                os.write(2, noise.read())
