from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.experiments.study_limits import POINTS, TWIN, WHOS, Limits, Ranked
from core.uncertainty import MEASURES
from tests.core.experiments.studies import answers_of, random_answers


def _mistakes(
    certainty: npt.NDArray[np.float64], right: npt.NDArray[np.bool_], limit: float
) -> int:
    accepted = certainty > limit
    return int((accepted & ~right).sum() + (~accepted & right).sum())


def test_limit_lies_midway_between_the_last_accepted_and_the_first_refused() -> None:
    ranked = Ranked(np.array([0.9, 0.1, 0.5, 0.7]))

    assert ranked.limit(1) == pytest.approx(0.8)
    assert ranked.limit(2) == pytest.approx(0.6)
    assert ranked.limit(3) == pytest.approx(0.3)


def test_limit_for_all_and_for_none() -> None:
    certainty = np.array([0.9, 0.1, 0.5])
    ranked = Ranked(certainty)

    assert (certainty > ranked.limit(3)).all()
    assert not (certainty > ranked.limit(0)).any()


def test_ties_are_accepted_together() -> None:
    certainty = np.array([0.9, 0.5, 0.5, 0.5, 0.1])

    assert (certainty > Ranked(certainty).limit(2)).sum() == 4


@given(
    values=st.lists(st.integers(0, 12), min_size=1, max_size=40),
    data=st.data(),
)
def test_limit_of_a_resample_is_that_of_its_answers(values: list[int], data: st.DataObject) -> None:
    certainty = np.array(values) / 12
    drawn = data.draw(
        st.lists(st.integers(0, len(values) - 1), min_size=len(values), max_size=len(values))
    )
    count = data.draw(st.integers(1, len(values)))
    ranked, sample = Ranked(certainty), certainty[drawn]

    limit = ranked.limit(count, ranked.num_above(np.bincount(drawn, minlength=len(values))))

    assert limit == pytest.approx(Ranked(sample).limit(count), abs=1e-12)
    assert (sample > limit).sum() >= count
    right = np.array(data.draw(st.lists(st.booleans(), min_size=len(values), max_size=len(values))))
    best = ranked.best_limit(right, np.bincount(drawn, minlength=len(values)))
    own = Ranked(sample).best_limit(right[drawn])
    assert _mistakes(sample, right[drawn], best) == _mistakes(sample, right[drawn], own)


@given(
    certainty=st.lists(st.integers(0, 9), min_size=1, max_size=30),
    seed=st.integers(0, 1_000),
)
def test_no_limit_makes_fewer_mistakes_than_the_best(certainty: list[int], seed: int) -> None:
    values = np.array(certainty) / 9
    right = np.random.default_rng(seed).random(len(values)) < 0.6

    best = Ranked(values).best_limit(right)

    least = min(_mistakes(values, right, limit) for limit in np.linspace(-0.05, 1.05, 111))
    assert _mistakes(values, right, best) == least


def test_best_limit_parts_wrong_from_right_and_takes_the_lowest_of_equals() -> None:
    certainty = np.array([0.2, 0.4, 0.6, 0.8])

    assert Ranked(certainty).best_limit(np.array([False, False, True, True])) == pytest.approx(0.5)
    assert Ranked(certainty).best_limit(np.ones(4, np.bool_)) < 0.2
    assert Ranked(certainty).best_limit(np.zeros(4, np.bool_)) == 0.8
    # Refusing the lowest two or none: one mistake either way... of both, none are refused.
    assert Ranked(certainty[:2]).best_limit(np.array([True, False])) in (0.4, pytest.approx(0.2))


def test_all_rules_of_a_point_accept_as_many_upright_images() -> None:
    upright, validation = random_answers(500, 1, 1, right=0.97), random_answers(40, 6, 2)

    rules = Limits(upright, validation).rules()

    assert [(rule.point, rule.who) for rule in rules] == [(p, w) for p in POINTS for w in WHOS]
    twins = {rule.point: rule for rule in rules if rule.who == TWIN}
    for rule in rules:
        share = rule.accepts(upright).mean()
        assert rule.upright_coverage == share
        if (rule.point, rule.who) == ("half", "twin"):
            assert rule.limit == 0.5
        assert share >= twins[rule.point].upright_coverage
        assert share == pytest.approx(twins[rule.point].upright_coverage, abs=0.02)  # ties at 0
    assert twins["c99"].upright_coverage == pytest.approx(0.99, abs=0.01)
    assert twins["c95"].upright_coverage == pytest.approx(0.95, abs=0.01)
    softmax = validation.certainty(TWIN).ravel()
    assert twins["best"].limit == Ranked(softmax).best_limit(validation.twin_right.ravel())


def test_coverage_of_95_of_100_is_95() -> None:
    softmax = (np.arange(100)[:, None] + 1) / 101
    right = np.ones((100, 1), np.bool_)

    rules = Limits(answers_of(softmax, right), answers_of(softmax, right)).rules()

    shares = {(rule.point, rule.who): rule.upright_coverage for rule in rules}
    assert shares["c95", "twin"] == shares["c95", "variance"] == 0.95
    assert shares["c99", "twin"] == 0.99


def test_threshold_reads_in_the_measures_own_direction() -> None:
    softmax = (np.arange(100)[:, None] + 1) / 101
    right = np.ones((100, 1), np.bool_)

    for rule in Limits(answers_of(softmax, right), answers_of(softmax, right)).rules():
        is_negated = rule.who in MEASURES and MEASURES[rule.who].higher_is_less_certain
        assert rule.threshold == (-rule.limit if is_negated else rule.limit)
        assert rule.threshold + 1e-9 >= 0.0
