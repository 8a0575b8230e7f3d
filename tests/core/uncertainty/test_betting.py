"""Betting in closed form, and that nobody wins too often where nothing is to be won."""

import numpy as np
import pytest
from scipy.stats import binomtest

from core.uncertainty.betting import Wealth


def test_sure_payoffs_of_one_win_once_the_largest_stake_has_grown_to_one_over_the_error():
    won = Wealth((), 0.01).bet(np.ones(20))
    # 1.95^n >= 100 from n = 7 on.
    assert won.tolist() == [False] * 6 + [True] * 14


def test_payoffs_of_nothing_and_losses_never_win():
    payoffs = np.stack([np.zeros(500), -np.ones(500)], axis=1)
    assert not Wealth((2,), 0.5).bet(payoffs).any()


def test_in_parts_it_wins_as_it_does_at_once():
    payoffs = np.random.default_rng(0).uniform(-0.8, 1.0, (300, 4, 3))
    at_once = Wealth((4, 3), 0.05).bet(payoffs)
    wealth = Wealth((4, 3), 0.05)
    parts = [wealth.bet(part) for part in np.split(payoffs, [1, 7, 200])]
    np.testing.assert_array_equal(np.concatenate(parts), at_once)
    assert at_once[-1].any() and not at_once[0].any()


def test_kept_bettors_go_on_as_if_they_were_alone():
    payoffs = np.random.default_rng(1).uniform(-0.8, 1.0, (300, 4))
    at_once = Wealth((4,), 0.05).bet(payoffs)
    wealth = Wealth((4,), 0.05)
    wealth.bet(payoffs[:40])
    wealth.keep(np.array([True, False, False, True]))
    np.testing.assert_array_equal(wealth.bet(payoffs[40:][:, [0, 3]]), at_once[40:][:, [0, 3]])
    np.testing.assert_array_equal(wealth.won, at_once[-1][[0, 3]])


def test_no_payoffs_change_nothing():
    wealth = Wealth((3,), 0.05)
    assert wealth.bet(np.zeros((0, 3))).shape == (0, 3)
    assert not wealth.won.any()


@pytest.mark.parametrize("payoffs", ["even", "rare losses", "rare wins"])
def test_where_nothing_is_to_be_won_few_ever_win(payoffs):
    rng = np.random.default_rng(2)
    shape, error = (1_000, 4_000), 0.05
    drawn = {
        "even": lambda: rng.choice([-1.0, 1.0], shape),
        "rare losses": lambda: np.where(rng.random(shape) < 0.1, -1.0, 1.0 / 9.0),
        "rare wins": lambda: np.where(rng.random(shape) < 0.1, 1.0, -1.0 / 9.0),
    }[payoffs]()
    won = Wealth((shape[1],), error).bet(drawn)[-1]
    assert binomtest(int(won.sum()), shape[1], error, alternative="greater").pvalue > 1e-3
