"""Fisher's exact test for many units at once."""

from __future__ import annotations

import numpy as np
from scipy.special import gammaln

from ..inference.samples import Counts, Floats


def fisher_p(among: Counts, total: Counts, num_chosen: int, num_passes: int) -> Floats:
    """Return p of the two-sided test: of all counts that are as unlikely as what came, or more.

    `scipy.stats.fisher_exact` takes one table at a time; a map of 5,000 places is 5,000 of them.

    Args:
        among: shape (K,), chosen passes that dropped a unit.
        total: shape (K,), all that did.
        num_chosen: passes that were chosen.
        num_passes: T.

    Returns:
        Shape (K,), above 0, at most 1.

    References:
        Fisher 1935, *The Design of Experiments*.
    """
    # Logarithms of factorials, looked up: `hypergeom.pmf` takes many times as long.
    logs = gammaln(np.arange(num_passes + 1) + 1.0)
    p = np.empty(len(total))
    for count in np.unique(total):
        units = total == count
        lowest = max(0, num_chosen + count - num_passes)
        dropped = np.arange(lowest, min(num_chosen, count) + 1)
        # The hypergeometric chances, up to a factor: their sum is 1.
        ways = (
            logs[dropped]
            + logs[count - dropped]
            + logs[num_chosen - dropped]
            + logs[num_passes - count - num_chosen + dropped]
        )
        chances = np.exp(ways.min() - ways)
        chances /= chances.sum()
        rising = np.sort(chances)
        # Equal chances come out a rounding apart.
        up_to = np.searchsorted(rising, chances[among[units] - lowest] * (1.0 + 1e-7), "right")
        p[units] = np.cumsum(rising)[up_to - 1]
    return np.minimum(p, 1.0)
