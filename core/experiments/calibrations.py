"""Calibration of committee and twin, before and after temperature scaling."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from ..errors import InvalidInputError
from ..inference.samples import Floats
from ..uncertainty import (
    Interval,
    Reliability,
    apply_temperature,
    brier_score,
    calibration_error_interval,
    fit_temperature,
    reliability,
)
from .comparisons import Columns, SideBySide, side_by_side
from .intervals import NUM_RESAMPLES, Intervals
from .rankings import Who
from .set_scores import SetScores


@dataclass(frozen=True, slots=True)
class Calibration:
    """How well the probabilities of one of the two are meant.

    Attributes:
        who: whose.
        temperature: they were scaled with, fitted on validation; None before scaling.
        nll: mean negative log-likelihood on test, nats.
        brier: Brier score on test.
        ece: expected calibration error on test, 15 bins of equal mass, with its interval.
        bins: the reliability diagram of the same bins.
    """

    who: Who
    temperature: float | None
    nll: float
    brier: float
    ece: Interval
    bins: Reliability


def calibrate(
    validation: SetScores, test: SetScores, intervals: Intervals | int = NUM_RESAMPLES
) -> tuple[tuple[Calibration, ...], tuple[SideBySide, ...]]:
    """Fit a temperature on validation for each of the two, and measure on test.

    Returns:
        Committee and twin before scaling, then after it, and their differences in NLL and Brier
        score, before and after.

    Raises:
        InvalidInputError: a set was scored without distributions.
    """
    intervals = Intervals.of(intervals)
    labels = test.labels.astype(np.int64)
    made: list[Calibration] = []
    losses: dict[str, npt.NDArray[Any]] = {}
    temperatures: dict[Who, float] = {}
    whose: tuple[Who, Who] = ("committee", "twin")
    for who in whose:
        temperatures[who] = fit_temperature(
            _probabilities(validation, who), validation.labels.astype(np.int64)
        )
    for scaled in (False, True):
        for who in whose:
            probs = _probabilities(test, who)
            if scaled:
                probs = apply_temperature(probs, temperatures[who])
            of_truth = probs[np.arange(len(labels)), labels]
            squares = (probs * probs).sum(axis=1) - 2.0 * of_truth + 1.0
            nll = -np.log(of_truth)
            losses[f"{who} {scaled} nll"], losses[f"{who} {scaled} brier"] = nll, squares
            confidence = np.minimum(probs.max(axis=1), 1.0)
            right = test.right if who == "committee" else test.twin_right
            made.append(
                Calibration(
                    who,
                    temperatures[who] if scaled else None,
                    float(nll.mean()),
                    brier_score(probs, labels),
                    intervals.interval(partial(_error_interval, confidence, right)),
                    reliability(confidence, right),
                )
            )
    keys = [(loss, scaled) for scaled in (False, True) for loss in ("nll", "brier")]

    def values(drawn: Columns) -> list[tuple[float, float]]:
        return [
            (
                float(drawn[f"committee {scaled} {loss}"].mean()),
                float(drawn[f"twin {scaled} {loss}"].mean()),
            )
            for loss, scaled in keys
        ]

    compared = side_by_side(
        [(f"{loss}_scaled" if scaled else loss, False) for loss, scaled in keys],
        test.name,
        losses,
        values,
        intervals=intervals,
    )
    return tuple(made), tuple(compared)


def _error_interval(
    confidence: Floats, right: npt.NDArray[np.bool_], num_resamples: int
) -> Interval:
    return calibration_error_interval(confidence, right, num_resamples=num_resamples)


def _probabilities(one: SetScores, who: Who) -> Floats:
    logs = one.log_mean if who == "committee" else one.twin_log_softmax
    if logs is None:
        raise InvalidInputError(
            "set scores", expected=f"the distributions of {one.name}", received="none"
        )
    # Kept in float16, so that a row sums to 1 within a thousandth only.
    return np.asarray(apply_temperature(np.exp(logs.astype(np.float64)), 1.0))
