"""Which limits refused an answer: named with both numbers, which never read alike."""

from __future__ import annotations

import numpy as np
import pytest

from core.figures.refusal import refusal_words
from core.inference import McSummary
from core.uncertainty.policy import Policy


def passes(*answers: int) -> McSummary:
    """One image of two classes, each pass certain of one."""
    return McSummary.from_samples(np.eye(2)[list(answers)][:, None])


SPLIT = passes(0, 1)  # mutual information ln 2 = 0.693, variance and variation ratio as they can be
LN2 = float(np.log(2))


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        ({"predictive_entropy": LN2}, ""),
        ({"mutual_information": 0.2}, "Mutual information is 0.69 nats, over the limit of 0.20."),
        ({"confidence": 0.8}, "Confidence is 0.50, under the limit of 0.80."),
        ({"variance": 0.1}, "Variance is 0.250, over the limit of 0.100."),
        (
            {"mutual_information": 0.2, "predictive_entropy": 0.5, "expected_entropy": 0.1},
            "Predictive entropy is 0.69 nats, over the limit of 0.50; mutual information is 0.69,"
            " over 0.20.",
        ),
        (
            {"confidence": 0.8, "mutual_information": 0.2},
            "Confidence is 0.50, under the limit of 0.80; mutual information is 0.69 nats,"
            " over 0.20.",
        ),
        # 0.6931 and 0.6929 both read 0.69.
        ({"mutual_information": 0.6929}, "Mutual information is 0.6931 nats, over the limit of"),
    ],
)
def test_only_broken_limits_are_named_with_numbers_that_differ(limits, words):
    said = refusal_words(Policy(limits, num_classes=2), SPLIT)
    assert said.startswith(words) and bool(said) == bool(words)
    if "0.6929" in str(limits):
        assert said.endswith("0.6929.")


def test_without_limits_nothing_is_said():
    assert refusal_words(Policy(), passes(0, 0)) == ""
