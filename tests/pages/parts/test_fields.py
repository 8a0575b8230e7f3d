"""A field that shows what others change as well."""

from __future__ import annotations

from typing import Any

import pytest
import streamlit as st

from pages.parts.fields import following


@pytest.fixture(autouse=True)
def session(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    state: dict[str, Any] = {}
    monkeypatch.setattr(st, "session_state", state)
    return state


def browser_sends(state: dict[str, Any], field: dict[str, Any], value: Any) -> None:
    """A person, or a message that was long on its way, puts a value into a field."""
    state[field["key"]] = value
    field["on_change"](*field["args"])


def test_a_choice_is_taken_and_the_field_stays_the_same(session: dict[str, Any]) -> None:
    taken: list[str] = []
    field = following("policy", "a", taken.append)
    browser_sends(session, field, "b")
    assert taken == ["b"]
    assert following("policy", "b", taken.append)["key"] == field["key"]


def test_a_change_from_elsewhere_makes_another_field(session: dict[str, Any]) -> None:
    taken: list[str] = []
    before = following("policy", "a", taken.append)
    after = following("policy", "c", taken.append)
    assert after["key"] != before["key"] and session[after["key"]] == "c"
    browser_sends(session, before, "a")  # sent before the change was known
    assert taken == [] and session[after["key"]] == "c"
    browser_sends(session, after, "d")
    assert taken == ["d"]


def test_many_changes_leave_nothing_behind(session: dict[str, Any]) -> None:
    for limit in range(100):
        following("limit", limit, lambda _: None)
    assert len(session) <= 3
