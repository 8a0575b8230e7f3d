"""The list of classes: each is what it says in the Keras that is installed, and opens no file."""

from __future__ import annotations

import ast
import inspect
from functools import cache
from importlib import import_module
from typing import Any

import keras
import pytest
from keras.src.ops.operation import Operation

from core.networks import allowed_classes
from core.networks.allowed_classes import (
    ACTIVATIONS,
    CLASSES,
    LAYERS,
    MODELS,
    OPERATIONS,
    POLICIES,
    POLICY,
    SETTINGS,
    WORDS,
    advice_for,
)

# What no class on the list may call: ways to a file, an address, a program or a pickle.
_DOORS = frozenset(
    {"open", "exec", "eval", "compile", "__import__", "import_module", "func_load", "get_file"}
    | {"File", "GFile", "load", "loads", "urlopen", "urlretrieve", "system", "Popen", "read_text"}
    | {"load_model", "load_weights", "fromfile", "loadtxt", "genfromtxt", "memmap", "py_function"}
)


def found(module: str, name: str) -> Any:
    return getattr(import_module(module), name)


@cache
def called_in(module: str) -> dict[str, set[str]]:
    """Names of what is called in each class of a module."""
    source = inspect.getsource(import_module(module))
    return {
        each.name: {
            getattr(node.func, "id", getattr(node.func, "attr", ""))
            for node in ast.walk(each)
            if isinstance(node, ast.Call)
        }
        for each in ast.walk(ast.parse(source))
        if isinstance(each, ast.ClassDef)
    }


@pytest.mark.parametrize(
    ("classes", "kind"),
    [
        (LAYERS, keras.layers.Layer),
        (MODELS, keras.Model),
        (OPERATIONS, Operation),
        ({POLICY}, keras.DTypePolicy),
    ],
)
def test_each_name_is_what_it_says(classes: frozenset[tuple[str, str]], kind: type) -> None:
    for module, name in sorted(classes):
        assert issubclass(found(module, name), kind), f"{module}.{name}"


def test_each_operation_is_saved_from_where_it_is_on_the_list() -> None:
    for module, name in sorted(OPERATIONS):
        operation = found(module, name)
        assert operation.__module__ == module and not issubclass(operation, keras.layers.Layer)


def test_each_setting_is_what_it_says() -> None:
    kinds = {
        "keras.initializers": keras.initializers.Initializer,
        "keras.regularizers": keras.regularizers.Regularizer,
        "keras.constraints": keras.constraints.Constraint,
        "keras.random": keras.random.SeedGenerator,
    }
    for module, name in sorted(SETTINGS):
        assert issubclass(found(module, name), kinds[module]), f"{module}.{name}"


def test_each_word_is_one_that_keras_looks_up() -> None:
    for kind, words in WORDS.items():
        look_up = getattr(keras, f"{kind}s").get
        for word in words:
            assert callable(look_up(word)), f"{kind} {word}"
    for name in ACTIVATIONS:
        activation = getattr(keras.activations, name)
        assert inspect.isfunction(activation)
        assert activation.__module__.startswith("keras.src.activations")
    for policy in POLICIES:
        assert keras.DTypePolicy(policy).quantization_mode is None


def test_no_class_on_the_list_calls_what_opens_files_or_runs_code() -> None:
    # Neither do its own bases; those of all layers are trusted as a whole.
    ends = {*keras.layers.Layer.__mro__, *keras.Model.__mro__}
    assert "open" in called_in("keras.src.layers.preprocessing.index_lookup")["IndexLookup"]
    for module, name in sorted(CLASSES - MODELS):
        for own in found(module, name).__mro__:
            if own in ends or not own.__module__.startswith("keras."):
                continue
            calls = called_in(own.__module__)[own.__name__]
            assert not calls & _DOORS, f"{name}: {own.__name__} calls {calls & _DOORS}"


def test_classes_that_run_code_or_read_files_are_not_on_the_list() -> None:
    names = {name for _, name in CLASSES}
    dangerous = set(allowed_classes._ADVICE) | {"Layer", "Wrapper", "Model", "Hashing"}
    dangerous |= {"Map", "Scan", "Cond", "Switch", "WhileLoop", "ForiLoop", "VectorizedMap"}
    dangerous |= {"AssociativeScan", "CustomGradient", "Discretization", "Pipeline", "Quantizer"}

    assert not names & dangerous
    assert all(
        hasattr(keras.layers, n) or n in ("__lambda__", "FeatureSpace")
        for n in allowed_classes._ADVICE
    )


@pytest.mark.parametrize(
    ("named", "told"),
    [
        (("keras.layers", "Lambda", None), "A Lambda is code"),
        (("builtins", "__lambda__", None), "A lambda is code"),
        (("keras.layers", "TFSMLayer", None), "runs a program from elsewhere"),
        (("keras.layers", "StringLookup", None), "may read files"),
        (("keras.src.applications.convnext", "LayerScale", None), "does not open this class"),
        (("mine", "Layer", "Mine>Layer"), "A class or function of your own"),
        (("keras.layers", "Dense", "Mine>Dense"), "A class or function of your own"),
        ((None, None, None), "A class or function of your own"),
    ],
)
def test_what_to_do_depends_on_what_was_refused(
    named: tuple[object, object, object], told: str
) -> None:
    assert told in advice_for(*named)
