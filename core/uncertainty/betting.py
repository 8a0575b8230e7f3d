"""Tests by betting: evidence that may be looked at after every pass.

To test that a payoff y >= -1 is 0 or less on average, somebody starts with a wealth of 1 and
stakes a share of it on each payoff, chosen from the ones before. If nothing is to be won, the
wealth is a nonnegative supermartingale: whatever the time at which one looks, and however often,
the probability that it has ever reached 1/error is `error` at most (Ville's inequality).

References:
    Ville 1939, *Étude critique de la notion de collectif*.
    Waudby-Smith & Ramdas 2024, *Estimating means of bounded random variables by betting*, Journal
    of the Royal Statistical Society B 86(1); section 4.2 for stakes near the growth-optimal one.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from ..inference.samples import Floats

# Below 1, so that no single payoff can ruin the wealth. At 0.8 digits on which all passes agree
# needed 70 passes instead of 59.
_LARGEST_STAKE = 0.95
# What stands in for payoffs before there are any: as many, of this mean and mean square.
_PRIOR = (2.0, 0.3, 0.15)


class Wealth:
    """The wealth of many bettors at once, each against "on average, y is 0 or less".

    Args:
        shape: of the bettors.
        error: above 0, below 1: the probability that a bettor ever wins where nothing is to be won.
    """

    def __init__(self, shape: tuple[int, ...], error: float) -> None:
        self._goal = -math.log(error)
        count, mean, square = _PRIOR
        self._count = count
        self._sum = np.full(shape, count * mean)
        self._squares = np.full(shape, count * square)
        self._log_wealth = np.zeros(shape)
        self._won = np.zeros(shape, dtype=bool)

    def bet(self, payoffs: Floats) -> npt.NDArray[np.bool_]:
        """Bet on the next payoffs, one after the other.

        Args:
            payoffs: shape (k, *shape), at least -1.

        Returns:
            Shape (k, *shape): which bettors have ever won by then.
        """
        if not len(payoffs):
            return np.zeros((0, *self._won.shape), dtype=bool)
        sums, squares = np.cumsum(payoffs, axis=0), np.cumsum(payoffs * payoffs, axis=0)
        # A stake knows the payoffs before its own only.
        before = self._sum + (sums - payoffs)
        before_squares = self._squares + (squares - payoffs * payoffs)
        # Mean over mean square maximises the growth of log(1 + stake y) to second order.
        stakes = np.clip(before / np.maximum(before_squares, 1e-300), 0.0, _LARGEST_STAKE)
        log_wealth = self._log_wealth + np.cumsum(np.log1p(stakes * payoffs), axis=0)
        won = self._won | np.logical_or.accumulate(log_wealth >= self._goal, axis=0)
        self._sum, self._squares = self._sum + sums[-1], self._squares + squares[-1]
        self._log_wealth, self._won = log_wealth[-1], won[-1]
        return np.asarray(won)

    @property
    def won(self) -> npt.NDArray[np.bool_]:
        """Which bettors have ever won so far."""
        return self._won

    def keep(self, which: npt.NDArray[np.bool_]) -> None:
        """Go on with some of the bettors only.

        Args:
            which: a mask along the first axis.
        """
        for name in ("_sum", "_squares", "_log_wealth", "_won"):
            setattr(self, name, getattr(self, name)[which])
