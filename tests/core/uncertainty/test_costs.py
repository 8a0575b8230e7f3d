"""The cheapest threshold: by hand, and against trying them all."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import InvalidInputError
from core.uncertainty import best_threshold_for_costs, expected_cost

U, WRONG = [0.1, 0.2, 0.3, 0.4], [False, False, True, False]
PRICES = st.sampled_from([0.0, 0.1, 1.0, 2.5, 50.0])


def test_cost_by_hand():
    assert expected_cost(U, WRONG, 0.2, cost_wrong=50, cost_refuse=1) == 2 / 4
    assert expected_cost(U, WRONG, 0.3, cost_wrong=50, cost_refuse=1) == 51 / 4
    assert expected_cost(U, WRONG, 0.0, cost_wrong=50, cost_refuse=1) == 1.0


def test_dear_mistakes_stop_before_the_wrong_answer_and_cheap_ones_do_not():
    dear = best_threshold_for_costs(U, WRONG, cost_wrong=50, cost_refuse=1)
    assert (dear.threshold, dear.cost, dear.coverage) == (0.2, 0.5, 0.5)
    cheap = best_threshold_for_costs(U, WRONG, cost_wrong=1, cost_refuse=1)
    assert (cheap.threshold, cheap.cost, cheap.coverage) == (0.4, 0.25, 1.0)


def test_equal_costs_accept_more():
    assert (
        best_threshold_for_costs([0, 1], [False, True], cost_wrong=1, cost_refuse=1).coverage == 1
    )


def test_nothing_is_accepted_where_asking_is_always_cheaper():
    none = best_threshold_for_costs([0.1, 0.2], [True, True], cost_wrong=50, cost_refuse=1)
    assert (none.threshold, none.cost, none.coverage) == (None, 1.0, 0.0)


@given(
    st.lists(st.tuples(st.sampled_from([0.0, 0.1, 0.5]), st.booleans()), min_size=1, max_size=30),
    PRICES,
    PRICES,
)
def test_no_threshold_is_cheaper(answers, cost_wrong, cost_refuse):
    u, wrong = (np.array(column) for column in zip(*answers, strict=True))
    prices = {"cost_wrong": cost_wrong, "cost_refuse": cost_refuse}
    best = best_threshold_for_costs(u, wrong, **prices)
    costs = [expected_cost(u, wrong, threshold, **prices) for threshold in (-1.0, 0.0, 0.1, 0.5)]
    assert best.cost == pytest.approx(min(costs))
    threshold = -1.0 if best.threshold is None else best.threshold
    assert expected_cost(u, wrong, threshold, **prices) == pytest.approx(best.cost)
    assert best.coverage == (u <= threshold).mean()


@pytest.mark.parametrize("price", [-1.0, np.nan, np.inf])
def test_prices_that_cannot_be_are_refused(price):
    with pytest.raises(InvalidInputError, match="cost_wrong"):
        best_threshold_for_costs(U, WRONG, cost_wrong=price, cost_refuse=1)
    with pytest.raises(InvalidInputError, match="cost_refuse"):
        expected_cost(U, WRONG, 0.1, cost_wrong=1, cost_refuse=price)


def test_no_answers_are_refused():
    with pytest.raises(InvalidInputError):
        best_threshold_for_costs([], [], cost_wrong=1, cost_refuse=1)
