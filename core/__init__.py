"""Labrador's library: Monte-Carlo dropout, and what its disagreement means.

The ten names that most uses need. Each is loaded when it is first used, so that importing the
library loads neither TensorFlow nor anything else that takes seconds:

    import labrador                      # `import core` in the repository

    network = labrador.load_network("mc")
    sampler = labrador.McSampler(network.model)
    summary = sampler.summarise(images, num_samples=1000, seed=0)
    entropy = labrador.MEASURES["predictive_entropy"].value(summary)

The rooms (`labrador.images`, `labrador.inference`, ...) hold the rest.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .experiments import SweepRecipe, run_sweep
    from .images import Ink, normalise
    from .inference import McSampler, McSamples, McSummary
    from .networks import list_networks, load_network
    from .uncertainty import MEASURES

__all__ = [
    "MEASURES",
    "Ink",
    "McSampler",
    "McSamples",
    "McSummary",
    "SweepRecipe",
    "list_networks",
    "load_network",
    "normalise",
    "run_sweep",
]

_ROOMS = {
    "MEASURES": "uncertainty",
    "Ink": "images",
    "McSampler": "inference",
    "McSamples": "inference",
    "McSummary": "inference",
    "SweepRecipe": "experiments",
    "list_networks": "networks",
    "load_network": "networks",
    "normalise": "images",
    "run_sweep": "experiments",
}


def __getattr__(name: str) -> Any:
    if name not in _ROOMS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f".{_ROOMS[name]}", __name__), name)
    globals()[name] = value  # the next use goes straight there
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
