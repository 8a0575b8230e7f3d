"""What thinks: the networks' architecture, their training, and the trained ones by name.

Names that need Keras are loaded when they are first used: listing networks and reading
their cards does not wait for TensorFlow.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from .cards import MEAN_SOFTMAX, ONE_PASS, Metric, NetworkCard
from .environment import describe_device, library_versions
from .zoo import (
    DEFAULT_NETWORK,
    Network,
    check_weights,
    list_networks,
    load_card,
    load_network,
    models_folder,
    store_network,
)
from .zoo_plan import ENSEMBLE_MEMBERS, SHIPPED_NETWORKS, VARIES, ZOO_NETWORKS

if TYPE_CHECKING:
    from .architecture import build_mc_network, build_plain_network
    from .ensemble import Ensemble, load_ensemble
    from .foreign import bring_model, load_own, open_model
    from .inspection import inspect_model
    from .model_report import ModelReport
    from .own_network import OwnNetwork, Setup, as_classifier
    from .recipes import RECIPES, Recipe, find_recipe
    from .training import (
        TrainingData,
        TrainingProgress,
        TrainingResult,
        TrainingSettings,
        split_training_data,
        train_network,
    )

_LATER = {
    "build_mc_network": "architecture",
    "build_plain_network": "architecture",
    "Ensemble": "ensemble",
    "load_ensemble": "ensemble",
    "bring_model": "foreign",
    "load_own": "foreign",
    "open_model": "foreign",
    "inspect_model": "inspection",
    "ModelReport": "model_report",
    "OwnNetwork": "own_network",
    "Setup": "own_network",
    "as_classifier": "own_network",
    "RECIPES": "recipes",
    "Recipe": "recipes",
    "find_recipe": "recipes",
    "TrainingData": "training",
    "TrainingProgress": "training",
    "TrainingResult": "training",
    "TrainingSettings": "training",
    "split_training_data": "training",
    "train_network": "training",
}


def __getattr__(name: str) -> Any:
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".{_LATER[name]}", __name__), name)


__all__ = [
    "DEFAULT_NETWORK",
    "ENSEMBLE_MEMBERS",
    "MEAN_SOFTMAX",
    "ONE_PASS",
    "RECIPES",
    "SHIPPED_NETWORKS",
    "VARIES",
    "ZOO_NETWORKS",
    "Ensemble",
    "Metric",
    "ModelReport",
    "Network",
    "NetworkCard",
    "OwnNetwork",
    "Recipe",
    "Setup",
    "TrainingData",
    "TrainingProgress",
    "TrainingResult",
    "TrainingSettings",
    "as_classifier",
    "bring_model",
    "build_mc_network",
    "build_plain_network",
    "check_weights",
    "describe_device",
    "find_recipe",
    "inspect_model",
    "library_versions",
    "list_networks",
    "load_card",
    "load_ensemble",
    "load_network",
    "load_own",
    "models_folder",
    "open_model",
    "split_training_data",
    "store_network",
    "train_network",
]
