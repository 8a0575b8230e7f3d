"""Sliders' messages: what comes from outside is taken over only if it is what it should be."""

from __future__ import annotations

import pytest

from pages.parts.rate_sliders import SlidersState, receive


def message(**changes: object) -> dict[str, object]:
    return {
        "instance": "abc",
        "seq": 3,
        "revision": 2,
        "rates": [0.1, 0.0, 0.95],
        "moving": True,
        **changes,
    }


def received(value: object) -> tuple[SlidersState, list[list[float]]]:
    state, taken = SlidersState([0.5, 0.5, 0.5], revision=2), []
    receive(state, value, lambda rates: taken.append(list(rates)))
    return state, taken


def test_rates_are_taken_over_and_answered_by_their_number():
    state, taken = received(message())
    assert taken == [[0.1, 0.0, 0.95]] == [state.rates]
    assert state.moving and state.tag == "abc:3"
    assert not received(message(moving=False))[0].moving


def test_a_message_from_before_a_reset_changes_no_rate():
    state, taken = received(message(revision=1))
    assert not taken and state.rates == [0.5, 0.5, 0.5]
    assert state.tag == "abc:3"  # the hand still waits to hear that it was heard


@pytest.mark.parametrize(
    "rates",
    [
        [0.1, 0.0],
        [0.1, 0.0, 1.0],
        [0.1, 0.0, -0.1],
        [0.1, 0.0, float("nan")],
        [0.1, 0.0, "0.5"],
        [0.1, 0.0, True],
        "0.1,0,0.5",
        None,
    ],
)
def test_what_are_no_rates_changes_nothing(rates):
    state, taken = received(message(rates=rates))
    assert not taken and state.rates == [0.5, 0.5, 0.5]


@pytest.mark.parametrize("value", [None, "moved", [1], {}, {"seq": "3"}, {"seq": 3}])
def test_what_is_no_message_is_left_alone(value):
    state, taken = received(value)
    assert not taken and state == SlidersState([0.5, 0.5, 0.5], revision=2)
