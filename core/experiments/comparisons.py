"""The committee beside its twin: two values of one figure, and the interval of their difference."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from ..errors import InvalidInputError
from ..uncertainty import Interval, bootstrap_band
from .intervals import NUM_RESAMPLES, Intervals
from .set_scores import SetScores

Better = Literal["committee", "twin", "neither"]
Columns = Mapping[str, npt.NDArray[Any]]


@dataclass(frozen=True, slots=True)
class SideBySide:
    """One figure of the committee and of the twin, on the same images.

    Attributes:
        figure: which, as "auroc".
        data: the reference set.
        measure: the committee's, by name; empty where the figure needs none. `twin_measure`
            likewise.
        committee: its value; `twin` likewise.
        difference: committee minus twin, with its paired bootstrap interval.
        higher_is_better: of the figure.
        chosen_here: whether the committee's measure was chosen, as its best, on these same images,
            which flatters it. Where there are several, the twin's is always its best on them.
    """

    figure: str
    data: str
    measure: str
    twin_measure: str
    committee: float
    twin: float
    difference: Interval
    higher_is_better: bool
    chosen_here: bool = False

    @property
    def better(self) -> Better:
        """Who is better by more than the interval."""
        if not self.difference.excludes_zero:
            return "neither"
        return "committee" if (self.difference.value > 0) == self.higher_is_better else "twin"


def side_by_side(
    figures: Sequence[tuple[str, bool]],
    data: str,
    columns: Columns,
    values: Callable[[Columns], Sequence[tuple[float, float]]],
    *,
    measures: Sequence[tuple[str, str, bool]] | None = None,
    strata: npt.NDArray[Any] | None = None,
    intervals: Intervals | int = NUM_RESAMPLES,
) -> list[SideBySide]:
    """Compare several figures at once, on the same resamples of the same images.

    Args:
        figures: F names, each with whether higher is better.
        data: the reference set.
        columns: by name, each of shape (N, ...), one row an image.
        values: from the columns to the F values of committee and twin.
        measures: for each figure the committee's measure, the twin's, and whether the committee's
            was chosen on these images.
        strata: shape (N,): images are drawn within their stratum.
        intervals: what makes and keeps them, or of how many resamples.
    """
    names, arrays = list(columns), list(columns.values())

    def both(*drawn: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
        pairs = np.asarray(values(dict(zip(names, drawn, strict=True))), dtype=np.float64)
        return np.concatenate([pairs[:, 0], pairs[:, 0] - pairs[:, 1]])

    found = Intervals.of(intervals).band(
        lambda num: bootstrap_band(both, *arrays, strata=strata, num_resamples=num)
    )
    size = len(figures)
    result = []
    for index, (figure, higher_is_better) in enumerate(figures):
        at = size + index
        own, other, chosen = measures[index] if measures else ("", "", False)
        committee = float(found.value[index])
        apart = Interval(float(found.value[at]), float(found.low[at]), float(found.high[at]))
        result.append(
            SideBySide(
                figure,
                data,
                own,
                other,
                committee,
                committee - apart.value,
                apart,
                higher_is_better,
                chosen,
            )
        )
    return result


def accuracies(
    sets: Mapping[str, SetScores], intervals: Intervals | int = NUM_RESAMPLES
) -> tuple[SideBySide, ...]:
    """Return the accuracy on each set whose images all show a digit."""
    found: list[SideBySide] = []
    for one in sets.values():
        if one.has_labels:
            found += side_by_side(
                [("accuracy", True)],
                one.name,
                {"committee": one.right, "twin": one.twin_right},
                lambda drawn: [(drawn["committee"].mean(), drawn["twin"].mean())],
                intervals=intervals,
            )
    return tuple(found)


def find(
    rows: Sequence[SideBySide], figure: str, data: str, measure: str | None = None
) -> SideBySide:
    """Return the first row of a figure on a set, of a measure if one is given.

    Raises:
        InvalidInputError: there is none.
    """
    for row in rows:
        if (row.figure, row.data) == (figure, data) and measure in (None, row.measure):
            return row
    raise InvalidInputError(
        "figure", expected="one that was compared", received=(figure, data, measure)
    )
