"""The model that a server was started with."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from core.errors import InvalidInputError
from core.images import Frame
from core.networks.own_network import OwnNetwork, Setup
from core.uncertainty.classes import Classes
from pages.parts import host_network, networks
from pages.parts.host_network import HOST_NAME


@pytest.fixture(autouse=True)
def fresh_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(host_network, "_loaded", [])
    monkeypatch.setattr(host_network, "_problem", [])
    monkeypatch.setattr(networks, "st", SimpleNamespace(session_state={}))
    for name in (host_network.MODEL, host_network.CLASSES, host_network.RANGE):
        monkeypatch.delenv(name, raising=False)


def test_a_server_started_without_one_has_none():
    host_network.load_host_network()
    assert host_network.host_network() is None
    assert not host_network.host_is_awaited() and not host_network.host_problem()
    assert HOST_NAME not in networks.choices()


def test_it_is_loaded_as_it_was_told_once_and_every_visitor_may_ask_it(
    monkeypatch: pytest.MonkeyPatch,
):
    told: list[Any] = []

    def load(*words: Any) -> OwnNetwork:
        told.append(words)
        report: Any = SimpleNamespace(sha256="ab" * 32)
        return OwnNetwork("pets", report, Setup(Frame(9, 12, 3), Classes(("a", "b"))), None)

    monkeypatch.setattr(host_network, "load_named_model", load)
    monkeypatch.setenv(host_network.MODEL, "pets.keras")
    monkeypatch.setenv(host_network.CLASSES, "a,b")
    assert host_network.host_is_awaited()
    host_network.load_host_network()
    host_network.load_host_network()
    assert told == [(Path("pets.keras"), "a,b", None)]
    assert not host_network.host_is_awaited()
    assert networks.choices()[0] == HOST_NAME
    assert networks.facts_of(HOST_NAME).title == "pets"


def test_why_it_cannot_be_used_is_kept_for_the_models_page(monkeypatch: pytest.MonkeyPatch):
    def refuse(*_: Any) -> OwnNetwork:
        raise InvalidInputError("model", expected="one that can be used", received="no dropout")

    monkeypatch.setattr(host_network, "load_named_model", refuse)
    monkeypatch.setenv(host_network.MODEL, "pets.keras")
    host_network.load_host_network()
    assert "no dropout" in host_network.host_problem()
    assert not host_network.host_is_awaited()
    assert HOST_NAME not in networks.choices()
