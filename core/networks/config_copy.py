"""A copy of a model's config that holds what was understood of it, and nothing else.

What it lets in and why: see `config_check`.
"""

from __future__ import annotations

import math
import re
from typing import Any, NoReturn

from ..errors import InvalidInputError
from ..limits import MAX_MODEL_DEPTH, MAX_MODEL_NAME
from .allowed_classes import (
    ACTIVATIONS,
    CLASSES,
    LAYERS,
    MODELS,
    POLICIES,
    POLICY,
    TYPES,
    WORDS,
    advice_for,
)
from .one_line import MAX_TOLD, one_line

_CLASS_KEYS = frozenset(
    {"module", "class_name", "config", "registered_name", "build_config", "compile_config"}
    | {"name", "inbound_nodes", "shared_object_id"}
)
_MARKS = frozenset({"module", "class_name", "registered_name", "spec_name"})  # of an object
# Values that Keras writes in this way, and the keys of what stands in their place.
_VALUES = {
    "__keras_tensor__": {"shape", "dtype", "keras_history"},
    "__tensor__": {"value", "dtype"},
    "__numpy__": {"value", "dtype"},
    "__slice__": {"start", "stop", "step"},
    "__ellipsis__": set[str](),
}
MAX_TEXT = 1_000  # characters
_MAX_WHOLE = 2**64
_PATH = re.compile(r"^[/~\\]|^[A-Za-z]:[/\\]|://|(^|[/\\])\.\.([/\\]|$)|^file:", re.IGNORECASE)


