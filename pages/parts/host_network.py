"""The model that whoever started the server named: for all visitors, and asked first.

make demo MODEL=my.keras CLASSES=cat,dog RANGE=0,255
"""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

from core.errors import LabradorError
from core.networks.named_model import load_named_model
from core.networks.own_network import OwnNetwork

HOST_NAME = "host"
# What tools/serve.py hands on.
MODEL, CLASSES, RANGE = "LABRADOR_MODEL", "LABRADOR_MODEL_CLASSES", "LABRADOR_MODEL_RANGE"
_loaded: list[OwnNetwork] = []
_problem: list[str] = []
_loading = threading.Lock()


def load_host_network() -> None:
    """Load the model that was named, once; what is wrong with it is kept for the Models page."""
    path = os.environ.get(MODEL)
    with _loading:
        if not path or _loaded or _problem:
            return
        try:
            network = load_named_model(
                Path(path), os.environ.get(CLASSES) or None, os.environ.get(RANGE) or None
            )
        except LabradorError as error:
            _problem.append(str(error))
        else:
            _loaded.append(network)


def host_network() -> OwnNetwork | None:
    """Return the model that was named, once it is there."""
    return _loaded[0] if _loaded else None


def wait_for_host(seconds: float) -> None:
    """Return when the model that was named is there, or refused, or after some seconds."""
    end = time.monotonic() + seconds
    while host_is_awaited() and time.monotonic() < end:
        time.sleep(0.1)


def host_is_awaited() -> bool:
    """Return whether a model was named that is still being looked at."""
    return bool(os.environ.get(MODEL)) and not _loaded and not _problem


def host_problem() -> str:
    """Return why the model that was named cannot be used, or ""."""
    return _problem[0] if _problem else ""
