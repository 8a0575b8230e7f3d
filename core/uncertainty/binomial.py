"""Intervals of a rate, from how often it was met in how many trials."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.special import betaincinv, ndtri

from ..errors import InvalidInputError
from ..inference.samples import Floats


def upper_bound(successes: npt.ArrayLike, trials: npt.ArrayLike, delta: npt.ArrayLike) -> Floats:
    """Exact upper bound of a rate (Clopper-Pearson, one-sided).

    The rate exceeds it with probability `delta` at most, whatever the rate is. With no success
    in n trials it is 1 - delta^(1/n).

    Args:
        successes: how often, from 0 to `trials`.
        trials: of how many, at least 0. Nothing is known after none: 1.
        delta: above 0, below 1.

    Returns:
        In (0, 1], of the arguments' common shape.

    Raises:
        InvalidInputError: counts or delta that cannot be.

    References:
        Clopper & Pearson 1934.
    """
    k, n = _checked_counts(successes, trials)
    tail = np.asarray(delta, dtype=np.float64)
    if not ((tail > 0.0) & (tail < 1.0)).all():
        raise InvalidInputError("delta", expected="above 0, below 1", received=delta)
    everywhere = k >= n
    bound = betaincinv(k + 1.0, np.where(everywhere, 1.0, n - k), 1.0 - tail)
    return np.asarray(np.where(everywhere, 1.0, bound))


def wilson_interval(
    successes: npt.ArrayLike, trials: npt.ArrayLike, level: float = 0.95
) -> tuple[Floats, Floats]:
    """Interval of a rate by the score test, which behaves at 0, at 1 and for few trials.

    Args:
        successes: how often, from 0 to `trials`.
        trials: of how many. After none it is all of [0, 1].
        level: of the interval, above 0, below 1.

    Returns:
        Low and high, in [0, 1], of the arguments' common shape.

    Raises:
        InvalidInputError: counts or a level that cannot be.

    References:
        Wilson 1927.
    """
    k, n = _checked_counts(successes, trials)
    if not 0.0 < level < 1.0:
        raise InvalidInputError("level", expected="above 0, below 1", received=level)
    z2 = float(ndtri((1.0 + level) / 2.0)) ** 2
    middle = (k + z2 / 2.0) / (n + z2)
    reach = np.sqrt(z2) / (n + z2) * np.sqrt(k * (n - k) / np.maximum(n, 1.0) + z2 / 4.0)
    # At its two ends the interval reaches 0 or 1, which rounding misses by a hair.
    low = np.where(k == 0, 0.0, np.maximum(middle - reach, 0.0))
    high = np.where(k == n, 1.0, np.minimum(middle + reach, 1.0))
    return low, high


def _checked_counts(successes: npt.ArrayLike, trials: npt.ArrayLike) -> tuple[Floats, Floats]:
    k, n = np.asarray(successes, dtype=np.float64), np.asarray(trials, dtype=np.float64)
    if not ((k >= 0) & (k <= n) & np.isfinite(n)).all():  # NaN fails too
        raise InvalidInputError(
            "successes", expected="counts from 0 to the trials", received=(successes, trials)
        )
    return k, n
