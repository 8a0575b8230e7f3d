"""Summaries: axes, merging, selecting, and what is refused."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from core.errors import InvalidInputError
from core.inference import McSamples, McSummary


@pytest.fixture
def probs_tnc() -> np.ndarray:
    """T=5, N=3, C=10: no two axes of the same size."""
    rng = np.random.default_rng(0)
    return rng.dirichlet(np.full(10, 0.5), size=(5, 3)).astype(np.float32)


def assert_same(first: McSummary, second: McSummary) -> None:
    """All fields agree to rounding."""
    for field in dataclasses.fields(McSummary):
        np.testing.assert_allclose(
            getattr(first, field.name), getattr(second, field.name), rtol=1e-12, atol=1e-12
        )


def test_summary_holds_the_sums_of_its_samples(probs_tnc):
    summary = McSamples(probs_tnc).summary()
    p = probs_tnc.astype(np.float64)
    h = -(p * np.log(np.maximum(p, 1e-300))).sum(axis=2)
    assert (summary.num_samples, summary.num_images, summary.num_classes) == (5, 3, 10)
    for power, name in enumerate(("sum_p", "sum_p2", "sum_p3", "sum_p4"), start=1):
        np.testing.assert_allclose(getattr(summary, name), (p**power).sum(axis=0))
    np.testing.assert_allclose(summary.sum_pp, np.einsum("tnc,tnd->ncd", p, p))
    np.testing.assert_allclose(summary.sum_h, h.sum(axis=0))
    np.testing.assert_allclose(summary.sum_h2, (h**2).sum(axis=0))
    np.testing.assert_allclose(summary.sum_ph, np.einsum("tnc,tn->nc", p, h))
    np.testing.assert_allclose(summary.mean, p.mean(axis=0))
    for n in range(3):
        for c in range(10):
            assert summary.votes[n, c] == (probs_tnc[:, n].argmax(axis=1) == c).sum()
            counts, _ = np.histogram(probs_tnc[:, n, c], bins=10, range=(0, 1))
            np.testing.assert_array_equal(summary.histogram[n, c], counts)


def test_summary_puts_certain_passes_into_the_outer_bins():
    probs = np.zeros((4, 1, 3), dtype=np.float32)
    probs[:, 0, 1] = 1.0
    summary = McSummary.from_samples(probs)
    assert summary.histogram[0, 1].tolist() == [0] * 9 + [4]
    assert summary.histogram[0, 0].tolist() == [4] + [0] * 9
    assert summary.sum_h[0] == 0.0


def test_summary_counts_ties_for_the_lowest_class():
    summary = McSummary.from_samples(np.full((5, 1, 4), 0.25, dtype=np.float32))
    assert summary.votes.tolist() == [[5, 0, 0, 0]]


def test_merge_of_parts_equals_the_whole_in_any_order(probs_tnc):
    whole = McSummary.from_samples(probs_tnc)
    first, second = McSummary.from_samples(probs_tnc[:2]), McSummary.from_samples(probs_tnc[2:])
    assert_same(first + second, whole)
    assert_same(second.merge(first), whole)


def test_stack_and_select_are_inverse(probs_tnc):
    whole = McSummary.from_samples(probs_tnc)
    parts = [McSummary.from_samples(probs_tnc[:, n : n + 1]) for n in range(3)]
    assert_same(McSummary.stack(parts), whole)
    assert_same(whole[1], parts[1])
    assert_same(whole[-1], parts[2])
    assert_same(whole[1:], McSummary.stack(parts[1:]))


def test_merge_refuses_other_images(probs_tnc):
    with pytest.raises(InvalidInputError, match=r"\(3, 10\)"):
        McSummary.from_samples(probs_tnc).merge(McSummary.from_samples(probs_tnc[:, :2]))


def test_stack_refuses_nothing_and_other_numbers_of_passes(probs_tnc):
    with pytest.raises(InvalidInputError):
        McSummary.stack([])
    with pytest.raises(InvalidInputError, match="same number of passes"):
        McSummary.stack([McSummary.from_samples(probs_tnc[:n]) for n in (2, 3)])


@pytest.mark.parametrize(
    "bad",
    [
        np.zeros((0, 3, 10)),
        np.zeros((3, 10)),
        np.full((2, 3, 10), 0.2),
        np.full((2, 3, 10), np.nan),
        np.where(np.arange(10) == 0, 2.0, -1.0 / 9.0) * np.ones((2, 3, 1)),
    ],
    ids=["no pass", "two axes", "sum 2", "NaN", "negative"],
)
def test_summary_refuses_what_is_no_softmax(bad):
    with pytest.raises(InvalidInputError, match="probs_tnc"):
        McSummary.from_samples(bad)
