"""Recipes: the networks that Labrador ships, and how each is made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import keras

from ..errors import InvalidInputError
from .architecture import build_mc_network, build_plain_network


@dataclass(frozen=True)
class Recipe:
    """How one network is made.

    Attributes:
        name: its name in the zoo.
        title: name for people.
        build: takes a seed, returns the untrained model.
        epochs: most epochs; the learning rate falls along half a cosine over them all.
        seed: of weights, order and masks, unless another is asked for.
    """

    name: str
    title: str
    build: Callable[[int], keras.Model]
    epochs: int
    seed: int = 0


_EPOCHS = 30
_PLAIN_EPOCHS = 10  # without dropout they fit the training images to an NLL of 0.01


def _mc(name: str, title: str, **varied: Any) -> Recipe:
    return Recipe(
        name, title, lambda seed: build_mc_network(seed=seed, name=name, **varied), _EPOCHS
    )


def _plain(name: str, title: str, seed: int) -> Recipe:
    return Recipe(
        name, title, lambda given: build_plain_network(seed=given), _PLAIN_EPOCHS, seed=seed
    )


# All differ from the first in one thing, and are trained alike.
RECIPES: Mapping[str, Recipe] = MappingProxyType(
    {
        recipe.name: recipe
        for recipe in (
            _mc("mc", "MC-dropout network"),
            _mc("rate-01", "Rate 0.1", rate=0.1),
            _mc("rate-03", "Rate 0.3", rate=0.3),
            _mc("tanh", "Activation tanh", activation="tanh"),
            _mc("elu", "Activation ELU", activation="elu"),
            _mc("element", "Element-wise dropout", dropout="element"),
            _mc("block", "Block-wise dropout", dropout="block"),
            _plain("plain", "Plain network", seed=0),
            *(_plain(f"plain-{n}", f"Plain network, seed {n}", seed=n) for n in range(1, 5)),
        )
    }
)


def find_recipe(name: str) -> Recipe:
    """Return the recipe of a network.

    Raises:
        InvalidInputError: there is none of this name.
    """
    if name not in RECIPES:
        raise InvalidInputError("network", expected=f"one of {', '.join(RECIPES)}", received=name)
    return RECIPES[name]
