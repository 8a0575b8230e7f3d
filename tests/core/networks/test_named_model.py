"""Models named by a path: the words that go with it. Inspecting and opening are stood in for."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from core.errors import InvalidInputError
from core.images import Frame
from core.networks import named_model
from core.networks.named_model import classes_from_text, load_named_model, names_in
from core.networks.own_network import OwnNetwork, Setup
from core.uncertainty.classes import DIGITS, Classes


@pytest.fixture
def brought(monkeypatch: pytest.MonkeyPatch) -> list[Setup]:
    """The setups with which a model of three classes was opened."""
    setups: list[Setup] = []
    report: Any = SimpleNamespace(
        sha256="ab" * 32, refusal="", frame=Frame(9, 12, 3), input_range=(0.0, 1.0), num_classes=3
    )

    def bring_model(path: Path, *, title: str, report: Any, setup: Setup) -> OwnNetwork:
        setups.append(setup)
        return OwnNetwork(title, report, setup, model=None)

    inspection: Any = ModuleType("core.networks.inspection")
    inspection.inspect_model = lambda path, name: report
    foreign: Any = ModuleType("core.networks.foreign")
    foreign.bring_model = bring_model
    monkeypatch.setitem(sys.modules, "core.networks.inspection", inspection)
    monkeypatch.setitem(sys.modules, "core.networks.foreign", foreign)
    return setups


@pytest.fixture
def model(tmp_path: Path) -> Path:
    path = tmp_path / "pets.keras"
    path.write_bytes(b"PK")
    return path


def test_a_model_is_opened_as_it_is_guessed(model: Path, brought: list[Setup]) -> None:
    network = load_named_model(model)
    assert network.title == "pets"
    assert brought == [Setup(Frame(9, 12, 3), Classes.numbered(3))]


def test_names_and_range_are_what_was_said(model: Path, brought: list[Setup]) -> None:
    load_named_model(model, "cat, sausage dog,<b>x</b>", "-1,1")
    (setup,) = brought
    assert setup.classes == Classes(("cat", "sausage dog", "<b>x</b>"))
    assert (setup.dark, setup.bright) == (-1.0, 1.0)


@pytest.mark.parametrize("span", ["0", "0,1,2", "a,b", "1,1", "nan,1", "0,inf", ""])
def test_what_is_no_range_is_refused_before_anything_is_opened(
    span: str, model: Path, brought: list[Setup]
) -> None:
    with pytest.raises(InvalidInputError, match="--input-range"):
        load_named_model(model, input_range=span)
    assert brought == []


def test_names_of_another_number_are_refused(model: Path, brought: list[Setup]) -> None:
    with pytest.raises(InvalidInputError, match=r"--class-names.*3 names.*2 of them"):
        load_named_model(model, "a,b")
    assert brought == []


def test_a_path_without_a_file_is_refused(tmp_path: Path, brought: list[Setup]) -> None:
    with pytest.raises(InvalidInputError, match="--model"):
        load_named_model(tmp_path / "none.keras")


def test_names_are_read_from_the_lines_of_a_file(tmp_path: Path) -> None:
    path = tmp_path / "names.txt"
    path.write_bytes("\ufeffcat, the first\r\nsausage dog\r\n\r\n  hund \n".encode())
    assert classes_from_text(str(path)).names == ("cat, the first", "sausage dog", "hund")


def test_digits_are_a_word() -> None:
    assert classes_from_text("digits") == DIGITS


@pytest.mark.parametrize("text", ["cat", "", "a,,b", "a,a", f"a,{'b' * 61}", "a,\tb\n\0c"])
def test_what_are_no_names_is_refused(text: str) -> None:
    with pytest.raises(InvalidInputError, match="--class-names"):
        classes_from_text(text)


def test_a_file_that_is_no_text_or_too_large_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "names.bin"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InvalidInputError, match=r"names\.bin"):
        classes_from_text(str(path))
    monkeypatch.setattr(named_model, "MAX_NAMES_BYTES", 3)
    path.write_bytes(b"a\nb\n")
    with pytest.raises(InvalidInputError, match="over 3 bytes"):
        classes_from_text(str(path))


def test_typed_names_stand_on_lines_or_between_commas() -> None:
    assert names_in("cat\n sausage dog ,shoe\n\n") == ("cat", "sausage dog", "shoe")
