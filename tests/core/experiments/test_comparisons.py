from __future__ import annotations

import numpy as np
import pytest

from core.errors import InvalidInputError
from core.experiments.comparisons import SideBySide, accuracies, find, side_by_side
from core.uncertainty import Interval
from tests.core.experiments.evaluations import made_set, twins


def _row(value: float, low: float, high: float, *, higher_is_better: bool) -> SideBySide:
    apart = Interval(value, low, high)
    return SideBySide("x", "test", "", "", 0.0, 0.0, apart, higher_is_better)


@pytest.mark.parametrize(
    ("interval", "if_higher", "if_lower"),
    [
        ((1.0, 0.5, 2.0), "committee", "twin"),
        ((-1.0, -2.0, -0.5), "twin", "committee"),
        ((1.0, -0.5, 2.0), "neither", "neither"),
        ((0.0, 0.0, 0.0), "neither", "neither"),
        ((1.0, 0.0, 2.0), "neither", "neither"),
    ],
)
def test_better_is_who_leaves_zero_out_of_the_interval(
    interval: tuple[float, float, float], if_higher: str, if_lower: str
) -> None:
    assert _row(*interval, higher_is_better=True).better == if_higher
    assert _row(*interval, higher_is_better=False).better == if_lower


def test_several_figures_each_have_their_own_values_and_interval() -> None:
    rng = np.random.default_rng(0)
    columns = {"a": rng.random(50) + 1.0, "b": rng.random(50)}
    mean, largest = side_by_side(
        [("mean", True), ("largest", False)],
        "test",
        columns,
        lambda drawn: [
            (drawn["a"].mean(), drawn["b"].mean()),
            (drawn["b"].max(), drawn["a"].max()),
        ],
        measures=[("m", "n", False), ("o", "p", True)],
        intervals=50,
    )

    assert (mean.figure, mean.measure, mean.twin_measure, mean.chosen_here) == (
        *("mean", "m", "n"),
        False,
    )
    assert mean.committee == pytest.approx(columns["a"].mean())
    assert mean.twin == pytest.approx(columns["b"].mean())
    assert mean.difference.low < mean.committee - mean.twin < mean.difference.high
    assert mean.better == "committee"
    assert largest.chosen_here and largest.twin == pytest.approx(columns["a"].max())
    assert largest.difference.value < 0.0 and largest.better == "committee"


def test_same_answers_differ_by_nothing_and_strangers_have_no_accuracy() -> None:
    sets = {name: twins(made_set(name)) for name in ("test", "kmnist")}

    (row,) = accuracies(sets, 20)

    assert row.data == "test" and row.committee == row.twin == sets["test"].right.mean()
    assert row.difference == Interval(0.0, 0.0, 0.0)


def test_find_tells_what_was_not_compared() -> None:
    rows = accuracies({"test": made_set("test")}, 5)

    assert find(rows, "accuracy", "test") is rows[0]
    with pytest.raises(InvalidInputError, match="figure"):
        find(rows, "accuracy", "kmnist")
    with pytest.raises(InvalidInputError, match="figure"):
        find(rows, "accuracy", "test", "variance")
