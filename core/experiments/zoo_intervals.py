"""The intervals of the zoo's table: of figures, and of what one way of asking is beside others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from ..inference.samples import Floats
from ..store import array_checksum
from ..uncertainty import Band, Interval, bootstrap_band
from .checkpoint import Checkpoint, Rows
from .zoo_figures import ON_TEST, Part, Parts
from .zoo_table import ZOO_FIGURES

_GROUPS: Mapping[str, tuple[str, ...]] = {
    "test": ON_TEST,
    "strangers": ("auroc",),
    "turned": ("false_accepts",),
}
# A resample adds the noise of its bins once more to what the sample has. As in
# `calibration_error_interval` the distances of the resamples are turned round.
_TURNED_ROUND = ("ece", "ece_scaled")


@dataclass(frozen=True, slots=True)
class Compared:
    """The figures of one way of asking.

    Attributes:
        figures: by name, with their 95% intervals.
        differences: the figures of the first way less these, on the same resampled images.
    """

    figures: dict[str, Interval] = field(default_factory=dict)
    differences: dict[str, Interval] = field(default_factory=dict)


def compare_with_first(
    ways: Mapping[str, Parts],
    is_stranger: npt.NDArray[np.bool_],
    *,
    num_resamples: int,
    checkpoint: Checkpoint | None = None,
) -> dict[str, Compared]:
    """Return the figures of several ways to ask, each beside the first.

    The same images are drawn for all of them, so that differences are paired. Temperatures and
    thresholds, which are fitted on validation, are kept as they are.

    Args:
        ways: by name. A score of one pass has fewer figures than the others.
        is_stranger: of the test images and behind them the strangers, which are drawn each among
            themselves.
        num_resamples: of every interval.
        checkpoint: what it holds is not computed again.
    """
    found = {way: Compared() for way in ways}
    for group, names in _GROUPS.items():
        parts: list[Part] = [getattr(each, group) for each in ways.values()]
        strata = is_stranger if group == "strangers" else None
        band = _kept_band(group, parts, strata, num_resamples, checkpoint or Checkpoint())
        place = 0
        for signed in (False, True):
            for part, compared in zip(parts, found.values(), strict=True):
                target = compared.differences if signed else compared.figures
                # Of a score of one pass there is the last figure of each group.
                for name in names[-len(part.values()) :]:
                    target[name] = _interval(name, band, place, signed=signed)
                    place += 1
    return found


def _kept_band(
    group: str,
    parts: Sequence[Part],
    strata: npt.NDArray[np.bool_] | None,
    num_resamples: int,
    checkpoint: Checkpoint,
) -> Band:
    """Return the figures of each part, then those of the first less those of each."""
    columns = [np.asarray(column) for part in parts for column in part.columns]
    ends = np.cumsum([len(part.columns) for part in parts]).tolist()

    def statistic(*drawn: npt.NDArray[Any]) -> Floats:
        starts = [0, *ends[:-1]]
        values = [
            np.array(part.statistic(*drawn[start:end]))
            for part, start, end in zip(parts, starts, ends, strict=True)
        ]
        return np.concatenate([*values, *(values[0][-len(each) :] - each for each in values)])

    def compute(_: slice) -> Rows:
        made = bootstrap_band(statistic, *columns, strata=strata, num_resamples=num_resamples)
        return {"value": made.value[None], "low": made.low[None], "high": made.high[None]}

    identity = array_checksum(*columns)[:16]
    rows = checkpoint.fill(f"interval-{group}-{num_resamples}-{identity}", 1, 1, compute)
    return Band(rows["value"][0], rows["low"][0], rows["high"][0])


def _interval(figure: str, band: Band, place: int, *, signed: bool) -> Interval:
    value, low, high = (float(each[place]) for each in (band.value, band.low, band.high))
    if figure in _TURNED_ROUND:
        low, high = 2.0 * value - high, 2.0 * value - low
    if ZOO_FIGURES[figure].unit == "share":
        least = -1.0 if signed else 0.0
        low, high = (min(max(end, least), 1.0) for end in (low, high))
    return Interval(value, low, high)
