"""Limits in a link come back to six digits; a damaged link is refused."""

from __future__ import annotations

import contextlib
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import InvalidInputError
from core.uncertainty import MEASURES, Policy, policy_from_text, policy_to_text


def test_text_is_short_and_readable():
    policy = Policy({"predictive_entropy": 0.46, "confidence": 0.8}, "Strict")
    assert policy_to_text(policy) == "confidence:0.8,predictive_entropy:0.46"
    assert policy_from_text("predictive_entropy:0.46,confidence:0.8").limits == policy.limits


def test_policy_without_limits_is_none():
    assert policy_to_text(Policy({})) == "none"
    assert policy_from_text("none").limits == {}


@given(
    st.fixed_dictionaries(
        {}, optional={name: st.floats(0.0, one.upper(10)) for name, one in MEASURES.items()}
    )
)
def test_limits_come_back_to_six_digits(limits):
    text = policy_to_text(Policy(limits))
    back = policy_from_text(text)
    assert set(back.limits) == set(limits)
    for name, limit in limits.items():
        assert f"{back.limits[name]:.6g}" == f"{limit:.6g}"
    assert policy_to_text(back) == text
    assert re.fullmatch(r"[a-z0-9_:.,e-]+", text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        ",",
        "confidence",
        "confidence:",
        "confidence:nan",
        "confidence:inf",
        "confidence:1_0",
        "confidence: 0.5",
        "confidence:0.5 ",
        "confidence:-0.5",
        "confidence:٠.٥",
        "confidence:1.5",
        "confidence:0.5,",
        "confidence:0.5,confidence:0.6",
        "confidence:0.5:0.6",
        "entropy:0.5",
        "__class__:0.5",
        "variance:9e999",
        "confidence:0." + "5" * 1_000_000,
    ],
)
def test_text_that_is_no_policy_is_refused(text):
    with pytest.raises(InvalidInputError):
        policy_from_text(text)


@given(st.text(alphabet="confidevar:,.0123456789e-", max_size=40))
def test_any_text_is_a_policy_or_a_sentence(text):
    with contextlib.suppress(InvalidInputError):
        assert isinstance(policy_from_text(text), Policy)


def test_policy_of_a_link_is_for_any_network_and_can_be_named():
    policy = policy_from_text("predictive_entropy:2.5", name="Mine", num_classes=20)
    assert (policy.name, policy.num_classes) == ("Mine", 20)
    assert policy.fits("f" * 64)
