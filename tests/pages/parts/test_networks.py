"""Networks that visitors bring: whose they are, how many there is room for, their names."""

from __future__ import annotations

import gc
import weakref
from types import SimpleNamespace
from typing import Any

import pytest

from core.errors import InvalidInputError, LabradorError
from core.images import MNIST_FRAME, Frame
from core.limits import MAX_OWN_NETWORKS
from core.networks.own_network import OwnNetwork, Setup
from core.uncertainty.classes import DIGITS, Classes
from pages.parts import networks


class Session:
    """Lets a test be one visitor after another."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._patch = monkeypatch
        self.enter({})

    def enter(self, state: dict[str, Any]) -> None:
        self._patch.setattr(networks, "st", SimpleNamespace(session_state=state))


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> Session:
    monkeypatch.setattr(networks, "_all_own", weakref.WeakSet())
    return Session(monkeypatch)


def network(number: int = 0, title: str = "Pets", setup: Setup | None = None) -> OwnNetwork:
    report: Any = SimpleNamespace(sha256=f"{number:064x}"[::-1])
    return OwnNetwork(
        title, report, setup or Setup(Frame(9, 12, 3), Classes(("cat", "dog", "x"))), model=None
    )


def test_a_network_is_known_in_the_session_that_brought_it_and_in_no_other(session: Session):
    mine: dict[str, Any] = {}
    session.enter(mine)
    name = networks.keep_own(network())
    facts = networks.facts_of(name)
    assert (facts.title, facts.sha256) == ("Pets", network().sha256)
    assert (facts.frame, facts.classes.names) == (Frame(9, 12, 3), ("cat", "dog", "x"))
    assert name in networks.choices()

    session.enter({})
    assert name not in networks.choices()
    with pytest.raises(LabradorError):
        networks.facts_of(name)

    session.enter(mine)
    assert networks.facts_of(name).title == "Pets"
    networks.remove_own(name)
    assert name not in networks.choices()


def test_the_shipped_network_tells_digits_apart(session: Session):
    facts = networks.facts_of("mc")
    assert (facts.classes, facts.frame, facts.own) == (DIGITS, MNIST_FRAME, None)
    # The plain ones have no passes.
    assert networks.choices() == ("mc", "rate-01", "rate-03", "tanh", "elu", "element", "block")


def test_one_visitor_keeps_so_many_and_the_same_file_again_takes_its_own_place(session: Session):
    kept = [network(number) for number in range(MAX_OWN_NETWORKS)]
    for each in kept:
        networks.keep_own(each)
    with pytest.raises(InvalidInputError, match="Remove one of them"):
        networks.keep_own(network(99))
    again = network(0, title="Animals")
    assert networks.facts_of(networks.keep_own(again)).title == "Animals"
    assert len(networks.own_networks()) == MAX_OWN_NETWORKS


def test_all_visitors_together_keep_so_many_until_some_have_left(
    session: Session, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(networks, "MAX_ALL_OWN_NETWORKS", 2)
    first: dict[str, Any] = {}
    session.enter(first)
    networks.keep_own(network(1))
    networks.keep_own(network(2))
    session.enter({})
    with pytest.raises(InvalidInputError, match="of all visitors together"):
        networks.keep_own(network(3))
    first.clear()  # the visitor has left
    gc.collect()
    networks.keep_own(network(3))


def test_answers_of_one_file_with_another_setup_are_others():
    colour, classes = Frame(9, 12, 3), Classes(("a", "b", "c"))
    one = network(setup=Setup(colour, classes))
    assert one.identity == network(setup=Setup(colour, Classes(("x", "y", "z")))).identity
    assert one.identity != network(setup=Setup(colour, classes, 0.0, 255.0)).identity
    assert one.identity != network(setup=Setup(Frame(9, 13, 3), classes)).identity
    assert one.identity != network(1, setup=Setup(colour, classes)).identity
