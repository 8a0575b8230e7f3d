"""Telling strangers from what a network knows: images of which no answer is right.

`known` has shape (N,) and `strangers` shape (M,), both uncertainties of the same measure, higher
is less certain. Strangers are the positives: to detect one is to refuse it. The results are those
of scikit-learn's `roc_auc_score` and `roc_curve`, against which they are tested, in a fraction of
the time, which a thousand resamples need.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from ..errors import InvalidInputError
from .selective import checked_values, threshold_at_coverage

_HAIR = 1e-9


def auroc(known: npt.ArrayLike, strangers: npt.ArrayLike) -> float:
    """Area under the ROC curve: how often a stranger is less certain than a known image.

    Over all pairs of one each; ties count half.

    Returns:
        In [0, 1]. Higher is better, 0.5 is a guess.

    Raises:
        InvalidInputError: either of them is empty, or holds NaN.
    """
    lower = np.sort(checked_values("known", known))
    higher = checked_values("strangers", strangers)
    below = np.searchsorted(lower, higher, side="left").sum()
    up_to = np.searchsorted(lower, higher, side="right").sum()
    return float((below + up_to) / (2.0 * len(lower) * len(higher)))


def fpr_at_tpr(known: npt.ArrayLike, strangers: npt.ArrayLike, tpr: float = 0.95) -> float:
    """Share of the known images that are refused when at least `tpr` of the strangers are.

    The literature has it in both directions: many papers take the known images as the positives
    and count strangers accepted at 95% coverage, which is `strangers_accepted`.

    Args:
        known: shape (N,).
        strangers: shape (M,).
        tpr: share of strangers to refuse, above 0, up to 1.

    Returns:
        In [0, 1]. Lower is better.
    """
    familiar = checked_values("known", known)
    strange = checked_values("strangers", strangers)
    if not 0.0 < tpr <= 1.0:
        raise InvalidInputError("tpr", expected="a share above 0, up to 1", received=tpr)
    # The highest uncertainty from which on enough strangers are refused; ties go with it.
    count = max(math.ceil(tpr * len(strange) - _HAIR), 1)
    lowest_refused = np.partition(strange, len(strange) - count)[len(strange) - count]
    return float((familiar >= lowest_refused).mean())


def strangers_accepted(
    known: npt.ArrayLike, strangers: npt.ArrayLike, coverage: float = 0.95
) -> float:
    """Share of the strangers that are accepted when at least `coverage` of the known images are.

    Returns:
        In [0, 1]. Lower is better.
    """
    strange = checked_values("strangers", strangers)
    return float((strange <= threshold_at_coverage(known, coverage)).mean())
