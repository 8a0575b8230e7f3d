"""The options for a network of one's own; loading itself is another's, so it is stood in for."""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from core.commands import own_model
from core.commands.own_model import add_model_arguments, load_model, read_class_names
from core.errors import InvalidInputError
from core.images import Frame
from core.networks.own_network import OwnNetwork, Setup
from core.uncertainty.classes import Classes


@pytest.fixture
def loads(monkeypatch: pytest.MonkeyPatch) -> list[Setup | None]:
    """The setups with which a model of three classes was loaded, None where it was guessed."""
    asked: list[Setup | None] = []

    def load_own(path: Path, setup: Setup | None = None) -> OwnNetwork:
        asked.append(setup)
        report: Any = SimpleNamespace(sha256="ab" * 32)
        guess = Setup(Frame(9, 12, 3), Classes.numbered(3))
        return OwnNetwork(path.stem, report, setup or guess, model=None)

    foreign: Any = ModuleType("core.networks.foreign")
    foreign.load_own = load_own
    monkeypatch.setitem(sys.modules, "core.networks.foreign", foreign)
    monkeypatch.setattr("core.commands.quiet.start_tensorflow", lambda: "")
    return asked


@pytest.fixture
def model(tmp_path: Path) -> str:
    path = tmp_path / "pets.keras"
    path.write_bytes(b"PK")
    return str(path)


def arguments(*words: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    add_model_arguments(parser)
    return parser.parse_args(words)


def test_without_a_model_there_is_none() -> None:
    assert load_model(arguments()) is None


@pytest.mark.parametrize("option", ["--class-names=a,b", "--input-range=0,255"])
def test_what_is_said_of_no_model_is_refused(option: str) -> None:
    with pytest.raises(InvalidInputError, match=option.partition("=")[0]):
        load_model(arguments(option))


def test_a_model_is_loaded_as_it_is_guessed(model: str, loads: list[Any]) -> None:
    network = load_model(arguments("--model", model))
    assert network is not None and network.setup.classes.names == ("0", "1", "2")
    assert loads == [None]


def test_names_are_given_without_loading_it_again(model: str, loads: list[Any]) -> None:
    names = "cat, sausage dog,<b>x</b>"
    network = load_model(arguments("--model", model, "--class-names", names))
    assert network is not None
    assert network.setup.classes == Classes(("cat", "sausage dog", "<b>x</b>"))
    assert loads == [None]


def test_another_range_loads_it_with_that(model: str, loads: list[Any]) -> None:
    network = load_model(
        arguments("--model", model, "--input-range=-1,1", "--class-names", "a,b,c")
    )
    assert network is not None and (network.setup.dark, network.setup.bright) == (-1.0, 1.0)
    assert loads == [None, replace(network.setup)]
    assert network.setup.classes.names == ("a", "b", "c")


def test_the_range_that_is_guessed_loads_it_once(model: str, loads: list[Any]) -> None:
    load_model(arguments("--model", model, "--input-range=0,1"))
    assert loads == [None]


@pytest.mark.parametrize("span", ["0", "0,1,2", "a,b", "1,1", "nan,1", "0,inf", ""])
def test_what_is_no_range_is_refused_before_loading(
    span: str, model: str, loads: list[Any]
) -> None:
    with pytest.raises(InvalidInputError, match="--input-range"):
        load_model(arguments("--model", model, f"--input-range={span}"))
    assert loads == []


def test_names_of_another_number_are_refused(model: str, loads: list[Any]) -> None:
    with pytest.raises(InvalidInputError, match=r"--class-names.*3 names.*2 of them"):
        load_model(arguments("--model", model, "--class-names", "a,b"))


def test_a_file_that_is_none_is_refused(tmp_path: Path, loads: list[Any]) -> None:
    with pytest.raises(InvalidInputError, match="--model"):
        load_model(arguments("--model", str(tmp_path / "none.keras")))


def test_names_are_read_from_the_lines_of_a_file(tmp_path: Path) -> None:
    path = tmp_path / "names.txt"
    path.write_bytes("\ufeffcat, the first\r\nsausage dog\r\n\r\n  hund \n".encode())
    assert read_class_names(str(path)).names == ("cat, the first", "sausage dog", "hund")


@pytest.mark.parametrize("text", ["cat", "", "a,,b", "a,a", f"a,{'b' * 61}", "a,\tb\n\0c"])
def test_what_are_no_names_is_refused(text: str) -> None:
    with pytest.raises(InvalidInputError, match="--class-names"):
        read_class_names(text)


def test_a_file_that_is_no_text_or_too_large_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "names.bin"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InvalidInputError, match=r"names\.bin"):
        read_class_names(str(path))
    monkeypatch.setattr(own_model, "MAX_NAMES_BYTES", 3)
    path.write_bytes(b"a\nb\n")
    with pytest.raises(InvalidInputError, match="over 3 bytes"):
        read_class_names(str(path))
