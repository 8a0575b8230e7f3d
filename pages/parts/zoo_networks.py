"""The compared networks: loaded in turn, once for the server, when somebody first looks."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from core.errors import LabradorError
from core.experiments.zoo_table import ENSEMBLE
from core.images import MNIST_FRAME
from core.networks.zoo import load_card
from core.networks.zoo_plan import ENSEMBLE_MEMBERS, VARIES

from . import engine
from .engine import Engine, keep_what_is_loaded, load_shipped

if TYPE_CHECKING:
    from core.networks.ensemble import Ensemble

_log = logging.getLogger(__name__)
_AGAIN = 20.0  # seconds after which what could not be loaded may be there
_ENSEMBLE_TITLE = f"Ensemble of {len(ENSEMBLE_MEMBERS)} plain networks"
INSTEAD = {
    "": "rate 0.5, ReLU, channel-wise",
    "rate": "instead of 0.5",
    "activation": "instead of ReLU",
    "dropout": "instead of channel-wise",
    "yardstick": "no dropout",
}
"""What each kind of network has in place of the base's."""
COMPARED: Mapping[str, str] = {**VARIES, ENSEMBLE: "yardstick"}


@dataclass(frozen=True, eq=False)
class Member:
    """One of the compared networks, ready to answer; one of the three is what it is.

    Attributes:
        committee: a network with dropout.
        plain: a Keras model without.
        ensemble: several of them.
    """

    committee: Engine | None = None
    plain: Any = None
    ensemble: Ensemble | None = None


class Loading:
    """Loads one after another in a thread of its own, and keeps what it has loaded.

    Args:
        load: what to call for each, by name; it raises a `LabradorError` where that cannot be.
        then: called when all have been tried.
    """

    def __init__(
        self, load: Mapping[str, Callable[[], Member]], then: Callable[[], None] = lambda: None
    ) -> None:
        self._load, self._then = load, then
        self._members: dict[str, Member] = {}
        self._problems: dict[str, str] = {}
        self._tried = float("-inf")
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()

    def start(self) -> None:
        """Load what is not there; what could not be loaded is tried again after a while."""
        with self._lock:
            missing = self._load.keys() - self._members.keys()
            if not self.is_done or not missing or time.monotonic() - self._tried < _AGAIN:
                return
            self._thread = threading.Thread(target=self._run, name="zoo", daemon=True)
            self._thread.start()

    @property
    def is_done(self) -> bool:
        """Whether nothing more comes by itself."""
        return self._thread is None or not self._thread.is_alive()

    def member(self, name: str) -> Member | None:
        """Return a network that is ready."""
        return self._members.get(name)

    def problem(self, name: str) -> str:
        """Return why a network cannot be loaded, a sentence; "" where that is not known."""
        return self._problems.get(name, "")

    def wait(self, seconds: float) -> None:
        """Return when all have been tried, or after some seconds."""
        if self._thread is not None:
            self._thread.join(seconds)

    def _run(self) -> None:
        for name, load in self._load.items():
            if name in self._members:
                continue
            try:
                self._members[name] = load()
                self._problems.pop(name, None)
            except LabradorError as error:
                self._problems[name] = str(error)
            except Exception:  # the others are not to wait for it
                _log.exception("The network %s could not be loaded.", name)
                self._problems[name] = "It could not be loaded; the server’s log says why."
        self._tried = time.monotonic()
        self._then()


_loading: list[Loading] = []
_lock = threading.Lock()


def load_compared() -> Loading:
    """Return what loads the compared networks, begun if it has not been yet."""
    with _lock:
        if not _loading:
            load = {name: _loader(name) for name in COMPARED}
            _loading.append(Loading(load, keep_what_is_loaded))
    _loading[0].start()
    return _loading[0]


def forget_compared() -> None:
    """Load them anew when they are asked for again."""
    with _lock:
        _loading.clear()


def title_of(name: str) -> str:
    """Return what one of the compared networks is called, whatever became of its files."""
    if name == ENSEMBLE:
        return _ENSEMBLE_TITLE
    try:
        return load_card(name).title
    except LabradorError:
        return name


def _loader(name: str) -> Callable[[], Member]:
    return lambda: _load(name)


def _load(name: str) -> Member:
    if name == ENSEMBLE:
        from core.networks.ensemble import load_ensemble

        ensemble = load_ensemble()
        ensemble.summarise(np.zeros((1, *MNIST_FRAME.shape), dtype=np.float32))  # compiles it
        return Member(ensemble=ensemble)
    if name == engine.PLAIN:
        return Member(plain=engine.load_plain())
    return Member(committee=load_shipped(name))
