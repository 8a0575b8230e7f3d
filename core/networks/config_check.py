"""A model's `config.json`, read as plain JSON, and every class in it held against a list.

Keras builds what a config names, and its safe mode alone has been got round: by modules and
functions that a config names (CVE-2025-1550), by Keras' own functions that do harm
(CVE-2025-8747), by a config that turns safe mode off (CVE-2025-9906), by layers that load
programs (CVE-2025-49655, CVE-2026-1462) or read files (CVE-2025-12058), and by the older format
that safe mode does not know (CVE-2025-9905). So nothing reaches Keras here but a copy of what was
understood:

* each object, at any depth, is a class of `allowed_classes`, by the module that Keras itself
  writes; a class without a module, which Keras would look up in the older, unguarded way, is none;
* a word at a key that Keras looks up is one of Keras' own activations, initialisers and so on;
* no text looks like a path or an address, though nothing on the list would open one;
* `compile_config` is left out everywhere. Loading with `compile=False` leaves it out of the
  outermost model only: that of a model inside a model is built all the same.

Policies of half precision become float32, in which such a model's weights are kept.
"""

from __future__ import annotations

import json
import math
import re
from typing import Any, NoReturn

from ..errors import DamagedFileError, InvalidInputError
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
from .archive_check import SAVE_IT

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
_MAX_TEXT = 1_000  # characters
_MAX_WHOLE = 2**64
_PATH = re.compile(r"^[/~\\]|^[A-Za-z]:[/\\]|://|(^|[/\\])\.\.([/\\]|$)|^file:", re.IGNORECASE)


def check_config(content: bytes) -> bytes:
    """Return a model's config as Keras may see it: what was understood of it, and no more.

    Args:
        content: of `config.json`.

    Raises:
        InvalidInputError: it names a class that is not on the list, or is no model's.
        DamagedFileError: it is no JSON.
    """
    config = _parsed("config.json", content)
    if not isinstance(config, dict) or _class_of(config) not in MODELS:
        _refuse(
            "the config of a sequential or functional model",
            _named(config),
            _advice(config) if isinstance(config, dict) else SAVE_IT,
        )
    return json.dumps(_Copy().instance(config, 0)).encode()


def check_metadata(content: bytes) -> bytes:
    """Return a model's metadata: the version of Keras and the date, as short texts.

    Args:
        content: of `metadata.json`.

    Raises:
        InvalidInputError: it is no such thing.
        DamagedFileError: it is no JSON.
    """
    metadata = _parsed("metadata.json", content)
    if not isinstance(metadata, dict):
        _refuse("metadata.json with the version of Keras", type(metadata).__name__, SAVE_IT)
    kept = {key: metadata.get(key) for key in ("keras_version", "date_saved")}
    for key, value in kept.items():
        if not isinstance(value, str) or len(value) > _MAX_TEXT:
            _refuse(f"metadata.json with a text for {key}", value, SAVE_IT)
    return json.dumps(kept).encode()


class _Copy:
    """Copies a config piece by piece; what is not understood raises."""

    def __init__(self) -> None:
        self.where = ""  # the layer that is looked at, for people

    def value(self, key: str, value: Any, depth: int) -> Any:
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
        named = _class_of(value)
        if named not in CLASSES or value.get("registered_name") not in (None, "", name):
            self.refuse(
                "a model of Keras' own layers, each as Keras saves it",
                _named(value),
                _advice(value),
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
            self.refuse("an activation of Keras' own", _named(value))
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
        if len(value) > _MAX_TEXT:
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
        # JSON knows no others, and Python's reader lets NaN and Infinity through.
        if isinstance(value, float) and not math.isfinite(value):
            self.refuse("finite numbers", value)
        if isinstance(value, int) and abs(value) > _MAX_WHOLE:
            self.refuse("whole numbers of at most 64 bits", "a larger one")
        return value

    def refuse(self, expected: str, received: object, advice: str = "") -> NoReturn:
        where = f" (layer {self.where[:MAX_MODEL_NAME]})" if self.where else ""
        _refuse(expected, f"{received}{where}", advice)


def _exact(policy: str) -> str:
    """Return a policy that computes as finely as its variables are kept.

    Half precision is for the training on a GPU: the weights are float32 all the while, and the
    passes run in it.
    """
    return "float32" if policy.startswith("mixed_") else policy


def _parsed(name: str, content: bytes) -> Any:
    try:
        return json.loads(content.decode("utf-8"))
    except RecursionError:
        _refuse(f"{name} of at most {MAX_MODEL_DEPTH} levels", "a deeper one")
    except ValueError as error:  # of JSON, of UTF-8, and of whole numbers with too many digits
        raise DamagedFileError(
            f"The model file is damaged: {name} is no JSON, or breaks off. {SAVE_IT}"
        ) from error


def _class_of(value: dict[str, Any]) -> tuple[Any, Any]:
    module, name = value.get("module"), value.get("class_name")
    return (module, name) if isinstance(module, str) and isinstance(name, str) else ("", "")


def _named(value: Any) -> str:
    """Return what an object says that it is, for people."""
    if not isinstance(value, dict):
        return type(value).__name__
    module, name = value.get("module"), value.get("class_name")
    if name == "function":
        name = value.get("config")
    return f"{module}.{name}" if module else str(name)


def _advice(value: dict[str, Any]) -> str:
    return advice_for(value.get("module"), value.get("class_name"), value.get("registered_name"))


def _refuse(expected: str, received: object, advice: str = "") -> NoReturn:
    raise InvalidInputError("model file", expected=expected, received=received, advice=advice)