class ConfigCopy:
    """Copies a config piece by piece; what is not understood raises."""

    def __init__(self) -> None:
        self.where = ""  # the layer that is looked at, for people

    def value(self, key: str, value: Any, depth: int) -> Any:
        """Copy what stands at a key.

        Raises:
            InvalidInputError: it is not let in; likewise for the other methods.
        """
        if depth > MAX_MODEL_DEPTH:
            self.refuse(f"a config of at most {MAX_MODEL_DEPTH} levels", "a deeper one")
        if isinstance(value, dict):
            if _MARKS.isdisjoint(value):
                return {
                    self.text("", name): self.value(name, inner, depth + 1)
                    for name, inner in value.items()
                }
            return self.instance(value, depth)
        if isinstance(value, list):
            return [self.value(key, inner, depth + 1) for inner in value]
        if isinstance(value, str):
            return self.text(key, value)
        return self.number(value)

    def instance(self, value: dict[str, Any], depth: int) -> dict[str, Any]:
        """Copy what Keras would build something from."""
        name = value.get("class_name")
        if isinstance(name, str) and name in _VALUES:
            return self.plain_value(name, value, depth)
        if name == "function":
            return self.function(value)
        named = class_of(value)
        if named not in CLASSES or value.get("registered_name") not in (None, "", name):
            self.refuse(
                "a model of Keras' own layers, each as Keras saves it",
                told_class(value),
                class_advice(value),
            )
        config: Any = value.get("config")
        is_plain = isinstance(config, dict) and _MARKS.isdisjoint(config)
        if value.keys() - _CLASS_KEYS or not is_plain:
            self.refuse(f"{name} as Keras saves it", f"one with {', '.join(sorted(value))}")
        before = self.where
        if named in LAYERS | MODELS:
            self.where = str(config.get("name") or value.get("name") or name)
        copied: dict[str, Any] = {
            "module": named[0],
            "class_name": named[1],
            "registered_name": None,
        }
        copied["config"] = (
            self.policy(config)
            if named == POLICY
            else {
                self.text("", key): self.value(key, inner, depth + 1)
                for key, inner in config.items()
            }
        )
        for key in ("name", "inbound_nodes", "shared_object_id"):
            if key in value:
                copied[key] = self.value(key, value[key], depth + 1)
        if value.get("build_config") is not None:
            copied["build_config"] = self.shapes(value["build_config"], depth + 1)
        self.where = before
        return copied

    def plain_value(self, name: str, value: dict[str, Any], depth: int) -> dict[str, Any]:
        """Copy a tensor, an array, a slice or an ellipsis."""
        config = value.get("config")
        if (
            value.keys() != {"class_name", "config"}
            or not isinstance(config, dict)
            or config.keys() != _VALUES[name]
        ):
            self.refuse(f"{name} as Keras saves it", sorted(value))
        if any(isinstance(inner, dict) for inner in config.values()):
            self.refuse(f"{name} of plain values", "an object")
        kind = config.get("dtype")
        if name in ("__tensor__", "__numpy__") and not (isinstance(kind, str) and kind in TYPES):
            self.refuse("an array of numbers", kind)
        copied = {key: self.value(key, inner, depth + 1) for key, inner in config.items()}
        return {"class_name": name, "config": copied}

    def function(self, value: dict[str, Any]) -> dict[str, Any]:
        """Copy a function: one of Keras' own activations."""
        config = value.get("config")
        if (
            not isinstance(config, str)
            or config not in ACTIVATIONS
            or value.get("module") not in ("builtins", "keras.activations")
            or value.get("registered_name") not in (None, "", "function", config)
        ):
            self.refuse("an activation of Keras' own", told_class(value))
        return {
            "module": "keras.activations",
            "class_name": "function",
            "config": config,
            "registered_name": None,
        }

    def policy(self, config: dict[str, Any]) -> dict[str, Any]:
        """Copy the config of a policy for the types of numbers."""
        name = config.get("name")
        if config.keys() != {"name"} or not isinstance(name, str) or name not in POLICIES:
            self.refuse("numbers of a usual type", name)
        return {"name": _exact(name)}

    def shapes(self, value: Any, depth: int) -> Any:
        """Copy what layers are built with: shapes, and nothing else."""
        if depth > MAX_MODEL_DEPTH:
            self.refuse(f"a config of at most {MAX_MODEL_DEPTH} levels", "a deeper one")
        if isinstance(value, dict) and _MARKS.isdisjoint(value):
            return {
                self.text("", key): self.shapes(inner, depth + 1) for key, inner in value.items()
            }
        if isinstance(value, list):
            return [self.shapes(inner, depth + 1) for inner in value]
        if isinstance(value, dict | str):
            self.refuse("shapes to build a layer with", value)
        return self.number(value)

    def text(self, key: str, value: str) -> str:
        """Copy a text, of a word's own list where Keras looks the word up."""
        if len(value) > MAX_TEXT:
            self.refuse("short texts", f"one of {len(value):,} characters")
        if _PATH.search(value):
            self.refuse("a model that names no path and no address", value)
        if key == "dtype":
            if value not in POLICIES:
                self.refuse("numbers of a usual type", value)
            return _exact(value)
        kind = key.rpartition("_")[2]
        if kind in WORDS and value not in WORDS[kind]:
            self.refuse(f"{kind}s of Keras' own", value)
        return value

    def number(self, value: Any) -> Any:
        """Copy a number, a yes or no, or nothing."""
        # JSON knows no others, and Python's reader lets NaN and Infinity through.
        if isinstance(value, float) and not math.isfinite(value):
            self.refuse("finite numbers", value)
        if isinstance(value, int) and abs(value) > _MAX_WHOLE:
            self.refuse("whole numbers of at most 64 bits", "a larger one")
        return value

    def refuse(self, expected: str, received: object, advice: str = "") -> NoReturn:
        """Raise, and name the layer that is looked at."""
        where = f" (layer {self.where[:MAX_MODEL_NAME]})" if self.where else ""
        refuse_file(expected, f"{received}{where}", advice)


def _exact(policy: str) -> str:
    """Return a policy that computes as finely as its variables are kept.

    Half precision is for the training on a GPU: the weights are float32 all the while, and the
    passes run in it.
    """
    return "float32" if policy.startswith("mixed_") else policy


def class_of(value: dict[str, Any]) -> tuple[str, str]:
    """Return module and name of the class that an object says it is; empty texts if it does not."""
    module, name = value.get("module"), value.get("class_name")
    return (module, name) if isinstance(module, str) and isinstance(name, str) else ("", "")


def told_class(value: Any) -> str:
    """Return what an object says that it is, for people."""
    if not isinstance(value, dict):
        return type(value).__name__
    module, name = value.get("module"), value.get("class_name")
    if name == "function":
        name = value.get("config")
    return f"{module}.{name}" if module else str(name)


def class_advice(value: dict[str, Any]) -> str:
    """Return what to do about an object of a class that is not on the list."""
    return advice_for(value.get("module"), value.get("class_name"), value.get("registered_name"))


def refuse_file(expected: str, received: object, advice: str = "") -> NoReturn:
    """Raise for a model file that holds what is not let in."""
    told = one_line(received, MAX_TOLD)  # it is the file's own word
    raise InvalidInputError("model file", expected=expected, received=told, advice=advice)
