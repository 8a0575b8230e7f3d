"""The bounds hold on average: exactly, for passes of which there are only a few kinds."""

import numpy as np
import pytest
from scipy.special import entr
from scipy.stats import multinomial

from core.inference import McSummary
from core.uncertainty.measures import MEASURES
from core.uncertainty.pass_statistics import (
    GROUP,
    Passes,
    from_above,
    from_below,
    uncertainty_limit,
    votes_of,
)

KINDS = np.array([[0.9, 0.08, 0.02], [0.3, 0.6, 0.1], [0.05, 0.15, 0.8]])
CHANCES = np.array([0.6, 0.3, 0.1])
# Counts of each kind that have the chances as shares: a summary of the whole distribution.
EVERYTHING = McSummary.from_samples(np.repeat(KINDS, (6, 3, 1), axis=0)[:, None])


def uncertainty(name):
    return uncertainty_limit(name, float(MEASURES[name].value(EVERYTHING)[0]))


def passes_with_guess(guess, first=100):
    p = KINDS[:, None]
    guesses = np.broadcast_to(guess, p.shape)
    return Passes(p, entr(p).sum(axis=2), guesses, votes_of(p), guesses, first)


@pytest.mark.parametrize("name", MEASURES)
@pytest.mark.parametrize("guess", [(0.6, 0.3, 0.1), (1.0, 0.0, 0.0), (0.2, 0.2, 0.6)])
@pytest.mark.parametrize("limit", [0.1, 0.2])
def test_a_pass_is_on_average_the_uncertainty_or_more_whatever_the_guess(name, guess, limit):
    values, largest = from_above(name, passes_with_guess(np.array(guess)), limit)
    assert (values <= np.asarray(largest) + 1e-12).all()
    mean = np.tensordot(CHANCES, values, axes=1)[0]
    if name == "variance":
        mean = mean[0]  # of the predicted class
    assert mean >= uncertainty(name) - 1e-12


@pytest.mark.parametrize("name", MEASURES)
def test_with_the_right_guess_and_many_passes_the_bound_from_above_is_tight(name):
    right = CHANCES @ KINDS
    if name == "variation_ratio":
        right = CHANCES @ votes_of(KINDS)
    values, _ = from_above(name, passes_with_guess(right, first=10**7), 0.2)
    mean = np.tensordot(CHANCES, values, axes=1)[0]
    if name == "variance":
        mean = mean[0]
    assert mean == pytest.approx(uncertainty(name), abs=1e-5)


@pytest.mark.parametrize("name", MEASURES)
def test_a_group_is_on_average_the_uncertainty_or_less(name):
    counts = [(a, b, GROUP - a - b) for a in range(GROUP + 1) for b in range(GROUP + 1 - a)]
    groups = np.stack([np.repeat(KINDS, each, axis=0) for each in counts])[:, :, None]
    values = from_below(name, groups)
    values = values[:, 0, 0] if name == "variance" else values[:, 0]
    assert (values >= 0.0).all()
    mean = multinomial.pmf(np.array(counts), GROUP, CHANCES) @ values
    assert 0.75 * uncertainty(name) < mean <= uncertainty(name) + 1e-12


def test_where_all_passes_agree_both_bounds_are_the_uncertainty():
    p = np.tile(KINDS[0], (40, 1, 1))
    passes = Passes(p, entr(p).sum(axis=2), p, votes_of(p), votes_of(p), 10**7)
    summary = McSummary.from_samples(p)
    for name, measure in MEASURES.items():
        value = uncertainty_limit(name, float(measure.value(summary)[0]))
        above, _ = from_above(name, passes, 0.2)
        below = from_below(name, p.reshape(4, GROUP, 1, 3))
        np.testing.assert_allclose(above.reshape(40, -1)[:, 0], value, atol=1e-5)
        np.testing.assert_allclose(below.reshape(4, -1)[:, 0], value, atol=1e-12)


def test_votes_go_to_the_largest_entry_and_ties_to_the_lowest_class():
    np.testing.assert_array_equal(
        votes_of(np.array([[0.2, 0.5, 0.3], [0.4, 0.2, 0.4]])), [[0, 1, 0], [1, 0, 0]]
    )
