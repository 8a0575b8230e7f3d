"""Recipes: the networks that Labrador ships, and how each is made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

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
    """

    name: str
    title: str
    build: Callable[[int], keras.Model]
    epochs: int


RECIPES: Mapping[str, Recipe] = MappingProxyType(
    {
        recipe.name: recipe
        for recipe in (
            Recipe("mc", "MC-dropout network", lambda seed: build_mc_network(seed=seed), epochs=30),
            # Without dropout ten epochs fit the training images to an NLL of 0.01.
            Recipe(
                "plain", "Plain network", lambda seed: build_plain_network(seed=seed), epochs=10
            ),
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
