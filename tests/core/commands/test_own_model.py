"""The options for a network of one's own."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from core.commands import own_model
from core.commands.own_model import add_model_arguments, load_model
from core.errors import InvalidInputError


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


def test_path_names_and_range_are_handed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.commands.quiet.start_tensorflow", lambda: "")
    monkeypatch.setattr(own_model, "load_named_model", lambda *told: told)
    words = ("--model", "pets.keras", "--class-names", "a,b", "--input-range=-1,1")
    handed_on: object = load_model(arguments(*words))
    assert handed_on == (Path("pets.keras"), "a,b", "-1,1")
