"""Configs: honest ones pass whole, and nothing that is not understood passes at all."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from unittest import mock

import keras
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import DamagedFileError, InvalidInputError, LabradorError
from core.limits import MAX_MODEL_DEPTH
from core.networks.archive_check import read_archive
from core.networks.checked_model import check_model, load_checked
from core.networks.config_check import check_config, check_metadata
from tests.core.networks.made_models import MADE, made, save


def config_of(name: str) -> dict[str, Any]:
    config: dict[str, Any] = json.loads(json.dumps(keras.saving.serialize_keras_object(made(name))))
    return config


@pytest.fixture(scope="module")
def nested() -> dict[str, Any]:
    return config_of("nested")


def checked(config: Any) -> Any:
    return json.loads(check_config(json.dumps(config).encode()))


def objects(value: Any) -> Iterator[dict[str, Any]]:
    """Every dict at any depth, the outermost first."""
    if isinstance(value, dict):
        yield value
    for inner in value.values() if isinstance(value, dict) else value:
        if isinstance(inner, dict | list):
            yield from objects(inner)


@pytest.mark.parametrize("name", MADE)
def test_an_honest_config_passes_whole_but_for_how_it_was_compiled(name: str) -> None:
    config = config_of(name)

    passed = checked(config)

    assert checked(passed) == passed
    for each in objects(config):
        each.pop("compile_config", None)
        if "registered_name" in each:
            each["registered_name"] = None
    assert passed == config


@pytest.mark.parametrize("name", ["MobileNetV2", "ResNet50V2"])
def test_networks_of_keras_applications_pass(name: str) -> None:
    model = getattr(keras.applications, name)(
        weights=None, include_top=False, input_shape=(32, 32, 3)
    )
    config = json.dumps(keras.saving.serialize_keras_object(model)).encode()

    assert check_config(config)


def test_half_precision_becomes_the_precision_of_the_weights() -> None:
    layer = keras.layers.Dense(3, dtype="mixed_float16", name="half")
    model = keras.Sequential([keras.Input((4,)), layer], name="mixed")
    config = json.loads(json.dumps(keras.saving.serialize_keras_object(model)))

    policies = [
        each for each in objects(checked(config)) if each.get("class_name") == "DTypePolicy"
    ]

    assert "mixed_float16" in json.dumps(config)
    assert {policy["config"]["name"] for policy in policies} == {"float32"}


def hostile(**keys: Any) -> dict[str, Any]:
    return {"module": "keras.layers", "config": {}, "registered_name": None, **keys}


HOSTILE = {
    "a shell": hostile(module="os", class_name="system"),
    "a shell as a function": hostile(module="os", class_name="function", config="system"),
    "eval": hostile(module="builtins", class_name="function", config="eval"),
    "exec, of no module": {"class_name": "function", "config": "exec"},
    "a builtin class": hostile(module="builtins", class_name="exec"),
    "a function of Keras'": hostile(
        module="keras.utils", class_name="function", config="get_file", registered_name="get_file"
    ),
    "a function of Keras' as a class": hostile(module="keras.utils", class_name="get_file"),
    "safe mode off": hostile(
        module="keras.config", class_name="function", config="enable_unsafe_deserialization"
    ),
    "Keras' own insides": hostile(
        module="keras.src.utils.python_utils", class_name="function", config="func_load"
    ),
    "a model loader": hostile(module="keras.models", class_name="load_model"),
    "a lambda layer": hostile(class_name="Lambda"),
    "a lambda layer of no module": {"class_name": "Lambda", "config": {}},
    "a lambda": {"class_name": "__lambda__", "config": {"value": "4wEAAAA="}},
    "a saved model": hostile(class_name="TFSMLayer", config={"filepath": "/tmp/x"}),
    "a torch module": hostile(class_name="TorchModuleWrapper"),
    "words from a file": hostile(
        class_name="StringLookup", config={"vocabulary": "/etc/passwd", "name": "words"}
    ),
    "numbers from a file": hostile(class_name="IntegerLookup"),
    "texts from a file": hostile(class_name="TextVectorization"),
    "a class of one's own": hostile(
        module="mine", class_name="Layer", registered_name="Mine>Layer"
    ),
    "a class in another's name": hostile(class_name="Dense", registered_name="Mine>Dense"),
    "a class of another module": hostile(module="keras.src.layers.core.dense", class_name="Dense"),
    "the base of all layers": hostile(class_name="Layer"),
    "an operation that calls": hostile(module="keras.src.ops.core", class_name="Map"),
    "a type": {
        "class_name": "__typespec__",
        "spec_name": "system",
        "module": "os",
        "config": [],
        "registered_name": None,
    },
    "bytes": {"class_name": "__bytes__", "config": {"value": "x"}},
    "an array of objects": {"class_name": "__numpy__", "config": {"value": [1], "dtype": "O"}},
    "an object in an array": {
        "class_name": "__tensor__",
        "config": {"value": {"class_name": "Lambda"}, "dtype": "float32"},
    },
    "a class whose name is a list": hostile(class_name=["Dense"]),
    "a module without a class": {"module": "os"},
    "a quantised policy": hostile(module="keras", class_name="QuantizedDTypePolicy"),
    "a policy of another kind": hostile(
        module="keras", class_name="DTypePolicy", config={"name": "int8_from_float32"}
    ),
    "a path": "/etc/passwd",
    "a path that climbs": "../../etc/passwd",
    "a path of Windows": "C:\\secret.txt",
    "an address": "https://example.org/x",
    "an address of a file": "file:secret",
    "a folder of a home": "~/.ssh/id_rsa",
    "an endless number": float("inf"),
    "no number": float("nan"),
    "a number beyond 64 bits": 2**70,
    "a text beyond bounds": "x" * 2_000,
}


@pytest.mark.parametrize("what", HOSTILE)
def test_hostile_values_are_refused_wherever_they_stand(nested: dict[str, Any], what: str) -> None:
    plain = checked(nested)  # without how it was compiled
    places = [
        (number, key)
        for number, each in enumerate(objects(plain))
        for key in each
        if key != "compile_config"
    ]
    for number, key in places[::3]:  # a third of them will do
        changed = copy.deepcopy(plain)
        list(objects(changed))[number][key] = HOSTILE[what]
        with pytest.raises(InvalidInputError):
            pytest.fail(f"{key}: {checked(changed)}")


@pytest.mark.parametrize(
    ("key", "word"),
    [
        ("activation", "eval"),
        ("recurrent_activation", "get"),
        ("kernel_initializer", "deserialize"),
        ("depthwise_regularizer", "system"),
        ("bias_constraint", "Dense"),
        ("dtype", "string"),
        ("dtype", "int8_from_float32"),
    ],
)
def test_words_that_keras_looks_up_are_its_own(key: str, word: str) -> None:
    config = config_of("logits")
    layer = next(each for each in objects(config) if each.get("class_name") == "Dense")
    layer["config"][key] = word

    with pytest.raises(InvalidInputError, match=word):
        checked(config)


def test_a_layer_without_a_module_never_reaches_the_older_way(tmp_path: Path) -> None:
    config = config_of("logits")
    layer = next(each for each in objects(config) if each.get("class_name") == "Flatten")
    del layer["module"]

    with pytest.raises(InvalidInputError, match="Received: Flatten"):
        checked(config)


def test_what_is_refused_is_named_with_its_layer_and_what_to_do() -> None:
    config = config_of("logits")
    config["config"]["layers"].insert(
        1, hostile(class_name="Lambda", config={"name": "shout"}, registered_name=None)
    )

    with pytest.raises(InvalidInputError) as refused:
        checked(config)

    assert refused.value.received == "keras.layers.Lambda (layer logits)"
    assert refused.value.advice.startswith("A Lambda is code, and would run here.")


def test_what_is_refused_is_told_in_printable_characters() -> None:
    config = config_of("logits")
    config["config"]["layers"].insert(1, hostile(class_name="Evil\x1b[31m\n\u202e<b>"))

    with pytest.raises(InvalidInputError) as refused:
        checked(config)

    assert refused.value.received == "keras.layers.Evil [31m <b> (layer logits)"
    assert str(refused.value).isprintable()


def test_a_compiled_model_inside_a_model_is_built_by_keras_and_not_by_us(tmp_path: Path) -> None:
    path = save(made("nested"), tmp_path)
    assert b"compile_config" in read_archive(path.read_bytes()).config

    with mock.patch.object(keras.Sequential, "compile_from_config") as compiled:
        keras.saving.load_model(path, compile=False)
        assert compiled.call_count == 1  # although it was told not to

        load_checked(check_model(path))
        assert compiled.call_count == 1
    assert b"compile_config" not in check_model(path).archive.config


def test_hostile_words_on_how_it_was_compiled_are_left_out(nested: dict[str, Any]) -> None:
    config = copy.deepcopy(nested)
    for each in objects(config):
        if "compile_config" in each:
            each["compile_config"] = {"loss": HOSTILE["eval"]}
    config["compile_config"] = {"optimizer": HOSTILE["a shell"]}

    assert checked(config) == checked(nested)


@pytest.mark.parametrize(
    "config",
    [
        [],
        None,
        "Sequential",
        {},
        {"class_name": "Sequential", "config": {}},
        hostile(class_name="Dense", config={"units": 3}),
        hostile(module="mine", class_name="MyModel", registered_name="Mine>MyModel"),
        {"module": "keras", "class_name": "Sequential", "config": []},
        {"module": "keras", "class_name": "Sequential", "config": {}, "more": 1},
    ],
)
def test_a_config_of_no_model_is_refused(config: Any) -> None:
    with pytest.raises(InvalidInputError):
        checked(config)


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b"no JSON", b"{} {}", b"1" * 5_000])
def test_a_config_that_is_no_json_is_damaged(content: bytes) -> None:
    with pytest.raises((DamagedFileError, InvalidInputError)):
        check_config(content)
    with pytest.raises((DamagedFileError, InvalidInputError)):
        check_metadata(content)


@pytest.mark.parametrize("depth", [MAX_MODEL_DEPTH + 10, 100_000])
@pytest.mark.parametrize(("left", "right"), [(b"[", b"]"), (b'{"a":', b"}")])
def test_deep_nesting_is_refused(depth: int, left: bytes, right: bytes) -> None:
    inner = left * depth + b"0" + right * depth
    config = b'{"module": "keras", "class_name": "Sequential", "config": {"layers": %s}}' % inner

    with pytest.raises(InvalidInputError, match="levels"):
        check_config(config)


@pytest.mark.parametrize(
    "shapes", [{"input_shape": "eval"}, {"a": hostile(class_name="Dense")}, 1.5]
)
def test_layers_are_built_with_nothing_but_shapes(shapes: Any) -> None:
    config = config_of("logits")
    layer = next(each for each in objects(config) if "build_config" in each)
    layer["build_config"] = shapes

    if shapes == 1.5:  # a number, of which Keras makes nothing
        assert checked(config)
        return
    with pytest.raises(InvalidInputError):
        checked(config)


def test_metadata_keeps_the_version_and_the_date() -> None:
    told = {"keras_version": "3.15.1", "date_saved": "2026-01-01@00:00:00"}

    kept = check_metadata(json.dumps({**told, "more": {"class_name": "Lambda"}}).encode())

    assert json.loads(kept) == told
    wrongs: list[Any] = [[], {}, {**told, "keras_version": 3}, {**told, "date_saved": "x" * 2_000}]
    for wrong in wrongs:
        with pytest.raises(InvalidInputError):
            check_metadata(json.dumps(wrong).encode())


@cache
def nested_text() -> str:
    return json.dumps(config_of("nested"))


LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=8),
    st.sampled_from([*HOSTILE.values(), "class_name", "module", "config", "function", "keras"]),
)
TREES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(
                [
                    "module",
                    "class_name",
                    "config",
                    "registered_name",
                    "name",
                    "activation",
                    "layers",
                ]
            ),
            inner,
            max_size=4,
        ),
    ),
    max_leaves=8,
)


@settings(max_examples=200)
@given(number=st.integers(0, 10_000), tree=TREES, place=st.integers(0, 10))
def test_changed_configs_raise_nothing_but_our_errors(number: int, tree: Any, place: int) -> None:
    changed = json.loads(nested_text())
    every = list(objects(changed))
    chosen = every[number % len(every)]
    chosen[[*chosen, "new"][place % (len(chosen) + 1)]] = tree
    try:
        passed = checked(changed)
    except LabradorError:
        return
    assert checked(passed) == passed


@settings(max_examples=200)
@given(st.data())
def test_changed_bytes_of_a_config_raise_nothing_but_our_errors(data: st.DataObject) -> None:
    content = bytearray(nested_text().encode())
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(content)))
        end = start + data.draw(st.integers(0, 30))
        content[start:end] = data.draw(st.binary(max_size=10))
    try:
        check_config(bytes(content))
    except LabradorError:
        return
