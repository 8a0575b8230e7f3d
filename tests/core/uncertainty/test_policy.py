"""Policies: every limit must hold, bad limits are refused, and the reason is said plainly."""

from __future__ import annotations

import copy
import dataclasses
import math
import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import InvalidInputError
from core.inference import McSummary
from core.uncertainty import MEASURES, Limits, Policy, Provenance

SHA = "0123456789abcdef" * 4


def one_hot(classes: list[int]) -> McSummary:
    """One image, whose passes are each certain of one class."""
    return McSummary.from_samples(np.eye(10, dtype=np.float32)[classes][:, None])


def limits_of_ten_classes() -> st.SearchStrategy[dict[str, float]]:
    return st.fixed_dictionaries(
        {}, optional={name: st.floats(0.0, one.upper(10)) for name, one in MEASURES.items()}
    )


def test_upper_limit_accepts_at_it_and_below_lower_limit_at_it_and_above():
    values = {"confidence": [0.79, 0.8, 0.9, 0.9], "variance": [0.1, 0.1, 0.1, 0.11]}
    policy = Policy({"variance": 0.1, "confidence": 0.8})
    assert policy.decide_values(values).tolist() == [False, True, True, False]
    held = policy.held_limits(values)
    assert list(held) == ["confidence", "variance"]
    assert held["variance"].tolist() == [True, True, True, False]


def test_policy_without_limits_accepts_everything():
    assert Policy({}).decide_values({"variance": [0.0, 0.25, math.nan]}).all()
    decisions = Policy({}, "Post").decide(one_hot([7] * 3 + [1]))
    assert decisions.accepted.tolist() == [True] and decisions.broken == ((),)
    assert decisions.reasons == ("3 of 4 passes say 7. There is no limit.",)


@pytest.mark.parametrize("name", MEASURES)
def test_limit_at_the_loose_end_accepts_everything_but_what_is_no_number(name):
    loose = MEASURES[name].upper(10) if name != "confidence" else 0.0
    values = [0.0, MEASURES[name].upper(10) + 1e-12, math.nan]
    assert Policy({name: loose}).decide_values({name: values}).tolist() == [True, True, False]


def test_decide_values_keeps_the_shape_of_sweeps():
    assert Policy({"variance": 0.1}).decide_values({"variance": np.zeros((3, 5))}).shape == (3, 5)


@pytest.mark.parametrize(
    ("measures", "received"),
    [
        ({}, "nothing"),
        ({"confidence": [0.9]}, "confidence"),
        ({"confidence": [0.9], "variance": [0.1, 0.2]}, r"\(1,\), \(2,\)"),
    ],
)
def test_decide_values_refuses_missing_measures_and_other_shapes(measures, received):
    with pytest.raises(InvalidInputError, match=f"for measures.*{received}"):
        Policy({"variance": 0.1}).decide_values(measures)


@given(limits_of_ten_classes(), st.integers(0, 2**32 - 1))
def test_decide_agrees_with_decide_values_and_with_broken(limits, seed):
    rng = np.random.default_rng(seed)
    summary = McSummary.from_samples(rng.dirichlet(np.full(10, 0.1), size=(5, 3)))
    decisions = Policy(limits).decide(summary)
    values = {name: one.value(summary) for name, one in MEASURES.items()}
    np.testing.assert_array_equal(decisions.accepted, Policy(limits).decide_values(values))
    assert [not broken for broken in decisions.broken] == decisions.accepted.tolist()
    assert len(decisions) == len(decisions.reasons) == 3
    for image, broken in enumerate(decisions.broken):
        for name, limit in limits.items():
            value = values[name][image]
            holds = value >= limit if name == "confidence" else value <= limit
            assert (name in broken) == (not holds)


@given(limits_of_ten_classes(), st.sampled_from(sorted(MEASURES)), st.integers(0, 2**32 - 1))
def test_loosening_a_limit_never_refuses_more(limits, name, seed):
    rng = np.random.default_rng(seed)
    values = {key: rng.uniform(0.0, one.upper(10), size=20) for key, one in MEASURES.items()}
    looser = {key: limit for key, limit in limits.items() if key != name}
    accepted = Policy(limits).decide_values(values)
    assert (accepted <= Policy(looser).decide_values(values)).all()


