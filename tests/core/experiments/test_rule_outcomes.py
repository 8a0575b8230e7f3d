from __future__ import annotations

import numpy as np
import pytest

from core.experiments.rankings import MAIN_FOR_STRANGERS, MAIN_MEASURE
from core.experiments.reference_data import ANGLES
from core.experiments.rule_outcomes import (
    TURNED,
    TWIN_MEASURE,
    promises,
    rules,
    turned,
    turned_overall,
)
from core.uncertainty import Policy, false_accepts, find_promise, threshold_at_coverage
from tests.core.experiments.evaluations import made_scores


def test_false_accepts_by_angle_are_at_thresholds_of_upright_validation() -> None:
    sets = made_scores().sets
    limit = threshold_at_coverage(sets["validation"].twin_uncertainty(TWIN_MEASURE), 0.95)

    rows = turned(sets, 10)

    assert [row.data for row in rows[: len(ANGLES)]] == [f"rotated-{angle}" for angle in ANGLES]
    assert [row.measure for row in rows[:: len(ANGLES)]] == [MAIN_MEASURE, MAIN_FOR_STRANGERS]
    for row in rows:
        one = sets[row.data]
        own = threshold_at_coverage(sets["validation"].uncertainty(row.measure), 0.95)
        assert row.committee == pytest.approx(
            false_accepts(one.uncertainty(row.measure), ~one.right, own)
        )
        assert row.twin == pytest.approx(
            false_accepts(one.twin_uncertainty(TWIN_MEASURE), ~one.twin_right, limit)
        )


def test_promises_are_of_committee_and_twin_and_may_be_impossible() -> None:
    sets = made_scores(80).sets
    found = promises(sets)

    assert [(each.who, each.target) for each in found] == [
        ("committee", 0.01),
        ("twin", 0.01),
        ("committee", 0.005),
        ("twin", 0.005),
    ]
    assert all(each.promise is None and not each.outcomes for each in found)  # too few images


def test_promise_is_followed_to_the_other_sets() -> None:
    sets = made_scores(1_500).sets
    first = promises(sets)[0]
    values = sets["validation"].uncertainty(MAIN_MEASURE)

    assert first.promise == find_promise(values, ~sets["validation"].right, 0.01)
    assert first.promise is not None
    assert first.outcomes["validation"].coverage == first.promise.coverage
    assert first.outcomes["validation"].risk == pytest.approx(first.promise.risk)
    strangers = first.outcomes["kmnist"]
    assert strangers.num_false == strangers.num_accepted  # none of them is right


def test_rules_are_fitted_on_validation_and_counted_everywhere() -> None:
    sets = made_scores(400).sets
    made = rules(sets)

    assert [rule.who for rule in made] == ["committee"] * 5 + ["twin"]
    assert not any(rule.is_default for rule in made)
    for rule in made:
        share = 0.99 if rule.name == "99%" else 0.95
        assert share <= rule.outcomes["validation"].coverage < share + 0.02
        assert rule.outcomes[TURNED].num_images == 400 * len(ANGLES)
        if rule.who == "committee":
            accepted = Policy(rule.limits).decide_values(sets["test"].measures)
            assert rule.outcomes["test"].num_accepted == accepted.sum()
            assert rule.outcomes["test"].num_false == np.sum(accepted & ~sets["test"].right)


def test_rule_with_the_default_policys_limits_is_marked() -> None:
    sets = made_scores().sets
    wanted = rules(sets)[2]

    marked = [rule.is_default for rule in rules(sets, Policy(wanted.limits))]

    assert marked == [False, False, True, False, False, False]


def test_all_angles_together_are_the_mean_of_the_angles_and_have_a_price() -> None:
    sets = made_scores().sets

    wrong, right, order = turned_overall(sets, 10)

    by_angle = turned(sets, 2)[: len(ANGLES)]
    assert wrong.committee == pytest.approx(np.mean([row.committee for row in by_angle]))
    assert wrong.twin == pytest.approx(np.mean([row.twin for row in by_angle]))
    rule = next(rule for rule in rules(sets) if rule.who == "twin").outcomes[TURNED]
    assert right.twin + wrong.twin == pytest.approx(rule.coverage)
    assert 0.5 < order.committee < 1.0
    assert [row.higher_is_better for row in (wrong, right, order)] == [False, True, True]
