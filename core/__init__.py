"""Labrador's library: Monte-Carlo dropout, and what its disagreement means.

The names that most uses need. Each is loaded when it is first used, so that importing the
library loads neither TensorFlow nor anything else that takes seconds:

    from labrador import McSampler, Policy, measures  # `from core import` in the repository

    sampler = McSampler(model)  # a Keras model of your own
    summary = sampler.summarise(images, num_samples=1000, seed=0)
    entropy = measures.predictive_entropy(summary)
    accepted = Policy({"predictive_entropy": 0.5}).accepts(summary)

The rooms (`labrador.images`, `labrador.inference`, ...) hold the rest; docs/library.md shows more.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .experiments import SweepRecipe, run_sweep
    from .images import Ink, normalise
    from .inference import McRegressor, McSampler, McSamples, McSummary
    from .networks import list_networks, load_network
    from .uncertainty import MEASURES, Classes, Policy, measures

__all__ = [
    "MEASURES",
    "Classes",
    "Ink",
    "McRegressor",
    "McSampler",
    "McSamples",
    "McSummary",
    "Policy",
    "SweepRecipe",
    "list_networks",
    "load_network",
    "measures",
    "normalise",
    "run_sweep",
]

_ROOMS = {
    "MEASURES": "uncertainty",
    "Classes": "uncertainty",
    "Ink": "images",
    "McRegressor": "inference",
    "McSampler": "inference",
    "McSamples": "inference",
    "McSummary": "inference",
    "Policy": "uncertainty",
    "SweepRecipe": "experiments",
    "list_networks": "networks",
    "load_network": "networks",
    "measures": "uncertainty",
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
