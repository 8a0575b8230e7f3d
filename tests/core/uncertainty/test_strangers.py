"""Strangers against known images: by hand, and against scikit-learn."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score, roc_curve

from core.errors import InvalidInputError
from core.uncertainty import auroc, fpr_at_tpr, strangers_accepted

VALUES = st.lists(st.sampled_from([0.0, 0.1, 0.2, 0.5, 1.0]), min_size=1, max_size=40)


def test_strangers_that_are_all_less_certain_are_told_apart():
    known, strangers = [0.1, 0.2, 0.3], [0.4, 0.5]
    assert auroc(known, strangers) == 1.0 and auroc(strangers, known) == 0.0
    assert fpr_at_tpr(known, strangers) == 0.0 and fpr_at_tpr(strangers, known) == 1.0
    assert strangers_accepted(known, strangers) == 0.0


def test_equal_uncertainties_are_a_guess():
    assert auroc([0.0] * 3, [0.0] * 5) == 0.5
    assert fpr_at_tpr([0.0] * 3, [0.0] * 5) == strangers_accepted([0.0] * 3, [0.0] * 5) == 1.0


def test_by_hand():
    # Pairs (known, stranger): 0.1 below both, 0.3 below 0.5 and level with 0.3.
    assert auroc([0.1, 0.3], [0.3, 0.5]) == (3 + 0.5) / 4
    # Refusing both strangers refuses one of two known; one stranger, none.
    assert fpr_at_tpr([0.1, 0.3], [0.3, 0.5]) == 0.5
    assert fpr_at_tpr([0.1, 0.3], [0.3, 0.5], tpr=0.5) == 0.0
    assert strangers_accepted([0.1, 0.3], [0.3, 0.5]) == 0.5


@given(VALUES, VALUES, st.sampled_from([0.05, 0.5, 0.95, 1.0]))
def test_agrees_with_scikit_learn_ties_included(known, strangers, tpr):
    truth = np.repeat([0, 1], [len(known), len(strangers)])
    scores = np.array([*known, *strangers])
    assert auroc(known, strangers) == pytest.approx(roc_auc_score(truth, scores))
    false_rate, true_rate, _ = roc_curve(truth, scores, drop_intermediate=False)
    reached = np.flatnonzero(true_rate >= tpr - 1e-9)[0]
    assert fpr_at_tpr(known, strangers, tpr) == pytest.approx(false_rate[reached])


@pytest.mark.parametrize(
    "call",
    [
        lambda: auroc([], [0.1]),
        lambda: auroc([0.1], []),
        lambda: auroc([0.1], [np.nan]),
        lambda: fpr_at_tpr([], [0.1]),
        lambda: fpr_at_tpr([0.1], [0.1], 0.0),
        lambda: strangers_accepted([0.1], []),
    ],
)
def test_one_side_missing_is_refused(call):
    with pytest.raises(InvalidInputError):
        call()
