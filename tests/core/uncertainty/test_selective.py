"""Risk and coverage by hand, on ties, and against a plain computation over every order."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import InvalidInputError
from core.uncertainty import (
    Outcome,
    aurc,
    coverage_at_risk,
    excess_aurc,
    false_accepts,
    outcome,
    risk_at_coverage,
    risk_coverage,
    threshold_at_coverage,
)

ANSWERS = st.lists(st.tuples(st.sampled_from([0.0, 0.1, 0.5, 2.0]), st.booleans()), min_size=1)


def columns(answers):
    values, wrong = zip(*answers, strict=True)
    return np.array(values), np.array(wrong)


def test_risk_coverage_by_hand_accepts_ties_together():
    curve = risk_coverage([0.3, 0.1, 0.3, 0.2, 0.9], [True, False, False, False, True])
    assert curve.thresholds.tolist() == [0.1, 0.2, 0.3, 0.9]
    np.testing.assert_allclose(curve.coverage, [0.2, 0.4, 0.8, 1.0])
    np.testing.assert_allclose(curve.risk, [0.0, 0.0, 1 / 4, 2 / 5])


def test_aurc_by_hand():
    # Risks after 1, 2, 3 answers: 0, 1/2, 1/3.
    assert aurc([1, 2, 3], [False, True, False]) == pytest.approx((0 + 1 / 2 + 1 / 3) / 3)
    # Ideal: 0, 0, 1/3.
    assert excess_aurc([1, 2, 3], [False, True, False]) == pytest.approx((1 / 2) / 3)


def test_aurc_of_no_ranking_is_the_error_rate():
    """All tied: on average over the orders the risk is the same at every coverage."""
    assert aurc(np.zeros(7), np.arange(7) < 3) == pytest.approx(3 / 7)


def test_aurc_of_the_ideal_ranking_of_many_is_its_known_limit():
    wrong = np.arange(100_000) >= 90_000
    assert aurc(np.arange(100_000), wrong) == pytest.approx(0.1 + 0.9 * math.log(0.9), abs=1e-5)
    assert excess_aurc(np.arange(100_000), wrong) == 0.0


@pytest.mark.parametrize(("all_wrong", "risk"), [(False, 0.0), (True, 1.0)])
def test_one_class_gives_plain_numbers(all_wrong, risk):
    u, wrong = np.arange(4.0), np.full(4, all_wrong)
    assert aurc(u, wrong) == risk and excess_aurc(u, wrong) == 0.0
    assert risk_coverage(u, wrong).risk.tolist() == [risk] * 4
    assert coverage_at_risk(u, wrong, 0.01) == 1.0 - risk
    assert false_accepts(u, wrong, 10.0) == risk


@given(st.lists(st.tuples(st.sampled_from([0.0, 1.0, 2.0]), st.booleans()), min_size=1, max_size=6))
def test_aurc_with_ties_is_the_mean_over_all_orders(answers):
    u, wrong = columns(answers)
    areas = []
    for order in itertools.permutations(range(len(u))):
        shuffled = [order[place] for place in np.argsort(u[list(order)], kind="stable")]
        areas.append(np.mean(wrong[shuffled].cumsum() / np.arange(1, len(u) + 1)))
    assert aurc(u, wrong) == pytest.approx(np.mean(areas))


@given(ANSWERS)
def test_curve_agrees_with_counting_at_each_threshold(answers):
    u, wrong = columns(answers)
    curve = risk_coverage(u, wrong)
    assert (np.diff(curve.thresholds) > 0).all() and curve.coverage[-1] == 1.0
    for threshold, coverage, risk in zip(curve.thresholds, curve.coverage, curve.risk, strict=True):
        found = outcome(u <= threshold, wrong)
        assert found.coverage == pytest.approx(coverage) and found.risk == pytest.approx(risk)
        assert false_accepts(u, wrong, threshold) == pytest.approx(risk * coverage)
        assert risk_at_coverage(u, wrong, coverage)[0] == pytest.approx(risk)
        assert threshold_at_coverage(u, coverage) == threshold


@given(ANSWERS, st.sampled_from([lambda u: 3 * u - 7, np.exp, np.arctan]))
def test_only_the_order_of_uncertainties_matters(answers, rescale):
    u, wrong = columns(answers)
    assert aurc(rescale(u), wrong) == pytest.approx(aurc(u, wrong))
    assert coverage_at_risk(rescale(u), wrong, 0.2) == coverage_at_risk(u, wrong, 0.2)


@given(ANSWERS, st.floats(0.0, 1.0))
def test_excess_and_coverages_stay_in_their_ranges(answers, share):
    u, wrong = columns(answers)
    assert 0.0 <= excess_aurc(u, wrong) <= aurc(u, wrong) <= 1.0
    kept = coverage_at_risk(u, wrong, share)
    curve = risk_coverage(u, wrong)
    assert kept in (0.0, *curve.coverage)
    assert (curve.risk[curve.coverage > kept] > share).all()


def test_coverage_at_risk_takes_the_last_crossing_and_a_risk_that_is_met_exactly():
    wrong = np.zeros(100, dtype=bool)
    wrong[0] = True
    assert coverage_at_risk(np.arange(100), wrong, 0.01) == 1.0
    assert coverage_at_risk(np.arange(100), wrong, 0.0099) == 0.0
    # 29 of 100 is a risk of 0.29, though 0.29 * 100 is a hair under 29.
    assert coverage_at_risk(np.zeros(100), np.arange(100) < 29, 0.29) == 1.0


def test_threshold_at_coverage_accepts_at_least_the_share():
    u = [0.4, 0.1, 0.2, 0.2, 0.3]
    assert threshold_at_coverage(u, 0.2) == 0.1
    assert threshold_at_coverage(u, 0.21) == threshold_at_coverage(u, 0.6) == 0.2
    assert threshold_at_coverage(u, 1.0) == 0.4
    assert threshold_at_coverage(np.arange(100), 0.95) == 94
    assert threshold_at_coverage(u, 1e-12) == 0.1


def test_risk_at_coverage_averages_over_ties():
    np.testing.assert_allclose(
        risk_at_coverage([0, 1, 1, 1], [False, True, False, False], [0.25, 0.5, 1.0]),
        [0.0, (1 / 3) / 2, 1 / 4],
    )


def test_nothing_accepted_has_no_risk():
    nothing = outcome([False, False], [True, False])
    assert nothing == Outcome(2, 0, 0)
    assert nothing.risk is None and nothing.coverage == nothing.false_accepts == 0.0
    assert false_accepts([0.1, 0.2], [True, False], 0.0) == 0.0


@pytest.mark.parametrize(
    "call",
    [
        lambda: aurc([], []),
        lambda: aurc([np.nan], [True]),
        lambda: aurc([[0.1]], [[True]]),
        lambda: aurc([0.1, 0.2], [True]),
        lambda: aurc([0.1], [0.5]),
        lambda: risk_coverage([], []),
        lambda: outcome([], []),
        lambda: outcome([0.5], [True]),
        lambda: coverage_at_risk([0.1], [True], 1.1),
        lambda: coverage_at_risk([0.1], [True], np.nan),
        lambda: threshold_at_coverage([0.1], 0.0),
        lambda: threshold_at_coverage([], 0.5),
        lambda: risk_at_coverage([0.1], [True], [0.5, 0.0]),
    ],
)
def test_inputs_that_cannot_be_are_refused(call):
    with pytest.raises(InvalidInputError):
        call()
