"""Mean, variance and quantiles over passes, in closed form and as NumPy has them."""

from __future__ import annotations

import numpy as np
import pytest

from core.errors import InvalidInputError
from core.inference import RegressionSamples, RegressionSummary, regression_samples


@pytest.fixture
def values() -> np.ndarray:
    """Values of 7 passes, 5 inputs, 3 outputs: no two axes have the same size."""
    return np.random.default_rng(0).normal(2.0, 3.0, (7, 5, 3)).astype(np.float32)


def test_summary_of_passes_that_agree_has_no_variance_and_one_quantile():
    summary = RegressionSummary.from_samples(np.full((4, 2, 1), 3.5))
    assert summary.num_samples == 4
    np.testing.assert_array_equal(summary.mean, 3.5)
    np.testing.assert_array_equal(summary.variance, 0.0)
    np.testing.assert_array_equal(summary.mean_standard_error, 0.0)
    np.testing.assert_array_equal(summary.quantiles, np.full((5, 2, 1), 3.5))


def test_summary_of_two_passes_is_known_in_closed_form():
    summary = RegressionSummary.from_samples(np.array([[[1.0]], [[5.0]]]), levels=(0.0, 0.25, 0.5))
    assert (summary.mean.item(), summary.variance.item()) == (3.0, 4.0)
    assert summary.mean_standard_error.item() == pytest.approx(np.sqrt(2.0))
    assert summary.quantiles.ravel().tolist() == [1.0, 2.0, 3.0]


@pytest.mark.parametrize("piece", [1, 7 * 8 * 2, 2**24])
def test_summary_equals_numpys_whatever_the_pieces(values, piece, monkeypatch):
    monkeypatch.setattr(regression_samples, "_PIECE_BYTES", piece)
    levels = (0.0, 0.1, 0.5, 0.977, 1.0)
    summary = RegressionSamples(values).summary(levels)
    exact = values.astype(np.float64)
    np.testing.assert_allclose(summary.mean, exact.mean(axis=0), rtol=1e-14)
    np.testing.assert_allclose(summary.variance, exact.var(axis=0), rtol=1e-13)
    np.testing.assert_array_equal(summary.quantiles, np.quantile(exact, levels, axis=0))
    np.testing.assert_array_equal(summary.quantile(0.977), np.quantile(exact, 0.977, axis=0))
    assert (summary.num_inputs, summary.num_outputs, summary.levels) == (5, 3, levels)


def test_variance_of_large_values_is_not_lost_in_their_squares():
    spread = np.array([-0.5, 0.5, -0.5, 0.5], dtype=np.float32)
    summary = RegressionSummary.from_samples((2.0**22 + spread)[:, None, None])
    assert summary.variance.item() == 0.25
    # In float64 too: 1e9 squared leaves no room for a variance of 1e-4.
    far = RegressionSummary.from_samples((1e9 + 0.02 * spread.astype(np.float64))[:, None, None])
    assert far.variance.item() == pytest.approx(1e-4, rel=1e-4)


def test_summary_does_not_change_the_values(values):
    before = values.copy()
    RegressionSummary.from_samples(values)
    RegressionSummary.from_samples(values.astype(np.float64)[:, :1])
    np.testing.assert_array_equal(values, before)


def test_parts_of_a_summary_stacked_are_the_summary(values):
    whole = RegressionSummary.from_samples(values)
    parts = [RegressionSummary.from_samples(values[:, part]) for part in (slice(2), slice(2, 5))]
    for pieces in (parts, [whole[:2], whole[2:]]):
        summary = RegressionSummary.stack(pieces)
        np.testing.assert_array_equal(summary.quantiles, whole.quantiles)
        np.testing.assert_array_equal(summary.mean, whole.mean)
        np.testing.assert_array_equal(summary.variance, whole.variance)
    assert whole[-1].quantiles.shape == (5, 1, 3)
    with pytest.raises(InvalidInputError, match="summaries"):
        RegressionSummary.stack([whole, RegressionSummary.from_samples(values, (0.5,))])
    with pytest.raises(InvalidInputError, match="summaries"):
        RegressionSummary.stack([])


def test_predictive_variance_adds_the_noise_of_measurements(values):
    summary = RegressionSummary.from_samples(values)
    for noise in (0.0, 0.25, [0.1, 0.2, 0.3], np.full((5, 3), 2.0), np.full((5, 1), 2.0)):
        np.testing.assert_array_equal(
            summary.predictive_variance(noise), summary.variance + np.asarray(noise)
        )


@pytest.mark.parametrize("noise", [-0.1, np.nan, np.inf, [0.1, 0.2], np.zeros((1, 5, 3))])
def test_predictive_variance_refuses_noise_that_is_none(values, noise):
    with pytest.raises(InvalidInputError, match="noise_variance"):
        RegressionSummary.from_samples(values).predictive_variance(noise)


def test_rescaled_summary_is_that_of_rescaled_values(values):
    exact = values.astype(np.float64)
    ours = RegressionSummary.from_samples(exact).rescaled(2.5, -7.0)
    theirs = RegressionSummary.from_samples(2.5 * exact - 7.0)
    for name in ("mean", "variance", "quantiles"):
        np.testing.assert_allclose(getattr(ours, name), getattr(theirs, name), rtol=1e-12)
    for scale, offset in ((0.0, 0.0), (-1.0, 0.0), (np.nan, 0.0), (1.0, np.inf)):
        with pytest.raises(InvalidInputError, match="scale"):
            ours.rescaled(scale, offset)


@pytest.mark.parametrize("levels", [(), (0.5, 0.5), (0.9, 0.1), (-0.1,), (1.1,), (np.nan,), "many"])
def test_summary_refuses_levels_that_are_no_rising_shares(values, levels):
    with pytest.raises(InvalidInputError, match="levels"):
        RegressionSummary.from_samples(values, levels)


def test_summary_refuses_what_are_no_values_of_passes(values):
    with pytest.raises(InvalidInputError, match=r"\(T, N, D\)"):
        RegressionSummary.from_samples(values[0])
    with pytest.raises(InvalidInputError, match=r"\(T, N, D\)"):
        RegressionSummary.from_samples(values[:0])
    values[3, 1, 1] = np.inf
    with pytest.raises(InvalidInputError, match="finite"):
        RegressionSummary.from_samples(values)


def test_quantile_of_a_level_that_was_not_asked_for_says_which_were(values):
    with pytest.raises(InvalidInputError, match=r"0\.025, 0\.25, 0\.5"):
        RegressionSummary.from_samples(values).quantile(0.9)
