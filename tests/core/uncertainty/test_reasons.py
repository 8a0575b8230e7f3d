"""What is said of an answer: true of its passes, and in good English."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import InvalidInputError
from core.inference import McSummary
from core.uncertainty import DIGITS, Classes, Policy
from core.uncertainty.classes import with_article
from core.uncertainty.reasons import reasons

PROMISE = Policy({"predictive_entropy": 0.1}, "Promise 1%")


def passes(*groups: tuple[int, dict[int, float]]) -> McSummary:
    """One image; each group is how many passes and their softmax by class, the rest spread."""
    rows = []
    for number, shares in groups:
        row = np.full(10, (1.0 - sum(shares.values())) / (10 - len(shares)))
        row[list(shares)] = list(shares.values())
        rows += [row] * number
    return McSummary.from_samples(np.array(rows)[:, None])


def reason(summary: McSummary, **options) -> str:
    (sentence,) = PROMISE.decide(summary, **options).reasons
    return sentence


def test_passes_that_are_sure_of_different_classes_disagree():
    summary = passes((190, {9: 1.0}), (787, {3: 1.0}), (23, {5: 1.0}))
    assert reason(summary) == "The passes disagree: 787 say 3, 190 say 9."


def test_one_pass_says_and_thousands_have_a_comma():
    summary = passes((1, {9: 1.0}), (1500, {3: 0.999}))
    assert reason(summary) == "1,500 of 1,501 passes say 3. No limit is broken."
    assert reason(passes((1, {9: 1.0}), (9, {3: 1.0}))) == (
        "The passes disagree: 9 say 3, 1 says 9."
    )


def test_passes_that_are_each_unsure():
    assert (
        reason(passes((5, {7: 0.5, 1: 0.4}))) == "On average the passes are unsure. It may be a 7."
    )
    assert (
        reason(passes((5, {8: 0.5, 3: 0.4}))) == "On average the passes are unsure. It may be an 8."
    )


def test_accepted_answer_counts_its_votes():
    summary = passes((985, {7: 1.0}), (15, {1: 1.0}))
    accepted = "985 of 1,000 passes say 7. No limit is broken."
    assert reason(summary) == accepted


def test_one_pass_alone():
    assert reason(passes((1, {7: 1.0}))) == ("1 of 1 pass says 7. No limit is broken.")


def test_passes_that_agree_are_not_said_to_disagree():
    # Half the passes certain, half of two minds: the mutual information is the larger part.
    summary = passes((90, {3: 1.0}), (10, {3: 0.51, 5: 0.49}))
    assert (
        reason(summary)
        == "100 of 100 passes say 3, but not surely enough for the policy 'Promise 1%'."
    )


def test_sure_passes_under_a_strict_limit_are_not_said_to_be_unsure():
    assert reason(passes((100, {3: 0.96}))) == (
        "100 of 100 passes say 3, but not surely enough for the policy 'Promise 1%'."
    )


def test_class_names_take_the_place_of_numbers():
    names = ("ant", "bat", "cat", "dog", "eel", "fox", "gnu", "hen", "ibis", "jay")
    summary = passes((2, {0: 1.0}), (3, {3: 1.0}))
    assert reason(summary, class_names=names) == "The passes disagree: 3 say dog, 2 say ant."
    assert reason(passes((5, {0: 0.5})), class_names=names).endswith("It may be an ant.")
    assert reason(passes((5, {3: 0.5})), class_names=names).endswith("It may be a dog.")
    with pytest.raises(InvalidInputError, match="10 names"):
        reason(summary, class_names=("ant",))


@given(st.integers(1, 12), st.integers(1, 4), st.floats(0.02, 3.0), st.integers(0, 2**32 - 1))
def test_reason_never_contradicts_the_passes(num_samples, num_images, spread, seed):
    rng = np.random.default_rng(seed)
    summary = McSummary.from_samples(
        rng.dirichlet(np.full(10, spread), size=(num_samples, num_images))
    )
    decisions = PROMISE.decide(summary)
    for image, sentence in enumerate(decisions.reasons):
        unanimous = summary.votes[image].max() == num_samples
        assert ("No limit is broken." in sentence) == decisions.accepted[image]
        assert not (unanimous and "disagree" in sentence)
        assert not (unanimous and "unsure" in sentence and summary.mean[image].max() >= 0.95)
        assert " 0 say" not in sentence


def test_a_name_in_quotation_marks_has_no_article() -> None:
    classes = Classes(("owl", "sausage dog"))
    assert classes.quoted == ("“owl”", "“sausage dog”") and DIGITS.quoted == DIGITS.names
    assert with_article("“owl”") == "“owl”" and with_article("owl") == "an owl"
    summary = McSummary.from_samples(np.full((4, 1, 2), 0.5))
    said = reasons(summary, np.array([False]), "P", class_names=classes.quoted)
    assert said[0] == "On average the passes are unsure. It may be “owl”."
