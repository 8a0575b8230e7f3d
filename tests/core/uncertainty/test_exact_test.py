"""Fisher's exact test: SciPy's own, and how seldom it errs."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import fisher_exact, hypergeom

from core.uncertainty.exact_test import fisher_p


@st.composite
def tables(draw: st.DrawFn) -> tuple[int, int, int, int]:
    """Passes, chosen ones, those that dropped the unit, and the chosen ones among these."""
    passes = draw(st.integers(2, 300))
    chosen, total = draw(st.integers(1, passes - 1)), draw(st.integers(0, passes))
    among = draw(st.integers(max(0, chosen + total - passes), min(chosen, total)))
    return passes, chosen, total, among


@given(tables())
def test_agrees_with_scipy(table: tuple[int, int, int, int]) -> None:
    passes, chosen, total, among = table
    rest = passes - chosen
    theirs = fisher_exact([[among, chosen - among], [total - among, rest - total + among]])
    ours = fisher_p(np.array([among]), np.array([total]), chosen, passes)
    assert ours[0] == pytest.approx(theirs.pvalue, rel=1e-6)


def test_units_are_told_apart_whatever_their_order() -> None:
    among, total = np.array([3, 0, 9, 3]), np.array([5, 40, 40, 12])
    together = fisher_p(among, total, 10, 80)
    alone = [fisher_p(among[[i]], total[[i]], 10, 80)[0] for i in range(4)]
    assert together.tolist() == alone and len(set(alone)) == 4


@pytest.mark.parametrize(("passes", "chosen", "total"), [(1_000, 40, 500), (50, 3, 5), (20, 10, 7)])
def test_p_is_below_a_level_that_often_at_most(passes: int, chosen: int, total: int) -> None:
    """Exactly, over all counts that can come: no simulation."""
    among = np.arange(max(0, chosen + total - passes), min(chosen, total) + 1)
    p = fisher_p(among, np.full(len(among), total), chosen, passes)
    chances = hypergeom.pmf(among, passes, total, chosen)
    for level in (0.001, 0.01, 0.05, 0.2):
        assert chances[p <= level].sum() <= level * (1 + 1e-6)
    assert chances[p <= 0.2].sum() > 0.02  # it does not refuse to find anything


def test_no_choice_is_no_evidence() -> None:
    assert fisher_p(np.array([0, 7]), np.array([0, 20]), 7, 20).tolist() == [1.0, 1.0]


def test_most_uneven_parting_has_the_chance_of_that_one_choice() -> None:
    assert fisher_p(np.array([3]), np.array([3]), 3, 30)[0] == pytest.approx(1 / 4_060)
