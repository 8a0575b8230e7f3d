from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from core.experiments.rankings import (
    COVERAGES,
    MAIN_FOR_STRANGERS,
    MAIN_MEASURE,
    compare_rankings,
    compare_strangers,
    rank,
    rank_strangers,
    risk_curves,
)
from core.experiments.set_scores import SetScores
from core.uncertainty import MEASURES, TWIN_MEASURES, aurc, auroc, excess_aurc, risk_at_coverage
from tests.core.experiments.evaluations import made_set


def _with(one: SetScores, measure: str, uncertainty: np.ndarray) -> SetScores:
    sign = 1.0 if MEASURES[measure].higher_is_less_certain else -1.0
    values = {**one.measures, measure: (sign * uncertainty).astype(np.float32)}
    return dataclasses.replace(one, measures=values)


@pytest.fixture
def digits() -> SetScores:
    return made_set("test", 200, sharpness=2.0, twin_sharpness=2.0)


def test_every_measure_of_both_is_ranked_by_its_own_uncertainty(digits: SetScores) -> None:
    rankings = rank(digits)

    assert [each.measure for each in rankings] == [*MEASURES, *TWIN_MEASURES]
    for each in rankings:
        committee = each.who == "committee"
        values = (digits.uncertainty if committee else digits.twin_uncertainty)(each.measure)
        wrong = ~(digits.right if committee else digits.twin_right)
        assert 0.0 < wrong.mean() < 1.0
        assert each.aurc == aurc(values, wrong) and each.excess_aurc == excess_aurc(values, wrong)
        assert each.accuracy == pytest.approx(1.0 - risk_at_coverage(values, wrong, 0.8)[0])
        assert list(each.coverage_at_risk) == [0.005, 0.01, 0.02]


def test_ideal_ranking_is_found_and_flagged_as_chosen_on_these_images(digits: SetScores) -> None:
    ideal = _with(digits, "variance", (~digits.right).astype(float))
    rankings = rank(ideal)

    rows = compare_rankings(ideal, rankings, 20)

    named = {(row.figure, row.measure): row for row in rows}
    assert {measure for _, measure in named} == {MAIN_MEASURE, "variance"}
    assert len(named) == len(rows) == 6
    for (figure, measure), row in named.items():
        assert row.chosen_here == (measure == "variance")
        assert row.higher_is_better == (figure == "accuracy_at_80")
    best = named["excess_aurc", "variance"]
    assert best.committee == pytest.approx(0.0, abs=1e-12) and best.twin > 0.0
    twin_best = min(
        (each for each in rankings if each.who == "twin"), key=lambda each: each.excess_aurc
    )
    assert best.twin == pytest.approx(twin_best.excess_aurc)
    assert best.twin_measure == twin_best.measure


def test_values_of_the_comparison_are_those_of_the_table(digits: SetScores) -> None:
    rankings = rank(digits)
    table = {(each.who, each.measure): each for each in rankings}
    for row in compare_rankings(digits, rankings, 5):
        key = "accuracy" if row.figure == "accuracy_at_80" else row.figure
        own, other = table["committee", row.measure], table["twin", row.twin_measure]
        assert row.committee == pytest.approx(getattr(own, key))
        assert row.twin == pytest.approx(getattr(other, key))


def test_strangers_are_compared_by_the_fixed_measures_and_the_best(digits: SetScores) -> None:
    known = _with(digits, "variance", np.zeros(digits.num_images))
    strangers = made_set("kmnist", 90, sharpness=0.5, twin_sharpness=0.5)
    strangers = _with(strangers, "variance", np.ones(90))
    rankings = rank_strangers(known, strangers)

    rows = compare_strangers(known, strangers, rankings, 20)

    assert [(row.measure, row.chosen_here) for row in rows] == [
        (MAIN_FOR_STRANGERS, False),
        ("variance", True),
    ]
    main, best = rows
    assert best.committee == 1.0 and best.better == "committee"
    assert main.committee == auroc(
        known.uncertainty(MAIN_FOR_STRANGERS), strangers.uncertainty(MAIN_FOR_STRANGERS)
    )
    assert main.twin == max(each.auroc for each in rankings if each.who == "twin")
    perfect = next(each for each in rankings if each.measure == "variance")
    assert (perfect.fpr95, perfect.accepted95) == (0.0, 0.0)


def test_fixed_measure_that_is_also_the_best_is_not_flagged(digits: SetScores) -> None:
    known = _with(digits, MAIN_FOR_STRANGERS, np.zeros(digits.num_images))
    strangers = _with(made_set("kmnist", 50), MAIN_FOR_STRANGERS, np.ones(50))

    rows = compare_strangers(known, strangers, rank_strangers(known, strangers), 5)

    assert [row.measure for row in rows] == [MAIN_FOR_STRANGERS, MAIN_MEASURE]
    assert not any(row.chosen_here for row in rows)


def test_curves_end_at_the_error_rate(digits: SetScores) -> None:
    committee, twin = risk_curves(digits, rank(digits), 20)

    assert (committee.who, committee.measure, twin.who) == ("committee", MAIN_MEASURE, "twin")
    assert COVERAGES[0] == 0.5 and COVERAGES[-1] == 1.0
    assert committee.risk.value[-1] == pytest.approx(1.0 - digits.right.mean())
    assert twin.risk.value[-1] == pytest.approx(1.0 - digits.twin_right.mean())
    assert (committee.risk.low <= committee.risk.high).all()
