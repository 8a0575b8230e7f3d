"""Selective prediction: what it costs to answer only where the uncertainty is low.

`uncertainty` has shape (N,), higher is less certain; `wrong` has shape (N,), true where the
answer is wrong. A threshold accepts every answer with an uncertainty at it or below, so answers
that tie are accepted together. Only the order of uncertainties matters here. For the confidence
pass its negation.

References:
    Geifman & El-Yaniv 2017, *Selective Classification for Deep Neural Networks* (coverage, risk).
    Geifman, Uziel & El-Yaniv 2019, *Bias-Reduced Uncertainty Estimation for Deep Neural
    Classifiers* (AURC, and its excess over the ideal ranking).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ..errors import InvalidInputError
from ..inference.samples import Floats

_HAIR = 1e-9  # of an image: 0.29 times 100 is a hair under 29


@dataclass(frozen=True, slots=True)
class Outcome:
    """What becomes of N answers when some are accepted.

    Attributes:
        num_images: N, at least 1.
        num_accepted: how many are accepted.
        num_false: how many of these are wrong, the false accepts.
    """

    num_images: int
    num_accepted: int
    num_false: int

    @property
    def coverage(self) -> float:
        """Share of all that are accepted."""
        return self.num_accepted / self.num_images

    @property
    def risk(self) -> float | None:
        """Share of the accepted that are wrong; None where nothing is accepted."""
        return self.num_false / self.num_accepted if self.num_accepted else None

    @property
    def false_accepts(self) -> float:
        """Share of all that are accepted and wrong."""
        return self.num_false / self.num_images


@dataclass(frozen=True, slots=True, eq=False)
class RiskCoverage:
    """Selective risk over coverage, one point for each distinct uncertainty.

    Attributes:
        coverage: shape (K,), rising, in (0, 1]: share accepted. At coverage 0 there is no risk.
        risk: shape (K,): share of the accepted that are wrong.
        thresholds: shape (K,), rising: the uncertainty up to which is accepted.
    """

    coverage: Floats
    risk: Floats
    thresholds: Floats


def outcome(accepted: npt.ArrayLike, wrong: npt.ArrayLike) -> Outcome:
    """Count what any rule lets through.

    Args:
        accepted: bool, shape (N,).
        wrong: shape (N,).

    Raises:
        InvalidInputError: no answer, or shapes that differ.
    """
    let_in, is_wrong = np.asarray(accepted), np.asarray(wrong)
    if let_in.dtype != bool or let_in.ndim != 1 or len(let_in) == 0:
        raise InvalidInputError(
            "accepted",
            expected="true or false for each of at least one answer",
            received=f"{let_in.dtype} of shape {let_in.shape}",
        )
    is_wrong = checked_wrong(is_wrong, len(let_in))
    return Outcome(len(let_in), int(let_in.sum()), int((let_in & is_wrong).sum()))


def false_accepts(uncertainty: npt.ArrayLike, wrong: npt.ArrayLike, threshold: float) -> float:
    """Return the share of all answers that are wrong and accepted by the threshold."""
    values, is_wrong = checked(uncertainty, wrong)
    return outcome(values <= threshold, is_wrong).false_accepts


def risk_coverage(uncertainty: npt.ArrayLike, wrong: npt.ArrayLike) -> RiskCoverage:
    """Return risk and coverage at every threshold that matters.

    Raises:
        InvalidInputError: no answer, shapes that differ, or an uncertainty that is no number.
    """
    thresholds, accepted, errors = cumulative(*checked(uncertainty, wrong))
    return RiskCoverage(accepted / accepted[-1], errors / accepted, thresholds)


def risk_at_coverage(
    uncertainty: npt.ArrayLike, wrong: npt.ArrayLike, coverage: npt.ArrayLike
) -> Floats:
    """Return the selective risk at given coverages, on average over the orders of ties.

    So two rankings can be compared at the same coverage where one of them has ties there.

    Args:
        uncertainty: shape (N,).
        wrong: shape (N,).
        coverage: shape (K,), above 0 and up to 1. Below one answer it is the risk of one.

    Returns:
        Shape (K,).
    """
    values, is_wrong = checked(uncertainty, wrong)
    shares = np.atleast_1d(np.asarray(coverage, dtype=np.float64))
    if not ((shares > 0.0) & (shares <= 1.0)).all():
        raise InvalidInputError(
            "coverage", expected="shares above 0, up to 1", received=shares.tolist()
        )
    _, accepted, errors = cumulative(values, is_wrong)
    counts = np.maximum(shares * len(values), 1.0)
    return _errors_among(counts, accepted, errors) / counts


def aurc(uncertainty: npt.ArrayLike, wrong: npt.ArrayLike) -> float:
    """Area under the risk-coverage curve: mean of the selective risk at coverages k/N, k = 1..N.

    Among ties every order is as likely, and their risks are averaged over the orders.

    Returns:
        In [0, 1]. Lower is better.

    References:
        Geifman et al. 2019, equation 3, which leaves ties open.
    """
    values, is_wrong = checked(uncertainty, wrong)
    _, accepted, errors = cumulative(values, is_wrong)
    counts = np.arange(1.0, len(values) + 1.0)
    return float((_errors_among(counts, accepted, errors) / counts).mean())


def excess_aurc(uncertainty: npt.ArrayLike, wrong: npt.ArrayLike) -> float:
    """AURC less that of the ideal ranking of the same answers, all right ones first.

    It takes the accuracy out, in which two classifiers may differ, and leaves the ranking. The
    ideal is that of these N answers, not its limit r + (1 - r) ln(1 - r) for many.

    Returns:
        0 or more. Lower is better.

    References:
        Geifman et al. 2019, section 3 (E-AURC).
    """
    values, is_wrong = checked(uncertainty, wrong)
    # Rounding may leave an ideal ranking a hair below itself.
    return max(aurc(values, is_wrong) - aurc(is_wrong.astype(np.float64), is_wrong), 0.0)


def coverage_at_risk(uncertainty: npt.ArrayLike, wrong: npt.ArrayLike, risk: float) -> float:
    """Return the largest coverage whose selective risk is at most `risk`, 0 if there is none.

    It is of these answers, with no promise for others: see `find_promise`.
    """
    values, is_wrong = checked(uncertainty, wrong)
    checked_share("risk", risk)
    _, accepted, errors = cumulative(values, is_wrong)
    kept = accepted[errors <= risk * accepted + _HAIR]
    return float(kept[-1] / len(values)) if len(kept) else 0.0


def threshold_at_coverage(uncertainty: npt.ArrayLike, coverage: float) -> float:
    """Return the lowest threshold that accepts at least this share, and all that tie with it.

    Args:
        uncertainty: shape (N,).
        coverage: above 0, up to 1.

    Returns:
        One of the uncertainties.
    """
    values = checked_values("uncertainty", uncertainty)
    if not 0.0 < coverage <= 1.0:
        raise InvalidInputError("coverage", expected="a share above 0, up to 1", received=coverage)
    count = max(int(np.ceil(coverage * len(values) - _HAIR)), 1)
    return float(np.partition(values, count - 1)[count - 1])


def cumulative(values: Floats, wrong: npt.NDArray[np.bool_]) -> tuple[Floats, Floats, Floats]:
    """Return the distinct values, and how many answers and wrong ones are at each or below."""
    distinct, place = np.unique(values, return_inverse=True)
    accepted = np.bincount(place, minlength=len(distinct)).cumsum().astype(np.float64)
    return distinct, accepted, np.bincount(place, wrong, minlength=len(distinct)).cumsum()


def checked(
    uncertainty: npt.ArrayLike, wrong: npt.ArrayLike
) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """Return both as arrays of shape (N,), N at least 1.

    Raises:
        InvalidInputError: they cannot be.
    """
    values = checked_values("uncertainty", uncertainty)
    return values, checked_wrong(wrong, len(values))


def checked_values(argument: str, values: npt.ArrayLike) -> Floats:
    """Return values as an array of shape (N,), N at least 1, without NaN."""
    array = np.asarray(values, dtype=np.float64)
    if array.ndim != 1 or len(array) == 0 or np.isnan(array).any():
        raise InvalidInputError(
            argument,
            expected="numbers, one for each of at least one image",
            received=f"shape {array.shape}" if not np.isnan(array).any() else "NaN among them",
        )
    return array


def checked_wrong(wrong: npt.ArrayLike, num_images: int) -> npt.NDArray[np.bool_]:
    """Return wrong as a bool array of shape (N,)."""
    array: npt.NDArray[Any] = np.asarray(wrong)
    if array.shape != (num_images,) or not (array.dtype == bool or np.isin(array, (0, 1)).all()):
        raise InvalidInputError(
            "wrong",
            expected=f"true or false for each of {num_images:,} answers",
            received=f"{array.dtype} of shape {array.shape}",
        )
    return array.astype(bool)


def checked_share(argument: str, value: float) -> float:
    """Return a share from 0 to 1."""
    if not 0.0 <= value <= 1.0:
        raise InvalidInputError(argument, expected="a share from 0 to 1", received=value)
    return float(value)


def _errors_among(counts: Floats, accepted: Floats, errors: Floats) -> Floats:
    """Return the expected wrong ones among the first `counts`: linear through each set of ties."""
    return np.asarray(np.interp(counts, np.append(0.0, accepted), np.append(0.0, errors)))