@pytest.mark.parametrize(
    "limits",
    [
        {"entropy": 0.5},
        {"variance": math.nan},
        {"variance": math.inf},
        {"variance": -0.01},
        {"variance": 0.26},
        {"predictive_entropy": 2.31},
        {"variation_ratio": 0.91},
        {"confidence": 1.01},
        {"confidence": -0.5},
        {"confidence": "0.5"},
        {"confidence": True},
        {"confidence": None},
        {"confidence": 10**400},
        {3: 0.5},
        [("confidence", 0.5)],
        "confidence",
        None,
    ],
)
def test_policy_refuses_limits_that_cannot_be(limits):
    with pytest.raises(InvalidInputError, match="limit"):
        Policy(limits)


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"name": "  "},
        {"name": "two\nlines"},
        {"name": "x" * 81},
        {"name": 3},
        {"model_sha256": "abc"},
        {"model_sha256": SHA.upper()},
        {"model_sha256": None},
        {"num_classes": 1},
        {"num_classes": 10.0},
        {"num_classes": True},
        {"provenance": {"data": "validation"}},
    ],
)
def test_policy_refuses_what_is_no_name_sha_or_provenance(wrong):
    with pytest.raises(InvalidInputError, match=f"for {next(iter(wrong))}"):
        Policy({"confidence": 0.5}, **wrong)


@pytest.mark.parametrize("wrong", [{"data": None}, {"target": "x" * 501}, {"guarantee": "\x00"}])
def test_provenance_refuses_what_is_no_line_of_text(wrong):
    with pytest.raises(InvalidInputError, match=f"for {next(iter(wrong))}"):
        Provenance(**wrong)


def test_range_of_a_limit_depends_on_the_number_of_classes():
    assert Policy({"predictive_entropy": 2.5}, num_classes=20).limits["predictive_entropy"] == 2.5
    with pytest.raises(InvalidInputError, match="from 0 to 1\\.09861"):
        Policy({"predictive_entropy": 1.2}, num_classes=3)


def test_limit_rounded_up_to_six_digits_is_the_largest_value():
    assert Policy({"predictive_entropy": 2.30259}).limits["predictive_entropy"] == math.log(10)


def test_policy_is_immutable_has_a_hash_and_can_be_copied_and_pickled():
    policy = Policy({"variance": 0.1, "confidence": 0.8}, "Strict", SHA)
    same = Policy({"confidence": 0.8, "variance": np.float32(0.1).item()}, "Strict", SHA)
    assert list(policy.limits) == ["confidence", "variance"]
    assert pickle.loads(pickle.dumps(policy)) == copy.deepcopy(policy) == policy
    assert len({policy, copy.deepcopy(policy)}) == 1 and policy != same
    assert policy.limits == {"confidence": 0.8, "variance": 0.1}
    with pytest.raises(dataclasses.FrozenInstanceError):
        policy.name = "Loose"  # type: ignore[misc]
    with pytest.raises(TypeError):
        policy.limits["variance"] = 0.2  # type: ignore[index]


def test_policy_does_not_follow_later_changes_of_what_it_was_made_from():
    limits = {"variance": 0.1}
    policy = Policy(limits)
    limits["variance"] = 0.2
    assert policy.limits == Limits({"variance": 0.1})


def test_policy_for_another_network_is_flagged():
    policy = Policy({"variance": 0.1}, "Strict", SHA)
    assert policy.fits(SHA) and policy.mismatch(SHA) == ""
    assert Policy({}).fits(SHA) and Policy({}).mismatch(SHA) == ""
    assert not policy.fits("f" * 64)
    assert "'Strict' was made for another network" in policy.mismatch("f" * 64)
    assert "0123456789ab" in policy.mismatch("f" * 64) and "ffffffffffff" in policy.mismatch(
        "f" * 64
    )
