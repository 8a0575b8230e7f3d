"""Bootstrap intervals: against theory, paired, and within strata."""

from __future__ import annotations

import numpy as np
import pytest

from core.errors import InvalidInputError
from core.uncertainty import (
    Interval,
    auroc,
    bootstrap_band,
    bootstrap_interval,
    paired_difference,
)


def test_interval_of_a_mean_is_that_of_theory():
    values = np.random.default_rng(0).normal(size=2_000)
    found = bootstrap_interval(np.mean, values)
    reach = 1.96 * values.std() / np.sqrt(2_000)
    assert found.value == values.mean()
    # The end of an interval of 1,000 resamples has an error of about 4% of its reach.
    assert found.low == pytest.approx(found.value - reach, abs=0.15 * reach)
    assert found.high == pytest.approx(found.value + reach, abs=0.15 * reach)


def test_same_seed_gives_the_same_interval_and_level_widens_it():
    values = np.random.default_rng(0).normal(size=50)
    assert bootstrap_interval(np.mean, values) == bootstrap_interval(np.mean, values)
    assert bootstrap_interval(np.mean, values, seed=1) != bootstrap_interval(np.mean, values)
    wide, narrow = (bootstrap_interval(np.mean, values, level=level) for level in (0.99, 0.5))
    assert wide.low < narrow.low < narrow.high < wide.high


def test_rows_of_several_columns_stay_together():
    values = np.arange(30.0)
    found = bootstrap_interval(lambda a, b: np.abs(a - b).max(), values, values.copy())
    assert found == Interval(0.0, 0.0, 0.0) and not found.excludes_zero


def test_paired_difference_sees_what_separate_intervals_hide():
    rng = np.random.default_rng(1)
    common = rng.normal(size=400)
    first, second = common + 0.05, common + rng.normal(scale=0.1, size=400)
    found = paired_difference(np.mean, [first], [second])
    assert found.excludes_zero and found.low > 0.0
    apart = bootstrap_interval(np.mean, first), bootstrap_interval(np.mean, second)
    assert apart[0].low < apart[1].high


def test_equal_columns_show_no_difference():
    values = np.random.default_rng(2).normal(size=40)
    assert paired_difference(np.mean, [values], [values]) == Interval(0.0, 0.0, 0.0)


def test_strata_keep_their_sizes():
    strangers = np.arange(40) < 7
    assert bootstrap_interval(np.sum, strangers, strata=strangers) == Interval(7.0, 7.0, 7.0)
    assert bootstrap_interval(np.sum, strangers).low < 7.0


def test_auroc_of_committee_and_twin_over_the_same_images():
    rng = np.random.default_rng(3)
    strangers = np.arange(600) >= 400
    twin = rng.normal(size=600) + strangers
    committee = twin + strangers

    def area(uncertainty, strange):
        return auroc(uncertainty[~strange], uncertainty[strange])

    found = paired_difference(
        area,
        [committee, strangers],
        [twin, strangers],
        strata=strangers,
        num_resamples=200,
    )
    assert found.value == area(committee, strangers) - area(twin, strangers)
    assert 0.0 < found.low < found.value < found.high


def test_band_of_a_curve_has_one_interval_a_point():
    table = np.random.default_rng(4).normal(size=(100, 3))
    band = bootstrap_band(lambda rows: rows.mean(axis=0), table, num_resamples=100)
    assert band.value.shape == band.low.shape == band.high.shape == (3,)
    assert (band.low < band.value).all() and (band.value < band.high).all()
    alone = bootstrap_interval(lambda rows: rows[:, 1].mean(), table, num_resamples=100)
    assert (band.low[1], band.high[1]) == pytest.approx((alone.low, alone.high))


@pytest.mark.parametrize(
    "call",
    [
        lambda: bootstrap_interval(np.mean, np.array([])),
        lambda: bootstrap_interval(np.mean),
        lambda: bootstrap_interval(np.mean, np.zeros(3), np.zeros(4)),
        lambda: bootstrap_interval(np.mean, np.zeros(3), strata=np.zeros(4)),
        lambda: bootstrap_interval(np.mean, np.zeros(3), num_resamples=1),
        lambda: bootstrap_interval(np.mean, np.zeros(3), level=1.0),
        lambda: bootstrap_interval(lambda x: np.nan, np.zeros(3)),
    ],
)
def test_inputs_that_cannot_be_are_refused(call):
    with pytest.raises(InvalidInputError):
        call()
