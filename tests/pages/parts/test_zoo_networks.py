"""Loading the compared networks in turn: what is there, what is not, and when it is tried again."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest

from core.errors import MissingDataError
from core.experiments.zoo_table import ENSEMBLE
from core.networks.zoo import load_card
from core.networks.zoo_plan import ZOO_NETWORKS
from pages.parts import networks, zoo_networks
from pages.parts.zoo_networks import COMPARED, INSTEAD, Loading, Member, title_of


def failing(error: Exception) -> Callable[[], Member]:
    def load() -> Member:
        raise error

    return load


def test_all_of_the_plan_are_compared_the_ensemble_last():
    assert tuple(COMPARED) == (*ZOO_NETWORKS, ENSEMBLE)
    assert set(COMPARED.values()) <= set(INSTEAD)


def test_networks_come_one_after_another_and_who_waits_sees_those_that_are_there():
    go_on = threading.Event()
    first = Member(plain="first")

    def second() -> Member:
        go_on.wait(10)
        return Member(plain="second")

    done: list[str] = []
    loading = Loading({"a": lambda: first, "b": second}, lambda: done.append("all"))
    assert loading.is_done and loading.member("a") is None
    loading.start()
    while loading.member("a") is None:
        pass
    assert loading.member("a") is first
    assert loading.member("b") is None and not loading.is_done and not done
    go_on.set()
    loading.wait(10)
    assert loading.is_done and loading.member("b") is not None and done == ["all"]


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (MissingDataError("The network b is not complete."), "The network b is not complete."),
        (RuntimeError("secret"), "It could not be loaded; the server’s log says why."),
    ],
)
def test_what_cannot_be_loaded_is_said_and_the_others_are_loaded(error, words):
    loading = Loading({"a": failing(error), "b": Member})
    loading.start()
    loading.wait(10)
    assert loading.problem("a") == words and loading.member("a") is None
    assert loading.member("b") is not None and loading.problem("b") == ""


def test_what_failed_is_tried_again_after_a_while_and_the_rest_is_not(monkeypatch):
    asked: list[str] = []
    there: list[Member] = []

    def a() -> Member:
        asked.append("a")
        if not there:
            raise MissingDataError("no a")
        return there[0]

    def b() -> Member:
        asked.append("b")
        return Member()

    loading = Loading({"a": a, "b": b})
    loading.start()
    loading.wait(10)
    there.append(Member())
    loading.start()  # at once: a page that runs again every second would never be done
    loading.wait(10)
    assert asked == ["a", "b"] and loading.problem("a") == "no a"
    monkeypatch.setattr(zoo_networks, "_AGAIN", 0.0)
    loading.start()
    loading.wait(10)
    assert asked == ["a", "b", "a"]
    assert loading.member("a") is there[0] and loading.problem("a") == ""


def test_a_network_has_a_title_whatever_became_of_its_card(tmp_path, monkeypatch):
    assert title_of("mc") == "MC-dropout network"
    assert title_of(ENSEMBLE) == "Ensemble of 5 plain networks"
    monkeypatch.setattr("core.networks.zoo.models_folder", lambda: tmp_path)
    assert title_of("tanh") == "tanh"


def test_a_network_with_a_damaged_card_is_no_choice(monkeypatch: Any):
    monkeypatch.setattr(networks, "list_networks", lambda: ("mc", "broken"))
    monkeypatch.setattr(
        networks,
        "load_card",
        lambda name: load_card(name) if name == "mc" else failing(MissingDataError("no"))(),
    )
    assert networks.choices() == ("mc",)
